/** Finds the SQL in a file of JavaScript or TypeScript. */
import { casesOf, verdictOf } from "./condition.ts"
import { evaluate, evaluateTagged, type EmbeddedText, type HostFile } from "./evaluate.ts"
import type { Guard } from "./guard.ts"
import { child, children, nameIn, pathOf, rangeOf, stringOf, textOf, unbound, unwrap, type Node } from "./node.ts"
import { inQuotes } from "../source/quote.ts"
import type { Targets } from "./targets.ts"

/** One text in the order of the file. */
export interface FoundText {
  readonly text: EmbeddedText
  /** The user said that it is SQL, with a comment or in the settings. */
  readonly explicit: boolean
  /** Inside a function called `down`, which reverts the migration. */
  readonly down: boolean
  /** The code round it may pass over it. */
  readonly conditional?: boolean
  /** Answers that the code takes to come by. */
  readonly guards?: readonly Guard[]
  /** The code may pass over it whatever the answers are. */
  readonly maybe?: boolean
  /** It is sent on a connection of its own, outside of the transaction that the tool opens. */
  readonly outside?: boolean
  /** The transaction that the code opens round it; each has a name of its own. */
  readonly transaction?: string | null
  /** Names in it are derived, or looked up in the database: whether it fails is not certain. */
  readonly derived?: boolean
  /** It is sent as a prepared statement, which is one command. */
  readonly prepared?: boolean
  /** Stands for a call that is no SQL, so that nothing is said about it. */
  readonly silent?: boolean
}

/** What is round a text or call. */
export interface Surroundings {
  /** It reverts the migration, or is for another database. */
  readonly down: boolean
  readonly transaction: string | null
}

export interface FindOptions extends HostFile {
  readonly targets: Targets
  /** The list that a variable goes through. */
  list?(identifier: Node): Node | null
}

/** A comment of the word `sql` directly before a literal. */
const COMMENT = /\/\*\s*(?:sql|pgsql|postgres(?:ql)?)\s*\*\/\s*$/i
const ANY_COMMENT = /\/\*\s*(?:sql|pgsql|postgres(?:ql)?)\s*\*\//i

/** Whether a file marks SQL with comments. */
export function hasSqlComments(source: string): boolean {
  return ANY_COMMENT.test(source)
}

/** Collects the texts of a file, node by node. */
export interface Finder {
  /** Also tables that a migration makes without SQL, by calling its tool's API: as CREATE TABLE without columns. */
  readonly texts: readonly FoundText[]
  /**
   * Looks at one node: calls and tagged templates, and all texts of a file that marks SQL with comments.
   *
   * @param around Asked only when there is something at the node.
   */
  look(node: Node, around: () => Surroundings): void
}

export function createFinder(options: FindOptions): Finder {
  const texts: FoundText[] = []
  const commented = hasSqlComments(options.source)
  // A text is found once, whichever way; parts of a text are not texts.
  const seen = new Set<string>()
  const take = (text: EmbeddedText | null, explicit: boolean, around: () => Surroundings, prepared = false): void => {
    if (text === null || !text.segments.some(({ kind }) => kind !== "hole")) return
    const [first] = text.segments
    const key = `${String(first?.from)}:${text.sql}`
    if (seen.has(key)) return
    seen.add(key)
    texts.push({ text, explicit, prepared, ...around() })
  }
  return {
    texts,
    look(found, around) {
      const node = unbound(found)
      if (commented && isMarked(node, options.source)) return take(evaluate(node, options), true, around)
      const place = textAt(node, options)
      if (place !== null) for (const text of place.text === null ? eachOf(node, options) : [place.text]) take(text, place.explicit, around, isPrepared(node))
      if (node.type !== "CallExpression") return
      const path = pathOf(child(node, "callee"))
      const made = path === null ? null : relationOf(node, path)
      if (made !== null) texts.push({ text: made, explicit: true, silent: true, ...around() })
    },
  }
}

/**
 * Whether a node stands where no migration of PostgreSQL comes by: in a function, method or export called `down`, or in a branch for
 * another database. For trees whose nodes know their parents.
 */
