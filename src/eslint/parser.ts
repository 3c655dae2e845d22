/**
 * A parser for eslintrc, which knows no languages but JavaScript: it makes an empty program with the comments of the SQL. Rules
 * for JavaScript find nothing in it; pgsafe's read the text itself.
 */
import { createLineMap } from "../source/text.ts"
import { commentsOf, locator, type Comment } from "./comments.ts"
import { SQL_FILE } from "./report.ts"

interface Program {
  readonly type: "Program"
  readonly language: typeof SQL_FILE
  readonly sourceType: "module"
  readonly body: []
  readonly comments: readonly Comment[]
  readonly tokens: []
  readonly range: [number, number]
  readonly loc: Comment["loc"]
}

export const sqlParser = {
  meta: { name: "pgsafe/sql-parser", version: "1" },
  parseForESLint(text: string): { ast: Program; visitorKeys: Readonly<Record<string, readonly string[]>> } {
    const locate = locator(createLineMap(text))
    return {
      ast: {
        type: "Program",
        language: SQL_FILE,
        sourceType: "module",
        body: [],
        comments: commentsOf(text, locate),
        tokens: [],
        range: [0, text.length],
        loc: { start: locate(0), end: locate(text.length) },
      },
      visitorKeys: { Program: [] },
    }
  },
}
