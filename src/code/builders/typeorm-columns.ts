/** Columns as TypeORM writes them for PostgreSQL. */
import { Unknown, unknown, type Options, type Reader } from "../call.ts"
import { literal, quoted, sql, type Part, type Piece } from "../pieces.ts"

export interface Column {
  readonly name: string
  readonly definition: Part
  readonly default: string | null
  readonly isPrimary: boolean
  readonly isUnique: boolean
  readonly comment: string | null
  /** The name of the primary key. */
  readonly keyName: string | null
  /** CREATE TYPE of an enumeration. */
  readonly type: Piece[] | null
}

export function columnOf(reader: Reader, table: string, options: Options): Column {
  if (["charset", "asExpression", "spatialFeatureType", "srid"].some((key) => options.has(key))) return unknown()
  const own = options.text("name") ?? unknown()
  const type = options.text("type") ?? unknown()
  const isEnum = type === "enum" || type === "simple-enum"
  const strategy = options.text("generationStrategy")
  const isGenerated = options.flag("isGenerated")
  const value = defaultOf(reader, options)
  const enumeration = enumName(table, own, options.text("enumName"))
  const array = options.flag("isArray") ? " array" : ""
  const parts: string[] = []
  if (isGenerated && strategy !== "uuid") {
    if (strategy === "identity") parts.push(`${type} GENERATED ${options.text("generatedIdentity") ?? "BY DEFAULT"} AS IDENTITY`)
    else parts.push(SERIALS[type] ?? "")
  }
  if (isEnum) parts.push(`${enumeration}${array}`)
  else if (!isGenerated || type === "uuid") parts.push(`${fullType(options, type)}${array}`)
  const collation = options.text("collation")
  if (collation !== null) parts.push(`COLLATE ${quoted(collation).sql}`)
  if (!options.flag("isNullable")) parts.push("NOT NULL")
  if (value !== null) parts.push(`DEFAULT ${value}`)
  // In which way the library makes one depends on the extension it is set to.
  if (isGenerated && strategy === "uuid" && value === null) parts.push("DEFAULT uuid_generate_v4()")
  const labels = isEnum ? (reader.list(options.node("enum")) ?? unknown()).map((label) => literal(reader.text(label))) : []
  return {
    name: own,
    definition: sql`${quoted(own, options.node("name"))} ${parts.filter((part) => part !== "").join(" ")}`,
    default: value,
    isPrimary: options.flag("isPrimary"),
    isUnique: options.flag("isUnique"),
    comment: options.text("comment"),
    keyName: options.text("primaryKeyConstraintName"),
    type: isEnum ? sql`CREATE TYPE ${enumeration} AS ENUM(${labels.join(", ")})` : null,
  }
}

const SERIALS: Readonly<Record<string, string>> = { integer: "SERIAL", int: "SERIAL", int4: "SERIAL", smallint: "SMALLSERIAL", int2: "SMALLSERIAL", bigint: "BIGSERIAL", int8: "BIGSERIAL" }

/** Defaults are SQL as they are written. */
function defaultOf(reader: Reader, options: Options): string | null {
  if (!options.has("default")) return null
  const value = reader.scalar(options.node("default"))
  switch (value.kind) {
    case "nothing":
      return null
    case "text":
      return value.text
    case "number":
      return String(value.number)
    case "flag":
      return String(value.flag)
    case "raw":
      return unknown()
  }
}

function fullType(options: Options, type: string): string {
  const lengthNode = options.has("length") ? lengthOf(options) : ""
  const [precision, scale] = [options.number("precision"), options.number("scale")]
  const size = lengthNode !== "" ? `(${lengthNode})` : precision === null ? "" : scale === null ? `(${String(precision)})` : `(${String(precision)},${String(scale)})`
  const timed = /^(time|timestamp) (with|without) time zone$/.exec(type)
  if (timed !== null) {
    return `${timed[1] === "time" ? "TIME" : "TIMESTAMP"}${precision === null ? "" : `(${String(precision)})`}${timed[2] === "with" ? " WITH TIME ZONE" : ""}`
  }
  return `${type}${size}`
}

function lengthOf(options: Options): string {
  try {
    return options.text("length") ?? ""
  } catch (error) {
    if (!(error instanceof Unknown)) throw error
    return String(options.number("length"))
  }
}

function enumName(table: string, column: string, given: string | null): string {
  const path = table.split(".")
  const own = given ?? `${path.at(-1) ?? table}_${column.toLowerCase()}_enum`
  return [...path.slice(0, -1), ...own.split(".")].map((part) => quoted(part).sql).join(".")
}
