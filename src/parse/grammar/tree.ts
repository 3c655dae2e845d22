import type { Node } from "@pgsql/types"

export type { Node }

/** One statement of the grammar's tree. Locations and lengths are UTF-8 bytes; absent means 0 (to the end for a length). */
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
