/** Statements that read and write rows. */
import type { Expression, Query } from "../expression.ts"
import type { Identifier, Name } from "../name.ts"
import type { Base } from "./base.ts"

export type DataOperation =
  | (Base & {
      readonly op: "insert"
      readonly table: Name
      readonly columns: readonly Identifier[]
      readonly overriding: "system" | "user" | null
      /** Number of VALUES rows; 0 for INSERT ... SELECT and DEFAULT VALUES. */
      readonly rows: number
      /** How many values each row has, of VALUES or SELECT; null for DEFAULT VALUES, and where a star hides it. */
      readonly width: number | null
      /** Places in a row, from 0, where some row of VALUES has a literal NULL. */
      readonly nulls: readonly number[]
      /** Places in a row where all rows of VALUES have DEFAULT. */
      readonly defaults: readonly number[]
      readonly query: Query
      /** True for INSERT ... SELECT that reads at least one relation. */
      readonly fromSelect: boolean
      readonly onConflict: "error" | "nothing" | "update"
      /** What ON CONFLICT DO UPDATE sets. */
      readonly updated: readonly Identifier[]
    })
  | (Base & {
      readonly op: "update"
      readonly table: Name
      readonly columns: readonly Identifier[]
      readonly where: Expression | null
      readonly from: readonly Name[]
      readonly query: Query
    })
  | (Base & {
      readonly op: "delete"
      readonly table: Name
      readonly where: Expression | null
      readonly using: readonly Name[]
      readonly query: Query
    })
  | (Base & { readonly op: "merge"; readonly table: Name; readonly clauses: readonly MergeClause[]; readonly query: Query })
  | (Base & { readonly op: "select"; readonly query: Query })
  | (Base & { readonly op: "copy"; readonly table: Name | null; readonly direction: "from" | "to"; readonly query: Query | null })
  | (Base & {
      readonly op: "truncate"
      readonly tables: readonly { readonly table: Name; readonly only: boolean }[]
      readonly cascade: boolean
      readonly restartIdentity: boolean
    })

/** `WHEN ... THEN ...` of a MERGE. */
export interface MergeClause {
  readonly when: "matched" | "not matched by source" | "not matched by target"
  /** Behind AND, there is a condition. */
  readonly conditional: boolean
  readonly action: "insert" | "update" | "delete" | "nothing"
  /** What it sets, or inserts. */
  readonly columns: readonly Identifier[]
  readonly overriding: "system" | "user" | null
  /** How many values INSERT has; null for DEFAULT VALUES, and for all else. */
  readonly width: number | null
  /** Places in the row that have DEFAULT. */
  readonly defaults: readonly number[]
}
