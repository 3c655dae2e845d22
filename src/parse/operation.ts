import type { Span } from "../source/span.ts"
import type { ConstraintDefinition, ForeignKeyAction } from "./constraint.ts"
import type { Expression, FunctionCall, Query } from "./expression.ts"
import type { Identifier, Name, TypeName } from "./name.ts"

/**
 * Operations are pgsafe's common language: what a statement asks PostgreSQL to do, in PostgreSQL's words, with the exact
 * span of every part a finding may speak of. The schema fold, the effects and the rules match on `op`; a new operation
 * fails to compile until each of them has an answer.
 *
 * They are plain data (no functions, no cycles, no `undefined` members on hot paths), so that they can cross a thread
 * boundary.
 */
export type Operation =
  | TableOperation
  | CreateOperation
  | AlterOperation
  | DropOperation
  | DataOperation
  | MaintenanceOperation
  | TransactionOperation
  | SessionOperation
  | CodeOperation
  | OtherOperation

/** The `op` of every operation. */
export type OperationKind = Operation["op"]

/** The operation with the given `op`. */
export type OperationOf<K extends OperationKind> = Extract<Operation, { op: K }>

interface Base {
  /** The part of the statement that asks for this operation: one action of an ALTER TABLE, or the whole statement. */
  readonly span: Span
}

/** What kind of relation the statement names (`ALTER INDEX`, `DROP VIEW`): as written, which need not be what it is. */
export type RelationKeyword = "table" | "index" | "view" | "materialized view" | "sequence" | "foreign table"

// ---------------------------------------------------------------------------------------------------------------------
// ALTER TABLE and its kin (ALTER INDEX, ALTER VIEW ... share the grammar): one operation per action

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
export interface PartitionValue {
  readonly keyword: "minvalue" | "maxvalue" | null
  /** The literal's value as text; null for SQL NULL, a keyword, or what is not a literal. */
  readonly literal: string | null
  readonly isNull: boolean
}

// ---------------------------------------------------------------------------------------------------------------------
// CREATE

export type Persistence = "permanent" | "unlogged" | "temporary"

