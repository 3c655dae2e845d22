import type { Hole } from "./holes.ts"
import type { Tokens } from "./tokens.ts"

/**
 * One text of SQL with everything that is derived from it, computed on first use. Offsets are UTF-16 units of `text`
 * exactly as it was given: a byte order mark counts as one unit.
 */
export interface Source {
  readonly text: string
  /** The tokens of the whole text, templates and meta-commands included. */
  tokens(): Tokens
  /** The text for the grammar: `text` with every hole filled at equal length and the byte order mark blanked. */
  masked(): { readonly text: string; readonly holes: readonly Hole[] }
}

export declare function createSource(text: string): Source
