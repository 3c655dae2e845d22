import type { Expression } from "../../parse/expression.ts"
import type { ColumnType } from "../../schema/catalog.ts"
import { failAt, type Draft } from "../draft.ts"

/** Texts that certainly are no value of the type; what PostgreSQL reads otherwise is not listed here. */
const noValues: Readonly<Record<string, (text: string) => boolean>> = {
  int2: isNoNumber,
  int4: isNoNumber,
  int8: isNoNumber,
  numeric: isNoFraction,
  float4: isNoFraction,
  float8: isNoFraction,
  // Any beginning of a word will do, as far as it is one of a single word (parse_bool_with_len).
  bool: (text) => !/^\s*(?:t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)\s*$/i.test(text),
  uuid: (text) => !/^[{]?[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}[}]?$/i.test(text),
  json: isNoJson,
  jsonb: isNoJson,
  date: isBlank,
  time: isBlank,
  timestamp: isBlank,
  timestamptz: isBlank,
  interval: isBlank,
}

function isBlank(text: string): boolean {
  return /^\s*$/.test(text)
}

/** Without a digit; 16 knows more ways to write one. */
function isNoNumber(text: string): boolean {
  return !/\d/.test(text)
}

function isNoFraction(text: string): boolean {
  return isNoNumber(text) && !/^\s*(?:[+-]?inf(?:inity)?|nan)\s*$/i.test(text)
}

function isNoJson(text: string): boolean {
  try {
    JSON.parse(text)
    return false
  } catch {
    return true
  }
}

/** The server reads a default when it is set: a text has to be a value of the column's type. */
export function refuseNoValue(type: ColumnType, { span, literal, casts }: Expression, draft: Draft): void {
  if (literal === null || casts.length > 0 || type.schema !== "pg_catalog" || type.dimensions > 0 || !draft.text(span).startsWith("'")) return
  if (noValues[type.name]?.(literal) !== true) return
  failAt(draft, span, /^(?:date|time)/.test(type.name) || type.name === "interval" ? "22007" : "22P02", `invalid input syntax for type ${type.name}: "${literal}"`)
}

/** A column that is added gets its default for the rows that there are, whether there are any or not. */
export function refuseTooLong(type: ColumnType, { span, literal, casts }: Expression, draft: Draft): void {
  const [length] = type.modifiers
  if (literal === null || casts.length > 0 || type.schema !== "pg_catalog" || type.dimensions > 0 || length === undefined) return
  if ((type.name !== "varchar" && type.name !== "bpchar") || [...literal.trimEnd()].length <= length) return
  failAt(draft, span, "22001", `value too long for type ${type.name === "bpchar" ? "character" : "character varying"}(${String(length)})`)
}
