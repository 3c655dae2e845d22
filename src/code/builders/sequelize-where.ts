/** Conditions as Sequelize takes them: objects of columns and values. */
import { child, children, pathOf, type Node } from "../../embedded/node.ts"
import { scalarSql, unknown, type Reader } from "../call.ts"
import { joined, sql, type Part } from "../pieces.ts"
import { quoted } from "./sequelize-names.ts"

/** How the values of conditions are written. */
export interface ConditionValues {
  readonly reader: Reader
  /** @throws {Unknown} */
  of(node: Node | undefined): { readonly sql: string }
}

/** Only values that are in sight. */
export function constants(reader: Reader): ConditionValues {
  return { reader, of: (node) => ({ sql: scalarSql(reader.scalar(node)) }) }
}

const OPERATORS: Readonly<Record<string, string>> = { eq: "=", ne: "!=", gt: ">", gte: ">=", lt: "<", lte: "<=", in: "IN", notIn: "NOT IN", is: "IS", not: "IS NOT", like: "LIKE" }

/** `{ [Op.ne]: null }`: the operator with its value; null for anything else. */
function operationOf(reader: Reader, node: Node | undefined): { readonly operator: string; readonly value: Node } | null {
  const object = node === undefined ? null : reader.resolved(node)
  const [property, ...others] = object?.type === "ObjectExpression" ? children(object, "properties") : []
  const key = property === undefined || property["computed"] !== true ? null : child(property, "key")
  const value = property === undefined ? null : child(property, "value")
  const operator = OPERATORS[/(?:^|\.)Op\.(\w+)$/.exec(pathOf(key) ?? "")?.[1] ?? ""]
  return operator === undefined || value === null || others.length > 0 ? null : { operator, value }
}

/** Conditions of equality, and of lists. @throws {Unknown} for the rest of the language. */
export function conditionOf(values: ConditionValues, node: Node | undefined): Part {
  const { reader } = values
  const raw = reader.raw(node)
  if (raw !== null) return raw
  const options = reader.options(node)
  const parts = options.names.map((column): Part => {
    const own = quoted(column).sql
    const operation = operationOf(reader, options.node(column))
    if (operation !== null) {
      const { operator, value } = operation
      if (operator.endsWith("IN")) return inList(values, own, operator, reader.list(value) ?? unknown())
      const of = values.of(value)
      return sql`${own} ${of.sql === "NULL" && operator === "!=" ? "IS NOT" : of.sql === "NULL" && operator === "=" ? "IS" : operator} ${of}`
    }
    const value = options.node(column)
    const list = reader.list(value)
    if (list !== null) return inList(values, own, "IN", list)
    if (value !== undefined && reader.isObject(value)) return unknown()
    const of = values.of(value)
    return sql`${own} ${of.sql === "NULL" ? "IS" : "="} ${of}`
  })
  return parts.length === 1 ? (parts[0] ?? unknown()) : parts.length === 0 ? unknown() : sql`(${joined(parts, " AND ")})`
}

function inList(values: ConditionValues, column: string, operator: string, list: readonly Node[]): Part {
  return list.length === 0 ? unknown() : sql`${column} ${operator} (${joined(list.map((one) => values.of(one)))})`
}
