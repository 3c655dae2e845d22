import type { Span } from "./span.ts"

/** A stretch of the text that is not SQL and that the parser is given a filler of the same length for. */
export interface Hole {
  readonly span: Span
  /** The original text of the hole. */
  readonly text: string
  readonly kind: "template" | "variable" | "meta-command" | "copy data"
}
