import type { IndexStorage } from "./index-storage.ts"
import type { ForeignKeyAction } from "../parse/constraint.ts"
import type { Conjunct } from "../parse/expression.ts"
import type { FunctionArgument, Persistence, PartitionBound, PolicyCommand, WrittenArguments } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"

/**
 * The catalog: what the database holds before a statement, as far as the statements read so far tell. Records are
 * immutable and replaced on change, so that a transaction can be undone by putting the old records back.
 *
 * Knowledge has two states. A relation that the statements created is `known`: its columns, constraints and indexes
 * are complete. A relation that a statement merely named exists (`known: false`), but only what was seen to be added
 * to it is listed; absence proves nothing. `Catalog.complete` says whether an unlisted relation can be ruled out.
 */

/** Identity of a relation, index, type or function across renames. */
export type ObjectId = number

/** Where something was made, for "since 0007_add_region.sql:3" and for newness. */
export interface Origin {
  readonly file: string
  readonly span: Span
  /** Statements of one deploy (by default one file) share it. */
  readonly deploy: number
  /** Statements of one transaction share it; autocommitted statements have one each. */
  readonly transaction: number
}

/** What a relation is (pg_class.relkind, without indexes). */
export type RelationKind =
  | "table"
  | "partitioned table"
  | "foreign table"
  | "view"
  | "materialized view"
  | "sequence"
  | "composite type"

/** smallint, integer and bigint by their internal names. */
export type IntegerType = "int2" | "int4" | "int8"

/** A table, view, sequence or composite type. Indexes are records of their own. */
export interface Relation {
  readonly id: ObjectId
  readonly schema: string
  readonly name: string
  readonly kind: RelationKind
  readonly persistence: Persistence
  /** All columns are listed. */
  readonly known: boolean
  /** null: it was there before the first statement read. */
  readonly created: Origin | null
  /** May hold rows: true for what was there before, and once rows were written to it. */
  readonly populated: boolean
  /** Holds rows for certain: some were written, and nothing since can have removed them. */
  readonly filled: boolean
  /** Created by IF NOT EXISTS over an uncertain catalog: it may be older than it looks. */
  readonly maybeOlder: boolean
  readonly columns: readonly Column[]
  /** `since`: objects with a smaller id are older than the tie. */
  readonly partition: { readonly parent: ObjectId; readonly bound: PartitionBound; readonly since: ObjectId } | null
  /** `text`: the key as it stands in its brackets. */
  readonly partitionBy: { readonly strategy: "range" | "list" | "hash"; readonly columns: readonly string[]; readonly expressions: boolean; readonly text: string } | null
  readonly inherits: readonly ObjectId[]
  /** Views: what the query reads. */
  readonly dependencies: readonly Dependency[]
  /** Views: for each call of a user's function in the query, which function it may be; one of one is meant for certain. */
  readonly calls: readonly (readonly ObjectId[])[]
  /** Views: the users' types that the query casts to. */
  readonly castTypes: readonly ObjectId[]
  /** Views: no row can be changed through the query itself (docs: CREATE VIEW, Updatable Views). */
  readonly readOnly: boolean
  /** Sequences: the type through whose values they count; null for all else, and where it is not known. */
  readonly sequenceType: IntegerType | null
  /** Sequences: the column they go with; `identity`: the one that an identity column draws from. */
  readonly ownedBy: { readonly relation: ObjectId; readonly column: string; readonly identity: boolean } | null
  readonly ofType: ObjectId | null
  readonly accessMethod: string | null
  readonly tablespace: string | null
  /** Stays "index" when that index is dropped, and the table then has none (docs: ALTER TABLE, REPLICA IDENTITY). */
  readonly replicaIdentity: "default" | "full" | "nothing" | "index"
  /** The index of REPLICA IDENTITY USING INDEX, while it is there and known. */
  readonly identityIndex: ObjectId | null
  readonly rowSecurity: boolean
  readonly forceRowSecurity: boolean
  /** Materialized views: holds data (WITH DATA, or refreshed). */
  readonly materialized: boolean
  /** The index marked by CLUSTER ON. */
  readonly clusteredOn: ObjectId | null
  /** Set by OWNER TO; null: not known. */
  readonly owner: string | null
}

/** A column of a relation. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** No row holds NULL: the constraint is validated. */
  readonly notNull: boolean
  /** NOT NULL ... NOT VALID (18): the constraint exists but is not validated; `notNull` is then false. */
  readonly notNullNotValid: boolean
  readonly default: ColumnDefault | null
  readonly identity: "always" | "by default" | null
  /** `types`: of users, that it casts to. */
  readonly generated: { readonly stored: boolean; readonly columns: readonly string[]; readonly text: string; readonly functions: readonly string[]; readonly types: readonly ObjectId[] } | null
  readonly collation: string | null
  readonly created: Origin | null
  /** Where the type was last set. */
  readonly typed: Origin | null
  /** Inherited or of a partition's parent. */
  readonly inherited: boolean
  /** Defined on the table itself, too: it stays when the parent loses it. */
  readonly local: boolean
}

