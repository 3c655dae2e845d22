/** Tables that EF Core makes, with their constraints. */
import { elementsOf, type Said } from "../arguments.ts"
import type { Range } from "../expression.ts"
import { joined, list, named, type Part } from "../made.ts"
import { closing, isSign, isWord, textOf, type Token } from "../tokens.ts"
import { columnAt, columnSql } from "./columns.ts"
import { foreignKey, inSchema, nameOf, type Statement } from "./statements.ts"
import { callAt, propertiesAt, textAt, type Call } from "./values.ts"

/** `CreateTable(name: "orders", columns: table => new { ... }, constraints: table => { ... })`; null for what only running the code would tell. */
export function createTable(call: Call): readonly Statement[] | null {
  const { args } = call
  const { tokens, option } = args
  const [table, columns] = [inSchema(args, nameOf(call), "schema"), columnsIn(tokens, option("columns") ?? args.given[1] ?? null)]
  if (table === null || columns === null || call.annotations.size > 0) return null
  const names = new Map(columns.map(({ property, name }) => [property, name]))
  const constraints = constraintsIn(tokens, option("constraints"), names)
  if (constraints === null) return null
  return [{ parts: ["CREATE TABLE ", table, " (", ...joined([...columns.map(({ sql }) => sql), ...constraints]), ")"] }]
}

interface TableColumn {
  /** What the code calls it. */
  readonly property: string
  readonly name: string
  readonly sql: readonly Part[]
}

/** `table => new { Id = table.Column<int>(...), ... }` */
function columnsIn(tokens: readonly Token[], range: Range | null): readonly TableColumn[] | null {
  const open = range === null || !isWord(tokens[range.from + 3], "new") ? -1 : range.from + 4
  const entries = range !== null && isSign(tokens[open], "{") ? elementsOf(tokens, { from: open, to: range.to }) : null
  const columns = entries?.map(({ from }): TableColumn | null => {
    const property = textOf(tokens[from])
    // `Id = table.Column`
    const call = isSign(tokens[from + 1], "=") && isWord(tokens[from + 4], "Column") ? callAt(tokens, from + 4) : null
    const column = call === null ? null : columnAt(call)
    if (property === null || call === null || column === null) return null
    const given = call.args.option("name")
    const name: Said | null = given === null ? { text: property, range: { from, to: from + 1 } } : textAt(tokens, given)
    return name && { property, name: name.text, sql: columnSql(name, column) }
  }) ?? [null]
  return columns.includes(null) ? null : columns.flatMap((column) => column ?? [])
}

/** `table => { table.PrimaryKey("PK_orders", x => x.Id); ... }` */
function constraintsIn(tokens: readonly Token[], range: Range | null, names: ReadonlyMap<string, string>): readonly (readonly Part[])[] | null {
  if (range === null) return []
  const open = range.from + 3
  if (!isSign(tokens[open], "{")) return null
  const constraints: (readonly Part[])[] = []
  const end = closing(tokens, open)
  for (let at = open + 1; at < end; at += 1) {
    if (isSign(tokens[at], ";")) continue
    // `table.PrimaryKey(`
    const call = isSign(tokens[at + 1], ".") ? callAt(tokens, at + 2) : null
    const made = call === null || !isSign(tokens[call.range.to], ";") ? null : constraintOf(call, names)
    if (call === null || made === null) return null
    constraints.push(made)
    at = call.range.to
  }
  return constraints
}

function constraintOf({ name: kind, args, annotations }: Call, names: ReadonlyMap<string, string>): readonly Part[] | null {
  const { tokens, given, option } = args
  if (annotations.size > 0) return null
  const name = textAt(tokens, option("name") ?? given[0])
  const head: readonly Part[] = name === null ? [] : ["CONSTRAINT ", named(name), " "]
  const columns = columnsBy(propertiesAt(tokens, option("column") ?? option("columns") ?? given[1]), names)
  if (kind === "PrimaryKey" || kind === "UniqueConstraint") return columns && [...head, kind === "PrimaryKey" ? "PRIMARY KEY (" : "UNIQUE (", ...list(columns), ")"]
  if (kind === "ForeignKey") return foreignKey(args, columns)
  const condition = kind === "CheckConstraint" ? textAt(tokens, option("sql") ?? given[1]) : null
  return condition && [...head, "CHECK (", { sql: condition.text, range: condition.range }, ")"]
}

/** The columns of properties. */
function columnsBy(properties: readonly Said[] | null, names: ReadonlyMap<string, string>): readonly Said[] | null {
  return properties?.map(({ text, range }) => ({ text: names.get(text) ?? text, range })) ?? null
}