export function isInactive(node: Node, { source, resolve }: HostFile): boolean {
  let inner = node
  for (let outer: Node | null = node; outer !== null; inner = outer, outer = child(outer, "parent")) {
    if (isDown(outer, source) || isForOthers(outer, inner, resolve)) return true
  }
  return false
}

/**
 * Whether a library prepares the statement, for which PostgreSQL allows one command only ("Extended Query"): Prisma does it always,
 * postgres.js, Bun and Neon where a tag runs by itself. Other tags are handed to what runs them: `db.execute(..)`, `.execute(db)`.
 */
function isPrepared(node: Node): boolean {
  const path = pathOf(child(node, node.type === "CallExpression" ? "callee" : "tag")) ?? ""
  if (/\$(?:execute|query)Raw(?:Unsafe)?$/.test(path)) return true
  return node.type === "TaggedTemplateExpression" && /(?:^|\.)sql$/.test(path) && !/^(?:CallExpression|MemberExpression)$/.test(child(node, "parent")?.type ?? "CallExpression")
}

/**
 * Whether what stands at `inner` in `outer` runs on other databases only: `if (client === "mysql") { .. }`, what comes behind `else` of a
 * condition on PostgreSQL, `case "sqlite":`, and functions called `sqliteUp` or `upMysql`.
 */
function isForOthers(outer: Node, inner: Node, resolve: HostFile["resolve"]): boolean {
  const name = functionName(outer)
  if (name !== null) return OTHERS_FUNCTION.test(name) && !/postgres/i.test(name)
  if (outer.type === "SwitchStatement") return casesOf(outer, resolve).some(({ node, verdict }) => verdict === false && node === inner)
  const test = outer.type === "IfStatement" || outer.type === "ConditionalExpression" ? child(outer, "test") : null
  const verdict = test === null || test === inner ? null : verdictOf(test, resolve)
  return verdict !== null && verdict !== (child(outer, "consequent") === inner)
}

/** A name that begins with another database's, or says so behind the direction. */
const OTHERS_FUNCTION = /^(?:(?:up|down|run|migrate)_?)?(?:mysql|maria|(?:better)?_?sqlite|mssql|sqlserver|cockroach)/i

/**
 * The SQL that a tag or call of a target takes, null when it is not in sight; null for any other node.
 *
 * @param name The callee, where it is to be read otherwise than it is written.
 */
export function textAt(node: Node, options: FindOptions, name?: string): { readonly text: EmbeddedText | null; readonly explicit: boolean } | null {
  if (node.type === "TaggedTemplateExpression") {
    const tag = pathOf(child(node, "tag"))
    const match = tag === null ? null : options.targets.tag(tag)
    return match === null ? null : { text: evaluateTagged(node, options), explicit: match === "explicit" }
  }
  if (node.type !== "CallExpression") return null
  const path = name ?? pathOf(child(node, "callee"))
  const match = path === null ? null : options.targets.call(path)
  const sql = match === null ? null : argumentOf(node, options)
  return sql === null ? null : { text: evaluate(sql, options), explicit: match === "explicit" || isMarked(sql, options.source) }
}

/** The texts of a list of constants that a call is made for one by one, where the call is. */
function eachOf(call: Node, options: FindOptions): readonly EmbeddedText[] {
  const [first] = call.type === "CallExpression" ? children(call, "arguments") : []
  const variable = first === undefined ? null : unwrap(first)
  const range = first === undefined ? null : rangeOf(first)
  const given = variable?.type === "Identifier" ? options.list?.(variable) : null
  if (given === null || given === undefined || range === null) return []
  const list = given.type === "Identifier" ? options.resolve(given) : given
  const elements = list === null ? [] : children(unwrap(list), "elements")
  return elements.flatMap((element) => {
    const text = evaluate(element, options)
    return text === null ? [] : [{ ...text, from: range[0], to: range[1] }]
  })
}

/**
 * The argument with the SQL, also of `query({ text: "..." })` and `query(new Query("..."))`; null when it is a tagged template, which
 * its tag tells.
 */
