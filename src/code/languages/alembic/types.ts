/** The types of SQLAlchemy. Source: sqltypes.py and dialects/postgresql/base.py of sqlalchemy 2. */
import type { Arguments } from "../arguments.ts"
import { nameAt } from "../collector.ts"
import { argumentsAt, type Range } from "../expression.ts"
import { quoted } from "../made.ts"
import { classAt, methodOf, type PythonClass, type PythonModules } from "../python/modules.ts"
import { pythonOf, type Python } from "../python/program.ts"
import { callAt, isFalse, isNone, isTrue, lineFrom, numberAt, textAt, type Call } from "../python/values.ts"
import { valueOf } from "../python/variables.ts"
import { closing, isSign, isWord, textOf, type Token } from "../tokens.ts"

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

/** A file of Python whose types are asked for. */
export interface TypeSource {
  readonly python: Python
  /** Its text. */
  readonly source: string
  /** The project's own; null where none is in sight. */
  readonly modules: PythonModules | null
}

export function typeSource(tokens: readonly Token[], text: string, modules: PythonModules | null): TypeSource {
  return { python: pythonOf(tokens), source: text, modules }
}

/** Types of packages, and what these are on PostgreSQL. Source: the classes themselves, by their module. */
const PACKAGES: Readonly<Record<string, (call: Call, source: TypeSource) => string | null>> = {
  "fastapi_users_db_sqlalchemy.generics.GUID": () => "UUID",
  "fastapi_users_db_sqlalchemy.generics.TIMESTAMPAware": ({ args }, source) => ownType("TIMESTAMP", args, source, 0),
  "pgvector.sqlalchemy.Vector": vectorType,
  "pgvector.sqlalchemy.VECTOR": vectorType,
  "pgvector.sqlalchemy.vector.VECTOR": vectorType,
}

/** Types of SQLAlchemy-Utils, in whichever of its modules they are named. Source: sqlalchemy_utils/types of version 0.42. */
const UTILS: Readonly<Record<string, (call: Call, source: TypeSource) => string | null>> = {
  ArrowType: ({ args }, source) => ownType("DateTime", args, source, 0),
  ColorType: sized("max_length", 20),
  CountryType: () => "VARCHAR(2)",
  CurrencyType: () => "VARCHAR(3)",
  EmailType: sized("length", 255),
  IPAddressType: sized("max_length", 50),
  JSONType: () => "JSON",
  LocaleType: () => "VARCHAR(10)",
  LtreeType: () => "LTREE",
  ScalarListType: () => "TEXT",
  TSVectorType: () => "TSVECTOR",
  TimezoneType: () => "VARCHAR(50)",
  URLType: () => "TEXT",
  UUIDType: ({ args }) => (isFalse(args.tokens, args.option("native")) ? null : "UUID"),
}

/** A text of a length that an option or the first argument gives. */
function sized(option: string, usual: number): (call: Call) => string | null {
  return ({ args }) => {
    const given = args.option(option) ?? args.given[0] ?? null
    const digits = given === null ? String(usual) : numberAt(args.tokens, given)
    return digits === null ? null : `VARCHAR(${digits})`
  }
}

function vectorType({ args }: Call): string | null {
  const given = args.option("dim") ?? args.given[0] ?? null
  const digits = numberAt(args.tokens, given)
  return given === null ? "vector" : digits === null ? null : `vector(${digits})`
}

/** Classes of types may lead to each other. */
const DEEPEST = 8

/** What an expression means: what a variable was given, and the variant for PostgreSQL. */
export function meantAt(tokens: readonly Token[], range: Range, source: TypeSource): Range {
  const variant = variantAt(tokens, range)
  if (variant !== null) return meantAt(tokens, variant, source)
  const name = range.to === range.from + 1 ? textOf(tokens[range.from]) : null
  const given = name === null || source.python.imports.has(name) ? null : valueOf(tokens, source.source, range.from)
  return given === null ? range : meantAt(tokens, given, source)
}

/** The type that an expression names, with or without a call; null for what only running the code would tell. */
export function typeAt(tokens: readonly Token[], range: Range, source: TypeSource, depth = 0): string | null {
  const call = callAt(tokens, meantAt(tokens, range, source))
  if (call === null || !call.args.isWhole || depth > DEEPEST) return null
  const { imports } = source.python
  const [first = call.name] = call.path
  const path = pathOf(source.python, call)
  const utility = /^sqlalchemy_utils\.(?:types\.(?:\w+\.)?)?(\w+)$/.exec(path)?.[1]
  if (utility !== undefined) return Object.hasOwn(UTILS, utility) ? (UTILS[utility]?.(call, source) ?? null) : null
  if (Object.hasOwn(PACKAGES, path)) return PACKAGES[path]?.(call, source) ?? null
  // Types of the project's own may be called like others.
  const isForeign = imports.has(first) ? !SQLALCHEMY.test(path) : !call.path.every((module) => MODULES.test(module))
  return isForeign ? classType(path, call, source.modules, depth) : ownType(path, call.args, source, depth)
}

/** What SQLAlchemy's types are called in full, and those of packages that are like them. */
const SQLALCHEMY = /^(?:sqlalchemy|sqlmodel|citext|alembic)\b/

/** `sa.JSON().with_variant(postgresql.JSONB(), "postgresql")`: the part that holds for PostgreSQL; null for an expression without variants. */
function variantAt(tokens: readonly Token[], { from, to }: Range): Range | null {
  const open = tokens.findIndex((token, at) => at > from && at < to && isSign(token, "(") && closing(tokens, at) === to - 1)
  if (open < 0 || !isWord(tokens[open - 1], "with_variant")) return null
  const { list } = argumentsAt(tokens, open)
  const [type, ...dialects] = list
  return type !== undefined && dialects.some((dialect) => textAt(tokens, dialect)?.text === "postgresql") ? type : { from, to: open - 2 }
}

