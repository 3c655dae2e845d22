/**
 * The SQL that Rails makes of the calls that change its schema. Source: connection_adapters/abstract/schema_statements.rb,
 * connection_adapters/postgresql and migration/compatibility.rb of rails 8.
 */
import type { Arguments, Said } from "../arguments.ts"
import { joined, literal, named, quoted, unknown, type Part } from "../made.ts"
import { columnOf, typeOf } from "./columns.ts"
import { createIndex, indexName, isConcurrent, nameOfIndex } from "./indexes.ts"
import { checkName, exclusionConstraint, foreignKey, keyName, uniqueConstraint } from "./keys.ts"
import { addReference, removeReference, timestamps } from "./references.ts"
import { alter, ifOption, texts, type Rails, type Statement } from "./statement.ts"
import { isFalse, isNil, isTrue, literalAt, textAt, textsAt } from "./values.ts"

/** The statements of a call; null for what only running the code would tell, and for methods that are not known. */
export function statementsOf(method: string, args: Arguments, rails: Rails): readonly Statement[] | null {
  const make = METHODS[method]
  return make === undefined || !args.isWhole ? null : make(args, rails)
}

type Make = (args: Arguments, rails: Rails) => readonly Statement[] | null

const METHODS: Readonly<Record<string, Make>> = {
  add_column: (args, { version }) => {
    const [table, name, type] = texts(args, 3)
    if (table === undefined || name === undefined || type === undefined) return null
    const column = columnOf(name, type.text, type, args, version)
    return column && [alter(table, ["ADD COLUMN ", ifOption(args, "if_not_exists", "IF NOT EXISTS "), ...column])]
  },
  remove_column: (args) => {
    const [table, name] = texts(args, 2)
    return table === undefined || name === undefined ? null : [alter(table, ["DROP COLUMN ", ifOption(args, "if_exists", "IF EXISTS "), named(name)])]
  },
  remove_columns: (args) => {
    const [table, ...names] = texts(args, args.given.length)
    if (table === undefined || names.length === 0) return null
    return [alter(table, joined(names.map((name) => ["DROP COLUMN ", named(name)])))]
  },
  add_timestamps: (args, { version }) => {
    const [table] = texts(args, 1)
    const columns = table === undefined ? null : timestamps(args, version, table)
    return table === undefined || columns === null ? null : [alter(table, joined(columns.map((column) => ["ADD COLUMN ", ...column])))]
  },
  remove_timestamps: (args) => {
    const [table] = texts(args, 1)
    return table === undefined ? null : [alter(table, ["DROP COLUMN \"updated_at\", DROP COLUMN \"created_at\""])]
  },
  rename_column: (args) => {
    const [table, name, newName] = texts(args, 3)
    return table === undefined || name === undefined || newName === undefined ? null : [alter(table, ["RENAME COLUMN ", named(name), " TO ", named(newName)])]
  },
  rename_table: (args) => {
    const [table, newName] = texts(args, 2)
    return table === undefined || newName === undefined ? null : [alter(table, ["RENAME TO ", named(newName)]), ...renamedAlong(table, newName)]
  },
  rename_index: (args) => {
    const [, index, newName] = texts(args, 3)
    return index === undefined || newName === undefined ? null : [["ALTER INDEX ", named(index), " RENAME TO ", named(newName)]]
  },
  change_column: changeColumn,
  change_column_default: (args) => {
    const [table, name] = texts(args, 2)
    const value = args.option("to") ?? args.given[2]
    const written = value === undefined ? undefined : literalAt(args.tokens, value, "")
    if (table === undefined || name === undefined || value === undefined || written === undefined) return null
    return [alter(table, ["ALTER COLUMN ", named(name), isNil(args.tokens, value) ? " DROP DEFAULT" : " SET DEFAULT ", isNil(args.tokens, value) ? "" : { sql: written, range: value }])]
  },
  change_column_null: (args) => {
    const [table, name] = texts(args, 2)
    const [, , isNull, value] = args.given
    if (table === undefined || name === undefined || isNull === undefined) return null
    if (isTrue(args.tokens, isNull)) return [alter(table, ["ALTER COLUMN ", named(name), { sql: " DROP NOT NULL", range: isNull }])]
    if (!isFalse(args.tokens, isNull)) return null
    const set = alter(table, ["ALTER COLUMN ", named(name), { sql: " SET NOT NULL", range: isNull }])
    if (value === undefined || isNil(args.tokens, value)) return [set]
    const filled = literalAt(args.tokens, value, "")
    return [["UPDATE ", named(table), " SET ", named(name), " = ", filled === undefined ? unknown(value) : { sql: filled, range: value }, " WHERE ", named(name), " IS NULL"], set]
  },
  add_index: (args, rails) => {
    const [table] = texts(args, 1)
    const index = table === undefined ? null : createIndex(table, textsAt(args.tokens, args.given[1]), args, rails)
    return index && [index]
  },
  remove_index: (args, rails) => {
    const [table] = texts(args, 1)
    if (table === undefined) return null
    const name = nameOfIndex(args, indexName(table.text, textsAt(args.tokens, args.option("column") ?? args.given[1]), rails))
    const concurrently = isConcurrent(args)
    if (name === null || concurrently === null) return null
    // What it is called in the database Rails asks the database: by its columns it finds any.
    const exists = args.option("name") === null || isTrue(args.tokens, args.option("if_exists")) ? "IF EXISTS " : ""
    return [["DROP INDEX ", concurrently, exists, name]]
  },
  add_reference: addReference,
  add_belongs_to: addReference,
  remove_reference: removeReference,
  remove_belongs_to: removeReference,
  add_foreign_key: (args) => {
    const [from, to] = texts(args, 2)
    const key = from === undefined || to === undefined ? null : foreignKey(from.text, to, args)
    return from === undefined || key === null ? null : [alter(from, ["ADD ", ...key, isFalse(args.tokens, args.option("validate")) ? " NOT VALID" : ""])]
  },
  remove_foreign_key: (args) => {
    const [from] = texts(args, 1)
    const name = from === undefined ? null : keyName(from.text, args)
    // Rails looks for it in the database, by its columns and the other table.
    return from === undefined || name === null ? null : [alter(from, ["DROP CONSTRAINT IF EXISTS ", name])]
  },
  validate_foreign_key: (args) => {
    const [from] = texts(args, 1)
    const name = from === undefined ? null : keyName(from.text, args)
    return from === undefined || name === null ? null : [alter(from, ["VALIDATE CONSTRAINT ", name])]
  },
  add_check_constraint: (args) => {
    const [table, expression] = texts(args, 2)
    const name = table === undefined ? null : checkName(table.text, expression, args)
    if (table === undefined || expression === undefined || name === null) return null
    const check: Part = { sql: `CHECK (${expression.text})`, range: expression.range }
    return [alter(table, ["ADD CONSTRAINT ", name, " ", check, isFalse(args.tokens, args.option("validate")) ? " NOT VALID" : ""])]
  },
  remove_check_constraint: (args) => {
    const [table] = texts(args, 1)
    const name = table === undefined ? null : checkName(table.text, textAt(args.tokens, args.given[1] ?? args.option("expression")), args)
    return table === undefined || name === null ? null : [alter(table, ["DROP CONSTRAINT IF EXISTS ", name])]
  },
  validate_check_constraint: (args) => {
    const [table] = texts(args, 1)
    const name = table === undefined ? null : checkName(table.text, textAt(args.tokens, args.given[1] ?? args.option("expression")), args)
    return table === undefined || name === null ? null : [alter(table, ["VALIDATE CONSTRAINT ", name])]
  },
  validate_constraint: (args) => {
    const [table, name] = texts(args, 2)
    return table === undefined || name === undefined ? null : [alter(table, ["VALIDATE CONSTRAINT ", named(name)])]
  },
  add_unique_constraint: (args) => {
    const [table] = texts(args, 1)
    const constraint = uniqueConstraint(args, args.given[1])
    return table === undefined || constraint === null ? null : [alter(table, ["ADD ", ...constraint])]
  },
  add_exclusion_constraint: (args) => {
    const [table, elements] = texts(args, 2)
    const constraint = exclusionConstraint(args, elements)
    return table === undefined || constraint === null ? null : [alter(table, ["ADD ", ...constraint])]
  },
  drop_table: (args) => {
    const tables = texts(args, args.given.length)
    const force = textAt(args.tokens, args.option("force"))?.text
    if (tables.length === 0 || tables.length < args.given.length) return null
    return [["DROP TABLE ", ifOption(args, "if_exists", "IF EXISTS "), ...joined(tables.map((table) => [named(table)])), force === "cascade" ? " CASCADE" : ""]]
  },
  create_enum: (args) => {
    const [type] = texts(args, 1)
    const values = textsAt(args.tokens, args.given[1])
    return type === undefined || values === null ? null : [["CREATE TYPE ", named(type), ` AS ENUM (${values.map(({ text }) => literal(text)).join(", ")})`]]
  },
  add_enum_value: (args) => {
    const [type, value] = texts(args, 2)
    const places = (["before", "after"] as const).flatMap((option) => {
      const at = textAt(args.tokens, args.option(option))
      return at === null ? [] : [` ${option.toUpperCase()} ${literal(at.text)}`]
    })
    return type === undefined || value === undefined ? null : [["ALTER TYPE ", named(type), " ADD VALUE ", ifOption(args, "if_not_exists", "IF NOT EXISTS "), { sql: literal(value.text), range: value.range }, ...places]]
  },
  rename_enum_value: (args) => {
    const [type] = texts(args, 1)
    const [from, to] = [textAt(args.tokens, args.option("from")), textAt(args.tokens, args.option("to"))]
    return type === undefined || from === null || to === null ? null : [["ALTER TYPE ", named(type), " RENAME VALUE ", { sql: literal(from.text), range: from.range }, ` TO ${literal(to.text)}`]]
  },
  rename_enum: (args) => {
    const [type] = texts(args, 1)
    const newName = textAt(args.tokens, args.given[1] ?? args.option("to"))
    return type === undefined || newName === null ? null : [["ALTER TYPE ", named(type), " RENAME TO ", named(newName)]]
  },
  drop_enum: (args) => {
    const [type] = texts(args, 1)
    return type === undefined ? null : [["DROP TYPE ", ifOption(args, "if_exists", "IF EXISTS "), named(type)]]
  },
  // Comments lock nobody out.
  change_table_comment: () => [],
  change_column_comment: () => [],
  enable_extension: (args) => {
    const [written] = texts(args, 1)
    if (written === undefined) return null
    const [schema, name] = written.text.includes(".") ? written.text.split(".") : [undefined, written.text]
    return [["CREATE EXTENSION IF NOT EXISTS ", { sql: quoted(name ?? ""), range: written.range }, schema === undefined ? "" : ` SCHEMA ${quoted(schema)}`]]
  },
  create_schema: (args) => {
    const [schema] = texts(args, 1)
    return schema === undefined ? null : [["CREATE SCHEMA ", ifOption(args, "if_not_exists", "IF NOT EXISTS "), named(schema)]]
  },
  // The gems scenic and fx write their definitions into dumps; migrations name files of them.
  create_view: (args) => {
    const [name] = texts(args, 1)
    const query = textAt(args.tokens, args.option("sql_definition"))
    if (name === undefined || query === null) return null
    return [[isTrue(args.tokens, args.option("materialized")) ? "CREATE MATERIALIZED VIEW " : "CREATE VIEW ", named(name), " AS ", { sql: query.text.trim().replace(/;$/, ""), range: query.range }]]
  },
  drop_view: (args) => {
    const [name] = texts(args, 1)
    return name === undefined ? null : [[isTrue(args.tokens, args.option("materialized")) ? "DROP MATERIALIZED VIEW " : "DROP VIEW ", named(name)]]
  },
  create_function: defined,
  create_trigger: defined,
}

