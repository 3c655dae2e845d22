import type { LockMode } from "../parse/operation.ts"
import type { Step } from "../playbook/step.ts"
import type { LineMap } from "../source/text.ts"
import type { Grade, Removed } from "../usage/index.ts"
import type { Finding, Fix, Severity } from "./finding.ts"

/** The version of the result's format; it changes when a field is removed or changes its meaning. */
export const RESULT_VERSION = 1

/** How much of a statement's SQL a finding repeats, in UTF-16 units. */
const STATEMENT_LENGTH = 200

/** What `lint()` returns and `--format json` prints. */
export interface LintResult {
  readonly version: typeof RESULT_VERSION
  readonly pgVersion: number
  readonly findings: readonly ResultFinding[]
  readonly errors: readonly ResultError[]
  readonly summary: ResultSummary
}

/** One finding. Lines and columns count from 1, columns in UTF-16 units; the end is exclusive. */
export interface ResultFinding {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  /** Why it matters; null when the message says it all. */
  readonly why: string | null
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  /** The statement's SQL, its first 200 characters. */
  readonly statement: string
  readonly locks: readonly {
    readonly relation: string
    readonly mode: LockMode
    readonly blocks: readonly ("reads" | "writes")[]
    readonly duration: "instant" | "scan" | "rewrite" | "build" | "transaction"
  }[]
  readonly steps: readonly Step[]
  readonly fix: ResultFix | null
  readonly related: readonly {
    readonly file: string
    readonly line: number
    readonly column: number
    readonly message: string
    /** For uses in the application's sources: how sure it is. */
    readonly grade?: Grade
  }[]
  /** What pgsafe could not know; it then assumed the more dangerous case. */
  readonly uncertain: readonly string[]
  /** Names that the statement takes away from running code. */
  readonly removes: readonly Removed[]
}

/** Text edits at UTF-16 offsets of the file; `endOffset` is exclusive. */
export interface ResultFix {
  readonly applicability: Fix["applicability"]
  readonly title: string
  readonly edits: readonly { readonly offset: number; readonly endOffset: number; readonly text: string }[]
}

/** A file that could not be linted, or not in full. */
export interface ResultError {
  readonly file: string
  readonly message: string
  readonly line?: number
  readonly column?: number
}

/** Counts over the whole run. */
export interface ResultSummary {
  /** Files linted. */
  readonly files: number
  readonly statements: number
  readonly errors: number
  readonly warnings: number
  readonly durationMs: number
}

/** A finding in the form that leaves the engine. `linesOf` gives the line map of another file, for related places. */
export function toResultFinding(finding: Finding, sql: string, lines: LineMap, linesOf: (file: string) => LineMap | undefined = () => undefined): ResultFinding {
  const start = lines.position(finding.span.start)
  const end = lines.position(finding.span.end)
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    why: finding.why,
    file: finding.file,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    statement: clip(sql, finding.statement.start, finding.statement.end),
    locks: finding.locks,
    steps: finding.steps,
    fix: finding.fix === null ? null : toResultFix(finding.fix),
    related: finding.related.map((related) => {
      const { file, message } = related
      if ("position" in related) return { file, ...related.position, message, grade: related.grade }
      const place = (file === finding.file ? lines : linesOf(file))?.position(related.span.start)
      return { file, line: place?.line ?? 1, column: place?.column ?? 1, message }
    }),
    uncertain: finding.uncertain,
    removes: finding.removes,
  }
}

function toResultFix({ applicability, title, edits }: Fix): ResultFix {
  return { applicability, title, edits: edits.map(({ span, text }) => ({ offset: span.start, endOffset: span.end, text })) }
}

/** The first characters of a statement; never half of a surrogate pair. */
function clip(sql: string, start: number, end: number): string {
  if (end - start <= STATEMENT_LENGTH) return sql.slice(start, end)
  const last = sql.charCodeAt(start + STATEMENT_LENGTH - 1)
  const splits = last >= 0xd800 && last <= 0xdbff
  return sql.slice(start, start + STATEMENT_LENGTH - (splits ? 1 : 0))
}
