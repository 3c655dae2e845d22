/** One look at a file, shared by all rules that are on. */
import { hasSqlComments, isNode, wantedNodes, type Node } from "../embedded/index.ts"
import type { RuleContext } from "./host.ts"
import { SQL_ROOT } from "./language.ts"
import { isMigration } from "./migration.ts"
import { isSqlFile, type Engine, type Report } from "./report.ts"

export type Listeners = Readonly<Record<string, (node: object) => void>>

type Tell = (report: Report) => void

/** What a rule listens to, and whom it tells. */
export type Listen = (rule: string, context: RuleContext, tell: Tell) => Listeners

interface Run {
  readonly settings: object
  /** Those that are on, in ESLint's order. */
  readonly rules: Map<string, Tell>
  /** ESLint has walked the tree. */
  done: boolean
}

const NOTHING: Listeners = {}

/** @param load Gives the engine, which takes time, so that it is called for the first file that may have SQL. */
export function createListen(load: () => Engine): Listen {
  const runs = new WeakMap<object, Run>()
  return (rule, context, tell) => {
    const { sourceCode, settings } = context
    // ESLint makes all rules of a run before it walks the tree. A tree may be walked again, with other rules or settings.
    const known = runs.get(sourceCode.ast)
    if (known?.settings === settings && !known.done && !known.rules.has(rule)) {
      known.rules.set(rule, tell)
      return NOTHING
    }
    const run: Run = { settings, rules: new Map([[rule, tell]]), done: false }
    const listeners = listenersOf(run, context, load)
    runs.set(sourceCode.ast, run)
    return listeners
  }
}

/** The first rule listens for all of them: each listener costs ESLint time in each file. */
function listenersOf(run: Run, context: RuleContext, load: () => Engine): Listeners {
  const { sourceCode, settings } = context
  const nodes: Node[] = []
  const analyze = (): void => {
    const reports = byRule(load().analyze(context, nodes, [...run.rules.keys()]))
    for (const [rule, tell] of run.rules) for (const report of reports.get(rule) ?? []) tell(report)
    run.done = true
  }
  if (isSqlFile(sourceCode.ast)) return { "Program:exit": analyze, [SQL_ROOT]: analyze }
  const marked = hasSqlComments(sourceCode.text)
  const wanted = settings["pgsafe"] === undefined ? marked || isMigration(context, null) : load().wants(context)
  if (!wanted) return NOTHING
  const collect = (node: object): void => {
    if (isNode(node)) nodes.push(node)
  }
  return {
    ...Object.fromEntries(wantedNodes(marked).map((type) => [type, collect])),
    "Program:exit": () => {
      if (nodes.length > 0) analyze()
      else run.done = true
    },
  }
}

function byRule(reports: readonly Report[]): ReadonlyMap<string, readonly Report[]> {
  const found = new Map<string, Report[]>()
  for (const report of reports) {
    const known = found.get(report.rule)
    if (known === undefined) found.set(report.rule, [report])
    else known.push(report)
  }
  return found
}
