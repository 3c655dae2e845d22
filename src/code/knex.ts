/** What Knex 3 emits for the calls of `knex.schema`. Checked against the library in test/tools. */
import { child, children, pathOf, textOf, unwrap, type Node } from "../embedded/node.ts"
import { readerOf, Unknown, type Call, type Emitted, type Reader } from "./call.ts"
import { build, joined, name, type Piece } from "./pieces.ts"

export function knex(call: Call): Emitted {
  const reader = readerOf(call)
  const [table, second] = call.arguments
  switch (call.method) {
    case "renameTable":
      return [build("alter table ", named(reader, table), " rename to ", named(reader, second))]
    case "dropTable":
    case "dropTableIfExists":
      return [build(`drop table ${call.method === "dropTable" ? "" : "if exists "}`, named(reader, table))]
    case "table":
    case "alterTable":
      return alterTable(reader, table, second)
    default:
      return null
  }
}

/** Knex puts all new columns into one statement, which comes first; then the other calls in their order. */
function alterTable(reader: Reader, table: Node | undefined, callback: Node | undefined): Piece[][] {
  const target = named(reader, table)
  const added: Piece[][] = []
  const statements: Piece[][] = []
  for (const chain of chainsOf(callback)) {
    const [first] = chain
    if (first === undefined) throw new Unknown()
    const column = columnOf(reader, chain)
    if (column !== null) added.push(from(first.node, build("add column ", column)))
    else for (const pieces of actionOf(reader, { sql: target.sql }, reader.text(table), chain)) statements.push(from(first.node, pieces))
  }
  if (added.length === 0) return statements
  return [build("alter table ", { sql: target.sql }, " ", separated(added)), ...statements]
}

/** What comes from no part of a chain comes from the chain. */
function from(node: Node, pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece) => ({ node, ...piece }))
}

interface Link {
  readonly method: string
  /** The whole chain. */
  readonly node: Node
  readonly arguments: readonly Node[]
}

/** The calls on the table builder, each with those that are chained to it. @throws {Unknown} for anything else. */
function chainsOf(callback: Node | undefined): readonly (readonly Link[])[] {
  const builder = callback === undefined ? null : unwrap(callback)
  const [parameter] = builder === null ? [] : children(builder, "params")
  const receiver = parameter === undefined ? "this" : textOf(parameter, "name")
  const body = builder === null ? null : child(builder, "body")
  if (receiver === null || body === null) throw new Unknown()
  const expressions = body.type === "BlockStatement" ? children(body, "body").map((one) => child(one, "expression")) : [body]
  return expressions.map((expression) => {
    const links: Link[] = []
    const whole = expression === null ? null : unwrap(expression)
    let node = whole
    while (node?.type === "CallExpression") {
      const callee = child(node, "callee")
      const property = callee?.type === "MemberExpression" ? child(callee, "property") : null
      const method = property === null ? null : textOf(property, "name")
      const object = callee === null ? null : child(callee, "object")
      if (whole === null || method === null || object === null) throw new Unknown()
      links.unshift({ method, node: whole, arguments: children(node, "arguments") })
      node = unwrap(object)
    }
    if (node === null || pathOf(node) !== receiver) throw new Unknown()
    return links
  })
}

const TYPES: Readonly<Record<string, string>> = {
  text: "text",
  integer: "integer",
  bigInteger: "bigint",
  boolean: "boolean",
  date: "date",
  json: "json",
  jsonb: "jsonb",
  uuid: "uuid",
  timestamp: "timestamptz",
  dateTime: "timestamptz",
}

/** The definition of a new column; null when the chain does something else. */
function columnOf(reader: Reader, [first, ...rest]: readonly Link[]): Piece[] | null {
  if (first === undefined) return null
  const [column, second, ...others] = first.arguments
  let type = TYPES[first.method]
  if (first.method === "string") type = `varchar(${second === undefined ? "255" : numberOf(second)})`
  else if (first.method === "specificType") type = reader.text(second)
  else if (type !== undefined && (second !== undefined || others.length > 0)) throw new Unknown()
  if (type === undefined) return null
  let required = ""
  for (const { method, arguments: given } of rest) {
    if (given.length > 0) throw new Unknown()
    if (method === "notNullable") required = " not null"
    else if (method === "nullable") required = " null"
    else throw new Unknown()
  }
  return build(named(reader, column), ` ${type}${required}`)
}

