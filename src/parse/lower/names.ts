import type { Node, RangeVar, TypeName as GrammarTypeName } from "@pgsql/types"
import type { Context } from "./context.ts"
import type { Name, TypeName } from "../name.ts"
import type { Span } from "../../source/span.ts"
import { EMPTY, nameOf, spanBetween } from "./context.ts"
import { lastString, stringOf, stringsOf } from "./nodes.ts"
import { nameEnd, typeEnd } from "./text.ts"

/** The span of the dotted name at `location`; empty for a name that the grammar made up (a negative location). */
export function nameSpan(context: Context, location: number | undefined): Span {
  if (location !== undefined && location < 0) return spanBetween(context.span.start, context.span.start)
  const start = context.at(location ?? 0)
  return { start, end: nameEnd(context.text, start) }
}

/** A relation's name. */
export function lowerRelation(context: Context, relation: RangeVar | undefined): Name {
  if (relation === undefined) return { schema: null, name: "", span: nameSpan(context, -1) }
  return {
    schema: relation.schemaname ?? null,
    name: relation.relname ?? "",
    span: nameSpan(context, relation.location),
  }
}

export function lowerRelations(context: Context, nodes: readonly Node[] | undefined): readonly Name[] {
  if (nodes === undefined || nodes.length === 0) return EMPTY
  const names: Name[] = []
  for (const node of nodes) if ("RangeVar" in node) names.push(lowerRelation(context, node.RangeVar))
  return names
}

/** The name given by a list of strings that is written at `start`. */
export function lowerNameAt(context: Context, parts: readonly Node[] | undefined, start: number): Name {
  return nameOf(stringsOf(parts), start, nameEnd(context.text, start))
}

/** The types behind the serial pseudo-types (PostgreSQL docs 8.1.4). */
const SERIAL_TYPES: Readonly<Record<string, string>> = {
  smallserial: "int2",
  serial2: "int2",
  serial: "int4",
  serial4: "int4",
  bigserial: "int8",
  serial8: "int8",
}

/** The integer type of a serial pseudo-type; undefined for every other type. */
export function serialType(type: GrammarTypeName | undefined): string | undefined {
  const names = type?.names
  if (names === undefined || names.length !== 1 || type?.arrayBounds !== undefined) return undefined
  const name = stringOf(names[0])
  return name !== undefined && Object.hasOwn(SERIAL_TYPES, name) ? SERIAL_TYPES[name] : undefined
}

/** A composite type as `OF type` names it; a bracket behind it is no modifier. */
export function lowerRowType(context: Context, type: GrammarTypeName): TypeName {
  return { ...lowerType(context, type), span: nameSpan(context, type.location) }
}

export function lowerType(context: Context, type: GrammarTypeName | undefined): TypeName {
  const start = type?.location === undefined || type.location < 0 ? context.span.start : context.at(type.location)
  const names = type?.names
  const count = names?.length ?? 0
  return {
    schema: count > 1 ? (stringOf(names?.[count - 2]) ?? null) : null,
    name: lastString(names) ?? "",
    modifiers: lowerModifiers(type?.typmods),
    dimensions: type?.arrayBounds?.length ?? 0,
    percentType: type?.pct_type === true,
    span: { start, end: type === undefined ? start : typeEnd(context.text, start) },
  }
}

/**
 * Modifiers as numbers. Those that are words (PostGIS: `geometry(Point, 4326)`) become a negative number made from the
 * word, so that types compare as equal exactly when they are written with the same modifiers.
 */
function lowerModifiers(nodes: readonly Node[] | undefined): readonly number[] {
  if (nodes === undefined || nodes.length === 0) return EMPTY
  const modifiers: number[] = []
  for (const node of nodes) {
    if ("A_Const" in node) {
      const value = node.A_Const
      if (value.ival !== undefined) modifiers.push(value.ival.ival ?? 0)
      else modifiers.push(wordModifier(value.sval?.sval ?? value.fval?.fval ?? ""))
    } else if ("ColumnRef" in node) modifiers.push(wordModifier(stringsOf(node.ColumnRef.fields).join(".")))
  }
  return modifiers
}

function wordModifier(word: string): number {
  let hash = 0
  for (let i = 0; i < word.length; i++) hash = (Math.imul(hash, 31) + word.charCodeAt(i)) | 0
  return -1 - (hash >>> 1)
}
