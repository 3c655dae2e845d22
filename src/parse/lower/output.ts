/** What the columns are that a query gives. */
import type { ColumnRef, Node, ResTarget, SelectStmt } from "@pgsql/types"
import type { Output, OutputColumn, ScopedTable } from "../expression.ts"
import type { Context } from "./context.ts"
import { EMPTY } from "./context.ts"
import { isCte } from "./from-items.ts"
import { lowerType } from "./names.ts"
import { lastString, stringOf } from "./nodes.ts"
import { scoped } from "./scopes.ts"

/** The output of a query; null when the names of its columns are not known. */
export function lowerOutput(context: Context, query: Node | undefined): Output | null {
  if (query === undefined || !("SelectStmt" in query)) return null
  const ctes: string[] = []
  let select: SelectStmt = query.SelectStmt
  const isUnion = select.larg !== undefined
  // The leftmost part names the columns, and the types are a matter of all.
  for (;;) {
    for (const cte of select.withClause?.ctes ?? EMPTY) if ("CommonTableExpr" in cte) ctes.push(cte.CommonTableExpr.ctename ?? "")
    if (select.larg === undefined) break
    select = select.larg
  }
  const columns: OutputColumn[] = []
  for (const target of select.targetList ?? EMPTY) {
    const column = "ResTarget" in target ? outputColumn(context, target.ResTarget, !isUnion) : null
    if (column === null) return null
    columns.push(column)
  }
  return columns.length === 0 ? null : { tables: tablesOf(context, select.fromClause, ctes), columns, groupBy: groupedColumns(select.groupClause, columns), updatable: isUpdatable(query.SelectStmt) }
}

/** The columns that GROUP BY names, by themselves or by the places that they have in the query; none when it names anything else. */
function groupedColumns(clause: readonly Node[] = EMPTY, columns: readonly OutputColumn[]): Output["groupBy"] {
  const grouped: Output["groupBy"][number][] = []
  for (const item of clause) {
    const named = "ColumnRef" in item ? plainColumn(item.ColumnRef) : atPlace(item, columns)
    if (named?.column == null) return EMPTY
    grouped.push({ table: named.table, column: named.column })
  }
  return grouped
}

/** `GROUP BY 2`; a star takes more than one place. */
function atPlace(item: Node, columns: readonly OutputColumn[]): OutputColumn | undefined {
  const place = "A_Const" in item ? item.A_Const.ival?.ival : undefined
  if (place === undefined || columns.slice(0, place).some(({ name }) => name === null)) return undefined
  return columns[place - 1]
}

/** Aggregates among the columns are not looked for. */
function isUpdatable({ larg, withClause, fromClause = [], distinctClause, groupClause, havingClause, limitCount, limitOffset }: SelectStmt): boolean {
  const [only] = fromClause
  const clauses = [larg, withClause, distinctClause, groupClause, havingClause, limitCount, limitOffset]
  return fromClause.length === 1 && only !== undefined && "RangeVar" in only && clauses.every((clause) => clause === undefined)
}

function outputColumn(context: Context, { name, val }: ResTarget, typed: boolean): OutputColumn | null {
  if (val === undefined) return null
  if ("ColumnRef" in val) {
    const named = plainColumn(val.ColumnRef)
    if (named?.name == null) return named
    return { ...named, name: name ?? named.name, column: typed ? named.column : null }
  }
  if ("A_Indirection" in val) return name === undefined || isRow(val.A_Indirection.indirection) ? null : { name, table: null, column: null, type: null }
  const type = typed && "TypeCast" in val ? lowerType(context, val.TypeCast.typeName) : null
  const called = name ?? nameOf(val)
  return called === null ? null : { name: called, table: null, column: null, type }
}

/** `a`, `t.a`, `*` and `t.*`. */
function plainColumn({ fields }: ColumnRef): OutputColumn | null {
  const last = fields?.at(-1)
  if (fields === undefined || last === undefined || fields.length > 2) return null
  const table = fields.length === 2 ? (stringOf(fields[0]) ?? null) : null
  if ("A_Star" in last) return { name: null, table, column: null, type: null }
  const column = stringOf(last) ?? ""
  return { name: column, table, column, type: null }
}

/** `(x).*` */
function isRow(indirection: readonly Node[] | undefined): boolean {
  const last = indirection?.at(-1)
  return last !== undefined && "A_Star" in last
}

/** What a value goes by without AS (FigureColname), as far as that is the same in all majors; null for all else. */
function nameOf(value: Node): string | null {
  if ("ColumnRef" in value) return stringOf(value.ColumnRef.fields?.at(-1)) ?? null
  if ("FuncCall" in value) return value.FuncCall.funcformat === "COERCE_SQL_SYNTAX" ? null : lastString(value.FuncCall.funcname)
  if ("CoalesceExpr" in value) return "coalesce"
  // Other casts go by their type, of which PostgreSQL has several names.
  const cast = "TypeCast" in value ? value.TypeCast.arg : undefined
  return cast === undefined ? null : nameOf(cast)
}

/** The tables of FROM in the order in which `*` takes their columns; null when there is anything else in it. */
function tablesOf(context: Context, items: readonly Node[] | undefined, ctes: string[]): readonly ScopedTable[] | null {
  const tables: ScopedTable[] = []
  return (items ?? EMPTY).every((item) => addTables(tables, context, item, ctes)) ? tables : null
}

function addTables(tables: ScopedTable[], context: Context, item: Node | undefined, ctes: string[]): boolean {
  if (item === undefined) return false
  if ("RangeVar" in item) {
    if (item.RangeVar.alias?.colnames !== undefined || isCte({ ctes }, item.RangeVar)) return false
    tables.push(scoped(context, item.RangeVar))
    return true
  }
  if (!("JoinExpr" in item)) return false
  const { larg, rarg, alias, usingClause, isNatural } = item.JoinExpr
  // USING has `*` begin with the columns that it joins.
  if (alias !== undefined || usingClause !== undefined || isNatural === true) return false
  return addTables(tables, context, larg, ctes) && addTables(tables, context, rarg, ctes)
}