export interface ColumnDefault {
  readonly text: string
  readonly volatile: boolean | null
  readonly sequence: ObjectId | null
  readonly functions: readonly string[]
  /** The users' types that it hangs on beside the column's own: those of its casts, and what the column's type was when it was set. */
  readonly types: readonly ObjectId[]
}

/** A resolved type. */
export interface ColumnType {
  /** `pg_catalog` for built-ins; otherwise the schema of the user's type, or null when it is not known. */
  readonly schema: string | null
  readonly name: string
  readonly modifiers: readonly number[]
  readonly dimensions: number
}

/** What a view or rewrite rule reads of a relation. */
export interface Dependency {
  readonly relation: ObjectId
  /** Columns named; null: all of them (`*`), or not known. */
  readonly columns: readonly string[] | null
  /** Those of them that no other relation can have been meant by. */
  readonly certain: readonly string[]
  /** The primary key without which the query would be refused: it tells columns that the query gives and does not group by. */
  readonly key: ObjectId | null
}

/** A constraint of a table. Constraints of domains are with their types. */
export interface Constraint {
  readonly id: ObjectId
  readonly name: string
  readonly table: ObjectId
  readonly kind: "check" | "not null" | "foreign key" | "unique" | "primary key" | "exclude"
  readonly columns: readonly string[]
  readonly validated: boolean
  readonly enforced: boolean
  readonly deferrable: boolean
  readonly initiallyDeferred: boolean
  readonly noInherit: boolean
  /** A parent, or the partitioned table, has it too (coninhcount is not 0). */
  readonly inherited: boolean
  /** Defined on the table itself, too (conislocal): it stays when the parent loses it. */
  readonly local: boolean
  readonly created: Origin | null
  /** CHECK: the expression's text and conjuncts, what it calls, and the users' types that it casts to. */
  readonly expression: { readonly text: string; readonly conjuncts: readonly Conjunct[]; readonly functions: readonly string[]; readonly types: readonly ObjectId[] } | null
  /** FOREIGN KEY; `primary`: it names no columns, and so hangs on the primary key; `period`: the last column of both is PERIOD (18). */
  readonly references: { readonly table: ObjectId; readonly columns: readonly string[]; readonly primary: boolean; readonly onDelete: ForeignKeyAction; readonly onDeleteColumns: readonly string[]; readonly onUpdate: ForeignKeyAction; readonly match: "simple" | "full" | "partial"; readonly period: boolean } | null
  /** UNIQUE, PRIMARY KEY, EXCLUDE */
  readonly index: ObjectId | null
}

/** An index, also one that stands behind a constraint. */
export interface Index {
  readonly id: ObjectId
  readonly schema: string
  readonly name: string
  readonly table: ObjectId
  readonly unique: boolean
  readonly method: string
  /** false: a failed concurrent build, or ON ONLY a partitioned table without all partitions attached. */
  readonly valid: boolean
  /** Key columns in order; null for an expression. */
  readonly columns: readonly (string | null)[]
  /** What its key columns, and then those of INCLUDE, were called when it was made, from which names of parts of it are derived. */
  readonly labels: readonly (string | null)[]
  readonly include: readonly string[]
  /** Columns that expressions and the predicate read. */
  readonly expressionColumns: readonly string[]
  readonly expressions: readonly string[]
  /** What expressions and the predicate call. */
  readonly functions: readonly string[]
  /**
   * What is written behind each key column (collation, operator class, order, the operator of an exclusion constraint), "" for nothing;
   * empty when nothing is anywhere.
   */
  readonly clauses: readonly string[]
  readonly predicate: { readonly text: string; readonly conjuncts: readonly Conjunct[] } | null
  readonly nullsNotDistinct: boolean
  /** null: as is usual. */
  readonly storage: IndexStorage | null
  /** The constraint it stands behind. */
  readonly constraint: ObjectId | null
  /** Partitioned index it is attached to. */
  readonly parent: ObjectId | null
  readonly created: Origin | null
}

/** A type that a statement made. */
export type UserType = {
  readonly id: ObjectId
  readonly schema: string
  readonly name: string
  readonly created: Origin | null
} & (
  | { readonly kind: "enum"; readonly labels: readonly { readonly text: string; readonly created: Origin | null }[] }
  | {
      readonly kind: "domain"
      readonly base: ColumnType
      /** Of its columns that name none; null: as is usual for the base type. */
      readonly collation: string | null
      readonly notNull: boolean
      readonly default: { readonly text: string; readonly volatile: boolean | null } | null
      readonly checks: readonly { readonly name: string; readonly text: string; readonly functions: readonly string[]; readonly validated: boolean }[]
    }
  | { readonly kind: "composite"; readonly attributes: readonly { readonly name: string; readonly type: ColumnType }[] }
  | { readonly kind: "range" | "base" | "shell" }
  /** From 14 on each range type comes with one. */
  | { readonly kind: "multirange"; readonly range: ObjectId }
)

