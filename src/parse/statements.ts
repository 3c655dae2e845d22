import type { ByteMap } from "../source/text.ts"
import type { Hole } from "../source/holes.ts"
import type { Source } from "../source/source.ts"
import type { Span } from "../source/span.ts"
import type { Piece } from "../source/split.ts"
import type { Tokens } from "../source/tokens.ts"
import type { Node, ParseOutcome } from "./grammar/index.ts"
import { isSpace } from "../source/characters.ts"
import { lex } from "../source/lexer.ts"
import { lineEnd, skipTrivia } from "../source/scan.ts"
import { splitStatements } from "../source/split.ts"
import { createByteMap, hasByteOrderMark } from "../source/text.ts"
import { spanOf, tokenIndexAt, TokenKind } from "../source/tokens.ts"
import { readable } from "./error-message.ts"
import { NUL_MESSAGE, parseSql } from "./grammar/index.ts"

/** One statement as the grammar read it. */
export interface RawStatement {
  /** The grammar's node, an object with one key: `{ AlterTableStmt: { .. } }`. */
  readonly node: Node
  /** From the first token to the last one, without the `;` and without comments around it. UTF-16, original text. */
  readonly span: Span
  /** What is not SQL inside the span; usually empty. */
  readonly holes: readonly Hole[]
  /** Turns a `location` of a node inside `node` (a UTF-8 byte) into a UTF-16 offset of the original text. */
  readonly at: (byteLocation: number) => number
}

/** A place that PostgreSQL's grammar rejects. */
export interface SyntaxError {
  /** PostgreSQL's own words; a long token in them is cut. */
  readonly message: string
  /** The offending token, of one that is not closed its first line; empty at the end of the input. */
  readonly span: Span
  /** The statement that was given up. */
  readonly statement: Span
}

/** A place that PostgreSQL's grammar rejects, and what older grammars made of it. */
export interface RawSyntaxError extends SyntaxError {
  readonly before?: { readonly major: number; readonly statement: RawStatement }
}

/** The statements of a text, and what of it could not be parsed. */
export interface ParsedStatements {
  readonly statements: readonly RawStatement[]
  readonly errors: readonly RawSyntaxError[]
}

interface Output {
  readonly statements: RawStatement[]
  readonly errors: RawSyntaxError[]
}

/**
 * Texts up to this many UTF-16 units are parsed in one call, longer ones in pieces of about this size: measured, the
 * fastest size, and memory stays flat (the grammar's JSON is several times its input).
 */
const PIECE_LENGTH = 16_384

const NO_HOLES: readonly Hole[] = []

/**
 * Parses every statement of `source`; one bad statement costs only itself. A text that is plain SQL is not lexed by us
 * at all: only when the grammar rejects it are templates and psql commands masked, and only when it still does, is it
 * read statement by statement. A text with a NUL byte is rejected as a whole, as a server does.
 */
export function parseStatements(source: Source): ParsedStatements {
  const out: Output = { statements: [], errors: [] }
  for (const { statements, errors } of parsePieces(source)) {
    for (const statement of statements) out.statements.push(statement)
    for (const error of errors) out.errors.push(error)
  }
  return out
}

/**
 * `parseStatements` piece by piece, in the order of the text. A tree takes many times the memory of its text: who turns
 * each piece into something smaller before asking for the next one reads texts of any length in flat memory. Begins at
 * `from`, the end of a statement.
 */
export function* parsePieces(source: Source, from = 0): Generator<ParsedStatements, void> {
  const nul = source.text.indexOf("\0")
  if (nul >= 0) {
    const span = { start: nul, end: nul + 1 }
    yield { statements: [], errors: [{ message: NUL_MESSAGE, span, statement: span }] }
    return
  }
  const { length } = source.text
  // A cut behind such a COPY would take its data for statements.
  let masked = length > PIECE_LENGTH && /\bfrom\s+stdin\b/i.test(source.text)
  let input: Input = masked ? source.masked() : { text: withoutByteOrderMark(source.text), holes: NO_HOLES }
  for (let start = from; start < length; ) {
    // Data is masked with blanks, of which there may be millions.
    start = skipTrivia(input.text, start, length)
    const out: Output = { statements: [], errors: [] }
    let end = guessCut(input.text, start)
    if (end < 0 || !parseCut(out, input, start, end)) {
      const cut = cutPieces(input.text, start)
      if (!parseCut(out, input, start, cut.end)) {
        if (!masked) {
          // Nothing before `start` can hold a hole, or it would not have been parsed: go on from here.
          masked = true
          if (source.masked().text !== input.text) {
            input = source.masked()
            continue
          }
        }
        parseOneByOne(out, source, input, cut.pieces)
      }
      end = cut.end
    }
    start = end
    yield out
  }
}

/** The tokens of one statement, as the grammar saw them (holes are filled), lexed on demand. */
export function statementTokens(source: Source, statement: Pick<RawStatement, "span" | "holes">): Tokens {
  const text = statement.holes.length > 0 ? source.masked().text : source.text
  return lex(text, statement.span.start, statement.span.end)
}

