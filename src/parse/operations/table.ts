/** ALTER TABLE and its kin (ALTER INDEX, ALTER VIEW ... share the grammar): one operation per action. */
import type { Span } from "../../source/span.ts"
import type { ConstraintDefinition } from "../constraint.ts"
import type { Expression } from "../expression.ts"
import type { Identifier, Name, TypeName } from "../name.ts"
import type { Base, RelationKeyword } from "./base.ts"

/** What all actions of one ALTER TABLE have. */
interface TableAction extends Base {
  readonly relation: Name
  /** The keyword behind ALTER. */
  readonly keyword: RelationKeyword
  /** `ALTER TABLE IF EXISTS`. */
  readonly missingOk: boolean
  /** `ALTER TABLE ONLY`. */
  readonly only: boolean
}

interface ColumnAction extends TableAction {
  readonly column: Identifier
}

export type TableOperation =
  | (TableAction & { readonly op: "add column"; readonly column: ColumnDefinition; readonly ifNotExists: boolean })
  | (ColumnAction & { readonly op: "drop column"; readonly ifExists: boolean; readonly cascade: boolean })
  | (ColumnAction & { readonly op: "set default"; readonly default: Expression })
  | (ColumnAction & { readonly op: "drop default" })
  | (ColumnAction & { readonly op: "set not null" })
  | (ColumnAction & { readonly op: "drop not null" })
  | (ColumnAction & {
      readonly op: "alter column type"
      readonly type: TypeName
      readonly collation: Name | null
      readonly using: Expression | null
    })
  | (ColumnAction & { readonly op: "set statistics" | "set storage" | "set compression" })
  /** `ALTER COLUMN c SET (n_distinct = ...)` or RESET. */
  | (ColumnAction & { readonly op: "set column options" })
  | (ColumnAction & { readonly op: "add identity"; readonly identity: "always" | "by default"; readonly sequence: Name | null })
  /** identity null: only options of its sequence change. */
  | (ColumnAction & { readonly op: "set identity"; readonly identity: "always" | "by default" | null })
  | (ColumnAction & { readonly op: "drop identity"; readonly ifExists: boolean })
  /** `ALTER COLUMN c SET EXPRESSION AS (...)` (17). */
  | (ColumnAction & { readonly op: "set expression"; readonly expression: Expression })
  | (ColumnAction & { readonly op: "drop expression"; readonly ifExists: boolean })
  | (TableAction & { readonly op: "add constraint"; readonly constraint: ConstraintDefinition })
  | (TableAction & {
      readonly op: "drop constraint"
      readonly constraint: Identifier
      readonly ifExists: boolean
      readonly cascade: boolean
    })
  | (TableAction & { readonly op: "validate constraint"; readonly constraint: Identifier })
  | (TableAction & {
      readonly op: "alter constraint"
      readonly constraint: Identifier
      /** null: not mentioned. */
      readonly deferrable: boolean | null
      readonly initiallyDeferred: boolean | null
      readonly enforced: boolean | null
      readonly noInherit: boolean | null
    })
  | (TableAction & { readonly op: "set logged"; readonly logged: boolean })
  | (TableAction & { readonly op: "set tablespace"; readonly tablespace: string })
  /** `ALTER TABLE | INDEX | MATERIALIZED VIEW ALL IN TABLESPACE a SET TABLESPACE b`: names no relation. */
  | (Base & { readonly op: "move all to tablespace"; readonly keyword: RelationKeyword; readonly from: string; readonly to: string })
  /** accessMethod null: SET ACCESS METHOD DEFAULT (17). */
  | (TableAction & { readonly op: "set access method"; readonly accessMethod: string | null })
  | (TableAction & {
      readonly op: "set storage parameters"
      readonly reset: boolean
      /** Lower-case names (`fillfactor`, `toast.autovacuum_enabled`) to values as written; "" for RESET. */
      readonly parameters: Readonly<Record<string, string>>
    })
  | (TableAction & { readonly op: "cluster on"; readonly index: Identifier })
  | (TableAction & { readonly op: "set without cluster" | "set without oids" | "not of type" })
  | (TableAction & { readonly op: "inherit" | "no inherit"; readonly parent: Name })
  | (TableAction & { readonly op: "of type"; readonly type: TypeName })
  | (TableAction & { readonly op: "owner to"; readonly owner: string })
  | (TableAction & {
      readonly op: "replica identity"
      readonly identity: "default" | "full" | "nothing" | "index"
      readonly index: Identifier | null
    })
  | (TableAction & {
      readonly op: "enable trigger" | "disable trigger"
      /** A name, or the keywords ALL and USER. */
      readonly trigger: Identifier | "all" | "user"
    })
  | (TableAction & { readonly op: "enable rule" | "disable rule"; readonly rule: Identifier })
  | (TableAction & { readonly op: "row level security"; readonly action: "enable" | "disable" | "force" | "no force" })
  | (TableAction & { readonly op: "attach partition"; readonly partition: Name; readonly bound: PartitionBound })
  | (TableAction & {
      readonly op: "detach partition"
      readonly partition: Name
      readonly concurrently: boolean
      readonly finalize: boolean
    })
  /** `ALTER INDEX parent ATTACH PARTITION child`. */
  | (TableAction & { readonly op: "attach index partition"; readonly partition: Name })
  | (ColumnAction & { readonly op: "rename column"; readonly newName: Identifier })
  | (TableAction & { readonly op: "rename relation"; readonly newName: Identifier })
  | (TableAction & { readonly op: "rename constraint"; readonly constraint: Identifier; readonly newName: Identifier })
  | (TableAction & { readonly op: "set schema"; readonly schema: Identifier })
  /** Anything else ALTER TABLE accepts (OPTIONS of foreign tables, `ALTER INDEX ... DEPENDS ON EXTENSION`). */
  | (TableAction & { readonly op: "other table action"; readonly action: string })

