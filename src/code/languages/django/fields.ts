/**
 * The fields of Django's models. Source: django/db/models/fields, django/contrib/postgres/fields and django/db/backends/postgresql/base.py of
 * Django 5.2.
 */
import type { Arguments } from "../arguments.ts"
import type { Range } from "../expression.ts"
import { CONTRIB, DJANGO, NO_EMPTY_TEXT, type BaseOf } from "./classes.ts"
import { expressionAt } from "./expressions.ts"
import { argument, calledAt, literalAt, spelledAt, stringAt, truthAt, type Called, type Python } from "../python/program.ts"
import { literal } from "../made.ts"

/** `unknown`: a class of the project or a package, whose column nobody knows, nor whether it has one. */
export type FieldKind = "plain" | "auto" | "relation" | "many" | "unknown"

/** A value that Python makes: SQL, or null for what only running the code would tell. */
export interface Value {
  readonly sql: string | null
  /** As it is written, to compare two of them. */
  readonly spelled: string
}

/** Names in the database that Django makes up once, and that stay when a table or column is renamed. */
export interface Names {
  readonly unique?: string | undefined
  readonly index?: string | undefined
  readonly like?: string | undefined
  /** That of its foreign key; of a relation of many to many, the one to its own model. */
  readonly key?: string | undefined
  /** The foreign key to the other model of a relation of many to many. */
  readonly far?: string | undefined
  readonly check?: string | undefined
}

export interface Field {
  readonly kind: FieldKind
  /** The type of the column without what makes it count; null where it is that of another column, or not known. */
  readonly type: string | null
  /** A CHECK says that it is not negative. */
  readonly isPositive: boolean
  readonly isNull: boolean
  readonly isUnique: boolean
  readonly isPrimary: boolean
  readonly isIndexed: boolean
  /** The column, where it is not called as the field is. */
  readonly column: string | null
  readonly collation: string | null
  readonly comment: string | null
  /** What new rows get of Django: `default=`, or what stands for it. */
  readonly initial: Value | null
  readonly hasDefault: boolean
  /** What new rows get of the server. */
  readonly databaseDefault: Value | null
  /** ` GENERATED ALWAYS AS (...) STORED`. */
  readonly generated: string | null
  /** The model that a relation leads to, as `app.model`; null where nobody knows. */
  readonly to: string | null
  readonly toField: string | null
  readonly hasConstraint: boolean
  /** A relation of many to many has a model of its own, or names the table that Django makes. */
  readonly through: string | null
  readonly table: string | null
  readonly names: Names
}

/** A column of integers without any option. */
export const PLAIN: Field = {
  kind: "plain",
  type: "integer",
  isPositive: false,
  isNull: false,
  isUnique: false,
  isPrimary: false,
  isIndexed: false,
  column: null,
  collation: null,
  comment: null,
  initial: null,
  hasDefault: false,
  databaseDefault: null,
  generated: null,
  to: null,
  toField: null,
  hasConstraint: true,
  through: null,
  table: null,
  names: {},
}

/** Where the names of models in a field are looked for. */
export interface FieldPlace {
  readonly app: string
  readonly model: string
  /** That of `settings.AUTH_USER_MODEL`, as `app.model`. */
  readonly userModel: string | null
  readonly baseOf: BaseOf
}

const TYPES: Readonly<Record<string, string>> = {
  BigIntegerField: "bigint",
  BinaryField: "bytea",
  BooleanField: "boolean",
  DateField: "date",
  DateTimeField: "timestamp with time zone",
  DurationField: "interval",
  FloatField: "double precision",
  GenericIPAddressField: "inet",
  IntegerField: "integer",
  IPAddressField: "inet",
  JSONField: "jsonb",
  NullBooleanField: "boolean",
  PositiveBigIntegerField: "bigint",
  PositiveIntegerField: "integer",
  PositiveSmallIntegerField: "smallint",
  SmallIntegerField: "smallint",
  TextField: "text",
  TimeField: "time",
  UUIDField: "uuid",
}

const COUNTING: Readonly<Record<string, string>> = { AutoField: "integer", BigAutoField: "bigint", SmallAutoField: "smallint" }

/** Types of text, and how long they are where nothing says so. */
const TEXTS: Readonly<Record<string, number | null>> = {
  CharField: null,
  CommaSeparatedIntegerField: null,
  EmailField: 254,
  FileField: 100,
  FilePathField: 100,
  ImageField: 100,
  SlugField: 50,
  URLField: 200,
}

const POSTGRES: Readonly<Record<string, string>> = {
  BigIntegerRangeField: "int8range",
  CICharField: "citext",
  CIEmailField: "citext",
  CITextField: "citext",
  DateRangeField: "daterange",
  DateTimeRangeField: "tstzrange",
  DecimalRangeField: "numrange",
  FloatRangeField: "numrange",
  HStoreField: "hstore",
  IntegerRangeField: "int4range",
  JSONField: "jsonb",
  SearchVectorField: "tsvector",
}


