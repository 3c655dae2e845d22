/** Analyzes the SQL in a file of JavaScript or TypeScript. */
import {
  child,
  codeRunner,
  createFinder,
  createScript,
  hasSqlComments,
  inTransactions,
  isInactive,
  rangeOf,
  runsOf,
  suppressionsIn,
  toHost,
  transactionOf,
  type FindOptions,
  type FoundText,
  type HostEdit,
  type Node,
  type Script,
} from "../embedded/index.ts"
import type { Finding } from "../engine/finding.ts"
import type { ActiveRules } from "../engine/select.ts"
import { createSession } from "../engine/session.ts"
import type { Runner, Unit } from "../files/types.ts"
import { statementSpans } from "../parse/index.ts"
import type { Span } from "../source/span.ts"
import { createLineMap } from "../source/text.ts"
import type { RuleContext } from "./host.ts"
import { isForOthers, isMigration, pathOf } from "./migration.ts"
import { EMBEDDED_PARSE_ERROR, reportOf, type Report } from "./report.ts"
import { constantOf, listOf } from "./scope.ts"
import type { Settings } from "./settings.ts"

/** What a file is; null when nothing of it can be reported. */
export function kindOfCode(context: RuleContext, settings: Settings): "migration" | "code" | null {
  const { targets, reportsUnparsable } = settings
  if (isMigration(context, settings.isMigration)) return "migration"
  const unparsable = reportsUnparsable === true || (reportsUnparsable === null && (targets.custom || hasSqlComments(context.sourceCode.text)))
  return unparsable && !isForOthers(context) ? "code" : null
}

export function analyzeCode(
  context: RuleContext,
  kind: "migration" | "code",
  settings: Settings,
  nodes: readonly Node[],
  start: () => ActiveRules,
): readonly Report[] {
  const { sourceCode } = context
  const { text } = sourceCode
  const migration = kind === "migration"
  const options: FindOptions = {
    source: text,
    targets: settings.targets,
    resolve: (identifier) => constantOf(identifier, sourceCode),
    list: (identifier) => listOf(identifier, sourceCode),
  }
  const finder = createFinder(options)
  const homes = new Set<Node | null>()
  for (const node of nodes) {
    const before = finder.texts.length
    finder.look(node, () => ({ down: isInactive(node, options), transaction: transactionOf(node, options) }))
    if (finder.texts.slice(before).some(({ down, silent }) => !down && silent !== true)) homes.add(homeOf(node))
  }
  const texts = finder.texts.filter(({ explicit }) => migration || explicit || settings.reportsUnparsable === true)
  if (!texts.some(({ silent }) => silent !== true)) return []
  const rules = start()
  if (!migration) return errorsOf(createScript(texts), settings)
  const runner = runnerOf(text, settings)
  const script = createScript(arranged(texts, runner))
  const lineOf = (offset: number): number => sourceCode.getLocFromIndex(offset).line
  const reports = findingsOf(script, { path: pathOf(context), text, nodes, lineOf }, runner, rules, settings)
  // Functions may be called in another order than they are written in, so that nobody knows what a statement meets.
  return [...(homes.size > 1 ? reports.filter(({ rule }) => rule !== "statement-fails") : reports), ...errorsOf(script, settings)]
}

/** What goes up, in the order of the file: ESLint comes by the last call of `a.raw(..).raw(..)` first. */
function arranged(texts: readonly FoundText[], { wrap }: Runner): readonly FoundText[] {
  const up = texts.filter(({ down }) => !down).sort((left, right) => left.text.from - right.text.from)
  return wrap === "none" || wrap === "unknown" ? inTransactions(up) : up
}

/** The outermost function that a node stands in; null for none. */
function homeOf(node: Node): Node | null {
  let home: Node | null = null
  for (let outer = child(node, "parent"); outer !== null; outer = child(outer, "parent")) if (/Function/.test(outer.type)) home = outer
  return home
}

/** The file that the SQL stands in. */
interface HostFile {
  readonly path: string
  readonly text: string
  /** Calls and tagged templates. */
  readonly nodes: readonly Node[]
  lineOf(offset: number): number
}

