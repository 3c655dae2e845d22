import type { Node, ObjectType } from "@pgsql/types"
import type { ObjectKind, WrittenArguments } from "../operation.ts"
import type { Name } from "../name.ts"
import type { Context } from "./context.ts"
import type { Tokens } from "../../source/tokens.ts"
import { closingBracket, isKeyword, isSymbol, spanOf, tokenIndexAt } from "../../source/tokens.ts"
import { identifierName } from "../../source/lexer.ts"
import { EMPTY, isOpening, nameAtToken, nameOf, skipIfExists, tokensOf } from "./context.ts"
import { lowerType } from "./names.ts"
import { nameParts } from "./nodes.ts"
import { nameEnd } from "./text.ts"

const KINDS: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_TABLE: "table",
  OBJECT_INDEX: "index",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materialized view",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_FOREIGN_TABLE: "foreign table",
  OBJECT_COLUMN: "column",
  OBJECT_TABCONSTRAINT: "constraint",
  OBJECT_DOMCONSTRAINT: "domain constraint",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "domain",
  OBJECT_FUNCTION: "function",
  OBJECT_PROCEDURE: "procedure",
  OBJECT_ROUTINE: "routine",
  OBJECT_AGGREGATE: "aggregate",
  OBJECT_SCHEMA: "schema",
  OBJECT_EXTENSION: "extension",
  OBJECT_TRIGGER: "trigger",
  OBJECT_EVENT_TRIGGER: "event trigger",
  OBJECT_RULE: "rule",
  OBJECT_POLICY: "policy",
  OBJECT_STATISTIC_EXT: "statistics",
  OBJECT_PUBLICATION: "publication",
  OBJECT_SUBSCRIPTION: "subscription",
  OBJECT_DATABASE: "database",
  OBJECT_ROLE: "role",
  OBJECT_TABLESPACE: "tablespace",
  OBJECT_COLLATION: "collation",
}

export function objectKind(type: ObjectType | undefined): ObjectKind {
  return (type === undefined ? undefined : KINDS[type]) ?? "other"
}

/** The number of words that name the kind of object in DROP, COMMENT ON and ALTER; `other` objects vary. */
const KIND_WORDS: Partial<Record<ObjectType, number>> = {
  OBJECT_MATVIEW: 2,
  OBJECT_FOREIGN_TABLE: 2,
  OBJECT_EVENT_TRIGGER: 2,
  OBJECT_ACCESS_METHOD: 2,
  OBJECT_FDW: 3,
  OBJECT_FOREIGN_SERVER: 1,
  OBJECT_LARGEOBJECT: 2,
  OBJECT_OPCLASS: 2,
  OBJECT_OPFAMILY: 2,
  OBJECT_TSCONFIGURATION: 3,
  OBJECT_TSDICTIONARY: 3,
  OBJECT_TSPARSER: 3,
  OBJECT_TSTEMPLATE: 3,
}

export function kindWords(type: ObjectType | undefined): number {
  return (type === undefined ? undefined : KIND_WORDS[type]) ?? 1
}

/** The index of the object's name: `keywordAt` is the first word of its kind. */
export function objectNameAt(tokens: Tokens, keywordAt: number, type: ObjectType | undefined): number {
  let at = keywordAt + kindWords(type)
  if (isKeyword(tokens, keywordAt, "procedural")) at++ // DROP PROCEDURAL LANGUAGE
  return skipIfExists(tokens, at)
}

/** Objects that are named together with a table: `name ON table`; the node gives the table's parts first. */
function hasTable(type: ObjectType | undefined): boolean {
  return (
    type === "OBJECT_TRIGGER" || type === "OBJECT_RULE" || type === "OBJECT_POLICY" || type === "OBJECT_TABCONSTRAINT"
  )
}

/** An object and the table (or domain) it belongs to. */
export interface WrittenObject {
  readonly name: Name
  readonly table: Name | null
  readonly arguments: WrittenArguments
  /** The index of the token behind it: argument lists and the table included. */
  readonly next: number
}

/** The object that `node` names and that is written at token `at`. */
export function lowerObject(
  context: Context,
  node: Node | undefined,
  type: ObjectType | undefined,
  at: number,
): WrittenObject {
  const tokens = tokensOf(context)
  const parts = nameParts(node)
  if (hasTable(type)) {
    const name = nameAtToken(context, at, parts.slice(-1))
    // name ON [DOMAIN] table
    const table = nameAtToken(context, at + 2, parts.slice(0, -1))
    return { name, table, arguments: null, next: tokenIndexAt(tokens, table.span.end) }
  }
  const start = spanOf(tokens, at).start
  const end = nameEnd(context.text, start)
  const next = behindArguments(tokens, tokenIndexAt(tokens, end))
  if (type !== "OBJECT_COLUMN") {
    const written = parts.length === 0 ? [identifierName(tokens, at) ?? context.text.slice(start, end)] : parts
    return { name: nameOf(written, start, end), table: null, arguments: argumentsOf(context, node), next }
  }
  // table.column
  const dot = lastDot(tokens, at, next)
  const table = nameOf(parts.slice(0, -1), start, spanOf(tokens, dot - 1).end)
  return { name: nameOf(parts.slice(-1), spanOf(tokens, dot + 1).start, end), table, arguments: null, next }
}

function argumentsOf(context: Context, node: Node | undefined): WrittenArguments {
  if (node === undefined || !("ObjectWithArgs" in node) || node.ObjectWithArgs.args_unspecified === true) return null
  return (node.ObjectWithArgs.objargs ?? EMPTY).flatMap((one) => ("TypeName" in one ? [lowerType(context, one.TypeName)] : []))
}

function lastDot(tokens: Tokens, from: number, to: number): number {
  for (let i = to - 1; i > from; i--) if (isSymbol(tokens, i, ".")) return i
  return from
}

function behindArguments(tokens: Tokens, at: number): number {
  if (!isOpening(tokens, at)) return at
  const close = closingBracket(tokens, at)
  return close < 0 ? at : close + 1
}
