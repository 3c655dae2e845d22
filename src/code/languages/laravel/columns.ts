/** The columns of Laravel's blueprints. Source: src/Illuminate/Database/Schema/Blueprint.php and Grammars/PostgresGrammar.php of laravel/framework 12. */
import type { Said } from "../arguments.ts"
import type { Range } from "../expression.ts"
import { joined, literal, quoted, type Part } from "../made.ts"
import type { Token } from "../tokens.ts"
import { defaultAt, isNull, numberAt, rawAt, textAt, textsAt, truthAt, type Link } from "./values.ts"

/** A column as a chain of calls defines it. */
export interface Column {
  readonly name: Said
  readonly type: string
  /** The call that names the type. */
  readonly place: Range
  readonly isNull: boolean
  /** What stands behind DEFAULT; null for none. */
  readonly initial: readonly Part[] | null
  /** `GENERATED ALWAYS AS (...) STORED` and its kin. */
  readonly generated: string | null
  readonly collation: string | null
  /** It counts by itself, and is the key where no other one is given. */
  readonly counts: boolean
  readonly changes: boolean
  /** Whether the chain says something of NULL, and of the default. */
  readonly tells: { readonly isNull: boolean; readonly initial: boolean }
  /** What `using()` says of a change. */
  readonly using: Said | null
  /** `unique()`, `index()` and `primary()` in the chain, with the name that they are given. */
  readonly indexes: readonly { readonly kind: "unique" | "index" | "primary"; readonly name: Said | null }[]
}

type TypeOf = (tokens: readonly Token[], args: readonly Range[]) => string | null

const TYPES: Readonly<Record<string, TypeOf>> = {
  bigIncrements: () => "bigserial",
  bigInteger: () => "bigint",
  binary: () => "bytea",
  boolean: () => "boolean",
  char: (tokens, [, length]) => sized(tokens, length, "char", 255),
  date: () => "date",
  dateTime: timestamp("timestamp", "without"),
  dateTimeTz: timestamp("timestamp", "with"),
  decimal: (tokens, [, total, places]) => {
    const [precision, scale] = [total === undefined ? 8 : numberAt(tokens, total), places === undefined ? 2 : numberAt(tokens, places)]
    return precision === null || scale === null ? null : `decimal(${String(precision)}, ${String(scale)})`
  },
  double: () => "double precision",
  enum: (tokens, [name, allowed]) => {
    const [column, labels] = [textAt(tokens, name), textsAt(tokens, allowed)]
    return column && labels && `varchar(255) check (${quoted(column.text)} in (${labels.map(({ text }) => literal(text)).join(", ")}))`
  },
  // Before Laravel 11 it had a total and places, and was a double precision all the same.
  float: (_, args) => (args.length === 1 ? "float(53)" : null),
  foreignId: () => "bigint",
  foreignUlid: (tokens, [, length]) => sized(tokens, length, "char", 26),
  foreignUuid: () => "uuid",
  id: () => "bigserial",
  increments: () => "serial",
  integer: () => "integer",
  integerIncrements: () => "serial",
  ipAddress: () => "inet",
  json: () => "json",
  jsonb: () => "jsonb",
  longText: () => "text",
  macAddress: () => "macaddr",
  mediumIncrements: () => "serial",
  mediumInteger: () => "integer",
  mediumText: () => "text",
  rememberToken: () => "varchar(100)",
  smallIncrements: () => "smallserial",
  smallInteger: () => "smallint",
  softDeletes: timestamp("timestamp", "without"),
  softDeletesTz: timestamp("timestamp", "with"),
  string: (tokens, [, length]) => sized(tokens, length, "varchar", 255),
  text: () => "text",
  time: timestamp("time", "without"),
  timeTz: timestamp("time", "with"),
  timestamp: timestamp("timestamp", "without"),
  timestampTz: timestamp("timestamp", "with"),
  tinyIncrements: () => "smallserial",
  tinyInteger: () => "smallint",
  tinyText: () => "varchar(255)",
  tsvector: () => "tsvector",
  ulid: (tokens, [, length]) => sized(tokens, length, "char", 26),
  unsignedBigInteger: () => "bigint",
  unsignedInteger: () => "integer",
  unsignedMediumInteger: () => "integer",
  unsignedSmallInteger: () => "smallint",
  unsignedTinyInteger: () => "smallint",
  uuid: () => "uuid",
  vector: (tokens, [, dimensions]) => (dimensions === undefined ? "vector" : sized(tokens, dimensions, "vector", 0)),
  year: () => "integer",
}

/** Names that columns have where none is given. */
const NAMES: Readonly<Record<string, string>> = { id: "id", ipAddress: "ip_address", macAddress: "mac_address", rememberToken: "remember_token", softDeletes: "deleted_at", softDeletesTz: "deleted_at", ulid: "ulid", uuid: "uuid" }

function sized(tokens: readonly Token[], range: Range | undefined, type: string, usual: number): string | null {
  const length = isNull(tokens, range) ? usual : numberAt(tokens, range)
  return length === null ? null : length === 0 ? type : `${type}(${String(length)})`
}

function timestamp(type: string, zone: "with" | "without"): TypeOf {
  return (tokens, [, digits]) => {
    const precision = isNull(tokens, digits) ? 0 : numberAt(tokens, digits)
    return precision === null ? null : `${type}(${String(precision)}) ${zone} time zone`
  }
}

