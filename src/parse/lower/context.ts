import type { Span } from "../../source/span.ts"
import type { Tokens } from "../../source/tokens.ts"
import type { Identifier, Name } from "../name.ts"
import { identifierName } from "../../source/lexer.ts"
import { closingBracket, findKeyword, isKeyword, isSymbol, spanOf, tokenIndexAt } from "../../source/tokens.ts"
import { nameEnd } from "./text.ts"

/** One statement while it is lowered. */
export interface Context {
  /** The text that the grammar saw; every offset is one of this text. */
  readonly text: string
  readonly span: Span
  /** Turns a location of the grammar into an offset of `text`. */
  readonly at: (location: number) => number
  /** Lexes the statement. */
  readonly lex: () => Tokens
  /** What `lex` gave. */
  tokens: Tokens | null
}

const none: readonly never[] = Object.freeze([])

/** The one empty list. */
export const EMPTY: readonly never[] = none

/** The statement's tokens, lexed on first use: many statements never need them. */
export function tokensOf(context: Context): Tokens {
  return (context.tokens ??= context.lex())
}

export function spanBetween(start: number, end: number): Span {
  return { start, end }
}

/** The span of the tokens `[from, to)`. */
export function spanOfTokens(tokens: Tokens, from: number, to: number): Span {
  const start = tokens.starts[from]
  const end = tokens.ends[to - 1]
  if (start === undefined || end === undefined || to <= from) {
    const at = spanOf(tokens, from).start
    return { start: at, end: at }
  }
  return { start, end }
}

/** A location of the grammar as an offset. What the grammar made up has none: it stands at the statement's start. */
export function offsetAt(context: Context, location: number | undefined): number {
  return location !== undefined && location < 0 ? context.span.start : context.at(location ?? 0)
}

/** The index of the token that starts at `location` (of the grammar). */
export function tokenAt(context: Context, location: number | undefined): number {
  return tokenIndexAt(tokensOf(context), offsetAt(context, location))
}

/** The index of the first token at or after `offset`. */
export function tokenFrom(context: Context, offset: number): number {
  return tokenIndexAt(tokensOf(context), offset)
}

/** The index of `keyword` outside brackets in the tokens `[from, to)`, or -1. */
export function findOutside(tokens: Tokens, keyword: string, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (isOpening(tokens, i)) {
      const close = closingBracket(tokens, i, to)
      if (close < 0) return -1
      i = close
    } else if (isKeyword(tokens, i, keyword)) return i
  }
  return -1
}

/** The index of the next comma outside brackets in `[from, to)`, or `to`. */
export function pieceEnd(tokens: Tokens, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (isOpening(tokens, i)) {
      const close = closingBracket(tokens, i, to)
      if (close < 0) return to
      i = close
    } else if (isSymbol(tokens, i, ",")) return i
  }
  return to
}

export function isOpening(tokens: Tokens, index: number): boolean {
  const start = tokens.starts[index] ?? 0
  if ((tokens.ends[index] ?? 0) - start !== 1) return false
  const code = tokens.text.charCodeAt(start)
  return code === 40 || code === 91
}

/** The index of the first `(` in `[from, to)`, or -1. */
function findOpen(tokens: Tokens, from: number, to: number): number {
  for (let i = from; i < to; i++) if (isSymbol(tokens, i, "(")) return i
  return -1
}

/** The tokens between the first `(` of `[from, to)` and its `)`. Null when there is no such pair. */
export function insideBrackets(tokens: Tokens, from: number, to: number): { from: number; to: number } | null {
  const open = findOpen(tokens, from, to)
  const close = open < 0 ? -1 : closingBracket(tokens, open, to)
  return close < 0 ? null : { from: open + 1, to: close }
}

/** Skips `IF EXISTS` and `IF NOT EXISTS`. */
export function skipIfExists(tokens: Tokens, index: number): number {
  if (!isKeyword(tokens, index, "if")) return index
  if (isKeyword(tokens, index + 1, "exists")) return index + 2
  if (isKeyword(tokens, index + 1, "not") && isKeyword(tokens, index + 2, "exists")) return index + 3
  return index
}

export function skipKeyword(tokens: Tokens, index: number, keyword: string): number {
  return isKeyword(tokens, index, keyword) ? index + 1 : index
}

export function identifier(name: string | undefined, span: Span): Identifier {
  return { name: name ?? "", span }
}

/** The identifier at token `index`, which stands for `name`. */
export function identifierAt(tokens: Tokens, index: number, name: string | undefined): Identifier {
  return { name: name ?? identifierName(tokens, index) ?? "", span: spanOf(tokens, index) }
}

/** The names `names`, written comma-separated from token `from` on (one per piece, `PERIOD` skipped). */
export function identifierList(
  tokens: Tokens,
  names: readonly string[],
  from: number,
  to: number,
): readonly Identifier[] {
  if (names.length === 0) return EMPTY
  const found: Identifier[] = []
  let piece = from
  for (const name of names) {
    const at =
      isKeyword(tokens, piece, "period") && !isSymbol(tokens, piece + 1, ",") && piece + 1 < to ? piece + 1 : piece
    found.push(identifierAt(tokens, at, name))
    piece = pieceEnd(tokens, piece, to) + 1
  }
  return found
}

/** The dotted name that starts at token `index` and stands for `parts`. */
export function nameAtToken(context: Context, index: number, parts: readonly string[]): Name {
  const start = spanOf(tokensOf(context), index).start
  return nameOf(parts, start, nameEnd(context.text, start))
}

/** The name of the parts `[catalog,] [schema,] name`. */
export function nameOf(parts: readonly string[], start: number, end: number): Name {
  const count = parts.length
  return {
    schema: count > 1 ? (parts[count - 2] ?? null) : null,
    name: parts[count - 1] ?? "",
    span: { start, end },
  }
}

/** The index of the token behind `offset`, where a name or type ended. */
export function tokenBehind(context: Context, span: Span): number {
  return tokenIndexAt(tokensOf(context), span.end)
}

/** The span of `keyword`, or the empty span behind token `behind`, where the keyword would go. */
export function keywordSpan(tokens: Tokens, keyword: string, from: number, to: number, behind: number): Span {
  const found = findKeyword(tokens, keyword, from, to)
  if (found >= 0) return spanOf(tokens, found)
  const end = spanOf(tokens, behind).end
  return { start: end, end }
}
