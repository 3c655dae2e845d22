/** What a schema builder's adapter sees of the code: links of a chain, and the values of their arguments. */
import { child, children, pathOf, textOf, type Node } from "../embedded/node.ts"
import type { Chain, Link } from "./chain.ts"
import { literal, name, type Piece } from "./pieces.ts"
import { calleeOf } from "./result.ts"
import type { Callee, Scope } from "./scope.ts"
import { flagValue, isNothing, listValue, numberValue, objectValue, resolved, textValue, type Resolve } from "./values.ts"

/**
 * What a link of a chain does:
 *
 * - `statements`: it sends these, in this order.
 * - `raw`: it sends SQL that an expression makes.
 * - `unread`: the code does not tell; `sql` is what it sends if it does so at all. A table that it makes is new all the same, some of its columns may be known, and so is a
 *   view, of which `view` makes one.
 * - `rows`: it changes rows, and the code does not tell which, or how.
 * - `skip`: it changes nothing; its arguments may hold code that does.
 */
export type Step =
  | { readonly kind: "statements"; readonly node: Node; readonly statements: readonly (readonly Piece[])[] }
  | { readonly kind: "raw"; readonly node: Node; readonly sql: Node }
  | { readonly kind: "unread"; readonly node: Node; readonly table: Piece | null; readonly sql?: string; readonly columns?: readonly (readonly Piece[])[]; readonly view?: readonly Piece[] }
  | { readonly kind: "rows"; readonly node: Node }
  | { readonly kind: "skip"; readonly link: Link }

/** What is known of a library's schema builder. */
export interface Builder {
  /** Matches the path of an expression that changes the schema, such as `db.schema`. */
  readonly receiver: RegExp
  /** The calls that are read, by what they are made on. */
  readonly calls: Readonly<Record<string, readonly string[]>>
  read(links: readonly Link[], reader: Reader): readonly Step[]
  /**
   * What a chain of the library's query builder changes in rows; null for one that changes none.
   *
   * @param isHanded whether an expression is what the tool hands to a migration, or a transaction of it
   */
  readonly rows?: (chain: Chain, reader: Reader, isHanded: (node: Node) => boolean) => readonly Step[] | null
}

/** Thrown where the code does not say in so many words what a value is. */
export class Unknown extends Error {}

/** A text with the node that it was read from. */
export interface Text {
  readonly text: string
  readonly node: Node
}

/** A value that can stand in SQL. */
export type Scalar =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "flag"; readonly flag: boolean }
  | { readonly kind: "nothing" }
  | { readonly kind: "raw"; readonly sql: string }

/** A value of the code as SQL, the way most builders write it. */
export function scalarSql(value: Scalar): string {
  switch (value.kind) {
    case "text":
      return literal(value.text)
    case "number":
      return String(value.number)
    case "flag":
      return String(value.flag)
    case "nothing":
      return "NULL"
    case "raw":
      return value.sql
  }
}

/** Reads the arguments of calls. */
export interface Reader {
  readonly resolve: Resolve
  /** The function that is called by the name or the member that a node is; null when it is not in sight. */
  callee(node: Node): Callee | null
  /** A node with names replaced by what they stand for. */
  resolved(node: Node): Node
  /** A text that has to be there. @throws {Unknown} */
  text(node: Node | undefined): string
  /** A text or a list of texts, each with its node. @throws {Unknown} */
  texts(node: Node | undefined): readonly Text[]
  /** The elements of a list; null when it is none. */
  list(node: Node | undefined): readonly Node[] | null
  /** The properties of an object; none when there is no such argument. @throws {Unknown} */
  options(node: Node | undefined): Options
  /** Whether an argument is an object. */
  isObject(node: Node | undefined): boolean
  number(node: Node | undefined): number
  flag(node: Node | undefined): boolean
  /** A value, SQL included. @throws {Unknown} */
  scalar(node: Node | undefined): Scalar
  /** SQL that stands for itself: `knex.raw("now()")`; null for anything else. @throws {Unknown} when it is not in sight. */
  raw(node: Node | undefined): string | null
}

/** The properties of an object that a call is given. */
export interface Options {
  readonly names: readonly string[]
  has(name: string): boolean
  node(name: string): Node | undefined
  text(name: string): string | null
  /** False when there is none. */
  flag(name: string): boolean
  number(name: string): number | null
}

/** A reader to which names mean what they mean in a scope. */
export function readerOf(scope: Scope): Reader {
  const { resolve } = scope
  const text = (node: Node | undefined): string => textValue(node ?? null, resolve) ?? unknown()
  const flag = (node: Node | undefined): boolean => flagValue(node ?? null, resolve) ?? unknown()
  const number = (node: Node | undefined): number => numberValue(node ?? null, resolve) ?? unknown()
  const options = (node: Node | undefined): Options => {
    const values = node === undefined || isNothing(node, resolve) ? new Map<string, Node>() : objectValue(node, resolve)
    if (values === null) return unknown()
    const given = new Map([...values].filter(([, value]) => !isUndefined(value)))
    return {
      names: [...given.keys()],
      has: (name) => given.has(name),
      node: (name) => given.get(name),
      text: (name) => (given.has(name) && !isNothing(given.get(name) ?? null, resolve) ? text(given.get(name)) : null),
      flag: (name) => given.has(name) && !isNothing(given.get(name) ?? null, resolve) && flag(given.get(name)),
      number: (name) => (given.has(name) ? number(given.get(name)) : null),
    }
  }
  const raw = (node: Node | undefined): string | null => (node === undefined ? null : rawOf(resolved(node, resolve), resolve))
  return {
    resolve,
    callee: (node) => calleeOf(node, scope),
    resolved: (node) => resolved(node, resolve),
    text,
    flag,
    number,
    options,
    raw,
    list: (node) => listValue(node ?? null, resolve),
    isObject: (node) => node !== undefined && resolved(node, resolve).type === "ObjectExpression",
    texts(node) {
      const list = listValue(node ?? null, resolve) ?? (node === undefined ? [] : [node])
      return list.map((element) => ({ text: text(element), node: element }))
    },
    scalar(node) {
      if (isNothing(node ?? null, resolve)) return { kind: "nothing" }
      const sql = raw(node)
      if (sql !== null) return { kind: "raw", sql }
      const plain = textValue(node ?? null, resolve)
      if (plain !== null) return { kind: "text", text: plain }
      const count = numberValue(node ?? null, resolve)
      if (count !== null) return { kind: "number", number: count }
      const truth = flagValue(node ?? null, resolve)
      return truth === null ? unknown() : { kind: "flag", flag: truth }
    },
  }
}