/** Whether a method of a blueprint makes a column. */
export function makesColumn(name: string): boolean {
  return Object.hasOwn(TYPES, name)
}

const COUNTS = /^(?:id|\w*[iI]ncrements)$/
/** Methods that make no difference on PostgreSQL, or only where a foreign key is. */
const IGNORED = /^(?:after|charset|comment|first|from|invisible|startingValue|unsigned|useCurrentOnUpdate|constrained|references|on|onDelete|onUpdate|(?:cascade|restrict|null|noAction|setDefault)On(?:Delete|Update)|deferrable|initiallyImmediate|notValid)$/

/** The column that a chain of calls defines; null for what only running the code would tell. */
export function columnAt(tokens: readonly Token[], chain: readonly Link[]): Column | null {
  const [made, ...modifiers] = chain
  if (made === undefined) return null
  const usual = NAMES[made.name]
  const [given] = made.args
  const name = given === undefined && usual !== undefined ? { text: usual, range: made.range } : textAt(tokens, given)
  const type = TYPES[made.name]?.(tokens, made.args) ?? null
  if (name === null || type === null) return null
  let column: Column = {
    name,
    type,
    place: made.range,
    isNull: /^(?:softDeletes(?:Tz)?|rememberToken)$/.test(made.name),
    initial: null,
    generated: null,
    collation: null,
    counts: COUNTS.test(made.name),
    changes: false,
    tells: { isNull: false, initial: false },
    using: null,
    indexes: [],
  }
  for (const modifier of modifiers) {
    const next = modified(tokens, column, modifier)
    if (next === null) return null
    column = next
  }
  return column
}

function modified(tokens: readonly Token[], column: Column, { name, args, range }: Link): Column | null {
  const [first] = args
  switch (name) {
    case "nullable": {
      const truth = truthAt(tokens, first, true)
      return truth === null ? null : { ...column, isNull: truth, tells: { ...column.tells, isNull: true } }
    }
    case "default": {
      const tells = { ...column.tells, initial: true }
      if (isNull(tokens, first)) return { ...column, tells }
      const value = first === undefined ? null : defaultAt(tokens, first)
      return value && { ...column, tells, initial: value }
    }
    case "useCurrent":
      return { ...column, initial: [{ sql: column.type === "date" ? "CURRENT_DATE" : "CURRENT_TIMESTAMP", range }] }
    case "unique":
    case "index":
    case "primary": {
      const said = isNull(tokens, first) || truthAt(tokens, first, true) === true ? undefined : textAt(tokens, first)
      return said === null ? null : { ...column, indexes: [...column.indexes, { kind: name, name: said ?? null }] }
    }
    case "storedAs":
    case "virtualAs": {
      const sql = first === undefined ? null : (textAt(tokens, first)?.text ?? rawAt(tokens, first))
      return sql === null ? null : { ...column, generated: ` generated always as (${sql}) ${name === "storedAs" ? "stored" : "virtual"}` }
    }
    case "generatedAs":
      return first === undefined ? { ...column, type: column.type.replace("bigserial", "bigint").replace("serial", "integer"), generated: " generated by default as identity" } : null
    case "always":
      return { ...column, generated: column.generated?.replace("by default", "always") ?? null }
    case "autoIncrement":
      return { ...column, type: { bigint: "bigserial", integer: "serial", smallint: "smallserial" }[column.type] ?? column.type, counts: true }
    case "collation": {
      const said = textAt(tokens, first)
      return said && { ...column, collation: said.text }
    }
    case "change":
      return { ...column, changes: true }
    case "using": {
      const said = textAt(tokens, first)
      return said && { ...column, using: said }
    }
    default:
      return IGNORED.test(name) ? column : null
  }
}

/** The name and the definition of a column. @param isKey It is the primary key. */
export function columnSql({ name, type, place, isNull: mayBeNull, initial, generated, collation }: Column, isKey: boolean): readonly Part[] {
  return [
    { sql: quoted(name.text), range: name.range },
    " ",
    { sql: type, range: place },
    collation === null ? "" : ` collate ${quoted(collation)}`,
    mayBeNull ? " null" : " not null",
    ...(initial === null ? [] : [" default ", ...initial]),
    generated ?? "",
    isKey ? " primary key" : "",
  ]
}

/**
 * What `change()` does to a column, in one statement; null for what Laravel cannot change.
 *
 * @param major That of Laravel. Up to 10 it leaves alone what it is not told.
 */
export function changeSql({ name, type, place, isNull: mayBeNull, initial, generated, collation, using, counts, tells }: Column, major: number): readonly Part[] | null {
  if (generated !== null || counts || type.includes(" check ")) return null
  const column: Part = { sql: quoted(name.text), range: name.range }
  const action = (...parts: readonly Part[]): readonly Part[] => ["alter column ", column, " ", ...parts]
  const all = major > LEAVES_REST
  return joined([
    action("type ", { sql: type, range: place }, collation === null ? "" : ` collate ${quoted(collation)}`, ...(using === null ? [] : [" using ", { sql: using.text, range: using.range }])),
    ...(all || tells.isNull ? [action(mayBeNull ? "drop not null" : "set not null")] : []),
    ...(all || tells.initial ? [action(...(initial === null ? ["drop default"] : ["set default ", ...initial]))] : []),
    ...(all ? [action("drop identity if exists")] : []),
  ])
}

/** The last major of Laravel whose `change()` leaves alone what it is not told. Source: its upgrade guide to 11. */
const LEAVES_REST = 10
