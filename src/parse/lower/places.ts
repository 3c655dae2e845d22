import type { CodeBody, DecodedText } from "../operation.ts"
import type { Span } from "../../source/span.ts"
import type { Tokens } from "../../source/tokens.ts"
import type { SpanMap } from "./embedded.ts"
import { roomOfCode } from "../own-positions.ts"
import { tokenIndexAt } from "../../source/tokens.ts"
import { EMPTY } from "./context.ts"

/** Where parts of a body stand: the PL/pgSQL parser gives their text and line only. */
export interface Places {
  readonly body: CodeBody
  /** The tokens of the body's text. */
  readonly tokens: Tokens
  /** Turns spans of the body's text into those of the file. */
  readonly toFile: SpanMap
  /** Where the last part found ended: the tree is in the order of the text. */
  cursor: number
}

/** Spans of the body's text in the file, or as `DecodedText`. */
export function bodyMap(body: CodeBody): SpanMap {
  const start = body.verbatim ? body.span.start : roomOf(body)
  return (span) => ({ start: span.start + start, end: span.end + start })
}

/** What a body with escapes is for the statements in it. */
export function decodedBody(body: CodeBody): readonly DecodedText[] {
  return body.verbatim ? EMPTY : [decodedAt(roomOf(body), body.text, body.span)]
}

/** Where the own positions begin of the texts that the body puts together. */
export function roomInside(body: CodeBody): number {
  return body.verbatim ? roomOf(body) : roomOf(body) + body.text.length + 1
}

function roomOf({ room, span }: CodeBody): number {
  return room ?? roomOfCode(span.start)
}

export function decodedAt(start: number, text: string, span: Span): DecodedText {
  return { span, own: { start, end: start + text.length }, text }
}

/** Spans of a text that stands at `start` of the body; the whole body when it was not found. */
export function shifted(places: Places, start: number | null): SpanMap {
  if (start === null) return () => places.body.span
  return (span) => places.toFile({ start: span.start + start, end: span.end + start })
}

/** Spans of a text that has positions of its own. */
export function shiftedTo({ own }: DecodedText): SpanMap {
  return (span) => ({ start: span.start + own.start, end: span.end + own.start })
}

export function placed(places: Places, start: number | null, length: number): Span {
  return start === null ? places.body.span : places.toFile({ start, end: start + length })
}

/** Where the text of `wanted` stands in the body, at or behind the cursor; null when it is not there as it is. */
export function locate(places: Places, wanted: Tokens): number | null {
  if (wanted.count === 0) return null
  const found = find(places.tokens, wanted, places.cursor) ?? find(places.tokens, wanted, 0)
  if (found !== null) places.cursor = Math.max(places.cursor, found + wanted.text.length)
  return found
}

function find(tokens: Tokens, wanted: Tokens, from: number): number | null {
  const offset = wanted.starts[0] ?? 0
  for (let i = tokenIndexAt(tokens, from); i < tokens.count; i++) {
    const start = (tokens.starts[i] ?? 0) - offset
    if (standsAt(tokens.text, wanted, start)) return start
  }
  return null
}

function standsAt(text: string, wanted: Tokens, start: number): boolean {
  for (let i = 0; i < wanted.count; i++) {
    const from = wanted.starts[i] ?? 0
    const to = wanted.ends[i] ?? 0
    // PERFORM is given back in the parser's own spelling.
    if (
      i === 0
        ? !startsWithWord(text, wanted.text, from, to, start)
        : !text.startsWith(wanted.text.slice(from, to), start + from)
    ) {
      return false
    }
  }
  return true
}

function startsWithWord(text: string, wanted: string, from: number, to: number, start: number): boolean {
  return text.slice(start + from, start + to).toLowerCase() === wanted.slice(from, to).toLowerCase()
}
