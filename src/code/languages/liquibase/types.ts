/** The types of PostgreSQL that Liquibase makes of those in changelogs. Source: liquibase.datatype.core of Liquibase 4.28, and what it prints. */

/** What a literal of the type looks like. */
type Literal = "boolean" | "number" | "time" | "uuid" | "text"

export interface ColumnType {
  readonly sql: string
  readonly literal: Literal
  /** One of the types that count. */
  readonly counts: boolean
}

/** `keeps`: what stands in brackets behind it. `behind`: what follows those. */
interface Known {
  readonly sql: string
  readonly keeps: boolean
  readonly literal: Literal
  readonly behind?: string
}

const text = (sql: string): Known => ({ sql, keeps: sql !== "TEXT", literal: "text" })
const number = (sql: string, keeps = false): Known => ({ sql, keeps, literal: "number" })
const binary = (sql: string): Known => ({ sql, keeps: false, literal: "text" })
const time = (sql: string, behind: string, literal: Literal = "text"): Known => ({ sql, keeps: true, literal, behind })
const TIMESTAMP = time("TIMESTAMP", " WITHOUT TIME ZONE", "time")

const TYPES: Readonly<Record<string, Known>> = {
  ...named(text("VARCHAR"), "varchar", "varchar2", "nvarchar", "nvarchar2", "character varying"),
  ...named(text("CHAR"), "char", "character", "bpchar"),
  ...named(text("NCHAR"), "nchar"),
  ...named(text("TEXT"), "text", "longtext", "mediumtext", "tinytext", "ntext", "clob", "nclob", "longvarchar", "longnvarchar"),
  ...named(number("INTEGER"), "int", "integer", "int4", "serial", "serial4", "java.lang.integer"),
  ...named(number("BIGINT"), "bigint", "int8", "bigserial", "serial8", "java.lang.long", "java.math.biginteger"),
  ...named(number("SMALLINT"), "smallint", "int2", "smallserial", "serial2", "tinyint"),
  ...named(number("numeric", true), "number", "numeric"),
  ...named(number("DECIMAL", true), "decimal", "java.math.bigdecimal"),
  ...named(number("DECIMAL"), "currency", "money"),
  ...named(number("DOUBLE PRECISION"), "double", "double precision", "java.lang.double"),
  ...named(number("REAL"), "real"),
  ...named(number("FLOAT", true), "float", "java.lang.float"),
  ...named({ sql: "BOOLEAN", keeps: false, literal: "boolean" }, "boolean", "bool", "java.lang.boolean"),
  ...named(text("BIT"), "bit"),
  ...named({ sql: "date", keeps: false, literal: "text" }, "date"),
  ...named(time("time", " WITHOUT TIME ZONE"), "time"),
  ...named(time("time", " WITH TIME ZONE"), "timetz"),
  ...named(TIMESTAMP, "timestamp", "datetime", "datetime2", "smalldatetime"),
  ...named(time("TIMESTAMP", " WITH TIME ZONE", "time"), "timestamptz", "timestamp_with_timezone"),
  ...named(binary("OID"), "blob", "oid"),
  ...named(binary("BYTEA"), "bytea", "longblob", "mediumblob", "tinyblob", "binary", "varbinary", "longvarbinary", "image"),
  ...named({ sql: "UUID", keeps: false, literal: "uuid" }, "uuid", "uniqueidentifier"),
}

function named(known: Known, ...names: readonly string[]): Readonly<Record<string, Known>> {
  return Object.fromEntries(names.map((name) => [name, known]))
}

const SERIAL = /^(?:big|small)?serial[248]?$/

export function typeOf(written: string): ColumnType {
  // `USING` is written by Liquibase itself.
  const type = written.trim().replace(/^java\.sql\.Types\./i, "").replace(/\s+using\b[^]*$/i, "")
  const [, name = type, inside, rest = ""] = /^([^(]*?)\s*(?:\(([^()]*)\)\s*)?((?:with|without)\s+time\s*zone|unsigned|\[\])?$/i.exec(type) ?? []
  const key = name.toLowerCase().replace(/\s+/g, " ")
  const known = Object.hasOwn(TYPES, key) ? TYPES[key] : undefined
  const length = inside === undefined ? "" : `(${inside.split(",").map((part) => part.trim()).join(", ")})`
  // A list has another type than its elements, and is taken as it is written.
  if (known === undefined || rest === "[]") return { sql: rest === "[]" ? type : `${name.replaceAll('"', "").toUpperCase()}${length}${rest === "" ? "" : ` ${rest}`}`, literal: "text", counts: false }
  // What other databases call the longest text.
  if (length === "(2147483647)" && /^(?:VARCHAR|CHAR)$/.test(known.sql) && !key.startsWith("n")) return { sql: "CHARACTER VARYING", literal: "text", counts: false }
  const kept = known.keeps && !/\schar$/i.test(length) ? length.replace(/ (?:char|byte)\)$/i, ")") : ""
  const zone = /zone$/i.test(rest) ? ` ${/^without/i.test(rest) ? "WITHOUT" : "WITH"} TIME ZONE` : (known.behind ?? "")
  return { sql: `${known.sql}${kept}${zone}`, literal: known.literal, counts: SERIAL.test(key) }
}