/** In the place of a value that is not in sight. @throws {Unknown} */
export function unknown(): never {
  throw new Unknown()
}

function isUndefined(node: Node): boolean {
  return node.type === "Identifier" && textOf(node, "name") === "undefined"
}

/** Functions of the libraries that take a text as SQL. */
const VERBATIM = /(?:^|\.)(?:raw|rawQuery|literal|func|unsafe|create)$/

function rawOf(node: Node, resolve: Resolve): string | null {
  if (node.type === "TaggedTemplateExpression") {
    const tag = pathOf(child(node, "tag"))
    if (tag === null || !/(?:^|\.)(?:sql|pgm\.func)$/.test(tag)) return null
    return sqlOf(child(node, "quasi"), resolve)
  }
  if (node.type === "NewExpression") {
    const path = pathOf(child(node, "callee"))
    const [first] = children(node, "arguments")
    return path === "String" || path === "PgLiteral" ? (textValue(first ?? null, resolve) ?? unknown()) : null
  }
  // What Lucid hands to Knex: `this.db.rawQuery("now()").knexQuery`.
  const [query, property] = node.type === "MemberExpression" ? [child(node, "object"), child(node, "property")] : []
  if (query != null && property != null && textOf(property, "name") === "knexQuery") return rawOf(query, resolve)
  if (node.type !== "CallExpression") return null
  const path = pathOf(child(node, "callee"))
  const [first, ...others] = children(node, "arguments")
  if (path === null) return null
  if (/(?:(?:^|\.)fn|^this)\.now$/.test(path)) return first === undefined ? "CURRENT_TIMESTAMP" : `CURRENT_TIMESTAMP(${String(numberValue(first, resolve) ?? unknown())})`
  if (/(?:^|\.)fn\.uuid$/.test(path)) return "gen_random_uuid()"
  if (/(?:^|\.)fn$/.test(path)) return others.length === 0 ? `${textValue(first ?? null, resolve) ?? unknown()}()` : unknown()
  if (/(?:^|\.)sql\.(?:ref|table|id)$/.test(path)) return nameOf(first, resolve)
  if (/(?:^|\.)sql\.lit$/.test(path)) return literalOf(first, resolve)
  if (!VERBATIM.test(path)) return null
  const sql = textValue(first ?? null, resolve) ?? unknown()
  return others.length === 0 ? sql : unknown()
}

/** Fragments may hold others. */
function sqlOf(template: Node | null, resolve: Resolve): string {
  if (template === null) return unknown()
  const expressions = children(template, "expressions")
  return children(template, "quasis")
    .map((quasi, index) => {
      const value = quasi["value"]
      const text = typeof value === "object" && value !== null && "cooked" in value && typeof value.cooked === "string" ? value.cooked : unknown()
      const expression = expressions[index]
      if (expression === undefined) return text
      return `${text}${rawOf(resolved(expression, resolve), resolve) ?? unknown()}`
    })
    .join("")
}

function nameOf(node: Node | undefined, resolve: Resolve): string {
  return name(textValue(node ?? null, resolve) ?? unknown()).sql
}

function literalOf(node: Node | undefined, resolve: Resolve): string {
  const text = textValue(node ?? null, resolve)
  if (text !== null) return literal(text)
  return String(numberValue(node ?? null, resolve) ?? flagValue(node ?? null, resolve) ?? unknown())
}

/** The options, when all of them are known by name. @throws {Unknown} otherwise. */
export function only(options: Options, known: readonly string[]): Options {
  if (options.names.some((option) => !known.includes(option))) throw new Unknown()
  return options
}

/** The result, or null where a value is not in sight. */
export function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof Unknown) return null
    throw error
  }
}

/** A value as `JSON.stringify` writes it. @throws {Unknown} */
export function jsonOf(reader: Reader, node: Node): string {
  const inner = reader.resolved(node)
  if (inner.type === "ArrayExpression") return `[${(reader.list(inner) ?? unknown()).map((element) => jsonOf(reader, element)).join(",")}]`
  if (inner.type === "ObjectExpression") {
    const options = reader.options(inner)
    return `{${options.names.map((name) => `${JSON.stringify(name)}:${jsonOf(reader, options.node(name) ?? unknown())}`).join(",")}}`
  }
  const value = reader.scalar(inner)
  switch (value.kind) {
    case "text":
      return JSON.stringify(value.text)
    case "number":
      return String(value.number)
    case "flag":
      return String(value.flag)
    case "nothing":
      return "null"
    case "raw":
      return unknown()
  }
}
