import type { Source } from "../source/source.ts"
import type { Tokens } from "../source/tokens.ts"
import type { Operation, Statement } from "./operation.ts"
import type { Shape } from "./shape.ts"
import type { RawStatement } from "./statements.ts"
import type { Templates } from "./templates.ts"
import { createSource } from "../source/source.ts"
import { TokenKind } from "../source/tokens.ts"
import { EMPTY } from "./lower/context.ts"
import { contextOf } from "./lower/embedded.ts"
import { lowerStatement } from "./lower/index.ts"
import { shapeOf } from "./shape.ts"
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
  readonly shape: Shape | null
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
    if (!isPlain(tokens)) return start
    const unread: Unread[] = []
    let index = 0
    for (const { statement } of pieces) {
      if (statement === undefined) continue
      while ((tokens.starts[index] ?? text.length) < statement.start) index++
      const from = index
      while ((tokens.starts[index] ?? text.length) < statement.end) index++
      const shape = shapeOf(tokens, from, index)
      const operations = shape === null ? null : templates.find(shape)
      unread.push({ start: statement.start, end: statement.end, shape, operations })
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
      if (part.shape !== null) templates.learn(part.shape, statement.operations, operationsIn)
    }
  }
  return true
}

/** The operations of a text that is one statement; null when it is not. */
function operationsIn(sql: string): readonly Operation[] | null {
  const source = createSource(sql)
  const { statements, errors } = parseStatements(source)
  const [statement] = statements
  return statement === undefined || statements.length > 1 || errors.length > 0 ? null : lowered(source, statement).operations
}

/** Whether there is nothing that the grammar would stumble over: templates, psql commands, data. */
function isPlain({ kinds }: Tokens): boolean {
  return kinds.every((kind) => kind < TokenKind.template)
}
