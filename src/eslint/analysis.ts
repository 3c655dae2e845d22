/** One analysis of a file for all rules. */
import { rules } from "../../rules/index.ts"
import type { HostEdit } from "../embedded/index.ts"
import type { Finding } from "../engine/finding.ts"
import { activate, type ActiveRules } from "../engine/select.ts"
import { loadGrammar } from "../parse/grammar/load-node.ts"
import { analyzeCode } from "./code.ts"
import type { RuleContext } from "./host.ts"
import { settingsOf } from "./settings.ts"
import { analyzeSql } from "./sql.ts"

/** What one rule says about one place of the file, in UTF-16 units. */
export interface Report {
  readonly rule: string
  readonly start: number
  readonly end: number
  readonly message: string
  readonly fix: { readonly title: string; readonly safe: boolean; readonly edits: readonly HostEdit[] } | null
}

/** The rule for embedded texts that cannot be parsed; SQL files have `syntax-error`. */
export const EMBEDDED_PARSE_ERROR = "embedded-parse-error"

/** How the trees of SQL files are told from those of code. */
export const SQL_FILE = "pgsafe/sql"

const analyses = new WeakMap<object, ReadonlyMap<string, readonly Report[]>>()

/** What a rule has to report. The first rule that asks has the file analyzed. */
export function reportsOf(rule: string, context: RuleContext): readonly Report[] {
  const { ast } = context.sourceCode
  let found = analyses.get(ast)
  if (found === undefined) analyses.set(ast, (found = byRule(analyze(context))))
  return found.get(rule) ?? []
}

function analyze(context: RuleContext): readonly Report[] {
  const settings = settingsOf(context)
  return isSqlFile(context.sourceCode.ast) ? analyzeSql(context, settings, start) : analyzeCode(context, settings, start)
}

function isSqlFile(ast: object): boolean {
  return "language" in ast && ast.language === SQL_FILE
}

let active: ActiveRules | undefined

/** Every rule is asked; ESLint decides which ones speak. */
function start(): ActiveRules {
  loadGrammar()
  return (active ??= activate(rules, { select: ["all"] }))
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

/** A finding whose place and edits are already those of the file. */
export function reportOf(finding: Finding): Report {
  const { fix } = finding
  const edits = fix === null || fix.applicability === "manual" ? [] : fix.edits
  return {
    rule: finding.rule,
    start: finding.span.start,
    end: finding.span.end,
    message: finding.message,
    fix: fix === null || edits.length === 0
      ? null
      : { title: fix.title, safe: fix.applicability === "safe", edits: edits.map(({ span, text }) => ({ ...span, text })) },
  }
}
