/** What keeps tables in shape, locks them, and speaks of objects without changing them. */
import type { Span } from "../../source/span.ts"
import type { LockMode } from "../lock-modes.ts"
import type { Identifier, Name } from "../name.ts"
import type { Base, ObjectKind, WrittenArguments } from "./base.ts"

export type MaintenanceOperation =
  | (Base & {
      readonly op: "vacuum"
      /** Empty: every table of the database. */
      readonly tables: readonly Name[]
      readonly columns: readonly NamedColumns[]
      readonly full: boolean
      readonly analyze: boolean
    })
  | (Base & { readonly op: "analyze"; readonly tables: readonly Name[]; readonly columns: readonly NamedColumns[] })
  | (Base & { readonly op: "cluster"; readonly table: Name | null; readonly index: Identifier | null })
  | (Base & {
      readonly op: "reindex"
      readonly target: "index" | "table" | "schema" | "database" | "system"
      /** The index, table, schema or database; null for `REINDEX DATABASE` of the current one. */
      readonly name: Name | null
      readonly concurrently: boolean
      readonly concurrentlySpan: Span
    })
  | (Base & {
      readonly op: "refresh materialized view"
      readonly view: Name
      readonly concurrently: boolean
      readonly concurrentlySpan: Span
      readonly withData: boolean
    })
  | (Base & {
      readonly op: "lock table"
      readonly tables: readonly { readonly table: Name; readonly only: boolean }[]
      readonly mode: LockMode
      readonly nowait: boolean
    })
  | (Base & { readonly op: "comment"; readonly kind: ObjectKind; readonly object: Name; readonly table: Name | null; readonly arguments: WrittenArguments })
  /** `ALTER TRIGGER ... ON table [NO] DEPENDS ON EXTENSION`. */
  | (Base & { readonly op: "trigger depends on extension"; readonly trigger: Name; readonly table: Name })
  | (Base & { readonly op: "security label"; readonly kind: ObjectKind; readonly object: Name })
  | (Base & {
      readonly op: "grant" | "revoke"
      readonly kind: ObjectKind | "all in schema"
      readonly objects: readonly Name[]
      /** Of each of the objects. */
      readonly arguments: readonly WrittenArguments[]
      /** In lower case; empty: ALL. */
      readonly privileges: readonly string[]
      /** Columns of the tables that the privileges are restricted to. */
      readonly columns: readonly Identifier[]
    })

/** A table with the columns that are named with it: `t (a, b)`. */
export interface NamedColumns {
  readonly table: Name
  readonly columns: readonly Identifier[]
}
