/** Loops of PL/pgSQL whose rounds the text tells: over integers, arrays, and queries of literals. */
import type { Alias, Node, RangeFunction, RangeSubselect, SelectStmt } from "@pgsql/types"
import { parseSql } from "../grammar/index.ts"
import { evaluate, valueOf, type Constant, type Known } from "./constants.ts"
import { EMPTY } from "./context.ts"
import { fieldsOf, textOf, type Fields } from "./guards.ts"
import { lastString, listItems, stringsOf } from "./nodes.ts"

/** A row of a query: its columns by name, in their order. */
type Row = ReadonlyMap<string, Constant>

/** More rounds than these are not gone through one by one. */
const MOST_ROUNDS = 1_000

/** The integers of `FOR i IN a..b`; null when they are not told. */
export function integersOf(loop: Fields, known: Known): readonly string[] | null {
  const [from, to, step = 1] = ["lower", "upper", "step"].map((bound) => {
    const text = queryOf(loop[bound])
    return text === undefined ? undefined : Number(evaluate(text, known))
  })
  if (from === undefined || to === undefined || ![from, to, step].every(Number.isSafeInteger) || step < 1) return null
  const isReverse = loop["reverse"] !== undefined
  const count = Math.floor((isReverse ? from - to : to - from) / step) + 1
  if (count > MOST_ROUNDS) return null
  return Array.from({ length: Math.max(count, 0) }, (_, round) => String(isReverse ? from - round * step : from + round * step))
}

/** The elements of `FOREACH x IN ARRAY a`; null when they are not told. */
export function elementsOf(loop: Fields, known: Known): readonly Constant[] | null {
  const text = queryOf(loop["expr"])
  const array = text === undefined || loop["slice"] !== undefined ? undefined : evaluate(text, known)
  return Array.isArray(array) && array.length <= MOST_ROUNDS ? (array as readonly Constant[]) : null
}

/** The rows of a query that reads no table; null when they are not told. */
export function rowsOf(query: string, known: Known): readonly Row[] | null {
  const outcome = parseSql(query)
  const statement = outcome.ok ? outcome.tree.stmts?.[0]?.stmt : undefined
  const rows = statement !== undefined && "SelectStmt" in statement ? rowsOfSelect(statement.SelectStmt, known) : null
  return rows === null || rows.length > MOST_ROUNDS ? null : rows
}

/** The PL/pgSQL parser's text of an expression. */
export function queryOf(expression: unknown): string | undefined {
  return textOf(fieldsOf(fieldsOf(expression)?.["PLpgSQL_expr"])?.["query"])
}

/** What leaves rows out, joins them or makes others of them; their order does not matter. */
const CLAUSES: readonly (keyof SelectStmt)[] = ["distinctClause", "whereClause", "groupClause", "havingClause", "windowClause", "limitCount", "limitOffset", "lockingClause", "withClause", "intoClause"]

function rowsOfSelect(select: SelectStmt, known: Known): readonly Row[] | null {
  if (CLAUSES.some((clause) => select[clause] !== undefined) || (select.op !== undefined && select.op !== "SETOP_NONE")) return null
  if (select.valuesLists !== undefined) return rowsOfValues(select.valuesLists, EMPTY, known)
  const [item, another] = select.fromClause ?? EMPTY
  if (another !== undefined) return null
  const source = item === undefined ? [NO_COLUMNS] : rowsOfItem(item, known)
  if (source === null) return null
  const rows: Row[] = []
  for (const row of source) {
    const made = projected(select.targetList ?? EMPTY, row, known)
    if (made === null) return null
    rows.push(...made)
  }
  return rows
}

const NO_COLUMNS: Row = new Map()