/** A column as CREATE TABLE or ADD COLUMN defines it. */
export interface ColumnDefinition {
  readonly name: Identifier
  readonly type: TypeName
  readonly collation: Name | null
  /** serial, bigserial, smallserial (the type is then int4, int8, int2). */
  readonly serial: boolean
  /** NOT NULL as written; null when absent (a serial, identity or primary key column is not nullable all the same). */
  readonly notNull: { readonly span: Span; readonly name: Identifier | null; readonly notValid: boolean; readonly noInherit: boolean } | null
  /** Explicit `NULL`. */
  readonly nullable: boolean
  readonly default: Expression | null
  /** `sequence`: the name that the column gives it by SEQUENCE NAME. */
  readonly identity: { readonly kind: "always" | "by default"; readonly sequence: Name | null; readonly span: Span } | null
  readonly generated: { readonly expression: Expression; readonly stored: boolean; readonly span: Span } | null
  /** A clause that stands there twice; left out where none does. */
  readonly repeated?: "default" | "identity" | "generated"
  /** CHECK, UNIQUE, PRIMARY KEY, REFERENCES written on the column; `columns` is this column. */
  readonly constraints: readonly ConstraintDefinition[]
  readonly span: Span
}

/** `FOR VALUES ...` of a partition. */
export interface PartitionBound {
  readonly kind: "range" | "list" | "hash" | "default"
  /** The values as expressions: list: all; range: FROM then TO (MINVALUE and MAXVALUE have `keyword`). */
  readonly from: readonly PartitionValue[]
  readonly to: readonly PartitionValue[]
  readonly modulus: number
  readonly remainder: number
  readonly span: Span
}

/** One value of a bound. */
export interface PartitionValue {
  readonly keyword: "minvalue" | "maxvalue" | null
  /** The literal's value as text; null for SQL NULL, a keyword, or what is not a literal. */
  readonly literal: string | null
  readonly isNull: boolean
}
