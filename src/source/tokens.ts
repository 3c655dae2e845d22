import type { Span } from "./span.ts"

/**
 * What a token is. Small integers, so that a token list is three packed arrays. Comments and blanks are no tokens; the
 * lexer lists comments separately.
 */
export const TokenKind = {
  /** An unquoted identifier or keyword. */
  word: 1,
  /** `"name"` or `U&"name"`. */
  quotedName: 2,
  /** A string constant of any spelling: `'..'`, `E'..'`, `U&'..'`, `B'..'`, `X'..'`, `N'..'`. */
  string: 3,
  /** `$$..$$` or `$tag$..$tag$`. */
  dollarString: 4,
  number: 5,
  /** `$1` */
  parameter: 6,
  /** A run of operator characters, as PostgreSQL cuts it: `+`, `->>`, `=>`, `<=`. */
  operator: 7,
  /** One of `( ) [ ] , ; . :` or one of `:: := ..`. */
  punctuation: 8,
  /** `${x}`, `{{ x }}`, `{% x %}`: no SQL, filled in by another tool before PostgreSQL sees the text. */
  template: 9,
  /** `:name`, `:'name'`, `:"name"`, `$name`: a variable of psql or of a tool that fills in named parameters. */
  variable: 10,
  /** A psql command, from the backslash to where psql ends it. */
  metaCommand: 11,
  /** The lines after `COPY ... FROM STDIN;`, with the closing `\.` line. */
  copyData: 12,
  /** A character that begins no token, or a quote that never closes (the token then runs to the end of the text). */
  invalid: 13,
} as const

export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind]

/** The tokens of one text (or of a part of it), as packed arrays; token `i` is `text.slice(starts[i], ends[i])`. */
export interface Tokens {
  readonly text: string
  readonly count: number
  readonly kinds: readonly TokenKind[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** Comments in the order of the text, `--` comments without their line end. */
  readonly comments: readonly Span[]
}

/** The kind of token `index`, or `undefined` when there is no such token. */
export function kindOf(tokens: Tokens, index: number): TokenKind | undefined {
  return index < tokens.count ? tokens.kinds[index] : undefined
}

/** The span of token `index`; the empty span at the end of the last token when there is no such token. */
export function spanOf(tokens: Tokens, index: number): Span {
  const start = tokens.starts[index]
  const end = tokens.ends[index]
  if (start !== undefined && end !== undefined) return { start, end }
  const last = tokens.ends[tokens.count - 1] ?? 0
  return { start: last, end: last }
}

/** The exact source text of token `index`, empty when there is no such token. */
export function tokenText(tokens: Tokens, index: number): string {
  return tokens.text.slice(tokens.starts[index] ?? 0, tokens.ends[index] ?? 0)
}

/** Is token `index` this unquoted word? `keyword` must be in lower case. Compares without allocating. */
export function isKeyword(tokens: Tokens, index: number, keyword: string): boolean {
  if (tokens.kinds[index] !== TokenKind.word) return false
  const start = tokens.starts[index] ?? 0
  const length = keyword.length
  if ((tokens.ends[index] ?? 0) - start !== length) return false
  const text = tokens.text
  for (let i = 0; i < length; i++) {
    let code = text.charCodeAt(start + i)
    if (code >= 65 && code <= 90) code |= 32
    if (code !== keyword.charCodeAt(i)) return false
  }
  return true
}

/** Is token `index` exactly this operator or punctuation? */
export function isSymbol(tokens: Tokens, index: number, symbol: string): boolean {
  const kind = tokens.kinds[index]
  if (kind !== TokenKind.operator && kind !== TokenKind.punctuation) return false
  const start = tokens.starts[index] ?? 0
  return (tokens.ends[index] ?? 0) - start === symbol.length && tokens.text.startsWith(symbol, start)
}

/** The index of the first token in `[from, to)` that is this unquoted word (lower case), or -1. */
export function findKeyword(tokens: Tokens, keyword: string, from = 0, to = tokens.count): number {
  for (let i = from; i < to; i++) if (isKeyword(tokens, i, keyword)) return i
  return -1
}

/** The index of the first token of the run of unquoted words (lower case) in `[from, to)`, or -1. */
export function findKeywords(tokens: Tokens, keywords: readonly string[], from = 0, to = tokens.count): number {
  for (let i = from; i + keywords.length <= to; i++) {
    let k = 0
    while (k < keywords.length && isKeyword(tokens, i + k, keywords[k] ?? "")) k++
    if (k === keywords.length) return i
  }
  return -1
}

/** The index of the first token that starts at or after `offset` (UTF-16), `count` when there is none. */
export function tokenIndexAt(tokens: Tokens, offset: number): number {
  let low = 0
  let high = tokens.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((tokens.starts[middle] ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}

/** The half-open range of token indexes whose tokens start in `[start, end)`. */
export function tokensBetween(tokens: Tokens, start: number, end: number): { from: number; to: number } {
  return { from: tokenIndexAt(tokens, start), to: tokenIndexAt(tokens, end) }
}

/**
 * The index of the bracket that closes the `(` or `[` at token `open`, or -1 when it never closes. Both kinds of
 * bracket nest.
 */
export function closingBracket(tokens: Tokens, open: number, to = tokens.count): number {
  let depth = 0
  for (let i = open; i < to; i++) {
    if (tokens.kinds[i] !== TokenKind.punctuation) continue
    const code = tokens.text.charCodeAt(tokens.starts[i] ?? 0)
    if (code === 40 || code === 91) depth++
    else if ((code === 41 || code === 93) && --depth === 0) return i
  }
  return -1
}
