/** The columns that Rails makes of its types and options. */
import type { Arguments, Said } from "../arguments.ts"
import { quoted, type Part } from "../made.ts"
import { isFalse, isNil, isTrue, literalAt, textAt } from "./values.ts"

/** The names of types that are not PostgreSQL's. Source: NATIVE_DATABASE_TYPES in postgresql_adapter.rb of rails 8. */
const TYPES: Readonly<Record<string, string>> = {
  string: "character varying",
  float: "float",
  datetime: "timestamp",
  binary: "bytea",
  bit_varying: "bit varying",
}

/** Types that take a number in brackets. */
const WITH_LIMIT = /^(?:string|bit|bit_varying)$/
const WITH_PRECISION = /^(?:datetime|timestamp|time|interval)$/

/**
 * The type of a column in SQL; null for what only running the code would tell.
 *
 * @param microseconds Whether the number of digits is written that times have anyway: since 7.0.
 */
export function typeOf(type: string, args: Arguments, version: number, microseconds = version >= 7): string | null {
  const one = type === "enum" ? "enum_type" : type === "virtual" ? "type" : null
  if (one !== null) {
    const named = textAt(args.tokens, args.option(one))?.text
    return named === undefined ? null : type === "enum" ? quoted(named) : typeOf(named, args, version, microseconds)
  }
  const options = ["limit", "precision", "scale"].map((option) => ({ range: args.option(option), said: textAt(args.tokens, args.option(option)) }))
  if (options.some(({ range, said }) => range !== null && said === null && !isNil(args.tokens, range))) return null
  const [limit, precision, scale] = options.map(({ said }) => said?.text)
  const array = isTrue(args.tokens, args.option("array")) ? "[]" : ""
  if (type === "primary_key") return version >= 5.1 ? "bigserial PRIMARY KEY" : "serial PRIMARY KEY"
  if (type === "integer") return (limit === undefined ? "integer" : Number(limit) <= 2 ? "smallint" : Number(limit) <= 4 ? "integer" : "bigint") + array
  const name = TYPES[type] ?? type
  const digits = precision ?? (type === "datetime" && microseconds && args.option("precision") === null ? "6" : undefined)
  const brackets = WITH_LIMIT.test(type)
    ? limit
    : WITH_PRECISION.test(type)
      ? digits
      : /^(?:decimal|numeric)$/.test(type) && precision !== undefined
        ? [precision, scale].filter((part) => part !== undefined).join(",")
        : undefined
  return `${name}${brackets === undefined ? "" : `(${brackets})`}${array}`
}

/** `"region" character varying DEFAULT 'eu' NOT NULL`; null for what only running the code would tell. */
export function columnOf(name: Said, type: string, typed: Said, args: Arguments, version: number, microseconds?: boolean): readonly Part[] | null {
  const sqlType = typeOf(type, args, version, microseconds)
  if (sqlType === null) return null
  const parts: Part[] = [{ sql: quoted(name.text), range: name.range }, " ", { sql: sqlType, range: typed.range }]
  const collation = textAt(args.tokens, args.option("collation"))
  if (collation !== null) parts.push(` COLLATE "${collation.text}"`)
  const expression = args.option("as")
  if (expression !== null) {
    const text = textAt(args.tokens, expression)
    if (text === null) return null
    parts.push({ sql: ` GENERATED ALWAYS AS (${text.text}) ${isTrue(args.tokens, args.option("stored")) ? "STORED" : "VIRTUAL"}`, range: expression })
  }
  const value = args.option("default")
  if (value !== null && !isNil(args.tokens, value)) {
    const literal = literalAt(args.tokens, value, type)
    if (literal === undefined) return null
    parts.push(" DEFAULT ", { sql: literal, range: value })
  }
  const isNull = args.option("null")
  if (isFalse(args.tokens, isNull) && isNull !== null) parts.push({ sql: " NOT NULL", range: isNull })
  else if (isNull !== null && !isTrue(args.tokens, isNull) && !isNil(args.tokens, isNull)) return null
  if (isTrue(args.tokens, args.option("primary_key"))) parts.push(" PRIMARY KEY")
  return parts
}