/** A function or procedure that a statement made. */
export interface FunctionInfo {
  readonly id: ObjectId
  readonly schema: string
  readonly name: string
  readonly kind: "function" | "procedure"
  /** Of what is handed over. */
  readonly argumentTypes: readonly ColumnType[]
  /** All of them, with those that are given back. */
  readonly parameters: readonly (Pick<FunctionArgument, "name" | "mode" | "hasDefault"> & { readonly type: ColumnType })[]
  readonly returns: ColumnType | null
  readonly returnsSet: boolean
  readonly language: string
  readonly volatility: "immutable" | "stable" | "volatile"
  /** It was said to be STRICT or SECURITY DEFINER, or to set something. */
  readonly guarded: boolean
  readonly body: string | null
  /** What it sets while it runs. */
  readonly settings: Readonly<Record<string, string>>
  /** What a SQL-standard body reads and writes. */
  readonly dependencies: readonly Dependency[]
  readonly created: Origin | null
}

/** A trigger of a table or view. */
export interface Trigger {
  readonly name: string
  readonly table: ObjectId
  readonly function: string
  readonly events: readonly ("insert" | "update" | "delete" | "truncate")[]
  readonly timing: "before" | "after" | "instead of"
  /** Columns of UPDATE OF and WHEN. */
  readonly columns: readonly string[]
  readonly constraint: boolean
  /** FOR EACH ROW: partitions have it too. */
  readonly forEachRow: boolean
  readonly from: ObjectId | null
  readonly enabled: boolean
  /** The name of the trigger of the partitioned table above that it is a copy of. */
  readonly copyOf: string | null
  readonly created: Origin | null
}

/** A policy of row security. */
export interface Policy {
  readonly name: string
  readonly table: ObjectId
  /** It takes rows away from those that permissive policies show, and shows none by itself. */
  readonly restrictive: boolean
  /** null: not known. */
  readonly command: PolicyCommand | null
  /** Columns of the table that it reads. */
  readonly columns: readonly string[]
  readonly using: PolicyPart
  readonly check: PolicyPart
  readonly created: Origin | null
}

/**
 * What one of a policy's two expressions needs: columns of its own table, relations in sub-queries, for each call of a user's function those
 * that may be meant, and the users' types that it casts to.
 */
export interface PolicyPart {
  readonly columns: readonly string[]
  readonly relations: readonly ReadRelation[]
  readonly functions: readonly (readonly ObjectId[])[]
  readonly types: readonly ObjectId[]
}

/** A relation that a sub-query reads, with the columns that it certainly reads. */
export interface ReadRelation {
  readonly relation: ObjectId
  readonly certain: readonly string[]
}

/** A rule of CREATE RULE; those of views are their relation's `dependencies`. */
export interface RewriteRule {
  readonly name: string
  readonly table: ObjectId
  readonly dependencies: readonly Dependency[]
  /** Columns of its table that it reads; null: perhaps all of them. */
  readonly columns: readonly string[] | null
  readonly enabled: boolean
  readonly created: Origin | null
}

/** An object of CREATE STATISTICS. */
export interface StatisticsObject {
  readonly id: ObjectId
  readonly schema: string
  readonly name: string
  readonly table: ObjectId
  /** In order; null for an expression. */
  readonly columns: readonly (string | null)[]
  /** Columns that the expressions read. */
  readonly expressionColumns: readonly string[]
}

/** A publication, with the tables that it names. */
export interface Publication {
  readonly name: string
  readonly allTables: boolean
  readonly tables: readonly { readonly table: ObjectId; readonly columns: readonly string[]; readonly where: readonly string[] }[]
}

