import type { ColumnType } from "./catalog.ts"
import { quoteIdent } from "../parse/quote-ident.ts"

export { quoteIdent }

/** `schema.name`, each part quoted where needed; an unqualified name when the schema is null. */
export function quoteQualified(schema: string | null, name: string): string {
  return schema === null ? quoteIdent(name) : `${quoteIdent(schema)}.${quoteIdent(name)}`
}

/** Built-in types whose SQL name differs from the catalog's; `(n)` is where the modifiers go. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ["bool", "boolean"],
  ["bpchar", "character(n)"],
  ["char", '"char"'],
  ["float4", "real"],
  ["float8", "double precision"],
  ["int2", "smallint"],
  ["int4", "integer"],
  ["int8", "bigint"],
  ["time", "time(n) without time zone"],
  ["timetz", "time(n) with time zone"],
  ["timestamp", "timestamp(n) without time zone"],
  ["timestamptz", "timestamp(n) with time zone"],
  ["varbit", "bit varying(n)"],
  ["varchar", "character varying(n)"],
])

/** Bits of an interval's field mask (src/include/utils/datetime.h), widest first. */
const INTERVAL_FIELDS: readonly (readonly [string, number])[] = [
  ["year", 1 << 2],
  ["month", 1 << 1],
  ["day", 1 << 3],
  ["hour", 1 << 10],
  ["minute", 1 << 11],
  ["second", 1 << 12],
]

/**
 * The type as PostgreSQL's format_type prints it: `character varying(50)`, `timestamp with time zone`, `numeric(10,2)`,
 * `mood[]`. A user's type is qualified when its schema is not on the search path.
 */
export function formatType(type: ColumnType, searchPath: readonly string[] = ["public"]): string {
  return `${elementType(type, searchPath)}${type.dimensions > 0 ? "[]" : ""}`
}

function elementType({ schema, name, modifiers }: ColumnType, searchPath: readonly string[]): string {
  if (schema !== "pg_catalog") {
    const qualified = schema === null || searchPath.includes(schema) ? quoteIdent(name) : quoteQualified(schema, name)
    return `${qualified}${inParentheses(modifiers)}`
  }
  if (name === "interval") return formatInterval(modifiers)
  // Without a length the catalog's types are not SQL's CHARACTER and BIT, which mean length 1.
  if (name === "bpchar" && modifiers.length === 0) return "bpchar"
  if (name === "bit" && modifiers.length === 0) return '"bit"'
  if (name === "numeric" && modifiers.length === 1) return `numeric(${String(modifiers[0])},0)`
  const spelling = SPELLINGS.get(name)
  if (spelling === undefined) return `${quotedBuiltin(name)}${inParentheses(modifiers)}`
  return spelling.replace("(n)", inParentheses(modifiers))
}

/** Built-in types that are keywords of the grammar are printed bare. */
function quotedBuiltin(name: string): string {
  return name === "bit" || name === "numeric" || name === "json" ? name : quoteIdent(name)
}

function inParentheses(modifiers: readonly number[]): string {
  return modifiers.length === 0 ? "" : `(${modifiers.join(",")})`
}

function formatInterval([mask, precision]: readonly number[]): string {
  const fields =
    mask === undefined ? [] : INTERVAL_FIELDS.filter(([, bit]) => (mask & bit) !== 0).map(([field]) => field)
  const [first] = fields
  const last = fields.at(-1)
  // All fields, the usual case, print as none.
  const range =
    first === undefined || fields.length === INTERVAL_FIELDS.length
      ? ""
      : first === last
        ? ` ${first}`
        : ` ${first} to ${last ?? ""}`
  return `interval${range}${precision === undefined ? "" : `(${String(precision)})`}`
}

/** The columns of a foreign key as they stand in its parentheses; `period`: the last one is PERIOD (18). */
export function referenceColumns(names: readonly string[], period: boolean): string {
  return names.map((name, at) => (period && at === names.length - 1 ? `PERIOD ${quoteIdent(name)}` : quoteIdent(name))).join(", ")
}
