import type { Span } from "../source/span.ts"

/** A replacement of a part of a text. */
export interface Edit {
  readonly span: Span
  readonly text: string
}

/** The text with all edits done; spans count from `base`, where the text begins in its file, and do not overlap. */
export function applyEdits(text: string, base: number, edits: readonly Edit[]): string {
  let result = ""
  let at = 0
  for (const { span, text: replacement } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, span.start - base) + replacement
    at = span.end - base
  }
  return result + text.slice(at)
}