function findingsOf(script: Script, { path, text, nodes, lineOf }: HostFile, runner: Runner, rules: ActiveRules, { pgVersion, transaction }: Settings): Report[] {
  // There were migrations before, though nobody can read them: a table that this one creates IF NOT EXISTS is most likely new.
  const session = createSession({ pgVersion, rules, runner, direction: "up", continues: true })
  const file = { path, direction: "up", role: "migration", key: path, requested: true } as const
  // Who says that no transaction is opened says it of each statement.
  const units = runner.wrap === "none" && transaction !== false ? { units: unitsOf(script, runner) } : {}
  // Offsets behind the end of the script are places in the code itself.
  const behind = script.sql.length + 1
  const comments = suppressionsIn(text, script, {
    place: (span) => script.place(span),
    outside: ({ start, end }) => ({ start: start + behind, end: end + behind }),
    reach: (offset) => endOfNext(nodes, offset),
  })
  const parsed = { ...script.parsed, suppressions: [...script.parsed.suppressions, ...comments] }
  const { findings } = session.analyze({ file, sql: script.sql, parsed, report: true, inCode: true, ...units })
  const reports: Report[] = []
  const seen = new Set<string>()
  const inHostLines = hostLines(script, lineOf)
  const newline = text.includes("\r\n") ? "\r\n" : "\n"
  for (const finding of findings) {
    // What a script of texts that parse cannot have; and what a hole may well contain.
    if (finding.rule === "syntax-error" || script.isGuessed(finding.span)) continue
    const isOutside = finding.span.start >= behind
    // A comment in the code may be about calls that are not looked at here.
    if (isOutside && finding.rule === "unused-suppression") continue
    const place = isOutside ? { start: finding.span.start - behind, end: finding.span.end - behind } : script.place(finding.span)
    if (place === null) continue
    const message = inHostLines(finding.message)
    const key = [finding.rule, place.start, place.end, message].join(" ")
    if (seen.has(key)) continue
    seen.add(key)
    // In a template a line ends as everywhere in the file.
    const edit = (span: Span, put: string): HostEdit | null => {
      const made = script.edit(span, put)
      return made === null ? null : { ...made, text: made.text.replaceAll("\n", newline) }
    }
    reports.push(reportOf({ ...finding, message, span: place, fix: runner.wrap === "unknown" ? unsure(finding.fix) : finding.fix }, edit))
  }
  return reports
}

/** A statement alone counts as one outside of transactions; where nobody knows what runs the file, that is not sure enough for `--fix`. */
function unsure(fix: Finding["fix"]): Finding["fix"] {
  return fix?.applicability === "safe" ? { ...fix, applicability: "unsafe" } : fix
}

/** Where the call or tagged template ends that begins first behind an offset. */
function endOfNext(nodes: readonly Node[], offset: number): number {
  let first = Infinity
  let last = Infinity
  for (const node of nodes) {
    const [start, end] = rangeOf(node) ?? [0, 0]
    if (start < offset || start > first) continue
    last = start === first ? Math.max(last, end) : end
    first = start
  }
  return last
}

/** Messages name other statements by their line. */
function hostLines(script: Script, lineOf: (offset: number) => number): (message: string) => string {
  let known: ReadonlyMap<number, number> | undefined
  const hostLineOf = (): ReadonlyMap<number, number> => {
    const lines = createLineMap(script.sql)
    // Of several statements in a line the first one.
    return new Map([...statementSpans(script.sql, script.parsed.statements)].reverse().flatMap((span): [number, number][] => {
      const place = script.place(span)
      return place === null ? [] : [[lines.position(span.start).line, lineOf(place.start)]]
    }))
  }
  return (message) => message.replace(/\bline (\d+)\b/g, (words, line: string) => {
    const host = (known ??= hostLineOf()).get(Number(line))
    return host === undefined ? words : `line ${String(host)}`
  })
}

/** Without a transaction of the tool several statements in one text are one message, which PostgreSQL runs in one transaction. */
function unitsOf(script: Script, { wrap, why }: Runner): readonly Unit[] {
  return runsOf(script).map(({ start, end, alone }) => ({ start, end, direction: "up", wrap, send: alone ? "one message" : "split", why }))
}

function errorsOf({ unparsable }: Script, { reportsUnparsable }: Settings): Report[] {
  if (reportsUnparsable === false) return []
  return unparsable
    .filter(({ found }) => found.explicit || reportsUnparsable === true)
    .map(({ found: { text }, error: { message, position } }) => {
      const whole = { start: text.from, end: text.to }
      // At the end of the text there is nothing to point at but its last word.
      const known = text.sql.trimEnd()
      const at = position < known.length ? position : Math.max(0, known.search(/(?:\w+|[^\w])$/u))
      return { rule: EMBEDDED_PARSE_ERROR, ...(toHost(text, { start: at, end: wordEnd(text.sql, at) }) ?? whole), message, fix: null }
    })
}

function wordEnd(sql: string, start: number): number {
  return start + (/^(?:\w+|[^])/u.exec(sql.slice(start))?.[0].length ?? 1)
}

function runnerOf(source: string, { codeTool, transaction }: Settings): Runner {
  const runner = codeRunner(source, codeTool ?? undefined)
  if (transaction === false) return { ...runner, wrap: "none", why: "the transaction option says that no transaction is opened" }
  if (transaction !== true || (runner.wrap !== "none" && runner.wrap !== "unknown")) return runner
  return { ...runner, wrap: "file", why: "the transaction option says that each file runs in a transaction" }
}