/** The field that an expression makes; null where not even its arguments are in sight. */
export function fieldAt(python: Python, range: Range, place: FieldPlace): Field | null {
  const written = calledAt(python, range)
  if (written === null || !written.isCall || !written.args.isWhole) return null
  const called = asDjangos(written, place.baseOf)
  const { name, args, path } = called
  const isDjango = DJANGO.test(path)
  if (isDjango && /^(?:ForeignKey|OneToOneField|ManyToManyField)$/.test(name)) return relationAt(python, called, place)
  // How long a text is where nothing says so, only the class tells.
  const isOpen = called !== written && TEXTS[name] === null && args.option("max_length") === null
  const own = isOpen ? null : isDjango ? (COUNTING[name] ?? typeOf(python, called)) : CONTRIB.test(path) ? typeOf(python, called) : null
  if (isDjango && name === "GeneratedField") return generatedAt(python, args, place)
  // A type of its own may be anything, but what its options say holds all the same.
  const kind = own === null ? "unknown" : isDjango && COUNTING[name] !== undefined ? "auto" : "plain"
  const base = common(python, called, name === "SlugField", own)
  if (base === null) return null
  const isNull = name === "NullBooleanField" ? true : base.isNull
  // What leads to another model has a column of another name, or none.
  const to = kind === "unknown" && (name === "CompositePrimaryKey" || ["to", "through"].some((option) => args.option(option) !== null)) ? "" : null
  return { ...base, isNull, kind, to, type: own, isPositive: /^Positive/.test(name) && isDjango }
}

/** A field as one of the class that it derives from. */
function asDjangos(called: Called, baseOf: BaseOf): Called {
  if (DJANGO.test(called.path) || CONTRIB.test(called.path)) return called
  const path = baseOf(called.path)
  return path === null ? called : { ...called, path, name: path.slice(path.lastIndexOf(".") + 1) }
}

/** The type of a column whose class says it; null for what only running the code would tell. */
function typeOf(python: Python, { name, args, path }: Called): string | null {
  if (CONTRIB.test(path)) return name === "ArrayField" ? arrayType(python, args) : (POSTGRES[name] ?? null)
  if (Object.hasOwn(TEXTS, name)) {
    // The first argument is what people call it.
    const given = args.option("max_length")
    const digits = given === null ? null : literalAt(python, given)
    if (given !== null && (digits === null || !/^(?:\d+|NULL)$/.test(digits))) return null
    const length = digits === null ? (TEXTS[name] ?? null) : digits === "NULL" ? null : Number(digits)
    return length === null ? "varchar" : `varchar(${String(length)})`
  }
  if (name === "DecimalField") {
    const [precision, scale] = ["max_digits", "decimal_places"].map((option) => {
      const range = args.option(option)
      return range === null ? null : literalAt(python, range)
    })
    return precision == null || scale == null || !/^\d+$/.test(precision + scale) ? null : `numeric(${precision}, ${scale})`
  }
  return TYPES[name] ?? null
}

function arrayType(python: Python, args: Arguments): string | null {
  const base = calledAt(python, argument(args, "base_field", 0))
  if (base === null || !(DJANGO.test(base.path) || CONTRIB.test(base.path))) return null
  const [type, size] = [typeOf(python, base), argument(args, "size", 1)]
  const length = size === null ? "NULL" : literalAt(python, size)
  return type === null || length === null ? null : `${type}[${length === "NULL" ? "" : length}]`
}

/** What all fields have in common; null where an option that matters is not in sight. */
function common(python: Python, { name, args }: Called, indexes: boolean, type: string | null): Field | null {
  const { option } = args
  const truths = (["null", "unique", "primary_key", "blank", "auto_now", "auto_now_add"] as const).map((key) => truthAt(python, option(key), false))
  const indexed = truthAt(python, option("db_index"), indexes)
  if (truths.some((one) => one === null) || indexed === null) return null
  const [isNull, isUnique, isPrimary, isBlank, ...now] = truths.map((one) => one === true)
  const [column, collation, comment] = ["db_column", "db_collation", "db_comment"].map((key) => ({ range: option(key), text: stringAt(python, option(key)) }))
  if ([column, collation, comment].some((one) => one !== undefined && one.range !== null && one.text === null && spelledAt(python, one.range) !== "None")) return null
  // Without a name it is the usual one, as django-simple-history writes it.
  if (option("db_tablespace") !== null && stringAt(python, option("db_tablespace")) !== "") return null
  const databaseDefault = databaseDefaultAt(python, option("db_default"), type)
  if (databaseDefault === undefined) return null
  const given = option("default")
  const initial = given === null ? null : initialAt(python, given, type)
  const implied: Value | null =
    isNull !== true && isBlank === true && !NO_EMPTY_TEXT.test(name) && type !== null ? { sql: type === "bytea" ? "'\\x'" : "''", spelled: "''" } : now.includes(true) ? { sql: null, spelled: "now" } : null
  return {
    ...PLAIN,
    type,
    isNull: isNull === true,
    isUnique: isUnique === true || isPrimary === true,
    isPrimary: isPrimary === true,
    isIndexed: indexed,
    column: column?.text ?? null,
    collation: collation?.text ?? null,
    comment: comment?.text ?? null,
    initial: given === null ? implied : initial,
    hasDefault: given !== null,
    databaseDefault,
  }
}