/** The text given to the grammar, and the holes filled in it. */
interface Input {
  readonly text: string
  readonly holes: readonly Hole[]
}

function withoutByteOrderMark(text: string): string {
  return hasByteOrderMark(text) ? ` ${text.slice(1)}` : text
}

/**
 * The end of the text when that is near, else a likely end of a statement, else -1. Needs no lexing: when the grammar
 * accepts what ends here, the `;` is in no quote, block comment or body, for these would be left open. Only a line
 * comment would not, so that a line with `--` in it is passed over.
 */
function guessCut(text: string, start: number): number {
  if (text.length - start <= PIECE_LENGTH) return text.length
  for (let newline = text.lastIndexOf("\n", start + PIECE_LENGTH); newline > start; ) {
    const before = text.lastIndexOf("\n", newline - 1)
    const last = text.charCodeAt(newline - 1) === 13 ? newline - 2 : newline - 1
    const isEnd = text.charCodeAt(last) === 59 && !text.slice(Math.max(before + 1, start), last).includes("--")
    if (isEnd) return newline + 1
    newline = before
  }
  return -1
}

interface Cut {
  readonly end: number
  readonly pieces: readonly Piece[]
  readonly tokens: Tokens
}

/** About `PIECE_LENGTH` units of whole statements from `start` on; one statement when that is longer. */
export function cutPieces(text: string, start: number): Cut {
  for (let length = PIECE_LENGTH; ; length *= 2) {
    const end = Math.min(text.length, start + length)
    const tokens = lex(text, start, end)
    const pieces = splitStatements(tokens, start, end)
    if (end === text.length) return { end, pieces, tokens }
    // The last piece has no `;` yet.
    const whole = pieces.slice(0, -1)
    const last = whole.at(-1)
    if (last !== undefined) return { end: last.end, pieces: whole, tokens }
  }
}

/** Parses all statements in `[start, end)` in one call; false when the grammar rejects one of them. */
function parseCut(out: Output, input: Input, start: number, end: number): boolean {
  const slice = input.text.slice(start, end)
  const outcome = parseSql(slice)
  if (outcome.ok) collect(out, input, outcome, slice, start)
  return outcome.ok
}

/** The statements of a part of a text without holes; null when the grammar rejects one of them. */
export function parsePart({ text }: Source, { start, end }: Span): readonly RawStatement[] | null {
  const out: Output = { statements: [], errors: [] }
  return parseCut(out, { text, holes: NO_HOLES }, start, end) ? out.statements : null
}

function parseOneByOne(out: Output, source: Source, input: Input, pieces: readonly Piece[]): void {
  for (const { statement } of pieces) {
    if (statement === undefined) continue
    const slice = input.text.slice(statement.start, statement.end)
    const outcome = parseSql(slice)
    if (outcome.ok) collect(out, input, outcome, slice, statement.start)
    else if (!parseEmptied(out, input, statement, outcome.position)) out.errors.push({ ...syntaxError(source, input, statement, outcome), ...readBefore(input, statement) })
  }
}

/**
 * Parses a statement without the placeholders that the grammar stumbles over as names: one may stand for a clause, or for nothing.
 *
 * @param position Where it stumbled first, in the statement.
 * @returns false, with nothing added, when it stumbles over anything else
 */
function parseEmptied(out: Output, input: Input, statement: Span, position: number): boolean {
  let slice = input.text.slice(statement.start, statement.end)
  let at = statement.start + position
  const holes = holesIn(input.holes, statement)
  for (let left = holes.length; left > 0; left--) {
    const hole = holes.find(({ span }) => span.start <= at && at < span.end)?.span
    if (hole === undefined) return false
    const [from, to] = [hole.start - statement.start, hole.end - statement.start]
    slice = slice.slice(0, from) + " ".repeat(to - from) + slice.slice(to)
    const outcome = parseSql(slice)
    if (outcome.ok) {
      collect(out, input, outcome, slice, statement.start)
      return true
    }
    at = statement.start + outcome.position
  }
  return false
}

/**
 * Words that a major gave a meaning of their own in some places, where they had been names like any other: of tables (`system_user`), of
 * functions and of their parameters. Since when is what pg_get_keywords() of the majors from 11 on says. The newest come first.
 */
const RESERVED: readonly { readonly major: number; readonly words: readonly string[] }[] = [
  { major: 17, words: ["json", "json_exists", "json_query", "json_scalar", "json_serialize", "json_table", "json_value", "merge_action"] },
  { major: 16, words: ["system_user", "json_array", "json_arrayagg", "json_object", "json_objectagg"] },
  { major: 13, words: ["normalize"] },
]

/** By each word, another one that is as long and is no keyword. */
const STAND_INS = new Map(RESERVED.flatMap(({ words }) => words).map((word) => [word, `${word.slice(0, 1)}x${word.slice(2)}`]))

/** Where one of the words may stand. */
const MAY_HAVE_RESERVED = new RegExp([...STAND_INS.keys()].join("|"), "i")

