/** The columns that SQLAlchemy makes of its types and options. Source: dialects/postgresql/base.py of sqlalchemy 2. */
import type { Arguments, Said } from "../arguments.ts"
import { quoted, type Part } from "../made.ts"
import type { Range } from "../expression.ts"
import type { Token } from "../tokens.ts"
import { callAt, isFalse, isNone, isTrue, numberAt, textAt } from "./values.ts"

/** Types without arguments that matter. */
const TYPES: Readonly<Record<string, string>> = {
  bigint: "BIGINT",
  biginteger: "BIGINT",
  boolean: "BOOLEAN",
  bytea: "BYTEA",
  cidr: "CIDR",
  citext: "CITEXT",
  date: "DATE",
  daterange: "DATERANGE",
  double: "DOUBLE PRECISION",
  double_precision: "DOUBLE PRECISION",
  float: "FLOAT",
  hstore: "HSTORE",
  inet: "INET",
  int: "INTEGER",
  int4range: "INT4RANGE",
  int8range: "INT8RANGE",
  integer: "INTEGER",
  interval: "INTERVAL",
  json: "JSON",
  jsonb: "JSONB",
  largebinary: "BYTEA",
  macaddr: "MACADDR",
  numrange: "NUMRANGE",
  oid: "OID",
  real: "REAL",
  smallint: "SMALLINT",
  smallinteger: "SMALLINT",
  text: "TEXT",
  tsrange: "TSRANGE",
  tstzrange: "TSTZRANGE",
  tsvector: "TSVECTOR",
  unicodetext: "TEXT",
  uuid: "UUID",
}

/** What SQLAlchemy and SQLModel call their modules, and users call these. */
const MODULES = /^(?:sa|sqlalchemy|postgresql|pg|psql|dialects|types|sqltypes|sql|sqlmodel|citext)$/

/** The type that an expression names, with or without a call; null for what only running the code would tell. */
export function typeAt(tokens: readonly Token[], range: Range): string | null {
  const call = callAt(tokens, range)
  // Types of the project's own may be called like others.
  if (call === null || !call.args.isWhole || !call.path.every((module) => MODULES.test(module))) return null
  const { args } = call
  const name = call.name.toLowerCase()
  const [first, second] = args.given
  switch (name) {
    case "string":
    case "unicode":
    case "varchar":
    case "autostring":
    case "char": {
      const length = args.option("length") ?? first ?? null
      const digits = numberAt(tokens, length)
      if (length !== null && digits === null && !isNone(tokens, length)) return null
      return `${name === "char" ? "CHAR" : "VARCHAR"}${digits === null ? "" : `(${digits})`}`
    }
    case "numeric":
    case "decimal": {
      const [precision, scale] = [args.option("precision") ?? first, args.option("scale") ?? second].map((one) => numberAt(tokens, one))
      return precision == null ? "NUMERIC" : `NUMERIC(${precision}${scale == null ? "" : `, ${scale}`})`
    }
    case "datetime":
    case "timestamp":
    case "time":
      return `${name === "time" ? "TIME" : "TIMESTAMP"} ${isTrue(tokens, args.option("timezone") ?? first ?? null) ? "WITH" : "WITHOUT"} TIME ZONE`
    case "enum": {
      const type = textAt(tokens, args.option("name"))
      const schema = textAt(tokens, args.option("schema"))
      return type === null || isFalse(tokens, args.option("native_enum")) ? null : quoted(schema === null ? type.text : `${schema.text}.${type.text}`)
    }
    case "array": {
      const element = first === undefined ? null : typeAt(tokens, first)
      return element === null ? null : `${element}[]`
    }
    default:
      return TYPES[name] ?? null
  }
}