/** The rows that the target list makes of one: several where it calls unnest() or generate_series(). */
function projected(targets: readonly Node[], row: Row, known: Known): readonly Row[] | null {
  const inRow: Known = { get: (name) => row.get(name) ?? known.get(name) }
  let rows: Map<string, Constant>[] = [new Map()]
  for (const target of targets) {
    const { name, val } = "ResTarget" in target ? target.ResTarget : {}
    if (val === undefined) return null
    if ("ColumnRef" in val && val.ColumnRef.fields?.some((field) => "A_Star" in field) === true) {
      if (row === NO_COLUMNS) return null
      for (const made of rows) for (const [column, value] of row) made.set(column, value)
      continue
    }
    const set = setOf(val, inRow)
    if (set !== undefined) {
      const [only] = rows
      if (rows.length !== 1 || only === undefined || set === null) return null
      rows = set.map((value) => new Map([...only, [name ?? nameOf(val), value]]))
      continue
    }
    const value = valueOf(val, inRow)
    if (value === undefined) return null
    for (const made of rows) made.set(name ?? nameOf(val), value)
  }
  return rows
}

/** The name that PostgreSQL gives to a column without one. */
function nameOf(node: Node): string {
  if ("ColumnRef" in node) return lastString(node.ColumnRef.fields) ?? UNNAMED
  if ("FuncCall" in node) return lastString(node.FuncCall.funcname) ?? UNNAMED
  return "TypeCast" in node && node.TypeCast.arg !== undefined ? nameOf(node.TypeCast.arg) : UNNAMED
}

const UNNAMED = "?column?"

/** What a call of unnest() or generate_series() gives; null when it is not told, undefined for everything else. */
function setOf(node: Node, known: Known): readonly Constant[] | null | undefined {
  if (!("FuncCall" in node)) return undefined
  const { funcname } = node.FuncCall
  const args = node.FuncCall.args ?? EMPTY
  switch (lastString(funcname)) {
    case "unnest": {
      const array = args.length === 1 ? valueOf(args[0], known) : undefined
      return Array.isArray(array) ? (array as readonly Constant[]) : null
    }
    case "generate_series": {
      const [from, to, step] = args.map((argument) => Number(valueOf(argument, known)))
      if (from === undefined || to === undefined || step !== undefined || ![from, to].every(Number.isSafeInteger) || to - from > MOST_ROUNDS) return null
      return Array.from({ length: Math.max(to - from + 1, 0) }, (_, at) => String(from + at))
    }
    default:
      return undefined
  }
}

function rowsOfItem(item: Node, known: Known): readonly Row[] | null {
  if ("RangeFunction" in item) return rowsOfFunction(item.RangeFunction, known)
  return "RangeSubselect" in item ? rowsOfSubselect(item.RangeSubselect, known) : null
}

/** `unnest(ARRAY['a', 'b']) AS t`, `AS x(t)` */
function rowsOfFunction({ functions, alias, ordinality, is_rowsfrom, coldeflist }: RangeFunction, known: Known): readonly Row[] | null {
  const [first, another] = functions ?? EMPTY
  const call = first === undefined ? undefined : listItems(first)[0]
  if (call === undefined || another !== undefined || ordinality === true || is_rowsfrom === true || coldeflist !== undefined) return null
  const column = columnsOf(alias)[0] ?? alias?.aliasname ?? nameOf(call)
  return setOf(call, known)?.map((value) => new Map([[column, value]])) ?? null
}

/** `(VALUES ('a', 1), ('b', 2)) AS v(t, n)` */
function rowsOfSubselect({ subquery, alias }: RangeSubselect, known: Known): readonly Row[] | null {
  if (subquery === undefined || !("SelectStmt" in subquery)) return null
  const { valuesLists, sortClause, limitCount, limitOffset, withClause } = subquery.SelectStmt
  if (valuesLists === undefined || [sortClause, limitCount, limitOffset, withClause].some((clause) => clause !== undefined)) return null
  return rowsOfValues(valuesLists, columnsOf(alias), known)
}

function columnsOf(alias: Alias | undefined): readonly string[] {
  return stringsOf(alias?.colnames)
}

function rowsOfValues(lists: readonly Node[], columns: readonly string[], known: Known): readonly Row[] | null {
  const rows: Row[] = []
  for (const list of lists) {
    const row = new Map<string, Constant>()
    for (const [position, item] of listItems(list).entries()) {
      const value = valueOf(item, known)
      if (value === undefined) return null
      row.set(columns[position] ?? `column${String(position + 1)}`, value)
    }
    rows.push(row)
  }
  return rows
}