function actionOf(reader: Reader, target: Piece, table: string, [first, ...rest]: readonly Link[]): Piece[][] {
  if (first === undefined) throw new Unknown()
  const { method, arguments: given } = first
  const [one, two] = given
  const alter = (...parts: readonly (string | Piece | readonly Piece[])[]): Piece[][] => [build("alter table ", target, " ", ...parts)]
  if (method === "foreign") return foreignKey(reader, table, alter, given, rest)
  if (rest.length > 0) throw new Unknown()
  switch (method) {
    case "renameColumn":
      return alter("rename ", named(reader, one), " to ", named(reader, two))
    case "dropColumn":
    case "dropColumns":
      return alter(separated(given.flatMap((node) => reader.texts(node)).map(({ text, node }) => build("drop column ", name(text, node)))))
    case "index": {
      if (given.length > 2) throw new Unknown()
      const keys = reader.texts(one)
      const own = two === undefined ? { sql: `"${indexName(table, keys, "index")}"` } : named(reader, two)
      return [build("create index ", own, " on ", target, " (", columns(keys), ")")]
    }
    case "unique": {
      if (given.length > 1) throw new Unknown()
      const keys = reader.texts(one)
      return alter(`add constraint "${indexName(table, keys, "unique")}" unique (`, columns(keys), ")")
    }
    case "dropNullable":
      return alter("alter column ", named(reader, one), " set not null")
    case "setNullable":
      return alter("alter column ", named(reader, one), " drop not null")
    case "dropIndex":
      return [build("drop index ", two === undefined ? { sql: `"${indexName(table, reader.texts(one), "index")}"` } : named(reader, two))]
    case "dropForeign":
      return alter("drop constraint ", two === undefined ? { sql: `"${indexName(table, reader.texts(one), "foreign")}"` } : named(reader, two))
    case "dropUnique":
      return alter("drop constraint ", two === undefined ? { sql: `"${indexName(table, reader.texts(one), "unique")}"` } : named(reader, two))
    default:
      throw new Unknown()
  }
}

function foreignKey(
  reader: Reader,
  table: string,
  alter: (...parts: readonly (string | Piece | readonly Piece[])[]) => Piece[][],
  [column, own]: readonly Node[],
  rest: readonly Link[],
): Piece[][] {
  const keys = reader.texts(column)
  const links = new Map(rest.map(({ method, arguments: [argument] }) => [method, argument]))
  if ([...links.keys()].some((method) => !["references", "inTable", "onDelete", "onUpdate"].includes(method))) throw new Unknown()
  const referenced = links.get("references")
  const inTable = links.get("inTable")
  const [target, key] = inTable === undefined ? reader.text(referenced).split(".") : [reader.text(inTable), reader.text(referenced)]
  if (target === undefined || key === undefined || key.includes(".")) throw new Unknown()
  const action = (method: string, words: string): string => (links.has(method) ? ` ${words} ${reader.text(links.get(method))}` : "")
  const constraint = own === undefined ? { sql: `"${indexName(table, keys, "foreign")}"` } : named(reader, own)
  return alter(
    "add constraint ",
    constraint,
    " foreign key (",
    columns(keys),
    ") references ",
    name(target, inTable ?? referenced),
    " (",
    name(key, referenced),
    `)${action("onUpdate", "on update")}${action("onDelete", "on delete")}`,
  )
}

function columns(keys: ReturnType<Reader["texts"]>): Piece[] {
  return joined(keys.map(({ text, node }) => name(text, node)), ", ")
}

function separated(parts: readonly (readonly Piece[])[]): Piece[] {
  return parts.flatMap((part, at) => (at === 0 ? part : [{ sql: ", " }, ...part]))
}

function indexName(table: string, keys: readonly { readonly text: string }[], kind: string): string {
  return [table, ...keys.map(({ text }) => text), kind].join("_").replace(/[.-]/g, "_").toLowerCase()
}

function numberOf(node: Node): string {
  const value = unwrap(node)["value"]
  if (typeof value !== "number") throw new Unknown()
  return String(value)
}

function named(reader: Reader, node: Node | undefined): Piece {
  return name(reader.text(node), node)
}