function argumentOf(call: Node, { resolve }: Pick<FindOptions, "resolve">): Node | null {
  const [first] = children(call, "arguments")
  if (first === undefined) return null
  const node = unwrap(first)
  if (node.type === "TaggedTemplateExpression") return pathOf(child(node, "tag")) === "String.raw" ? node : null
  if (node.type === "NewExpression") return /(?:^|\.)Query$/.test(pathOf(child(node, "callee")) ?? "") ? argumentOf(node, { resolve }) : null
  const known = node.type === "Identifier" ? resolve(node) : node
  const object = known === null ? node : unwrap(known)
  if (object.type !== "ObjectExpression") return node
  for (const property of children(object, "properties")) {
    const name = nameIn(property, "key")
    if (name === "text" || name === "sql" || name === "query") return child(property, "value")
  }
  return null
}

function isMarked(node: Node, source: string): boolean {
  if (node.type !== "TemplateLiteral" && stringOf(node) === null) return false
  const range = rangeOf(node)
  return range !== null && COMMENT.test(source.slice(Math.max(0, range[0] - 40), range[0]))
}

/** A function, method or export called `down`, or `postgresDown` beside a `postgresUp`. */
function isDown(node: Node, source: string): boolean {
  const name = functionName(node)
  if (name === null || !/down/i.test(name)) return false
  return name === "down" || (/^down(?![a-z])|Down(?![a-z])/.test(name) && source.includes(name.replace(/down/i, (word) => (word === "down" ? "up" : "Up"))))
}

/** The name of a function, method, property or variable; null for other nodes. */
function functionName(node: Node): string | null {
  switch (node.type) {
    case "MethodDefinition":
    case "Property":
    case "ObjectProperty":
    case "ObjectMethod":
    case "ClassMethod":
    case "PropertyDefinition":
      return nameIn(node, "key")
    case "FunctionDeclaration":
    case "VariableDeclarator": {
      const id = child(node, "id")
      return id === null ? null : textOf(id, "name")
    }
    case "AssignmentExpression": {
      const path = pathOf(child(node, "left"))
      return path === null ? null : (/(?:^|\.)exports\.(\w+)$/.exec(path)?.[1] ?? null)
    }
    default:
      return null
  }
}

/**
 * The table of `createTable("users", ...)`, `createTable({ schema: "app", name: "users" })`, `createTable(new Table({ name: "users" }))`, or
 * the view of `createView("totals")` and its like.
 */
function relationOf(call: Node, path: string): EmbeddedText | null {
  const [, kind] = /(?:^|\.)create(Table|View|MaterializedView)(?:IfNotExists|OrReplace)?$/.exec(path) ?? []
  const [first] = children(call, "arguments")
  const range = first === undefined ? null : rangeOf(first)
  if (kind === undefined || first === undefined || range === null) return null
  const name = nameOf(unwrap(first))
  if (name === null) return null
  const isMaterialized = kind === "MaterializedView" || isChainedTo(call, "materialized")
  const sql = kind === "Table" ? `CREATE TABLE ${name} ()` : `CREATE ${isMaterialized ? "MATERIALIZED " : ""}VIEW ${name} AS SELECT`
  return { sql, segments: [], holes: [], from: range[0], to: range[1] }
}

/** Whether a chain of calls goes on with a method: `createView("totals").materialized()`. For trees whose nodes know their parents. */
function isChainedTo(call: Node, method: string): boolean {
  const member = child(call, "parent")
  if (member?.type !== "MemberExpression") return false
  const property = child(member, "property")
  const next = child(member, "parent")
  return (property !== null && textOf(property, "name") === method) || (next?.type === "CallExpression" && isChainedTo(next, method))
}

function nameOf(node: Node): string | null {
  const plain = stringOf(node)
  if (plain !== null) return dotted(plain)
  const object = node.type === "NewExpression" ? children(node, "arguments")[0] : node
  if (object?.type !== "ObjectExpression") return null
  const values = new Map(children(object, "properties").map((property) => [nameIn(property, "key"), stringOf(child(property, "value"))]))
  const name = values.get("name") ?? values.get("tableName")
  if (name === undefined || name === null) return null
  const schema = values.get("schema")
  return schema === undefined || schema === null ? dotted(name) : `${inQuotes(schema)}.${inQuotes(name)}`
}

function dotted(name: string): string {
  const parts = name.split(".")
  return parts.length === 2 ? parts.map(inQuotes).join(".") : inQuotes(name)
}
