/** What a walk over expressions and queries finds. */
import type { Node, SelectStmt } from "@pgsql/types"
import type { Cast, ColumnReference, FunctionCall, Query, Scope, ScopedTable, TableAlias } from "../expression.ts"
import type { Name } from "../name.ts"
import type { Span } from "../../source/span.ts"
import { EMPTY } from "./context.ts"
import { lastString } from "./nodes.ts"

/** A write inside of a query: a CTE that changes rows. */
export type QueryWrite = Query["writes"][number]

/** A `Scope` while it is walked. */
export interface Level {
  readonly tables: readonly ScopedTable[]
  /** How many of these are of the level itself: the first ones. */
  readonly own: number
  /** Columns that JOIN ... USING makes one; null: whatever NATURAL JOIN does. */
  readonly merged: readonly string[] | null
  readonly complete: boolean
  columns: readonly ColumnReference[]
  stars: readonly ScopedTable[]
  /** The level that this one is in; null where that is not known. */
  readonly around: Level | null
}

/** Around the outermost query there is nothing. */
export const NOWHERE: Level = Object.freeze({ tables: EMPTY, own: 0, merged: EMPTY, complete: true, columns: EMPTY, stars: EMPTY, around: null })

/** What a walk over expressions and queries finds. The lists stay the shared empty one until there is something. */
export interface Collected {
  functions: readonly FunctionCall[]
  columns: readonly ColumnReference[]
  casts: readonly Cast[]
  operators: readonly string[]
  reads: readonly Name[]
  aliases: readonly TableAlias[]
  rowLocks: readonly Name[]
  writes: readonly QueryWrite[]
  star: boolean
  constant: boolean
  hasSubquery: boolean
  /** The FROM clause of the SELECT that the walk is in; undefined outside of one. */
  from: readonly Node[] | undefined
  /** Names of the CTEs in scope. */
  readonly ctes: string[]
  /** The level that the walk is in; null where columns may be more than those of FROM. */
  level: Level | null
  /** The levels that were left. */
  scopes: readonly Scope[]
  /** All casts and operators are wanted, too: of an expression, not of a query. */
  readonly detailed: boolean
}

/** Nothing yet. */
export function collected(detailed = false): Collected {
  return {
    functions: EMPTY,
    columns: EMPTY,
    casts: EMPTY,
    operators: EMPTY,
    reads: EMPTY,
    aliases: EMPTY,
    rowLocks: EMPTY,
    writes: EMPTY,
    star: false,
    constant: true,
    hasSubquery: false,
    from: undefined,
    ctes: [],
    // An expression stands in a statement of which the walk knows nothing.
    level: detailed ? null : NOWHERE,
    scopes: EMPTY,
    detailed,
  }
}

/** `list` with `item`; the shared empty list is never written to. */
export function added<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 0) return [item]
  // Every list that is not the shared empty one was made by the line above, for this walk alone.
  ;(list as T[]).push(item)
  return list
}

/** What was collected, as a query. */
export function asQuery(from: Collected, limited: boolean, span: Span): Query {
  return {
    reads: from.reads,
    aliases: from.aliases,
    rowLocks: from.rowLocks,
    writes: from.writes,
    functions: from.functions,
    types: from.casts.length === 0 ? EMPTY : from.casts.map(({ type }) => type),
    columns: from.columns,
    scopes: from.scopes,
    star: from.star,
    limited,
    span,
  }
}

/** Has the query a LIMIT other than LIMIT ALL? */
export function isLimited(select: SelectStmt): boolean {
  const count = select.limitCount
  if (count === undefined) return false
  return !("A_Const" in count && count.A_Const.isnull === true)
}

/** Functions of which each row makes several. */
const ROWS = /^(?:unnest|generate_\w+|jsonb?_(?:array_elements|each|object_keys|populate_recordset|to_recordset|path_query)\w*|regexp_matches|\w+_to_table)$/

/** A SELECT without FROM: one row, or none. */
export function isOneRow({ fromClause, op, targetList, valuesLists }: SelectStmt): boolean {
  if (fromClause !== undefined || valuesLists !== undefined || (op !== undefined && op !== "SETOP_NONE")) return false
  const makesRows = (node: Node): boolean => "FuncCall" in node && ROWS.test(lastString(node.FuncCall.funcname) ?? "")
  return targetList?.some((target) => "ResTarget" in target && target.ResTarget.val !== undefined && makesRows(target.ResTarget.val)) !== true
}