/** The enum that a new table with a column of this type makes, unless it says that it is there; null for what only running the code would tell. */
function enumAt(tokens: readonly Token[], range: Range): readonly Part[] | null | undefined {
  const call = callAt(tokens, range)
  const kind = call?.name.toLowerCase()
  if (kind === "array") return call?.args.given[0] === undefined ? undefined : enumAt(tokens, call.args.given[0])
  if (kind !== "enum" || call === null || isFalse(tokens, call.args.option("create_type"))) return undefined
  const type = typeAt(tokens, range)
  const labels = call.args.given.map((one) => textAt(tokens, one))
  const said = labels.flatMap((one) => one ?? [])
  if (type === null || said.length === 0 || said.length < labels.length) return null
  return ["CREATE TYPE ", { sql: type, range }, ` AS ENUM (${said.map(({ text }) => literal(text)).join(", ")})`]
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A column: its name, its type, and what stands behind that; null for what only running the code would tell. */
export interface Column {
  readonly name: Said
  readonly type: Said
  readonly rest: readonly Part[]
  readonly isKey: boolean
  readonly isIndexed: boolean
  readonly isUnique: boolean
  readonly hasDefault: boolean
  /** Nothing says that it does not count by itself. */
  readonly mayCount: boolean
  /** The statement that makes its type beside a new table; null for what only running the code would tell. */
  readonly makes: readonly Part[] | null | undefined
}

export function columnAt(tokens: readonly Token[], range: Range): Column | null {
  const call = callAt(tokens, range)
  if (call?.name !== "Column" || !call.args.isWhole) return null
  const { args } = call
  const [first, second, ...more] = args.given
  const name = textAt(tokens, first)
  const type = second === undefined ? null : typeAt(tokens, second)
  // Keys, identities and generated columns stand behind the type; not all of them are read.
  if (name === null || type === null || second === undefined || more.length > 0) return null
  const value = defaultAt(args)
  if (value === null) return null
  const [nullable, key] = [args.option("nullable"), isTrue(tokens, args.option("primary_key"))]
  const isNotNull = isFalse(tokens, nullable) || (key && nullable === null)
  if (nullable !== null && !isNotNull && !isTrue(tokens, nullable)) return null
  const rest: readonly Part[] = [...value, ...(isNotNull ? [nullable === null ? " NOT NULL" : { sql: " NOT NULL", range: nullable }] : [])]
  return {
    name,
    type: { text: type, range: second },
    rest,
    isKey: key,
    isIndexed: isTrue(tokens, args.option("index")),
    isUnique: isTrue(tokens, args.option("unique")),
    hasDefault: value.length > 0,
    mayCount: !isFalse(tokens, args.option("autoincrement")),
    makes: enumAt(tokens, second),
  }
}

export function columnSql({ name, type, rest }: Column): readonly Part[] {
  return [{ sql: quoted(name.text), range: name.range }, " ", { sql: type.text, range: type.range }, ...rest]
}

/** ` DEFAULT ...`, or nothing; null for what only running the code would tell. */
function defaultAt({ tokens, option }: Arguments): readonly Part[] | null {
  const range = option("server_default")
  if (range === null || isNone(tokens, range)) return []
  const text = defaultText(tokens, range)
  return text === null ? null : [" DEFAULT ", { sql: text, range }]
}

/** A text is a string in SQL; `sa.text()` is SQL itself. */
export function defaultText(tokens: readonly Token[], range: Range): string | null {
  const call = callAt(tokens, range)
  if (call === null) {
    const said = textAt(tokens, range)
    return said === null ? null : literal(said.text)
  }
  if (call.name === "text" || call.name === "literal_column") return textAt(tokens, range)?.text ?? null
  if (call.name === "false" || call.name === "true") return call.name
  return FUNCTIONS[call.name] ?? null
}

/** Functions of `sa.func` that are called without arguments. */
const FUNCTIONS: Readonly<Record<string, string>> = { now: "now()", current_timestamp: "CURRENT_TIMESTAMP", gen_random_uuid: "gen_random_uuid()", uuid_generate_v4: "uuid_generate_v4()" }
