/** What statements that change rows are made of, for query builders of all libraries. What only running the code would tell is a parameter. */
import type { Node } from "../../../embedded/node.ts"
import { attempt, scalarSql, unknown, type Options, type Reader } from "../../call.ts"
import { chainOf } from "../../chain.ts"
import { isFunction } from "../../nodes.ts"
import { joined, name, quoted, sql, type Part, type Piece } from "../../pieces.ts"

/** Reads the values of one statement. */
export interface Values {
  readonly reader: Reader
  /** SQL that stands in the place of a value: the value itself, or the next parameter. */
  of(node: Node | undefined): Piece
  /** A value of which nothing is in sight. */
  unreadValue(): string
  /** A condition that nobody can read: it may well pick single rows. */
  unreadCondition(): string
}

/** @param special what the library takes for something else than a value; null for all others */
export function valuesOf(reader: Reader, special: (node: Node, values: Values) => string | null = () => null): Values {
  let parameters = 0
  const next = (): string => `$${String(++parameters)}`
  const values: Values = {
    reader,
    of(node) {
      if (node === undefined) return unknown()
      return { sql: attempt(() => special(node, values)) ?? attempt(() => scalarSql(reader.scalar(node))) ?? next(), node }
    },
    unreadValue: next,
    unreadCondition: () => `${next()} = ${next()}`,
  }
  return values
}

/** `"orders"`, `"app.orders"`, `"orders as o"`. @param schema where it is when it does not say so; empty for none. @throws {Unknown} */
export function targetTable(reader: Reader, schema: string, node: Node | undefined): Piece {
  const [text = "", alias, ...more] = reader.text(node).split(/\s+as\s+/i)
  if (more.length > 0) return unknown()
  const target = name(schema === "" || text.includes(".") ? text : `${schema}.${text}`, node)
  return alias === undefined ? target : { ...target, sql: `${target.sql} AS ${quoted(alias).sql}` }
}

/** What stands behind `IN`: a list, or a query of the builder, which is not read. @throws {Unknown} for an empty list */
export function listed(values: Values, node: Node | undefined): Part {
  const { reader } = values
  const elements = reader.list(node)
  if (elements !== null) return elements.length === 0 ? unknown() : joined(elements.map((element) => values.of(element)))
  const value = node === undefined ? unknown() : reader.resolved(node)
  const isQuery = isFunction(value) || chainOf(value)?.links.some((link) => /^(?:select|from)/.test(link.name)) === true
  return isQuery ? sql`SELECT ${values.of(node)}` : values.of(node)
}

/** `"a" = 1, "b" = 2`. @throws {Unknown} when the columns are not in sight, or there are none. */
export function assignments(values: Values, given: Options): Part[] {
  if (given.names.length === 0) return unknown()
  return joined(given.names.map((column) => sql`${quoted(column)} = ${values.of(given.node(column))}`))
}

/**
 * What stands behind the table of `INSERT INTO`. Rows that the code works out are those of a query: there may be none, or many.
 *
 * @param absent what the library writes for a column that only other rows have
 * @param behind what comes behind the rows
 */
export function inserted(values: Values, node: Node | undefined, absent: "DEFAULT" | "NULL", behind: () => Part, isSorted = false): Part {
  return attempt(() => sql`${insertedRows(values, node, absent, isSorted)}${behind()}`) ?? "SELECT"
}

/**
 * The columns and rows of an INSERT.
 *
 * @param absent what the library writes for a column that only other rows have
 * @throws {Unknown} when they are not in sight
 */
function insertedRows(values: Values, node: Node | undefined, absent: "DEFAULT" | "NULL", isSorted: boolean): Part[] {
  const { reader } = values
  const rows = (reader.list(node) ?? (node === undefined ? unknown() : [node])).map((row) => (reader.isObject(row) ? reader.options(row) : unknown()))
  const columns = [...new Set(rows.flatMap(({ names }) => names))]
  if (isSorted) columns.sort()
  if (columns.length === 0) return unknown()
  const lines = rows.map((row) => sql`(${joined(columns.map((column) => (row.has(column) ? values.of(row.node(column)) : absent)))})`)
  return sql`(${joined(columns.map((column) => quoted(column)))}) VALUES ${joined(lines)}`
}

/** Conditions that are all to hold; `where` has a blank before it. */
export function where(conditions: readonly Part[]): Part {
  return conditions.length === 0 ? "" : sql` WHERE ${joined(conditions, " AND ")}`
}
