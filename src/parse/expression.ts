import type { Span } from "../source/span.ts"
import type { Name, TypeName } from "./name.ts"

/** An expression, kept as what matters: its place, whether it is constant, what it calls and reads. */
export interface Expression {
  readonly span: Span
  /** The literal when the whole expression is one (casts of literals included): `'eu'::text` -> "eu"; null otherwise. */
  readonly literal: string | null
  /** The whole expression is the literal NULL (possibly cast). */
  readonly isNull: boolean
  /** Only literals, casts, operators and constructors over them: no column, no function, no sub-query. */
  readonly constant: boolean
  /** Functions called, special forms included under their function names (CURRENT_TIMESTAMP -> `now`, CURRENT_USER -> `current_user`). */
  readonly functions: readonly FunctionCall[]
  /** Columns read, as written. */
  readonly columns: readonly ColumnReference[]
  /** Types that values are cast to, the outer cast before the inner one. */
  readonly casts: readonly Cast[]
  /** Operators used, without schema. */
  readonly operators: readonly string[]
  /** Relations that sub-queries read. */
  readonly relations: readonly Name[]
  /** Left out where there is none. */
  readonly hasSubquery?: true
  /** Of a policy: the levels of its sub-queries, and the policy's own, that read columns. */
  readonly scopes?: readonly Scope[]
  /** The top-level AND-ed parts, as far as they have one of the forms pgsafe reasons about. */
  readonly conjuncts: readonly Conjunct[]
  /** Set when the whole expression is one column, possibly cast (`v`, `v::bigint`): for `USING`. */
  readonly column: string | null
}

/** A call of a function in an expression. */
export interface FunctionCall {
  readonly schema: string | null
  readonly name: string
  /** Literal arguments as text, null for what is not a literal. */
  readonly arguments: readonly (string | null)[]
  /** Their names, null for those that are given by position; left out when all are. */
  readonly names?: readonly (string | null)[]
  readonly span: Span
}

/** A column that an expression names. */
export interface ColumnReference {
  /** The qualifier as written (table or alias), or null. */
  readonly table: string | null
  readonly column: string
  readonly span: Span
}

/** A cast in an expression. */
export interface Cast {
  readonly type: TypeName
  /** The cast is of a literal: `'now'::timestamptz`. */
  readonly ofLiteral: string | null
}

/** A conjunct of a CHECK or WHERE: a test, or alternatives, each with the conjuncts that it is made of. */
export type Conjunct = Test | { readonly kind: "or"; readonly branches: readonly (readonly Conjunct[])[] }

/** A test of one column. */
export type Test =
  /** Of a row every field is tested, so that these say nothing of the row itself (NullTest, argisrow). */
  | { readonly kind: "is not null" | "is null"; readonly column: string }
  /** `IS [NOT] DISTINCT FROM NULL`, which tests the value itself, a row or not. */
  | { readonly kind: "is distinct from null" | "is not distinct from null"; readonly column: string }
  | { readonly kind: "comparison"; readonly column: string; readonly operator: "=" | "<" | "<=" | ">" | ">=" | "<>"; readonly value: string }
  | { readonly kind: "in"; readonly column: string; readonly values: readonly string[] }
  | { readonly kind: "other" }

/** What a FROM item goes by; table null: a sub-query, CTE or function. */
export interface TableAlias {
  readonly alias: string
  readonly table: Name | null
}

/** One level of a query: a SELECT, or the statement's own clauses, without the sub-queries in it. */
export interface Scope {
  /** The relations that columns may be of, the nearest first: those of FROM, then those of the queries around. */
  readonly tables: readonly ScopedTable[]
  /** How many of these stand side by side, so that a column of two of them is ambiguous; 0 where a NATURAL JOIN makes columns one. */
  readonly own: number
  /** Columns that JOIN ... USING makes one. */
  readonly merged: readonly string[]
  /** Columns can come from nowhere else: there is no sub-query, function or CTE beside the tables. */
  readonly complete: boolean
  /**
   * What the level reads, as far as it can only be looked up in `tables`. Left out are ORDER BY, GROUP BY and the like, which may name
   * output columns.
   */
  readonly columns: readonly ColumnReference[]
  /** The relations all of whose columns it reads, by `*`. */
  readonly stars: readonly ScopedTable[]
}

/** A relation, and what it goes by. */
export interface ScopedTable {
  readonly alias: string
  readonly table: Name
}

/** The columns that a query gives. */
export interface Output {
  /** The relations of FROM; null when there is anything else in it, or `*` is not simply all of their columns. */
  readonly tables: readonly ScopedTable[] | null
  readonly columns: readonly OutputColumn[]
  /** The columns of GROUP BY, where it names nothing else. */
  readonly groupBy: readonly Pick<ColumnReference, "table" | "column">[]
  /** Rows can be changed through a view of it: it reads one relation, row by row (docs: CREATE VIEW, Updatable Views). */
  readonly updatable: boolean
}

export interface OutputColumn {
  /** null: `*`, or `table.*`. */
  readonly name: string | null
  /** The qualifier of `column` or of the star. */
  readonly table: string | null
  /** The column that it is, when it is nothing else. */
  readonly column: string | null
  /** What it is cast to. */
  readonly type: TypeName | null
}

/** What a query (SELECT, or the query part of a DML statement) touches. */
export interface Query {
  /** Relations it reads; CTE names left out. */
  readonly reads: readonly Name[]
  /** Relations locked by FOR UPDATE / SHARE. */
  readonly rowLocks: readonly Name[]
  /** Relations written by data-modifying CTEs. */
  readonly writes: readonly { readonly op: "insert" | "update" | "delete" | "merge"; readonly table: Name; readonly where: boolean }[]
  readonly functions: readonly FunctionCall[]
  /** Types that it casts to; those that the grammar knows by their own words (`int`) are left out. */
  readonly types: readonly TypeName[]
  readonly columns: readonly ColumnReference[]
  /** Qualifiers that columns may have beside the relations' names. */
  readonly aliases: readonly TableAlias[]
  /** The levels that read columns. */
  readonly scopes: readonly Scope[]
  /** There is a `t.*` or `*` that may read columns of other relations than `scopes` tell. */
  readonly star: boolean
  /** A top-level LIMIT; of INSERT also a SELECT without FROM; of UPDATE and DELETE: their rows come from a limited sub-query, the usual sign of a batch. */
  readonly limited: boolean
  readonly span: Span
}