/** Read access to the catalog at one point. Names are resolved through the search_path in force. */
export interface Catalog {
  /** The same catalog under the SET clause of a function: as its statements see it. */
  under(clause: Readonly<Record<string, string>>): Catalog
  /** Every object is known: the first statement met an empty database, and nothing since was unreadable. */
  readonly complete: boolean
  /**
   * Of a name that no relation or index is listed under: whether there certainly is none. So it is when everything is known, when a
   * statement took the name away, or when the migrations made everything that they ever spoke of.
   */
  rulesOut(name: { readonly schema: string | null; readonly name: string }): boolean
  /** The same for a type; of a name with a schema only where everything is known. */
  rulesOutType(name: { readonly schema: string | null; readonly name: string }): boolean
  /** The same for a function, of any arguments. Built-in ones and those of extensions are not known here. */
  rulesOutFunction(name: { readonly schema: string | null; readonly name: string }): boolean
  /** Whether a column is missing, as that error of the statement says, which something that is not replayed may have given to a table of it. */
  mayBeAddedElsewhere(code: string, message: string, sql: string): boolean
  /** Whether there certainly is no schema of that name. */
  rulesOutSchema(name: string): boolean
  /** Whether all is known that statements have done to what has the name: its labels, indexes, triggers and policies. */
  isCertain(name: { readonly schema: string | null; readonly name: string }): boolean
  /** The statement that dropped or renamed what last had the name; null when none did. */
  goneBy(name: { readonly schema: string | null; readonly name: string }): Origin | null
  /** Something that may not have run (under IF, in a loop) made, changed or dropped something of that name. */
  isDoubtful(name: string): boolean
  /** Something that nobody could follow may have made and dropped anything: neither presence nor absence proves a failure. */
  readonly unsure: boolean
  /** Types may be cast to each other, compared or indexed that would not be by the server alone: a statement made a cast, an operator, or a class of these. */
  readonly hasOwnCasts: boolean
  readonly searchPath: readonly string[]
  /** The session's TimeZone when it was set by a statement; null: the server's default. */
  readonly timeZone: string | null
  /** The bodies of functions are looked at when they are made: `check_function_bodies`. */
  readonly checksBodies: boolean
  /** Relation by written name; undefined when none is listed. */
  relation(name: { readonly schema: string | null; readonly name: string }): Relation | undefined
  relationById(id: ObjectId): Relation | undefined
  relations(): Iterable<Relation>
  column(relation: Relation, name: string): Column | undefined
  index(name: { readonly schema: string | null; readonly name: string }): Index | undefined
  indexById(id: ObjectId): Index | undefined
  indexesOf(table: ObjectId): readonly Index[]
  constraintsOf(table: ObjectId): readonly Constraint[]
  constraint(table: ObjectId, name: string): Constraint | undefined
  /** The names that constraints of the schema's tables and domains have: PostgreSQL derives none of them again (ChooseConstraintName). */
  constraintNames(schema: string): Pick<ReadonlySet<string>, "has">
  constraintById(id: ObjectId): Constraint | undefined
  /** Foreign keys of other tables (and itself) that reference the table. */
  referencing(table: ObjectId): readonly Constraint[]
  /** Partitions and inheritance children, direct ones. */
  children(table: ObjectId): readonly Relation[]
  /** The relation's partitions or children, all levels, itself first. */
  tree(table: ObjectId): readonly Relation[]
  /** Views and materialized views that read the relation. */
  dependents(relation: ObjectId): readonly Relation[]
  /** Sequences owned by columns of the table. */
  ownedSequences(table: ObjectId): readonly Relation[]
  /** Tables with a column whose default may draw from the sequence. */
  sequenceUsers(sequence: ObjectId): readonly Relation[]
  triggersOf(table: ObjectId): readonly Trigger[]
  policiesOf(table: ObjectId): readonly Policy[]
  /** Policies of other tables that read the relation. */
  policiesReading(relation: ObjectId): readonly Policy[]
  rulesOf(table: ObjectId): readonly RewriteRule[]
  /** Rules of other tables that read the relation, or write to it. */
  rulesUsing(relation: ObjectId): readonly RewriteRule[]
  statistics(name: { readonly schema: string | null; readonly name: string }): StatisticsObject | undefined
  statisticsOf(table: ObjectId): readonly StatisticsObject[]
  type(name: { readonly schema: string | null; readonly name: string }): UserType | undefined
  typeById(id: ObjectId): UserType | undefined
  types(): Iterable<UserType>
  /** Tables (and columns) whose column type is the type, arrays and nested domains included. */
  usersOfType(type: ObjectId): readonly { readonly relation: Relation; readonly column: Column }[]
  /** All overloads. */
  functions(name: { readonly schema: string | null; readonly name: string }): readonly FunctionInfo[]
  /** The one of them that a statement means: with these arguments or, where it writes none, the only one. */
  meantFunction(name: { readonly schema: string | null; readonly name: string }, written: WrittenArguments): FunctionInfo | undefined
  /** Every function and procedure, all overloads. */
  routines(): Iterable<FunctionInfo>
  publication(name: string): Publication | undefined
  publications(): Iterable<Publication>
  hasSchema(name: string): boolean
  hasExtension(name: string): boolean
  /** Every extension, with the schema that it is in. */
  extensions(): Iterable<{ readonly name: string; readonly schema: string }>
  /** The schema an unqualified new object goes to. */
  readonly creationSchema: string
}
