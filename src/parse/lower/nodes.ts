import type { DefElem, List, Node, String as StringNode } from "@pgsql/types"
import { EMPTY } from "./context.ts"

/** The kinds of nodes: `SelectStmt`, `A_Const`. */
export type NodeKind = Node extends infer N ? (N extends unknown ? keyof N : never) : never

/** What a node of kind `K` carries. */
export type NodeOf<K extends NodeKind> = Extract<Node, Record<K, unknown>>[K]

/** The kind of a node: the grammar's objects have exactly one key. */
export function kindOfNode(node: Node): NodeKind | undefined {
  for (const kind in node) return kind as NodeKind
  return undefined
}

/** The text of a String node; undefined for every other kind. */
export function stringOf(node: Node | undefined): string | undefined {
  if (node === undefined || !("String" in node)) return undefined
  const text: StringNode = node.String
  return text.sval ?? ""
}

/** The texts of the String nodes of a list. */
export function stringsOf(nodes: readonly Node[] | undefined): readonly string[] {
  if (nodes === undefined || nodes.length === 0) return EMPTY
  const texts: string[] = []
  for (const node of nodes) {
    const text = stringOf(node)
    if (text !== undefined) texts.push(text)
  }
  return texts
}

export function lastString(nodes: readonly Node[] | undefined): string | null {
  return nodes === undefined || nodes.length === 0 ? null : (stringOf(nodes[nodes.length - 1]) ?? null)
}

export function listItems(node: Node | undefined): readonly Node[] {
  if (node === undefined || !("List" in node)) return EMPTY
  const list: List = node.List
  return list.items ?? EMPTY
}

/** Parts of a dotted name, given as a String, a List of Strings, a TypeName, a RangeVar or an ObjectWithArgs. */
export function nameParts(node: Node | undefined): readonly string[] {
  if (node === undefined) return EMPTY
  if ("String" in node) return [node.String.sval ?? ""]
  if ("List" in node) return stringsOf(node.List.items)
  if ("TypeName" in node) return stringsOf(node.TypeName.names)
  if ("ObjectWithArgs" in node) return stringsOf(node.ObjectWithArgs.objname)
  if ("RangeVar" in node) {
    const { schemaname, relname } = node.RangeVar
    return schemaname === undefined ? [relname ?? ""] : [schemaname, relname ?? ""]
  }
  return EMPTY
}

export function optionsOf(nodes: readonly Node[] | undefined): readonly DefElem[] {
  if (nodes === undefined || nodes.length === 0) return EMPTY
  const options: DefElem[] = []
  for (const node of nodes) if ("DefElem" in node) options.push(node.DefElem)
  return options
}

export function findOption(nodes: readonly Node[] | undefined, name: string): DefElem | undefined {
  if (nodes === undefined) return undefined
  for (const node of nodes) if ("DefElem" in node && node.DefElem.defname === name) return node.DefElem
  return undefined
}

/** The value of an option as text; undefined when it has none. */
export function optionText(option: DefElem): string | undefined {
  return option.arg === undefined ? undefined : valueText(option.arg)
}

/** A value node as text. */
export function valueText(node: Node): string | undefined {
  if ("String" in node) return node.String.sval ?? ""
  if ("Integer" in node) return String(node.Integer.ival ?? 0)
  if ("Float" in node) return node.Float.fval ?? ""
  if ("Boolean" in node) return node.Boolean.boolval === true ? "true" : "false"
  if ("TypeName" in node) return stringsOf(node.TypeName.names).join(".")
  if ("A_Const" in node) {
    const value = node.A_Const
    if (value.sval !== undefined) return value.sval.sval ?? ""
    if (value.ival !== undefined) return String(value.ival.ival ?? 0)
    if (value.fval !== undefined) return value.fval.fval ?? ""
    if (value.boolval !== undefined) return value.boolval.boolval === true ? "true" : "false"
    if (value.bsval !== undefined) return value.bsval.bsval ?? ""
    return undefined
  }
  if ("List" in node) return stringsOf(node.List.items).join(".")
  return undefined
}

/** Does a boolean option (`CONCURRENTLY`, `FULL 1`, `ANALYZE off`) hold? PostgreSQL: defGetBoolean. */
export function optionHolds(nodes: readonly Node[] | undefined, name: string): boolean {
  const option = findOption(nodes, name)
  if (option === undefined) return false
  const text = optionText(option)?.toLowerCase()
  return text !== "false" && text !== "off" && text !== "0"
}

/** Storage parameters by lower-case name, `toast.` and other namespaces included. */
export function parametersOf(nodes: readonly Node[] | undefined): Readonly<Record<string, string>> {
  if (nodes === undefined || nodes.length === 0) return NO_PARAMETERS
  const parameters: Record<string, string> = {}
  for (const option of optionsOf(nodes)) {
    const name = (option.defname ?? "").toLowerCase()
    const key = option.defnamespace === undefined ? name : `${option.defnamespace.toLowerCase()}.${name}`
    parameters[key] = optionText(option) ?? ""
  }
  return parameters
}

const NO_PARAMETERS: Readonly<Record<string, string>> = Object.freeze({})
