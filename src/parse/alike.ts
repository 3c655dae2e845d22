import type { Source } from "../source/source.ts"
import type { Tokens } from "../source/tokens.ts"
import type { Operation, Statement } from "./operation.ts"
import type { Shape } from "./shape.ts"
import type { RawStatement } from "./statements.ts"
import type { Example, Templates } from "./templates.ts"
import type { Element, List } from "./lists.ts"
import { lex } from "../source/lexer.ts"
import { isSpan } from "../source/span.ts"
import { createSource } from "../source/source.ts"
import { TokenKind } from "../source/tokens.ts"
import { EMPTY } from "./lower/context.ts"
import { contextOf } from "./lower/embedded.ts"
import { lowerStatement } from "./lower/index.ts"
import { listOf } from "./lists.ts"
import { shapeOf, writtenShape } from "./shape.ts"
import { cutPieces, parsePart, parseStatements } from "./statements.ts"

/** A statement of the grammar, lowered. */
export function lowered(source: Source, statement: RawStatement): Statement {
  const { span, holes } = statement
  return {
    span,
    operations: lowerStatement(contextOf(source, statement), statement.node),
    holes: holes.length === 0 ? EMPTY : holes.map((hole) => hole.span),
  }
}

/** A statement before it is read: its tokens, and its operations when a template gives them. */
interface Unread {
  readonly start: number
  readonly end: number
  /** Either what it is a list of, or its own shape; null when it has none. */
  readonly alike: List | Shape | null
  readonly operations: readonly Operation[] | null
}

/**
 * Reads statements that are like earlier ones without the grammar, the others with it, and adds them to `into`. Stops where
 * the text is no plain SQL or the grammar rejects something. Returns how far it came.
 */
export function readAlike(source: Source, templates: Templates, into: Statement[]): number {
  const { text } = source
  if (text.includes("\0")) return 0
  let start = 0
  while (start < text.length) {
    const { end, pieces, tokens } = cutPieces(text, start)
    if (!isPlain(tokens, end)) return start
    const unread: Unread[] = []
    let index = 0
    for (const { statement } of pieces) {
      if (statement === undefined) continue
      while ((tokens.starts[index] ?? text.length) < statement.start) index++
      const from = index
      while ((tokens.starts[index] ?? text.length) < statement.end) index++
      const alike = listOf(tokens, from, index) ?? shapeOf(tokens, from, index)
      unread.push({ start: statement.start, end: statement.end, alike, operations: alike === null ? null : found(alike, templates) })
    }
    const known = into.length
    if (!readAll(source, templates, unread, into)) {
      into.length = known
      return start
    }
    start = end
  }
  return start
}

function readAll(source: Source, templates: Templates, unread: readonly Unread[], into: Statement[]): boolean {
  for (let at = 0; at < unread.length; ) {
    const first = unread[at]
    if (first === undefined) break
    if (first.operations !== null) {
      into.push({ span: { start: first.start, end: first.end }, operations: first.operations, holes: EMPTY })
      at++
      continue
    }
    // One call for all statements in a row that need the grammar.
    let behind = at + 1
    while (behind < unread.length && unread[behind]?.operations === null) behind++
    const parsed = parsePart(source, { start: first.start, end: unread[behind - 1]?.end ?? first.end })
    if (parsed?.length !== behind - at) return false
    for (const raw of parsed) {
      const part = unread[at++]
      if (part?.start !== raw.span.start || part.end !== raw.span.end) return false
      const statement = lowered(source, raw)
      into.push(statement)
      if (part.alike !== null) learn(part.alike, statement.operations, templates)
    }
  }
  return true
}

/** The operations of a statement that is like earlier ones; null when it is not. */
function found(alike: List | Shape, templates: Templates): readonly Operation[] | null {
  // What was learned of a statement are its operations.
  if (!("parts" in alike)) return templates.find(alike) as readonly Operation[] | null
  const meanings: unknown[] = []
  for (const part of alike.parts) {
    const meaning = part === null ? null : templates.find(part)
    if (meaning === null) return null
    meanings.push(meaning)
  }
  return alike.compose(meanings)
}

function learn(alike: List | Shape, operations: readonly Operation[], templates: Templates): void {
  if (!("parts" in alike)) return templates.learn(alike, () => ({ shape: alike, meaning: operations }), operationsIn)
  for (const part of alike.parts) {
    if (part === null) continue
    const read = part.isElement ? elementIn : operationsIn
    templates.learn(part, () => exampleOf(part, read), read)
  }
}

/** A part of a statement by itself. */
function exampleOf(part: Shape, read: (sql: string) => unknown): Example | null {
  const tokens = lex(writtenShape(part))
  const shape = shapeOf(tokens, 0, tokens.count, part)
  const meaning = read(tokens.text)
  return shape === null || meaning === null ? null : { shape, meaning }
}

const BEFORE_ELEMENT = "CREATE TABLE zz ("

/** What a text means that is one element of CREATE TABLE; null when it is not. */
function elementIn(sql: string): Element | null {
  const [table] = operationsIn(`${BEFORE_ELEMENT}${sql}\n)`) ?? []
  if (table?.op !== "create table" || table.columns.length + table.constraints.length + table.like.length !== 1) return null
  const [column = null] = table.columns
  const [constraint = null] = table.constraints
  const [like = null] = table.like
  return moved({ column, constraint, like }, -BEFORE_ELEMENT.length)
}

/** The same with all its spans moved. */
function moved<T>(value: T, by: number): T {
  if (typeof value !== "object" || value === null) return value
  // Both keep the form of what they are given.
  if (Array.isArray(value)) return value.map((item: unknown) => moved(item, by)) as T
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => [key, moved(inner, by)] as const)
  if (isSpan(value)) return { start: value.start + by, end: value.end + by } as T
  return Object.fromEntries(entries) as T
}

/** The operations of a text that is one statement; null when it is not. */
function operationsIn(sql: string): readonly Operation[] | null {
  const source = createSource(sql)
  const { statements, errors } = parseStatements(source)
  const [statement] = statements
  return statement === undefined || statements.length > 1 || errors.length > 0 ? null : lowered(source, statement).operations
}

/**
 * Whether there is nothing that the grammar would stumble over: templates, psql commands, data. What is cut off at `end` does not count: a
 * quote may be open there. Only data belongs to the statement that it follows.
 */
function isPlain({ kinds, starts, count }: Tokens, end: number): boolean {
  let index = 0
  for (; index < count && (starts[index] ?? end) < end; index++) {
    if ((kinds[index] ?? TokenKind.invalid) >= TokenKind.template) return false
  }
  return kinds[index] !== TokenKind.copyData
}
