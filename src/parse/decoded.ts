import type { Span } from "../source/span.ts"
import type { DecodedText, Statement } from "./operation.ts"

/** What spans mean in a file: also those of SQL that stands in it with escapes (see `DecodedText`). */
export interface TextReader {
  /** The text of a span; of SQL with escapes the text that PostgreSQL runs. */
  text(span: Span): string
  /** Where it is in the file: SQL with escapes other than doubled quotes is shown as a whole. */
  place(span: Span): Span
  /** Makes more such texts known: those of functions' bodies that are read only when they are called. */
  add(decoded: readonly DecodedText[]): void
}

/** Reads spans of a file that `statements` are in. */
export function textReader(sql: string, statements: readonly Statement[]): TextReader {
  const known: DecodedText[] = []
  const add = (decoded: readonly DecodedText[]): void => {
    for (const one of decoded) if (!known.some(({ span, text }) => isSame(span, one.span) && text === one.text)) known.push(one)
  }
  for (const { operations } of statements) {
    for (const operation of operations) {
      if (operation.op === "do") for (const { decoded } of operation.statements) add(decoded)
    }
  }
  const innermost = (span: Span, within: readonly DecodedText[]): DecodedText | undefined =>
    within.filter((one) => stands(span, one)).reduce<DecodedText | undefined>((inner, one) => (inner === undefined || one.span.start >= inner.span.start ? one : inner), undefined)
  const read = (span: Span, within: readonly DecodedText[]): string => {
    const inner = within.length === 0 ? undefined : innermost(span, within)
    if (inner === undefined) return sql.slice(span.start, span.end)
    return inner.text.slice(span.start - inner.span.start, span.end - inner.span.start)
  }
  const place = (span: Span, within: readonly DecodedText[]): Span => {
    const inner = within.length === 0 ? undefined : innermost(span, within)
    if (inner === undefined) return span
    const outer = within.filter((one) => one !== inner)
    return place(written(span, inner, read(inner.span, outer)) ?? inner.span, outer)
  }
  return { add, text: (span) => read(span, known), place: (span) => place(span, known) }
}

function stands({ start, end }: Span, { span, text }: DecodedText): boolean {
  return start >= span.start && end <= span.start + text.length
}

function isSame(one: Span, other: Span): boolean {
  return one.start === other.start && one.end === other.end
}

/** Where a part of a text is written, when the text is one literal (with its quotes or without) in which only quotes are doubled. */
function written(span: Span, { span: whole, text }: DecodedText, source: string): Span | null {
  const open = source.startsWith("'") ? 1 : 0
  const inner = source.slice(open, source.length - open)
  if (inner.replaceAll("''", "'") !== text) return null
  const offset = (position: number): number => {
    let at = 0
    for (let passed = whole.start; passed < position; passed++) at += inner.startsWith("''", at) ? 2 : 1
    return whole.start + open + at
  }
  return { start: offset(span.start), end: offset(span.end) }
}
