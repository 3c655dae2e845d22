import type { Span } from "./span.ts"
import type { Tokens } from "./tokens.ts"
import { isKeyword, TokenKind } from "./tokens.ts"

/** A stretch of the text up to and including a `;`. Pieces tile the text. */
export interface Piece extends Span {
  /** From the first token to the last one before the `;`; `undefined` when there are blanks and comments only. */
  readonly statement: Span | undefined
}

/**
 * Cuts a text at the `;` that end statements. A `;` inside `BEGIN ATOMIC .. END` (SQL functions, PostgreSQL 14) ends
 * none, nor does one inside the parentheses of `CREATE RULE .. DO (..; ..)`. Any other `;` in parentheses can only be a
 * mistake, and is a cut so that the mistake costs one statement. Drizzle cuts at its marker, whether a `;` stands there or not.
 *
 * Give it the tokens of masked text: templates and psql commands are taken for parts of statements. `[start, end)` is
 * what the tokens were read from.
 */
export function splitStatements(tokens: Tokens, start = 0, end = tokens.text.length): readonly Piece[] {
  const pieces: Piece[] = []
  let pieceStart = start
  let first = -1
  let last = -1
  let shape: Shape = "plain"
  let depth = 0
  let atomic = 0
  const breaks = tokens.comments.filter((comment) => tokens.text.startsWith(BREAKPOINT, comment.start))
  let nextBreak = 0
  const finish = (pieceEnd: number): void => {
    const statement = first < 0 ? undefined : { start: tokens.starts[first] ?? 0, end: tokens.ends[last] ?? 0 }
    pieces.push({ start: pieceStart, end: pieceEnd, statement })
    pieceStart = pieceEnd
    first = -1
    shape = "plain"
    depth = 0
    atomic = 0
  }
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kinds[i]
    for (let at = breaks[nextBreak]; at !== undefined && at.start < (tokens.starts[i] ?? 0); at = breaks[++nextBreak]) if (first >= 0) finish(at.start)
    if (kind === TokenKind.punctuation) {
      const code = tokens.text.charCodeAt(tokens.starts[i] ?? 0)
      if (code === 40) depth++
      else if (code === 41) depth--
      else if (code === 59 && atomic === 0 && !(shape === "rule" && depth > 0)) {
        finish(tokens.ends[i] ?? 0)
        continue
      }
    }
    if (first < 0) {
      first = i
      shape = shapeOf(tokens, i)
    } else if (shape === "routine" && kind === TokenKind.word) atomic = nesting(tokens, i, atomic)
    last = i
  }
  if (pieceStart < end || first >= 0) finish(end)
  return pieces
}

/** What Drizzle Kit writes between statements, each of which it sends by itself (drizzle-orm/migrator.js). */
const BREAKPOINT = "--> statement-breakpoint"

type Shape = "plain" | "rule" | "routine"

function shapeOf(tokens: Tokens, first: number): Shape {
  if (!isKeyword(tokens, first, "create")) return "plain"
  const replaces = isKeyword(tokens, first + 1, "or") && isKeyword(tokens, first + 2, "replace")
  const what = replaces ? first + 3 : first + 1
  if (isKeyword(tokens, what, "rule")) return "rule"
  return isKeyword(tokens, what, "function") || isKeyword(tokens, what, "procedure") ? "routine" : "plain"
}

/** How deep the word at `index` leaves us in `BEGIN ATOMIC` and the `CASE` expressions inside it. */
function nesting(tokens: Tokens, index: number, depth: number): number {
  if (depth === 0) return isKeyword(tokens, index, "atomic") && isKeyword(tokens, index - 1, "begin") ? 1 : 0
  if (isKeyword(tokens, index, "case")) return depth + 1
  return isKeyword(tokens, index, "end") ? depth - 1 : depth
}
