import type { Suppression } from "../source/directives.ts"
import type { SyntaxError as RejectedPlace } from "./statements.ts"
import type { CodeBody, Statement } from "./operation.ts"
import type { ParsedBody } from "./lower/bodies.ts"
import type { Arguments } from "./lower/variables.ts"
import type { Signature } from "./lower/plpgsql-tree.ts"
import { findSuppressions } from "../source/directives.ts"
import { createSource } from "../source/source.ts"
import { lowerCode } from "./lower/bodies.ts"
import { lowered, readAlike } from "./alike.ts"
import type { Learned } from "./learned.ts"
import { commonStatements } from "./common-statements.ts"
import { lowerStatement } from "./lower/index.ts"
import { roomOfCode } from "./own-positions.ts"
import { UNKNOWN_SIGNATURE } from "./lower/plpgsql-tree.ts"
import { withPrepared } from "./prepared.ts"
import { parsePieces } from "./statements.ts"
import { createTemplates } from "./templates.ts"

export { statementSpans, textReader, type TextReader } from "./decoded.ts"
export { roomOfRoutine } from "./own-positions.ts"
export type { ParsedBody } from "./lower/bodies.ts"
export type { Signature } from "./lower/plpgsql-tree.ts"

/** What PostgreSQL's grammar rejects. */
export interface SyntaxError extends RejectedPlace {
  /** What majors before this one made of it: a word in it was not reserved yet. */
  readonly before?: { readonly major: number; readonly statement: Statement }
}

/** One file, read: plain data that can cross a thread boundary. */
export interface ParsedFile {
  /** In the order of the text. */
  readonly statements: readonly Statement[]
  /** What PostgreSQL's grammar rejects; each error costs only its own statement. */
  readonly errors: readonly SyntaxError[]
  /** The file's suppression comments. */
  readonly suppressions: readonly Suppression[]
}

/**
 * Reads a text of SQL: its statements, lowered to operations with spans in UTF-16 units of `sql`. Never throws on bad
 * input. Needs a grammar module: see `setGrammarModule` in `parse/grammar`.
 */
export function parseFile(sql: string): ParsedFile {
  const source = createSource(sql)
  const statements: Statement[] = []
  const errors: SyntaxError[] = []
  const read = readAlike(source, templates, statements)
  for (const piece of parsePieces(source, read)) {
    for (const statement of piece.statements) statements.push(lowered(source, statement))
    for (const { before, ...error } of piece.errors) {
      errors.push(before === undefined ? error : { ...error, before: { major: before.major, statement: lowered(source, before.statement) } })
    }
  }
  return { statements: withPrepared(statements), errors, suppressions: findSuppressions(source) }
}

/** A file as a major reads it: what only later ones reject is a statement. */
export function asReadBy(major: number, parsed: ParsedFile): ParsedFile {
  const older = parsed.errors.flatMap(({ before }) => (before !== undefined && major < before.major ? [before.statement] : []))
  if (older.length === 0) return parsed
  return {
    ...parsed,
    statements: [...parsed.statements, ...older].sort((left, right) => left.span.start - right.span.start),
    errors: parsed.errors.filter(({ before }) => before === undefined || major >= before.major),
  }
}

/** What was learned from earlier files serves later ones; it never changes what is read. */
const templates = createTemplates(commonStatements)

/** Statements that earlier processes have learned, of the same code: see `Templates`. */
export function recallStatements(kept: () => Learned): void {
  templates.recall(kept)
}

/** What later processes can recall; null when they know it already. */
export function learnedStatements(): Learned | null {
  return templates.learned()
}

/**
 * Reads the body of a function that a migration itself calls, with those arguments. Without its `signature`, a body that assigns to its
 * parameters cannot be read. What cannot be read is one dynamic span.
 */
export function parseBody(body: CodeBody, language: string, signature: Signature = UNKNOWN_SIGNATURE, values?: Arguments): ParsedBody {
  return lowerCode(body, language, lowerStatement, signature, values)
}

/** Reads a body once for each list of arguments that it is called with: its texts have other positions each time. */
export function bodyReader(body: CodeBody, language: string, signature: Signature): (values: Arguments) => ParsedBody {
  const known = new Map<string, ParsedBody>()
  let room = body.room ?? roomOfCode(body.span.start)
  return (values) => {
    const key = JSON.stringify(values)
    const read = known.get(key)
    if (read !== undefined) return read
    const parsed = parseBody({ ...body, room }, language, signature, values)
    known.set(key, parsed)
    for (const { decoded } of parsed.statements) for (const { own } of decoded) room = Math.max(room, own.end + 1)
    return parsed
  }
}
