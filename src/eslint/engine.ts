/** What analyzes files. Loading it takes some 30 ms, so that the plugin does so when the first file needs it. */
import { rules } from "../../rules/index.ts"
import { activate, type ActiveRules } from "../engine/select.ts"
import { withGrammar } from "../parse/grammar/load-node.ts"
import { analyzeCode, kindOfCode } from "./code.ts"
import type { Engine } from "./report.ts"
import { settingsOf } from "./settings.ts"
import { analyzeSql } from "./sql.ts"

export const engine: Engine = {
  kindOf: (context) => kindOfCode(context, settingsOf(context)),
  analyze(context, kind, nodes, ids) {
    const settings = settingsOf(context)
    const start = (): ActiveRules => activeRules(ids)
    return withGrammar(() => (kind === "sql" ? analyzeSql(context, settings, start) : analyzeCode(context, kind, settings, nodes, start)))
  },
}

/** Few, as most files have the same configuration. */
const active = new Map<string, ActiveRules>()

function activeRules(ids: readonly string[]): ActiveRules {
  const key = ids.join(" ")
  const known = active.get(key) ?? activate(rules, { select: ids })
  active.set(key, known)
  return known
}
