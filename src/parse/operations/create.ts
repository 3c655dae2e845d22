/** CREATE of anything. */
import type { Span } from "../../source/span.ts"
import type { ConstraintDefinition } from "../constraint.ts"
import type { Expression, Output, Query } from "../expression.ts"
import type { Identifier, Name, TypeName } from "../name.ts"
import type { Operation } from "../operation.ts"
import type { Base } from "./base.ts"
import type { CodeBody } from "./code.ts"
import type { ColumnDefinition, PartitionBound } from "./table.ts"

/** How long a relation lasts, and whether a crash empties it. */
export type Persistence = "permanent" | "unlogged" | "temporary"

/** A column or expression of an index, or of a partition key. */
export interface IndexElement {
  /** The column, or null when `expression` is set. */
  readonly column: Identifier | null
  readonly expression: Expression | null
  /** What the expression is called in a name that PostgreSQL derives; null for one that it calls `expr`, and for a column. */
  readonly label: string | null
  readonly collation: Name | null
  readonly operatorClass: string | null
  readonly descending: boolean
  readonly nullsFirst: boolean
  readonly span: Span
}

export type CreateOperation =
  | (Base & {
      readonly op: "create table"
      readonly table: Name
      readonly keyword: "table" | "foreign table"
      readonly persistence: Persistence
      readonly ifNotExists: boolean
      readonly columns: readonly ColumnDefinition[]
      readonly constraints: readonly ConstraintDefinition[]
      readonly like: readonly { readonly table: Name; readonly including: readonly string[] }[]
      readonly inherits: readonly Name[]
      readonly partitionOf: { readonly parent: Name; readonly bound: PartitionBound } | null
      readonly partitionBy: { readonly strategy: "range" | "list" | "hash"; readonly elements: readonly IndexElement[] } | null
      readonly ofType: TypeName | null
      readonly accessMethod: string | null
      readonly tablespace: string | null
      readonly parameters: Readonly<Record<string, string>>
      readonly onCommitDrop: boolean
    })
  /** CREATE TABLE AS and SELECT INTO. */
  | (Base & {
      readonly op: "create table as"
      readonly table: Name
      readonly persistence: Persistence
      readonly ifNotExists: boolean
      readonly query: Query
      /** null: not known. */
      readonly output: Output | null
      readonly columnNames: readonly Identifier[]
      readonly withData: boolean
      readonly accessMethod: string | null
      readonly parameters: Readonly<Record<string, string>>
      readonly onCommitDrop: boolean
    })
  | (Base & {
      readonly op: "create index"
      /** null: PostgreSQL chooses the name. */
      readonly index: Identifier | null
      readonly table: Name
      readonly unique: boolean
      readonly concurrently: boolean
      /** The span of CONCURRENTLY, or the empty span where the keyword would go (behind INDEX). */
      readonly concurrentlySpan: Span
      readonly ifNotExists: boolean
      readonly only: boolean
      readonly method: string
      readonly elements: readonly IndexElement[]
      readonly include: readonly Identifier[]
      readonly predicate: Expression | null
      readonly nullsNotDistinct: boolean
      readonly tablespace: string | null
    })
  | (Base & {
      readonly op: "create view"
      readonly view: Name
      readonly orReplace: boolean
      readonly temporary: boolean
      readonly recursive: boolean
      readonly columnNames: readonly Identifier[]
      readonly query: Query
      /** null: not known. */
      readonly output: Output | null
    })
  | (Base & {
      readonly op: "create materialized view"
      readonly view: Name
      readonly ifNotExists: boolean
      readonly query: Query
      /** null: not known. */
      readonly output: Output | null
      readonly columnNames: readonly Identifier[]
      readonly withData: boolean
      readonly accessMethod: string | null
      readonly parameters: Readonly<Record<string, string>>
    })
  | (Base & {
      readonly op: "create sequence"
      readonly sequence: Name
      /** AS: whose values it counts through; null: bigint. */
      readonly type: TypeName | null
      readonly persistence: Persistence
      readonly ifNotExists: boolean
      readonly ownedBy: { readonly table: Name; readonly column: string } | null
    })
  | (Base & { readonly op: "create enum"; readonly type: Name; readonly labels: readonly string[] })
  | (Base & {
      readonly op: "create composite type"
      readonly type: Name
      readonly attributes: readonly { readonly name: Identifier; readonly type: TypeName }[]
    })
  /** Range, base and shell types. `multirange`: what the one of a range is called, where the statement says so. */
  | (Base & { readonly op: "create type"; readonly type: Name; readonly typeKind: "range" | "base" | "shell"; readonly multirange: Name | null })
  | (Base & {
      readonly op: "create domain"
      readonly domain: Name
      readonly type: TypeName
      readonly collation: Name | null
      readonly default: Expression | null
      readonly notNull: boolean
      readonly checks: readonly { readonly name: Identifier | null; readonly expression: Expression }[]
    })
  | (Base & {
      readonly op: "create trigger"
      readonly trigger: Identifier
      readonly table: Name
      readonly function: Name
      readonly timing: "before" | "after" | "instead of"
      readonly events: readonly ("insert" | "update" | "delete" | "truncate")[]
      readonly updateOf: readonly Identifier[]
      readonly when: Expression | null
      /** REFERENCING: of which rows it gets tables. */
      readonly transitions: readonly ("old" | "new")[]
      readonly forEachRow: boolean
      readonly constraint: boolean
      /** `CREATE CONSTRAINT TRIGGER ... FROM other`. */
      readonly from: Name | null
      readonly orReplace: boolean
    })
  | (Base & {
      readonly op: "create rule"
      readonly rule: Identifier
      readonly table: Name
      readonly event: "select" | "insert" | "update" | "delete"
      readonly instead: boolean
      readonly orReplace: boolean
      /** Relations that its condition and its actions read. */
      readonly reads: readonly Name[]
      /** Relations that its actions write to. */
      readonly writes: readonly Name[]
      /** Columns of the table that it reads as OLD and NEW; null: perhaps all of them. */
      readonly columns: readonly string[] | null
      /** Which of OLD and NEW it reads columns of. */
      readonly rows: readonly ("old" | "new")[]
    })
  | (Base & {
      readonly op: "create policy" | "alter policy"
      readonly policy: Identifier
      readonly table: Name
      /** AS RESTRICTIVE: it takes away, and gives nothing by itself. ALTER POLICY leaves that as it is. */
      readonly restrictive: boolean
      /** FOR; null of ALTER POLICY, which leaves that as it is. */
      readonly command: PolicyCommand | null
      readonly using: Expression | null
      readonly check: Expression | null
    })
  | (Base & {
      readonly op: "create function"
      readonly function: Name
      readonly kind: "function" | "procedure"
      readonly orReplace: boolean
      readonly arguments: readonly FunctionArgument[]
      readonly returns: TypeName | null
      /** SETOF or TABLE. */
      readonly returnsSet: boolean
      readonly language: string
      readonly volatility: "immutable" | "stable" | "volatile"
      /** STRICT, SECURITY DEFINER or SET: what may keep the planner from inlining it. */
      readonly guarded: boolean
      /** The body's text (between the quotes), its place in the file, or null for C functions and SQL-standard bodies. */
      readonly body: CodeBody | null
      /** What it sets while it runs (`SET lock_timeout = '5s'`), by lower-case name. */
      readonly settings: Readonly<Record<string, string>>
      /** A SQL-standard body (`BEGIN ATOMIC`, `RETURN`), all its statements as one; null for code in quotes. */
      readonly query: Query | null
    })
  | (Base & { readonly op: "create schema"; readonly schema: Identifier; /** It has the name of the role that runs the statement (AUTHORIZATION CURRENT_USER), which nobody knows. */ readonly ofSession: boolean; readonly ifNotExists: boolean; readonly elements: readonly Operation[] })
  | (Base & { readonly op: "create extension"; readonly extension: Identifier; readonly ifNotExists: boolean; readonly schema: string | null })
  | (Base & {
      readonly op: "create statistics"
      readonly statistics: Name | null
      readonly table: Name
      readonly ifNotExists: boolean
      /** Null for an expression. */
      readonly columns: readonly (string | null)[]
      /** Columns that the expressions read. */
      readonly expressionColumns: readonly string[]
    })
  | (Base & {
      readonly op: "create publication"
      readonly publication: Identifier
      readonly tables: readonly PublicationTable[]
      readonly allTables: boolean
      readonly schemas: readonly string[]
    })
  | (Base & { readonly op: "create subscription"; readonly subscription: Identifier; readonly createsSlot: boolean })

/** What a policy is about. */
export type PolicyCommand = "all" | "select" | "insert" | "update" | "delete"

/** An argument of a function or procedure, or a column of the table that it returns. */
export interface FunctionArgument {
  readonly name: string | null
  readonly type: TypeName
  readonly mode: "in" | "out" | "inout" | "variadic" | "table"
  readonly hasDefault: boolean
}

/** A table as a publication lists it. */
export interface PublicationTable {
  readonly table: Name
  /** Without what inherits from it. */
  readonly only: boolean
  readonly columns: readonly string[]
  readonly where: Expression | null
}
