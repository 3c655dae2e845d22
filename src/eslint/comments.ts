/** Comments of SQL that speak to ESLint, such as `-- eslint-disable-next-line`, as it wants to see them. */
import { lex } from "../source/lexer.ts"
import type { LineMap } from "../source/text.ts"
import type { Location } from "./host.ts"

export interface Comment {
  /** ESLint takes `eslint-disable` and `eslint-enable` from block comments only, and SQL has mostly the other kind. */
  readonly type: "Block"
  /** Without the delimiters. */
  readonly value: string
  readonly range: [number, number]
  readonly loc: { readonly start: Location; readonly end: Location }
}

/** Nothing but comments for ESLint: of others it might take the first word for a setting (`-- global ...`). */
export function commentsOf(text: string, locate: (offset: number) => Location): Comment[] {
  if (!text.includes("eslint")) return []
  const directives = lex(text).comments.filter(({ start }) => /^\s*eslint\b/.test(text.slice(start + 2, start + 40)))
  return directives.map(({ start, end }) => ({
    type: "Block",
    value: text.slice(start + 2, text.startsWith("/*", start) ? end - 2 : end),
    range: [start, end],
    loc: { start: locate(start), end: locate(end) },
  }))
}

export function locator(lines: LineMap): (offset: number) => Location {
  return (offset) => {
    const { line, column } = lines.position(offset)
    return { line, column: column - 1 }
  }
}