/** What Django puts into the rows that are there; null for None. */
function initialAt(python: Python, range: Range, type: string | null): Value | null {
  const spelled = spelledAt(python, range)
  const known = literalAt(python, range)
  if (known === "NULL") return null
  if (type?.endsWith("]") === true && /^(?:list|\[ \]|tuple|\( \))$/.test(spelled)) return { sql: "'{}'", spelled }
  if (type === "jsonb" && /^(?:list|\[ \]|dict|\{ \})$/.test(spelled)) return { sql: /list|\[/.test(spelled) ? "'[]'" : "'{}'", spelled }
  // That of a foreign key is what it references.
  if (known !== null && type === null) return { sql: known, spelled }
  if (known === null || type === null || /^(?:jsonb|bytea|hstore)$|range$|\]$/.test(type)) return { sql: null, spelled }
  if (type === "uuid" && /^\d+$/.test(known)) return { sql: uuidOf(known), spelled }
  // A text is a text, whatever stands in the code.
  const isText = /^(?:varchar|text|citext)/.test(type)
  if (isText !== known.startsWith("'")) return { sql: isText ? literal(known) : type === "boolean" || /int|numeric|double/.test(type) ? known.replace(/^'(-?\d+(?:\.\d+)?)'$/, "$1") : known, spelled }
  return { sql: type === "boolean" && /^\d+$/.test(known) ? String(known !== "0") : known, spelled }
}

/** What `UUIDField.to_python` makes of a whole number. */
function uuidOf(number: string): string {
  return literal(BigInt(number).toString(16).padStart(32, "0").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"))
}

/** A value, or an expression in brackets. Undefined for what only running the code would tell. */
function databaseDefaultAt(python: Python, range: Range | null, type: string | null): Value | null | undefined {
  if (range === null) return null
  const spelled = spelledAt(python, range)
  if (type === "jsonb" && /^(?:\[ \]|\{ \})$/.test(spelled)) return { sql: `'${spelled.replace(" ", "")}'::jsonb`, spelled }
  const value = calledAt(python, range)
  const inner = value !== null && /^django\.db\.models(?:\.\w+)*\.Value$/.test(value.path) ? (value.args.given[0] ?? range) : range
  const known = literalAt(python, inner)
  if (known !== null) return { sql: known, spelled }
  const made = expressionAt(python, range, () => null)
  return made === null ? undefined : { sql: `(${made})`, spelled }
}

/** A foreign key, or a relation of many to many. */
function relationAt(python: Python, called: Called, place: FieldPlace): Field | null {
  const { name, args } = called
  const base = common(python, called, true, null)
  if (base === null) return null
  const constraint = truthAt(python, args.option("db_constraint"), true)
  const [toField, through, table] = ["to_field", "through", "db_table"].map((option) => ({ range: args.option(option), text: args.option(option) === null ? null : stringAt(python, args.option(option)) }))
  if (constraint === null || [toField, table].some((one) => one !== undefined && one.range !== null && one.text === null && spelledAt(python, one.range) !== "None")) return null
  const target = argument(args, "to", 0)
  const isMany = name === "ManyToManyField"
  return {
    ...base,
    kind: isMany ? "many" : "relation",
    isUnique: base.isUnique || name === "OneToOneField",
    hasConstraint: constraint,
    to: target === null ? null : modelAt(python, target, place),
    toField: toField?.text ?? null,
    through: through?.range == null ? null : (modelAt(python, through.range, place) ?? ""),
    table: table?.text ?? null,
  }
}

/** `"app.Model"`, `"Model"`, `"self"`, `settings.AUTH_USER_MODEL`. */
function modelAt(python: Python, range: Range, { app, model, userModel }: FieldPlace): string | null {
  const text = stringAt(python, range)?.toLowerCase() ?? null
  if (text === null) return calledAt(python, range)?.path === "django.conf.settings.AUTH_USER_MODEL" ? userModel : null
  if (text === "self") return `${app}.${model}`.toLowerCase()
  return text.includes(".") ? text : `${app}.${text}`.toLowerCase()
}

/** A column that the server computes. Its expression is left open where it is not one of the simple ones: it rewrites the table either way. */
function generatedAt(python: Python, args: Arguments, place: FieldPlace): Field | null {
  const output = argument(args, "output_field", 1)
  const field = output === null ? null : fieldAt(python, output, place)
  const persists = truthAt(python, args.option("db_persist"), false)
  const base = common(python, { path: "", name: "", args, isCall: true }, false, field?.type ?? null)
  if (field?.kind !== "plain" || persists === null || base === null) return null
  return { ...base, isNull: true, initial: null, generated: ` GENERATED ALWAYS AS (\${...}) ${persists ? "STORED" : "VIRTUAL"}` }
}
