/** Lints migrations that are written in JavaScript and TypeScript. */
import { parseCode, readCode, type CodeScript } from "../code/index.ts"
import { codeRunner, isCodeMigration } from "../embedded/index.ts"
import type { Finding } from "../engine/finding.ts"
import type { ResultError } from "../engine/result.ts"
import type { ActiveRules } from "../engine/select.ts"
import { createSession } from "../engine/session.ts"
import type { Runner } from "../files/types.ts"
import { createLineMap } from "../source/text.ts"
import type { Span } from "../source/span.ts"

export interface CodeOptions {
  readonly pgVersion: number
  readonly rules: ActiveRules
  readonly transaction: boolean | undefined
}

export interface CodeResult {
  /** At their places in the code. */
  readonly findings: readonly Finding[]
  readonly statements: number
  /** How many calls of a schema builder or texts of SQL could not be read. */
  readonly unread: number
}

/** Null for code that is no migration. */
export function lintCode(path: string, source: string, options: CodeOptions): CodeResult | ResultError | null {
  const runner = codeRunner(source)
  if (runner.wrap === "unknown" || !isCodeMigration(path, source)) return null
  const program = parseCode(source)
  if (program === null) return { file: path, message: "this is not valid JavaScript or TypeScript" }
  const code = readCode(program, source, runner.name)
  const findings = findingsOf(path, source, code, withTransaction(runner, options.transaction), options)
  return { findings, statements: code.script.parsed.statements.length, unread: code.unread.length }
}

function withTransaction(runner: Runner, transaction: boolean | undefined): Runner {
  if (transaction === false) return { ...runner, wrap: "none", why: "the transaction option says that no transaction is opened" }
  if (transaction !== true || runner.wrap !== "none") return runner
  return { ...runner, wrap: "file", why: "the transaction option says that each file runs in a transaction" }
}

const NOTHING = { statements: [], errors: [], suppressions: [] } as const

function findingsOf(path: string, source: string, { script }: CodeScript, runner: Runner, { pgVersion, rules }: CodeOptions): Finding[] {
  const session = createSession({ pgVersion, rules, runner, direction: "up" })
  const file = { path, direction: "up", role: "migration", key: path, requested: true } as const
  // There were migrations before, though nobody has read them: a table that this one creates IF NOT EXISTS is most likely new.
  session.analyze({ file: { ...file, path: "", requested: false }, sql: "", parsed: NOTHING, report: false })
  const { findings } = session.analyze({ file, sql: script.sql, parsed: script.parsed, report: true })
  const lineOf = hostLines(script, source)
  return findings.flatMap((finding): Finding[] => {
    // What a script of texts that parse cannot have; and what a dynamic part may well contain.
    if (finding.rule === "syntax-error" || script.isGuessed(finding.span)) return []
    const span = script.place(finding.span)
    if (span === null) return []
    const place = (of: Span): Span => script.place(of) ?? span
    return [
      {
        ...finding,
        span,
        statement: place(finding.statement),
        message: finding.message.replace(/\bline (\d+)\b/g, lineOf),
        fix: inCode(finding, script),
        related: finding.related.map((one) => (one.file === path && "span" in one ? { ...one, span: place(one.span) } : one)),
      },
    ]
  })
}

function inCode({ fix }: Finding, script: CodeScript["script"]): Finding["fix"] {
  const edits = fix?.edits.map(({ span, text }) => script.edit(span, text)).filter((edit) => edit !== null) ?? []
  if (fix === null || edits.length !== fix.edits.length) return null
  return { ...fix, edits: edits.map(({ start, end, text }) => ({ span: { start, end }, text })) }
}

/** Messages name other statements by their line, which has to be the one in the code. */
function hostLines(script: CodeScript["script"], source: string): (words: string, line: string) => string {
  const [inner, outer] = [createLineMap(script.sql), createLineMap(source)]
  return (words, line) => {
    const statement = script.parsed.statements.find(({ span }) => inner.position(span.start).line === Number(line))
    const place = statement === undefined ? null : script.place(statement.span)
    return place === null ? words : `line ${String(outer.position(place.start).line)}`
  }
}
