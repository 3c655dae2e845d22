import type { Node } from "@pgsql/types"

export type { Node }

/** One statement of the grammar's tree, in UTF-8 bytes. An absent location is 0, an absent length goes to the end. */
export interface RawStmt {
  readonly stmt?: Node
  readonly stmt_location?: number
  readonly stmt_len?: number
}

/** The grammar's answer for one text. `stmts` is absent when the text holds blanks and comments only. */
export interface ParseResult {
  readonly version?: number
  readonly stmts?: readonly RawStmt[]
}
