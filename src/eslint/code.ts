/** Analyzes the SQL in a file of JavaScript or TypeScript. */
import {
  codeRunner,
  createScript,
  findTexts,
  hasSqlComments,
  isCodeMigration,
  isNode,
  toHost,
  type Script,
} from "../embedded/index.ts"
import type { ActiveRules } from "../engine/select.ts"
import { createSession } from "../engine/session.ts"
import { isForeign } from "../files/detect.ts"
import { relative } from "../files/paths.ts"
import type { Runner } from "../files/types.ts"
import { createLineMap, type LineMap } from "../source/text.ts"
import { EMBEDDED_PARSE_ERROR, reportOf, type Report } from "./analysis.ts"
import type { RuleContext, SourceCode } from "./host.ts"
import { constantOf } from "./scope.ts"
import type { Settings } from "./settings.ts"

export function analyzeCode(context: RuleContext, settings: Settings, start: () => ActiveRules): readonly Report[] {
  const { sourceCode } = context
  const { text, ast } = sourceCode
  const path = relative(context.filename.replaceAll("\\", "/"), context.cwd.replaceAll("\\", "/"))
  const migration = settings.isMigration?.(path) ?? (isCodeMigration(path, text) && !isForeign(path))
  const wantsErrors = settings.reportsUnparsable !== false
  const others = wantsErrors && (settings.targets.custom || settings.reportsUnparsable === true || hasSqlComments(text))
  if (!(migration || others) || !isNode(ast)) return []
  const found = findTexts(ast, {
    source: text,
    targets: settings.targets,
    resolve: (identifier) => constantOf(identifier, sourceCode),
    ...keysOf(sourceCode),
  })
  const texts = found.texts.filter(({ explicit }) => migration || explicit || settings.reportsUnparsable === true)
  if (texts.length === 0) return []
  const rules = start()
  const script = createScript({ tables: found.tables, texts: migration ? texts.filter(({ down }) => !down) : texts })
  const errors = wantsErrors ? errorsOf(script, settings) : []
  return migration ? [...findingsOf(script, path, runnerOf(text, settings), rules, settings, (offset) => sourceCode.getLocFromIndex(offset).line), ...errors] : errors
}

function keysOf({ visitorKeys }: SourceCode): Pick<Parameters<typeof findTexts>[1], "visitorKeys"> {
  // Keys of nodes are lists of property names, as ESLint has checked for its own traversal.
  return typeof visitorKeys === "object" && visitorKeys !== null ? { visitorKeys: visitorKeys as Record<string, readonly string[]> } : {}
}

const NOTHING = { statements: [], errors: [], suppressions: [] } as const

function findingsOf(
  script: Script,
  path: string,
  runner: Runner,
  rules: ActiveRules,
  { pgVersion }: Settings,
  lineOf: (offset: number) => number,
): Report[] {
  const session = createSession({ pgVersion, rules, runner, direction: "up" })
  const file = { path, direction: "up", role: "migration", key: path, requested: true } as const
  // There were migrations before, though nobody can read them: a table that this one creates IF NOT EXISTS is most likely new.
  session.analyze({ file: { ...file, path: "", requested: false }, sql: "", parsed: NOTHING, report: false })
  const { findings } = session.analyze({ file, sql: script.sql, parsed: script.parsed, report: true })
  const reports: Report[] = []
  const seen = new Set<string>()
  for (const finding of findings) {
    // What a script of texts that parse cannot have; and what a hole may well contain.
    if (finding.rule === "syntax-error" || script.isGuessed(finding.span)) continue
    const place = script.place(finding.span)
    if (place === null) continue
    const report = reportOf({ ...finding, span: place, fix: null })
    const key = [report.rule, report.start, report.end, report.message].join(" ")
    if (seen.has(key)) continue
    seen.add(key)
    const edits = finding.fix === null || finding.fix.applicability === "manual" ? [] : finding.fix.edits.map(({ span, text }) => script.edit(span, text))
    const whole = edits.filter((edit) => edit !== null)
    const usable = finding.fix !== null && whole.length > 0 && whole.length === edits.length
    reports.push({
      ...report,
      fix: usable ? { title: finding.fix.title, safe: finding.fix.applicability === "safe", edits: whole } : null,
    })
  }
  return reports.map((report) => ({ ...report, message: withHostLines(report.message, script, lineOf) }))
}

/** Messages name other statements by their line. */
function withHostLines(message: string, script: Script, lineOf: (offset: number) => number): string {
  if (!/\bline \d/.test(message)) return message
  const lines: LineMap = createLineMap(script.sql)
  return message.replace(/\bline (\d+)\b/g, (words, line: string) => {
    const statement = script.parsed.statements.find(({ span }) => lines.position(span.start).line === Number(line))
    const place = statement === undefined ? null : script.place(statement.span)
    return place === null ? words : `line ${String(lineOf(place.start))}`
  })
}

function errorsOf({ unparsable }: Script, { reportsUnparsable }: Settings): Report[] {
  return unparsable
    .filter(({ found }) => found.explicit || reportsUnparsable === true)
    .map(({ found: { text }, error: { message, position } }) => {
      const whole = { start: text.from, end: text.to }
      // At the end of the text there is no character to point at.
      const at = Math.min(position, text.sql.length - 1)
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