/** A statement that is written out. */
function defined({ tokens, option }: Arguments): readonly Statement[] | null {
  const definition = textAt(tokens, option("sql_definition"))
  return definition && [[{ sql: definition.text, range: definition.range }]]
}

function changeColumn(args: Arguments, { version }: Rails): readonly Statement[] | null {
  const [table, name, type] = texts(args, 3)
  const sqlType = type === undefined ? null : typeOf(type.text, args, version)
  if (table === undefined || name === undefined || type === undefined || sqlType === null) return null
  const [using, value, isNull] = [args.option("using"), args.option("default"), args.option("null")]
  const expression = using === null ? "" : textAt(args.tokens, using)?.text
  const written = value === null ? "" : literalAt(args.tokens, value, type.text)
  if (expression === undefined || written === undefined || args.option("cast_as") !== null) return null
  const column = ["ALTER COLUMN ", named(name)]
  const actions: (readonly Part[])[] = [[...column, " TYPE ", { sql: sqlType, range: type.range }, ...(using === null ? [] : [" USING ", { sql: expression, range: using }])]]
  if (value !== null) actions.push(isNil(args.tokens, value) ? [...column, " DROP DEFAULT"] : [...column, " SET DEFAULT ", { sql: written, range: value }])
  if (isNull !== null) actions.push([...column, { sql: isFalse(args.tokens, isNull) ? " SET NOT NULL" : " DROP NOT NULL", range: isNull }])
  return [alter(table, joined(actions))]
}

/**
 * The index of the primary key and the sequence go by the table's name. Source: rename_table of
 * active_record/connection_adapters/postgresql/schema_statements.rb.
 */
function renamedAlong(table: Said, newName: Said): readonly Statement[] {
  if (table.text.includes(".") || newName.text.includes(".")) return []
  return [["INDEX", "_pkey"] as const, ["SEQUENCE", "_id_seq"] as const].map(([kind, end]) => {
    const name = ({ text, range }: Said): Part => ({ sql: quoted(text.slice(0, LONGEST - end.length) + end), range })
    return [`ALTER ${kind} IF EXISTS `, name(table), " RENAME TO ", name(newName)]
  })
}

/** How long names are at most, in bytes. */
const LONGEST = 63
