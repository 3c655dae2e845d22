import type { LineMap } from "./text.ts"
import type { Masked } from "./mask.ts"
import type { Tokens } from "./tokens.ts"
import { withoutDeadBranches } from "./branches.ts"
import { lex } from "./lexer.ts"
import { mask } from "./mask.ts"
import { createLineMap } from "./text.ts"

/**
 * One text of SQL with everything that is derived from it, computed on first use and kept. Offsets are UTF-16 units of
 * `text` exactly as it was given: a byte order mark counts as one unit.
 */
export interface Source {
  readonly text: string
  lines(): LineMap
  /** The tokens of the whole text, templates and psql commands included. */
  tokens(): Tokens
  /** The text for the grammar: `text` with every hole filled at equal length and the byte order mark blanked. */
  masked(): Masked
  /** The tokens of the masked text: SQL only. */
  maskedTokens(): Tokens
}

export function createSource(text: string): Source {
  let lines: LineMap | undefined
  let tokens: Tokens | undefined
  let masked: Masked | undefined
  let maskedTokens: Tokens | undefined
  const source: Source = {
    text,
    lines: () => (lines ??= createLineMap(text)),
    tokens: () => (tokens ??= withoutDeadBranches(lex(text))),
    masked: () => (masked ??= mask(source.tokens())),
    maskedTokens: () => (maskedTokens ??= source.masked().text === text ? source.tokens() : lex(source.masked().text)),
  }
  return source
}
