/** One look at a file, shared by all rules that are on. */
import { hasSqlComments, isNode, WANTED_NODES, type Node } from "../embedded/index.ts"
import type { RuleContext } from "./host.ts"
import { SQL_ROOT } from "./language.ts"
import { isMigration } from "./migration.ts"
import { isSqlFile, type Engine, type Report } from "./report.ts"

export type Listeners = Readonly<Record<string, (node: object) => void>>

/** What a rule listens to, and whom it tells. */
export type Listen = (rule: string, context: RuleContext, tell: (report: Report) => void) => Listeners

interface Run {
  readonly settings: object
  readonly rules: Set<string>
  readonly nodes: Node[]
  readonly wanted: boolean
  /** By rule; null as long as ESLint walks the tree. */
  reports: ReadonlyMap<string, readonly Report[]> | null
}

const NOTHING: Listeners = {}

/** @param load Gives the engine, which takes time, so that it is called for the first file that may have SQL. */
export function createListen(load: () => Engine): Listen {
  const runs = new WeakMap<object, Run>()

  /** ESLint makes all rules of a run before it walks the tree. A tree may be walked again, with other rules or settings. */
  const runOf = (rule: string, { sourceCode: { ast, text }, settings }: RuleContext, context: RuleContext): Run => {
    const known = runs.get(ast)
    if (known?.settings === settings && known.reports === null && !known.rules.has(rule)) return known
    const wanted = isSqlFile(ast) || (settings["pgsafe"] === undefined ? isMigration(context, null) || hasSqlComments(text) : load().wants(context))
    const run: Run = { settings, rules: new Set(), nodes: [], wanted, reports: null }
    runs.set(ast, run)
    return run
  }

  return (rule, context, tell) => {
    const run = runOf(rule, context, context)
    const first = run.rules.size === 0
    run.rules.add(rule)
    if (!run.wanted) return NOTHING
    const { ast } = context.sourceCode
    const check = (): void => {
      if (run.reports === null) {
        const idle = run.nodes.length === 0 && !isSqlFile(ast)
        run.reports = byRule(idle ? [] : load().analyze(context, run.nodes, [...run.rules]))
        run.nodes.length = 0
      }
      for (const report of run.reports.get(rule) ?? []) tell(report)
    }
    const collect = (node: object): void => {
      if (isNode(node)) run.nodes.push(node)
    }
    return {
      ...(first && !isSqlFile(ast) && Object.fromEntries(WANTED_NODES.map((type) => [type, collect]))),
      "Program:exit": check,
      [SQL_ROOT]: check,
    }
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