export interface IndexElement {
  /** The column, or null when `expression` is set. */
  readonly column: Identifier | null
  readonly expression: Expression | null
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
      readonly columnNames: readonly Identifier[]
      readonly withData: boolean
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
    })
  | (Base & {
      readonly op: "create materialized view"
      readonly view: Name
      readonly ifNotExists: boolean
      readonly query: Query
      readonly columnNames: readonly Identifier[]
      readonly withData: boolean
    })
  | (Base & {
      readonly op: "create sequence"
      readonly sequence: Name
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
  /** Range, base and shell types. */
  | (Base & { readonly op: "create type"; readonly type: Name; readonly typeKind: "range" | "base" | "shell" })
  | (Base & {
      readonly op: "create domain"
      readonly domain: Name
      readonly type: TypeName
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
      /** Relations that the rule's actions name. */
      readonly relations: readonly Name[]
    })
  | (Base & {
      readonly op: "create policy" | "alter policy"
      readonly policy: Identifier
      readonly table: Name
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
      /** The body's text (between the quotes), its place in the file, or null for C functions and SQL-standard bodies. */
      readonly body: CodeBody | null
      /** What it sets while it runs (`SET lock_timeout = '5s'`), by lower-case name. */
      readonly settings: Readonly<Record<string, string>>
      /** The relations a SQL-standard body (`BEGIN ATOMIC`, `RETURN`) depends on. */
      readonly dependsOn: readonly Name[]
    })
  | (Base & { readonly op: "create schema"; readonly schema: Identifier; readonly ifNotExists: boolean; readonly elements: readonly Operation[] })
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

export interface FunctionArgument {
  readonly name: string | null
  readonly type: TypeName
  readonly mode: "in" | "out" | "inout" | "variadic" | "table"
  readonly hasDefault: boolean
}

export interface PublicationTable {
  readonly table: Name
  /** Without what inherits from it. */
  readonly only: boolean
  readonly columns: readonly string[]
  readonly where: Expression | null
}

/** A function body or DO block: its text and where that text stands in the file. */
export interface CodeBody {
  readonly text: string
  /** The span of the text between the quotes. */
  readonly span: Span
  /** True when the text stands in the file letter for letter (dollar quotes), so that offsets can be mapped by addition. */
  readonly verbatim: boolean
}

// ---------------------------------------------------------------------------------------------------------------------
// ALTER of other objects

export type AlterOperation =
  | (Base & {
      readonly op: "add enum value"
      readonly type: Name
      readonly value: { readonly text: string; readonly span: Span }
      readonly ifNotExists: boolean
      readonly neighbor: string | null
      readonly before: boolean
    })
  | (Base & {
      readonly op: "rename enum value"
      readonly type: Name
      readonly value: { readonly text: string; readonly span: Span }
      readonly newValue: { readonly text: string; readonly span: Span }
    })
  | (Base & {
      readonly op: "alter composite type"
      readonly type: Name
      readonly action: "add attribute" | "drop attribute" | "alter attribute type" | "rename attribute"
      readonly attribute: Identifier
      readonly attributeType: TypeName | null
      readonly newName: Identifier | null
      readonly cascade: boolean
    })
  | (Base & {
      readonly op: "alter domain"
      readonly domain: Name
      readonly action:
        | { readonly kind: "add constraint"; readonly name: Identifier | null; readonly expression: Expression | null; readonly notNull: boolean; readonly notValid: boolean }
        | { readonly kind: "drop constraint" | "validate constraint"; readonly name: Identifier }
        | { readonly kind: "set not null" | "drop not null" | "drop default" }
        | { readonly kind: "set default"; readonly default: Expression }
        | { readonly kind: "rename constraint"; readonly name: Identifier; readonly newName: Identifier }
    })
  | (Base & {
      readonly op: "alter sequence"
      readonly sequence: Name
      readonly missingOk: boolean
      readonly ownedBy: { readonly table: Name; readonly column: string } | "none" | null
      /** Lower-case option names given (`restart`, `increment`, `as` ...). */
      readonly options: readonly string[]
    })
  | (Base & {
      readonly op: "alter publication"
      readonly publication: Identifier
      readonly action: "add" | "set" | "drop" | "options"
      readonly tables: readonly PublicationTable[]
      readonly schemas: readonly string[]
    })
  /** RENAME of anything that is not a relation, column, constraint of a table, enum value or attribute. */
  | (Base & {
      readonly op: "rename object"
      readonly kind: ObjectKind
      readonly object: Name
      /** The table of a trigger, rule or policy. */
      readonly table: Name | null
      readonly arguments: WrittenArguments
      readonly newName: Identifier
    })
  | (Base & { readonly op: "set object schema"; readonly kind: ObjectKind; readonly object: Name; readonly arguments: WrittenArguments; readonly schema: Identifier })
  | (Base & { readonly op: "set object owner"; readonly kind: ObjectKind; readonly object: Name; readonly owner: string })
  | (Base & { readonly op: "alter function"; readonly function: Name; readonly arguments: WrittenArguments; readonly volatility: "immutable" | "stable" | "volatile" | null })
  | (Base & { readonly op: "alter statistics"; readonly statistics: Name })
  /** ALTER DATABASE; `setsTablespace` cannot run in a transaction. */
  | (Base & { readonly op: "alter database"; readonly database: string; readonly setsTablespace: boolean })

/** Kinds of objects that DROP, RENAME, COMMENT, SET SCHEMA speak of. */
export type ObjectKind =
  | RelationKeyword
  | "column"
  | "constraint"
  | "domain constraint"
  | "type"
  | "domain"
  | "function"
  | "procedure"
  | "routine"
  | "aggregate"
  | "schema"
  | "extension"
  | "trigger"
  | "event trigger"
  | "rule"
  | "policy"
  | "statistics"
  | "publication"
  | "subscription"
  | "database"
  | "role"
  | "tablespace"
  | "collation"
  | "other"

// ---------------------------------------------------------------------------------------------------------------------
// DROP

export type DropOperation = Base & {
  readonly op: "drop"
  readonly kind: ObjectKind
  readonly objects: readonly DroppedObject[]
  readonly ifExists: boolean
  readonly cascade: boolean
  /** DROP INDEX CONCURRENTLY. */
  readonly concurrently: boolean
  /** The span of CONCURRENTLY, or the empty span where the keyword would go. */
  readonly concurrentlySpan: Span
}
export interface DroppedObject {
  readonly name: Name
  /** The table of a trigger, rule or policy. */
  readonly table: Name | null
  readonly arguments: WrittenArguments
  readonly span: Span
}

/** The types that tell a function from others of its name; null when none are written, and for all other objects. */
export type WrittenArguments = readonly TypeName[] | null

// ---------------------------------------------------------------------------------------------------------------------
// Data

export type DataOperation =
  | (Base & {
      readonly op: "insert"
      readonly table: Name
      readonly columns: readonly string[]
      /** Number of VALUES rows; 0 for INSERT ... SELECT and DEFAULT VALUES. */
      readonly rows: number
      readonly query: Query
      /** True for INSERT ... SELECT that reads at least one relation. */
      readonly fromSelect: boolean
      readonly onConflict: "error" | "nothing" | "update"
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
  /** `changes`: it updates or deletes rows, and does not only insert. */
  | (Base & { readonly op: "merge"; readonly table: Name; readonly changes: boolean; readonly query: Query })
  | (Base & { readonly op: "select"; readonly query: Query })
  | (Base & { readonly op: "copy"; readonly table: Name | null; readonly direction: "from" | "to"; readonly query: Query | null })
  | (Base & {
      readonly op: "truncate"
      readonly tables: readonly { readonly table: Name; readonly only: boolean }[]
      readonly cascade: boolean
      readonly restartIdentity: boolean
    })

// ---------------------------------------------------------------------------------------------------------------------
// Maintenance

/** Table-level lock modes, weakest first (PostgreSQL docs 13.3.1). */
export const LOCK_MODES = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const
export type LockMode = (typeof LOCK_MODES)[number]

export type MaintenanceOperation =
  | (Base & {
      readonly op: "vacuum"
      /** Empty: every table of the database. */
      readonly tables: readonly Name[]
      readonly full: boolean
      readonly analyze: boolean
    })
  | (Base & { readonly op: "analyze"; readonly tables: readonly Name[] })
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
  | (Base & { readonly op: "comment"; readonly kind: ObjectKind; readonly object: Name; readonly table: Name | null })
  /** `ALTER TRIGGER ... ON table [NO] DEPENDS ON EXTENSION`. */
  | (Base & { readonly op: "trigger depends on extension"; readonly trigger: Name; readonly table: Name })
  | (Base & { readonly op: "security label"; readonly kind: ObjectKind; readonly object: Name })
  | (Base & {
      readonly op: "grant" | "revoke"
      readonly kind: ObjectKind | "all in schema"
      readonly objects: readonly Name[]
    })

// ---------------------------------------------------------------------------------------------------------------------
// Transactions and session

export type TransactionOperation =
  | (Base & { readonly op: "begin" })
  | (Base & { readonly op: "commit" | "rollback"; readonly chain: boolean })
  | (Base & { readonly op: "savepoint" | "release savepoint" | "rollback to savepoint"; readonly savepoint: string })
  | (Base & { readonly op: "prepare transaction" | "commit prepared" | "rollback prepared"; readonly gid: string })

export type SessionOperation =
  /** SET, SET LOCAL; `value` is the setting as text (`'5s'` -> `5s`), lists joined with ", "; null for DEFAULT and FROM CURRENT. */
  | (Base & { readonly op: "set"; readonly setting: string; readonly value: string | null; readonly values: readonly string[]; readonly local: boolean })
  /** RESET x; setting null: RESET ALL. */
  | (Base & { readonly op: "reset"; readonly setting: string | null })
  | (Base & { readonly op: "set constraints" })

// ---------------------------------------------------------------------------------------------------------------------
// Code that runs

export type CodeOperation =
  | (Base & {
      readonly op: "do"
      readonly language: string
      readonly body: CodeBody
      readonly statements: readonly EmbeddedStatement[]
      /** EXECUTE of an expression that is not a literal, or a body that could not be parsed. */
      readonly dynamic: readonly Span[]
    })
  | (Base & { readonly op: "call"; readonly procedure: Name; readonly call: FunctionCall })

/** A statement inside a DO block or function body. */
export interface EmbeddedStatement {
  readonly span: Span
  readonly operations: readonly Operation[]
  /** Under IF, CASE, a loop or an exception handler: it may not run. */
  readonly conditional: boolean
  /** Inside BEGIN ... EXCEPTION: its effects may be rolled back. */
  readonly guarded: boolean
  /** The texts with escapes that it stands in, the outer one first: usually none. */
  readonly decoded: readonly DecodedText[]
}

/**
 * A text of SQL that the file writes in another way: with doubled quotes, with escapes, or in parts (`EXECUTE 'a' || 'b'`). Inside of
 * `span`, where it is written, spans count the characters of `text`, which is never longer; `textReader` knows what they mean.
 */
export interface DecodedText {
  readonly span: Span
  readonly text: string
}

/** Commands without effect on relations; kept by name so that transaction restrictions can be told. */
export type OtherOperation = Base & {
  readonly op: "other"
  /** PostgreSQL's command words in lower case: `create database`, `alter system`, `create cast`, `discard all`, `listen`. */
  readonly command: string
}

/** One statement of a file. */
export interface Statement {
  /** From the first token to the last; without the semicolon. */
  readonly span: Span
  readonly operations: readonly Operation[]
  /** Template or driver placeholders inside the statement: what pgsafe concludes from a name there is a guess. */
  readonly holes: readonly Span[]
}

export type { ConstraintDefinition, Expression, ForeignKeyAction, FunctionCall, Identifier, Name, Query, TypeName }
