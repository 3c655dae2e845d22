/** What passes between the plugin, which ESLint loads, and the engine, which is loaded when a file needs it. */
import type { HostEdit, Node } from "../embedded/index.ts"
import type { Finding } from "../engine/finding.ts"
import type { Span } from "../source/span.ts"
import type { RuleContext } from "./host.ts"

/** What one rule says about one place of the file, in UTF-16 units. */
export interface Report {
  readonly rule: string
  readonly start: number
  readonly end: number
  readonly message: string
  readonly fix: { readonly title: string; readonly safe: boolean; readonly edits: readonly HostEdit[] } | null
}

/** What a file is to the plugin. `code` may have SQL that the user marked, but is no migration. */
export type FileKind = "sql" | "migration" | "code"

export interface Engine {
  /** What a file of code is by the settings; null when nothing of it can be reported. @throws {TypeError} for settings that cannot be used. */
  kindOf(context: RuleContext): FileKind | null
  /**
   * Analyzes a file for all rules that are on.
   *
   * @param nodes The nodes of code that may be SQL, in the order of the file; none of a SQL file.
   * @throws {TypeError} for settings that cannot be used.
   */
  analyze(context: RuleContext, kind: FileKind, nodes: readonly Node[], rules: readonly string[]): readonly Report[]
}

/** The rule for embedded texts that cannot be parsed; SQL files have `syntax-error`. */
export const EMBEDDED_PARSE_ERROR = "embedded-parse-error"

/** How the trees of SQL files are told from those of code. */
export const SQL_FILE = "pgsafe/sql"

export function isSqlFile(ast: object): boolean {
  return "language" in ast && ast.language === SQL_FILE
}

/**
 * A finding as a report.
 *
 * @param edit An edit of the SQL as one of the file; null when it cannot be made there, and with it the fix.
 */
export function reportOf({ rule, span, message, fix }: Finding, edit: (span: Span, text: string) => HostEdit | null): Report {
  const edits = fix === null || fix.applicability === "manual" ? [] : fix.edits.map((one) => edit(one.span, one.text))
  const made = edits.filter((one) => one !== null)
  const usable = fix !== null && made.length > 0 && made.length === edits.length
  return { rule, ...span, message, fix: usable ? { title: fix.title, safe: fix.applicability === "safe", edits: made } : null }
}
