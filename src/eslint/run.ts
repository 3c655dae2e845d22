/** One look at a file, shared by all rules that are on. */
import { hasSqlComments, isNode, type Node } from "../embedded/index.ts"
import type { RuleContext } from "./host.ts"
import { SQL_ROOT } from "./language.ts"
import { isForOthers, isMigration } from "./migration.ts"
import { isSqlFile, type Engine, type FileKind, type Report } from "./report.ts"

export type Listeners = Readonly<Record<string, (node: object) => void>>

/** What a rule listens to. */
export type Listen = (rule: string, context: RuleContext) => Listeners

type Tell = (report: Report, context: RuleContext) => void

interface Run {
  readonly settings: object
  /** Those that are on, in ESLint's order. */
  readonly rules: Map<string, RuleContext>
  /** There is nothing to look for in the file, whatever the rules. */
  idle: boolean
  /** ESLint has walked the tree. */
  done: boolean
}

const NOTHING: Listeners = {}

/**
 * @param load Gives the engine, which takes time, so that it is called for the first file that may have SQL.
 * @param tell Hands a report to ESLint.
 */
export function createListen(load: () => Engine, tell: Tell): Listen {
  const runs = new WeakMap<object, Run>()
  return (rule, context) => {
    const { sourceCode, settings } = context
    // ESLint makes all rules of a run before it walks the tree. A tree may be walked again, with other rules or settings.
    const known = runs.get(sourceCode.ast)
    if (known?.settings === settings && known.idle) return NOTHING
    if (known?.settings === settings && !known.done && !known.rules.has(rule)) {
      known.rules.set(rule, context)
      return NOTHING
    }
    const run: Run = { settings, rules: new Map([[rule, context]]), idle: false, done: false }
    const listeners = listenersOf(run, context, load, tell)
    run.idle = listeners === NOTHING
    if (run.idle) end(run)
    runs.set(sourceCode.ast, run)
    return listeners
  }
}

/** The first rule listens for all of them: each listener costs ESLint time in each file. */
function listenersOf(run: Run, context: RuleContext, load: () => Engine, tell: Tell): Listeners {
  const { ast, text } = context.sourceCode
  const marked = hasSqlComments(text)
  const kind = kindOf(context, marked, load)
  if (kind === null) return NOTHING
  const nodes: Node[] = []
  const analyze = (): void => {
    const reports = byRule(load().analyze(context, kind, nodes, [...run.rules.keys()]))
    for (const [rule, its] of run.rules) for (const report of reports.get(rule) ?? []) tell(report, its)
    end(run)
  }
  if (isSqlFile(ast)) return { "Program:exit": analyze, [SQL_ROOT]: analyze }
  const collect = (node: object): void => {
    if (isNode(node)) nodes.push(node)
  }
  return {
    CallExpression: collect,
    TaggedTemplateExpression: collect,
    // A comment may stand before any text.
    ...(marked && { Literal: collect, StringLiteral: collect, TemplateLiteral: collect }),
    "Program:exit": () => {
      if (nodes.length > 0) analyze()
      else end(run)
    },
  }
}

/** Contexts hold the whole file, which would live on with them. */
function end(run: Run): void {
  run.done = true
  run.rules.clear()
}

/** Without settings the engine need not be loaded to tell. */
function kindOf(context: RuleContext, marked: boolean, load: () => Engine): FileKind | null {
  if (isSqlFile(context.sourceCode.ast)) return "sql"
  if (context.settings["pgsafe"] !== undefined) return load().kindOf(context)
  return isMigration(context, null) ? "migration" : marked && !isForOthers(context) ? "code" : null
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
