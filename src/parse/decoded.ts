import type { Span } from "../source/span.ts"
import type { DecodedText, EmbeddedStatement, Statement } from "./operation.ts"
import { isOwn } from "./own-positions.ts"

/** What spans mean in a file: also those of SQL that is written there in another way (see `DecodedText`). */
export interface TextReader {
  /** The text of a span; of SQL that is written in another way the text that PostgreSQL runs. */
  text(span: Span): string
  /** Where it is in the file: what is written in another way than with doubled quotes is shown as a whole. */
  place(span: Span): Span
  /** Makes more such texts known: those of functions' bodies that are read only when they are called. */
  add(decoded: readonly DecodedText[]): void
}

/** Reads spans of a file that `statements` are in. */
export function textReader(sql: string, statements: readonly Statement[]): TextReader {
  const known = new Map<number, DecodedText>()
  // A body that is called again is written where it is called now.
  const add = (decoded: readonly DecodedText[]): void => {
    for (const one of decoded) known.set(one.own.start, one)
  }
  addAll(statements, add)
  const decodedAt = (span: Span): DecodedText | undefined => {
    if (!isOwn(span)) return undefined
    for (const one of known.values()) if (span.start >= one.own.start && span.start <= one.own.end) return one
    return undefined
  }
  const text = (span: Span): string => {
    const decoded = decodedAt(span)
    if (decoded === undefined) return sql.slice(span.start, span.end)
    return decoded.text.slice(span.start - decoded.own.start, span.end - decoded.own.start)
  }
  const place = (span: Span): Span => {
    const decoded = decodedAt(span)
    return decoded === undefined ? span : place(written(span, decoded, text(decoded.span)) ?? decoded.span)
  }
  return { add, text, place }
}

/** Where a file's statements stand, those in the code of DO blocks included, the outer ones first. */
export function statementSpans(sql: string, statements: readonly Statement[]): readonly Span[] {
  const { place } = textReader(sql, statements)
  const inner = statements.flatMap(({ operations }) => operations.flatMap((operation) => (operation.op === "do" ? operation.statements : [])))
  return [...statements, ...inner].map(({ span }) => place(span))
}

function addAll(statements: readonly Pick<EmbeddedStatement, "operations">[], add: TextReader["add"]): void {
  for (const { operations } of statements) {
    for (const operation of operations) {
      if (operation.op !== "do") continue
      for (const { decoded } of operation.statements) add(decoded)
      addAll(operation.statements, add)
    }
  }
}

/** Where a part of a text is written, when the text is one literal (with its quotes or without) in which only quotes are doubled. */
function written(span: Span, { own, span: whole, text }: DecodedText, source: string): Span | null {
  const open = source.startsWith("'") ? 1 : 0
  const inner = source.slice(open, source.length - open)
  if (inner.replaceAll("''", "'") !== text) return null
  const offset = (position: number): number => {
    let at = 0
    for (let passed = own.start; passed < position; passed++) at += inner.startsWith("''", at) ? 2 : 1
    return whole.start + open + at
  }
  return { start: offset(span.start), end: offset(span.end) }
}