/** A type of SQLAlchemy's own, by its path. */
function ownType(path: string, args: Arguments, source: TypeSource, depth: number): string | null {
  const { tokens, option } = args
  const name = path.slice(path.lastIndexOf(".") + 1).toLowerCase()
  const [first, second] = args.given
  switch (name) {
    case "string":
    case "unicode":
    case "varchar":
    case "autostring":
    case "char": {
      const length = option("length") ?? first ?? null
      const digits = numberAt(tokens, length)
      if (length !== null && digits === null && !isNone(tokens, length)) return null
      return `${name === "char" ? "CHAR" : "VARCHAR"}${digits === null ? "" : `(${digits})`}`
    }
    case "numeric":
    case "decimal": {
      const [precision, scale] = [option("precision") ?? first, option("scale") ?? second].map((one) => numberAt(tokens, one))
      return precision == null ? "NUMERIC" : `NUMERIC(${precision}${scale == null ? "" : `, ${scale}`})`
    }
    case "float": {
      const precision = numberAt(tokens, option("precision") ?? first)
      return precision === null ? "FLOAT" : `FLOAT(${precision})`
    }
    case "datetime":
    case "timestamp":
    case "time": {
      const digits = numberAt(tokens, option("precision"))
      return `${name === "time" ? "TIME" : "TIMESTAMP"}${digits === null ? "" : `(${digits})`} ${isTrue(tokens, option("timezone") ?? first ?? null) ? "WITH" : "WITHOUT"} TIME ZONE`
    }
    case "enum":
      return enumType(args)
    case "array": {
      const element = first === undefined ? null : typeAt(tokens, first, source, depth + 1)
      return element === null ? null : `${element}[]`
    }
    default:
      return TYPES[name] ?? null
  }
}

/** A type of the server by its name, or a text that is as long as the longest label. */
function enumType({ tokens, given, option }: Arguments): string | null {
  if (!isFalse(tokens, option("native_enum"))) {
    const [type, schema] = [textAt(tokens, option("name")), textAt(tokens, option("schema"))]
    return type === null ? null : quoted(schema === null ? type.text : `${schema.text}.${type.text}`)
  }
  const labels = given.map((one) => textAt(tokens, one)?.text ?? null)
  const [length, digits] = [option("length"), numberAt(tokens, option("length"))]
  // A constraint with a name of its own.
  if (option("create_constraint") !== null && !isFalse(tokens, option("create_constraint"))) return null
  if (length !== null) return digits === null ? null : `VARCHAR(${digits})`
  return labels.length === 0 || labels.includes(null) ? null : `VARCHAR(${String(Math.max(...labels.map((label) => [...(label ?? "")].length)))})`
}

/** A type of the project's own: what its class decorates. */
function classType(path: string, call: Call, modules: PythonModules | null, depth: number): string | null {
  const found = modules === null || depth > DEEPEST ? null : classAt(modules, path)
  if (found === null) return null
  const { python, bases, body, text } = found
  const { tokens } = python
  const source: TypeSource = { python, source: text, modules }
  if (methodOf(tokens, body, "__init__") !== null) return null
  const chosen = methodOf(tokens, body, "load_dialect_impl")
  if (chosen !== null) {
    const type = postgresIn(tokens, chosen)
    return type && typeAt(tokens, type, source, depth + 1)
  }
  const impl = implIn(found)
  if (impl === null) {
    const [base] = bases
    return base == null || bases.length > 1 ? null : classType(base, call, modules, depth + 1)
  }
  const decorated = callAt(tokens, impl)
  if (decorated === null || isSign(tokens[impl.to - 1], ")")) return typeAt(tokens, impl, source, depth + 1)
  // A class is made with the arguments of the type itself.
  const own = pathOf(python, decorated)
  return SQLALCHEMY.test(own) ? ownType(own, call.args, source, depth + 1) : null
}

/** With all of its modules, as far as they are imported. */
function pathOf({ imports }: Python, { path, name }: Pick<Call, "path" | "name">): string {
  const [first = name, ...rest] = [...path, name]
  return [imports.get(first) ?? first, ...rest].join(".")
}

/** `impl = sa.String` */
function implIn({ python: { tokens }, body }: PythonClass): Range | null {
  const at = tokens.findIndex((token, index) => index > body.from && index < body.to && isWord(token, "impl") && isSign(tokens[index - 1], "\n"))
  const equals = tokens.findIndex((token, index) => index > at && isSign(token, "="))
  return at < 0 || equals < 0 ? null : lineFrom(tokens, equals + 1)
}

/** `if dialect.name == "postgresql": return dialect.type_descriptor(UUID())` */
function postgresIn(tokens: readonly Token[], { from, to }: Range): Range | null {
  const within = (at: number): boolean => at >= from && at < to
  const at = tokens.findIndex((token, index) => within(index) && nameAt(tokens, { from: index, to: index + 1 }) === "postgresql" && token.kind === "text")
  if (at < 0 || !isSign(tokens[at - 1], "=") || !isSign(tokens[at - 2], "=") || !isWord(tokens[at - 3], "name")) return null
  const described = tokens.findIndex((token, index) => index > at && within(index) && isWord(token, "return"))
  if (described < 0 || !isWord(tokens[described + 3], "type_descriptor") || !isSign(tokens[described + 4], "(")) return null
  return argumentsAt(tokens, described + 4).list[0] ?? null
}
