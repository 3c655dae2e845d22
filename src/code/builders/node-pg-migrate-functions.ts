/** Functions and triggers as node-pg-migrate writes them. */
import type { Node } from "../../embedded/node.ts"
import { only, Unknown, type Options, type Reader } from "../call.ts"
import { quoted, sql, type Piece } from "../pieces.ts"
import { typeName, valueOf } from "./node-pg-migrate-columns.ts"
import { tableOf } from "./node-pg-migrate-names.ts"

/** `createFunction()`. */
export function createFunction(reader: Reader, [own, parameters, given, definition]: readonly Node[]): Piece[] {
  const options = only(reader.options(given), ["replace", "returns", "language", "behavior", "security", "parallel", "onNull", "window"])
  const [language, security, parallel] = [options.text("language"), options.text("security"), options.text("parallel")]
  if (language === null) throw new Unknown()
  const rest = [
    options.text("behavior") ?? "VOLATILE",
    `LANGUAGE ${language}`,
    ...(security === null || security === "INVOKER" ? [] : [`SECURITY ${security}`]),
    ...(options.flag("window") ? ["WINDOW"] : []),
    ...(options.flag("onNull") ? ["RETURNS NULL ON NULL INPUT"] : []),
    ...(parallel === null ? [] : [`PARALLEL ${parallel}`]),
  ].join(" ")
  const body = definition === undefined ? [] : [{ sql: dollarQuoted(reader.text(definition)), node: definition }]
  const words = options.flag("replace") ? "OR REPLACE FUNCTION " : "FUNCTION "
  return sql`CREATE ${words}${tableOf(reader, own)}${parametersOf(reader, parameters)} RETURNS ${options.text("returns") ?? "void"} AS ${body} ${rest}`
}

function dollarQuoted(text: string): string {
  let tag = "$pga$"
  while (text.includes(tag)) tag = `$${tag}`
  return `${tag}${text}${tag}`
}

/** The parameters of a function, in parentheses. */
export function parametersOf(reader: Reader, node: Node | undefined): string {
  const list = reader.list(node) ?? []
  const parameters = list.map((element) => {
    if (!reader.isObject(element)) return typeName(reader.text(element))
    const options = only(reader.options(element), ["mode", "name", "type", "default"])
    const own = options.text("name")
    const value = options.has("default") ? `DEFAULT ${valueOf(reader, options.node("default"))}` : null
    return [options.text("mode"), own === null ? null : quoted(own).sql, typeName(options.text("type") ?? ""), value].filter((part) => part !== null).join(" ")
  })
  return `(${parameters.join(", ")})`
}

/** The trigger, behind its function where the call defines that, too. */
export function createTrigger(reader: Reader, [table, trigger, given, definition]: readonly Node[]): Piece[][] {
  const options = reader.options(given)
  const isConstraint = options.flag("constraint")
  const when = isConstraint ? "AFTER" : options.text("when")
  if (when === null || options.has("functionParams")) throw new Unknown()
  const operations = reader.texts(options.node("operation")).map(({ text }) => text).join(" OR ")
  const level = /instead\s+of/i.test(when) ? "ROW" : (options.text("level") ?? "STATEMENT")
  const deferred = options.flag("deferrable") ? `DEFERRABLE INITIALLY ${options.flag("deferred") ? "DEFERRED" : "IMMEDIATE"} ` : "NOT DEFERRABLE "
  const condition = options.text("condition")
  const functionNode = options.node("function") ?? (definition === undefined ? undefined : trigger)
  if (functionNode === undefined) throw new Unknown()
  const made = definition === undefined ? [] : [triggerFunction(reader, functionNode, options, definition)]
  return [
    ...made,
    sql`CREATE ${isConstraint ? "CONSTRAINT " : ""}TRIGGER ${tableOf(reader, trigger)} ${when} ${operations} ON ${tableOf(reader, table)} ${isConstraint ? deferred : ""}FOR EACH ${level} ${condition === null ? "" : `WHEN (${condition}) `}EXECUTE PROCEDURE ${tableOf(reader, functionNode)}()`,
  ]
}

function triggerFunction(reader: Reader, own: Node, options: Options, definition: Node): Piece[] {
  const language = options.text("language")
  if (language === null || options.has("security") || options.has("parallel") || options.has("set")) throw new Unknown()
  const words = options.flag("replace") ? "OR REPLACE FUNCTION " : "FUNCTION "
  const body = { sql: dollarQuoted(reader.text(definition)), node: definition }
  return sql`CREATE ${words}${tableOf(reader, own)}() RETURNS trigger AS ${body} ${options.text("behavior") ?? "VOLATILE"} LANGUAGE ${language}`
}