/** What majors before a word was reserved made of a statement that the grammar rejects; nothing when they rejected it, too. */
function readBefore(input: Input, statement: Span): Pick<RawSyntaxError, "before"> {
  const slice = input.text.slice(statement.start, statement.end)
  const older = parseBefore(slice)
  if (older?.outcome.ok !== true) return {}
  const { outcome, major, words } = older
  const out: Output = { statements: [], errors: [] }
  // Only texts of the tree are changed, none of its keys.
  const tree = words.reduce((json, word) => json.replaceAll(STAND_INS.get(word) ?? word, word), JSON.stringify(outcome.tree))
  collect(out, input, { ...outcome, tree: JSON.parse(tree) as typeof outcome.tree }, slice, statement.start)
  const [only] = out.statements
  return only === undefined ? {} : { before: { major, statement: only } }
}

/** A statement with stand-ins for words, and what the grammar says to it. */
interface Older {
  /** The majors before this one read it so. */
  readonly major: number
  readonly words: readonly string[]
  readonly outcome: ParseOutcome
}

/** A statement as the newest major reads it for which its words are names; as the last one tried when none can; null when it has no such word. */
export function parseBefore(statement: string): Older | null {
  if (!MAY_HAVE_RESERVED.test(statement)) return null
  const tokens = lex(statement, 0, statement.length)
  const plain: string[] = []
  let older: Older | null = null
  let text = statement
  for (const { major, words } of RESERVED) {
    const before = text
    for (let index = 0; index < tokens.count; index++) {
      const { start, end } = spanOf(tokens, index)
      const word = tokens.kinds[index] === TokenKind.word ? statement.slice(start, end).toLowerCase() : ""
      const standIn = words.includes(word) ? STAND_INS.get(word) : undefined
      if (standIn !== undefined) text = text.slice(0, start) + standIn + text.slice(end)
    }
    plain.push(...words)
    if (text === before) continue
    older = { major, words: [...plain], outcome: parseSql(text) }
    if (older.outcome.ok) return older
  }
  return older
}

function syntaxError(
  source: Source,
  input: Input,
  statement: Span,
  failure: { readonly message: string; readonly position: number },
): SyntaxError {
  const position = statement.start + failure.position
  if (position >= statement.end) {
    return { message: readable(failure.message), span: { start: statement.end, end: statement.end }, statement }
  }
  const tokens = lex(input.text, statement.start, statement.end)
  const after = tokenIndexAt(tokens, position + 1)
  const token = spanOf(tokens, Math.max(after - 1, 0))
  const whole = position < token.end ? token : { start: position, end: position + 1 }
  // What is not closed goes on to the end of the file; where it is opened is the place to look at.
  const span = failure.message.startsWith("unterminated ") ? { start: whole.start, end: lineEnd(input.text, whole.start, whole.end) } : whole
  // A filled hole is named as it was written.
  const seen = input.text.slice(whole.start, whole.end)
  const written = source.text.slice(whole.start, whole.end)
  return { message: readable(failure.message.split(`"${seen}"`).join(`"${written}"`)), span, statement }
}

/** Adds the statements of a tree that was read from `slice`, which starts at `base`. */
function collect(
  out: Output,
  input: Input,
  { tree, ascii }: Extract<ParseOutcome, { ok: true }>,
  slice: string,
  base: number,
): void {
  const at = ascii ? (byte: number): number => base + byte : byteConverter(slice, base)
  for (const { stmt, stmt_location: location = 0, stmt_len: length = 0 } of tree.stmts ?? []) {
    if (stmt === undefined) continue
    const limit = length > 0 ? at(location + length) : base + slice.length
    const start = skipTrivia(input.text, at(location), limit)
    const span = { start, end: lastTokenEnd(input.text, start, limit) }
    out.statements.push({ node: stmt, span, holes: holesIn(input.holes, span), at })
  }
}

function byteConverter(slice: string, base: number): (byte: number) => number {
  let map: ByteMap | undefined
  return (byte) => base + (map ??= createByteMap(slice)).toUtf16(byte)
}

/** Behind the last token of a statement that may have blanks and comments after it. */
function lastTokenEnd(text: string, start: number, limit: number): number {
  let end = limit
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--
  if (!mayEndInComment(text, start, end)) return end
  const tokens = lex(text, start, end)
  return tokens.ends[tokens.count - 1] ?? end
}

/** A cheap look at the last line, which is right whenever it says no. */
function mayEndInComment(text: string, start: number, end: number): boolean {
  if (text.endsWith("*/", end)) return true
  for (let i = end - 1; i > start; i--) {
    const code = text.charCodeAt(i)
    if (code === 10 || code === 13) return false
    if (code === 45 && text.charCodeAt(i - 1) === 45) return true
  }
  return false
}

function holesIn(holes: readonly Hole[], span: Span): readonly Hole[] {
  if (holes.length === 0) return NO_HOLES
  let from = 0
  for (let high = holes.length; from < high; ) {
    const middle = (from + high) >>> 1
    if ((holes[middle]?.span.start ?? 0) < span.start) from = middle + 1
    else high = middle
  }
  let to = from
  while (to < holes.length && (holes[to]?.span.start ?? 0) < span.end) to++
  return to > from ? holes.slice(from, to) : NO_HOLES
}
