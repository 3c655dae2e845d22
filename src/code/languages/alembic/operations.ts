/**
 * The SQL that Alembic makes of its operations. Source: alembic/operations/ops.py, alembic/ddl/base.py and alembic/ddl/postgresql.py of
 * alembic 1.
 */
import { elementsOf, type Arguments, type Said } from "../arguments.ts"
import type { Range } from "../expression.ts"
import { joined, list, named, quoted, type Part } from "../made.ts"
import type { Token } from "../tokens.ts"
import { actionsOf, columnAt, columnSql, defaultText, type Column } from "./columns.ts"
import { bulkInserted } from "./rows.ts"
import { typeAt, type TypeSource } from "./types.ts"
import { callAt, entriesAt, isFalse, isNone, isTrue, meantIn, textAt, textsAt } from "../python/values.ts"

export type Statement = readonly Part[]

/** The table of `op.batch_alter_table`, whose operations leave it out. */
export interface Batch {
  readonly table: Said
  readonly schema: string | null
}

/** The statements of an operation; null for what only running the code would tell, and for operations that are not known. */
export function statementsOf(operation: string, args: Arguments, batch: Batch | null, revision: TypeSource): readonly Statement[] | null {
  const make = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined
  return make === undefined || !args.isWhole ? null : make({ ...args, batch, revision })
}

interface Operation extends Arguments {
  readonly batch: Batch | null
  readonly revision: TypeSource
}

const OPERATIONS: Readonly<Record<string, (operation: Operation) => readonly Statement[] | null>> = {
  add_column: (op) => {
    const table = tableOf(op, 0)
    const range = op.batch === null ? op.given[1] : op.given[0]
    const column = range === undefined ? null : columnAt(op.tokens, range, op.revision)
    // What stands in the column itself is no constraint of its own.
    if (table === null || column === null || (column.references !== null && op.option("inline_references") !== null)) return null
    const statements: Statement[] = [["ALTER TABLE ", table.part, " ADD COLUMN ", ifOption(op, "if_not_exists", "IF NOT EXISTS "), ...columnSql(column)]]
    if (column.references !== null) statements.push(["ALTER TABLE ", table.part, " ADD ", ...column.references])
    const index = indexOf(table, column)
    return index === null ? statements : [...statements, index]
  },
  drop_column: (op) => {
    const [table, name] = [tableOf(op, 0), textAt(op.tokens, op.batch === null ? (op.given[1] ?? op.option("column_name")) : op.given[0])]
    return table === null || name === null ? null : [["ALTER TABLE ", table.part, " DROP COLUMN ", ifOption(op, "if_exists", "IF EXISTS "), named(name)]]
  },
  alter_column: alterColumn,
  rename_table: (op) => {
    const [table, newName] = [tableOf(op, 0), textAt(op.tokens, op.given[1] ?? op.option("new_table_name"))]
    return table === null || newName === null || op.batch !== null ? null : [["ALTER TABLE ", table.part, " RENAME TO ", named(newName)]]
  },
  drop_table: (op) => {
    const table = op.batch === null ? tableOf(op, 0) : null
    return table && [["DROP TABLE ", ifOption(op, "if_exists", "IF EXISTS "), table.part]]
  },
  bulk_insert: (op) => {
    const made = op.batch === null ? bulkInserted(op.revision, op.given) : null
    return made && [made]
  },
  create_index: createIndex,
  drop_index: (op) => {
    const name = textAt(op.tokens, op.given[0] ?? op.option("index_name"))
    const schema = op.batch === null ? schemaOf(op, "schema") : op.batch.schema
    if (name === null || schema === undefined) return null
    const index: Part = { sql: quoted(schema === null ? name.text : `${schema}.${name.text}`), range: name.range }
    return [["DROP INDEX ", ifOption(op, "postgresql_concurrently", "CONCURRENTLY "), ifOption(op, "if_exists", "IF EXISTS "), index]]
  },
  create_foreign_key: createForeignKey,
  create_unique_constraint: (op) => constraint(op, "columns", (columns) => ["UNIQUE (", ...list(columns), ")"]),
  create_primary_key: (op) => constraint(op, "columns", (columns) => ["PRIMARY KEY (", ...list(columns), ")"]),
  create_check_constraint: (op) => {
    const [name, table] = [nameOf(op), tableOf(op, 1)]
    const condition = textAt(op.tokens, op.given[op.batch === null ? 2 : 1] ?? op.option("condition"))
    if (name === null || table === null || condition === null) return null
    return [["ALTER TABLE ", table.part, " ADD ", ...name, { sql: `CHECK (${condition.text})`, range: condition.range }, ifOption(op, "postgresql_not_valid", " NOT VALID")]]
  },
  drop_constraint: (op) => {
    const [name, table] = [textAt(op.tokens, op.given[0] ?? op.option("constraint_name")), tableOf(op, 1)]
    return name === null || table === null ? null : [["ALTER TABLE ", table.part, " DROP CONSTRAINT ", ifOption(op, "if_exists", "IF EXISTS "), named(name)]]
  },
  create_table: createTable,
}

interface Table {
  readonly name: string
  readonly part: Part
}

/** The table of an operation; `position` is its place among the arguments where no batch has it. */
function tableOf({ batch, tokens, given, option }: Operation, position: number): Table | null {
  if (batch !== null) return { name: batch.table.text, part: { sql: quoted(batch.schema === null ? batch.table.text : `${batch.schema}.${batch.table.text}`), range: batch.table.range } }
  const table = textAt(tokens, given[position] ?? option("table_name"))
  const schema = schemaOf({ tokens, option }, "schema")
  if (table === null || schema === undefined) return null
  return { name: table.text, part: { sql: quoted(schema === null ? table.text : `${schema}.${table.text}`), range: table.range } }
}

/** Null for none; undefined for what only running the code would tell. */
function schemaOf({ tokens, option }: Pick<Arguments, "tokens" | "option">, name: string): string | null | undefined {
  const range = option(name)
  return range === null || isNone(tokens, range) ? null : textAt(tokens, range)?.text
}

function ifOption({ tokens, option }: Arguments, name: string, sql: string): string {
  return isTrue(tokens, option(name)) ? sql : ""
}

/** `CONSTRAINT "name" `, or nothing for a constraint that the server names; null for what only running the code would tell. */
function nameOf({ tokens, given, option }: Operation): readonly Part[] | null {
  const range = given[0] ?? option("constraint_name")
  if (range === null || isNone(tokens, range)) return []
  const name = textAt(tokens, range)
  return name && ["CONSTRAINT ", named(name), " "]
}

function constraint(op: Operation, option: string, make: (columns: readonly Said[]) => readonly Part[]): readonly Statement[] | null {
  const [name, table, columns] = [nameOf(op), tableOf(op, 1), textsAt(op.tokens, op.given[op.batch === null ? 2 : 1] ?? op.option(option))]
  if (name === null || table === null || columns === null || op.option("deferrable") !== null) return null
  return [["ALTER TABLE ", table.part, " ADD ", ...name, ...make(columns)]]
}

/** The type first, then NOT NULL, then the default, then the name, each in a statement of its own. */
function alterColumn(op: Operation): readonly Statement[] | null {
  const { tokens, option } = op
  const [table, name] = [tableOf(op, 0), textAt(tokens, op.batch === null ? (op.given[1] ?? option("column_name")) : op.given[0])]
  if (table === null || name === null) return null
  const statements: Statement[] = []
  const add = (...action: readonly Part[]): void => {
    statements.push(["ALTER TABLE ", table.part, " ALTER COLUMN ", named(name), ...action])
  }
  const [type, nullable, value, newName] = [option("type_"), option("nullable"), option("server_default"), option("new_column_name")]
  if (type !== null) {
    const [sqlType, using] = [typeAt(tokens, type, op.revision), textAt(tokens, option("postgresql_using"))]
    if (sqlType === null || (using === null && option("postgresql_using") !== null)) return null
    add(" TYPE ", { sql: sqlType, range: type }, ...(using === null ? [] : [" USING ", { sql: using.text, range: using.range }]))
  }
  if (nullable !== null) {
    if (!isTrue(tokens, nullable) && !isFalse(tokens, nullable)) return null
    add({ sql: isTrue(tokens, nullable) ? " DROP NOT NULL" : " SET NOT NULL", range: nullable })
  }
  if (value !== null && !isFalse(tokens, value)) {
    const text = isNone(tokens, value) ? "" : defaultText(tokens, value)
    if (text === null) return null
    add({ sql: text === "" ? " DROP DEFAULT" : ` SET DEFAULT ${text}`, range: value })
  }
  if (newName !== null) {
    const said = textAt(tokens, newName)
    if (said === null) return null
    statements.push(["ALTER TABLE ", table.part, " RENAME COLUMN ", named(name), " TO ", named(said)])
  }
  return statements
}

function createIndex(op: Operation): readonly Statement[] | null {
  const { tokens, given, option } = op
  const [name, table] = [textAt(tokens, given[0] ?? option("index_name")), tableOf(op, 1)]
  const columns = given[op.batch === null ? 2 : 1] ?? option("columns")
  const elements = columns === null ? null : elementsOf(tokens, meantIn(tokens, columns))
  const classes = option("postgresql_ops")
  const ops = classes === null ? new Map<string, string>() : entriesAt(tokens, classes)
  const [where, using, include] = [textAt(tokens, option("postgresql_where")), textAt(tokens, option("postgresql_using")), textsAt(tokens, option("postgresql_include"))]
  if (name === null || table === null || elements === null || ops === null) return null
  if ((option("postgresql_where") !== null && where === null) || (option("postgresql_include") !== null && include === null)) return null
  const keys = elements.map((element) => keyAt(tokens, element, ops))
  if (keys.some((key) => key === null)) return null
  return [
    [
      "CREATE ",
      ifOption(op, "unique", "UNIQUE "),
      "INDEX ",
      ifOption(op, "postgresql_concurrently", "CONCURRENTLY "),
      ifOption(op, "if_not_exists", "IF NOT EXISTS "),
      named(name),
      " ON ",
      table.part,
      using === null ? "" : ` USING ${using.text}`,
      " (",
      ...joined(keys.map((key) => [key ?? ""])),
      ")",
      include === null ? "" : ` INCLUDE (${include.map(({ text }) => quoted(text)).join(", ")})`,
      ifOption(op, "postgresql_nulls_not_distinct", " NULLS NOT DISTINCT"),
      ...(where === null ? [] : [" WHERE ", { sql: where.text, range: where.range }]),
    ],
  ]
}

/** A column by its name, or an expression as SQL. */
function keyAt(tokens: readonly Token[], range: Range, ops: ReadonlyMap<string, string>): Part | null {
  const said = textAt(tokens, range)
  if (said === null) return null
  const isExpression = callAt(tokens, range)?.name === "text" || callAt(tokens, range)?.name === "literal_column"
  const key = isExpression ? said.text : quoted(said.text)
  const opclass = ops.get(said.text)
  return { sql: opclass === undefined ? key : `${key} ${opclass}`, range }
}

/** `index=True` and `unique=True` of a column that is added. */
function indexOf(table: Table, { name, isIndexed, isUnique }: Column): Statement | null {
  if (isUnique && !isIndexed) return ["ALTER TABLE ", table.part, " ADD UNIQUE (", named(name), ")"]
  if (!isIndexed) return null
  return ["CREATE ", isUnique ? "UNIQUE " : "", "INDEX ", quoted(`ix_${table.name}_${name.text}`), " ON ", table.part, " (", named(name), ")"]
}

function createForeignKey(op: Operation): readonly Statement[] | null {
  const { tokens, given, option } = op
  const inBatch = op.batch === null ? 0 : 1
  const [name, referent] = [nameOf(op), textAt(tokens, given[2 - inBatch] ?? option("referent_table"))]
  const source = op.batch === null ? textAt(tokens, given[1] ?? option("source_table")) : op.batch.table
  const [local, remote] = [textsAt(tokens, given[3 - inBatch] ?? option("local_cols")), textsAt(tokens, given[4 - inBatch] ?? option("remote_cols"))]
  const [sourceSchema, referentSchema] = [op.batch === null ? schemaOf(op, "source_schema") : op.batch.schema, schemaOf(op, "referent_schema")]
  if (name === null || source === null || referent === null || local === null || remote === null || sourceSchema === undefined || referentSchema === undefined) return null
  const behind = actionsOf(op)
  if (behind === null) return null
  const table = (schema: string | null, { text, range }: Said): Part => ({ sql: quoted(schema === null ? text : `${schema}.${text}`), range })
  return [["ALTER TABLE ", table(sourceSchema, source), " ADD ", ...name, "FOREIGN KEY (", ...list(local), ") REFERENCES ", table(referentSchema, referent), " (", ...list(remote), ")", behind, ifOption(op, "postgresql_not_valid", " NOT VALID")]]
}

function createTable(op: Operation): readonly Statement[] | null {
  const { tokens, given } = op
  const table = op.batch === null ? tableOf(op, 0) : null
  if (table === null || ["prefixes", "postgresql_partition_by", "postgresql_inherits"].some((name) => op.option(name) !== null)) return null
  const columns: Column[] = []
  const constraints: (readonly Part[])[] = []
  const keys: string[] = []
  const referencing = new Set<string>()
  for (const range of given.slice(1)) {
    const column = columnAt(tokens, range, op.revision)
    if (column !== null) {
      columns.push(column)
      if (column.references !== null && !column.usesAlter) constraints.push(column.references)
      continue
    }
    const made = tableConstraint(tokens, range)
    if (made === null) return null
    if (made.parts.length > 0) constraints.push(made.parts)
    keys.push(...made.keys)
    for (const name of made.referencing) referencing.add(name)
  }
  const types = columns.flatMap(({ makes }) => (makes === undefined ? [] : [makes]))
  if (types.some((type) => type === null)) return null
  // A constraint that says the key has the last word (`_set_parent` of PrimaryKeyConstraint in sqlalchemy/sql/schema.py).
  if (keys.length === 0 && columns.some(({ isKey }) => isKey)) {
    keys.push(...columns.flatMap(({ isKey, name }) => (isKey ? [name.text] : [])))
    constraints.push([`PRIMARY KEY (${keys.map(quoted).join(", ")})`])
  }
  const elements = columns.map((column) => columnSql(referencing.has(column.name.text) ? column : serial(column, keys)))
  const exists = ifOption(op, "if_not_exists", "IF NOT EXISTS ")
  const indexes = columns.flatMap((column) => {
    const index = indexOf(table, column)
    return index === null ? [] : [index]
  })
  return [...types.flatMap((type) => (type === null ? [] : [type])), ["CREATE TABLE ", exists, table.part, " (", ...joined([...elements, ...constraints]), ")"], ...indexes]
}

/** The only column of a primary key counts by itself, if it is an integer without default that references nothing. */
function serial(column: Column, keys: readonly string[]): Column {
  const type = /^(?:(BIG|SMALL)INT|INTEGER)$/.exec(column.type.text)
  if (type === null || column.hasDefault || !column.mayCount || keys.length !== 1 || keys[0] !== column.name.text) return column
  return { ...column, type: { ...column.type, text: `${type[1] ?? ""}SERIAL` } }
}

/** A constraint of a new table, with the columns of a primary key, and with those that reference another table. */
interface TableConstraint {
  /** None where CREATE TABLE leaves the constraint out. */
  readonly parts: readonly Part[]
  readonly keys: readonly string[]
  readonly referencing: readonly string[]
}

function tableConstraint(tokens: readonly Token[], range: Range): TableConstraint | null {
  const call = callAt(tokens, range)
  if (call === null || !call.args.isWhole) return null
  const { args, name: kind } = call
  const name = textAt(tokens, args.option("name"))
  const head: readonly Part[] = name === null ? [] : ["CONSTRAINT ", named(name), " "]
  const columns = args.given.map((one) => textAt(tokens, one))
  const said = columns.flatMap((one) => one ?? [])
  switch (kind) {
    case "PrimaryKeyConstraint":
    case "UniqueConstraint":
      if (said.length < columns.length || args.option("deferrable") !== null) return null
      return { parts: [...head, kind === "UniqueConstraint" ? "UNIQUE (" : "PRIMARY KEY (", ...list(said), ")"], keys: kind === "UniqueConstraint" ? [] : said.map(({ text }) => text), referencing: [] }
    case "CheckConstraint": {
      const [condition] = said
      return condition === undefined ? null : { parts: [...head, { sql: `CHECK (${condition.text})`, range: condition.range }], keys: [], referencing: [] }
    }
    case "ForeignKeyConstraint": {
      const [local, remote, behind] = [textsAt(tokens, args.given[0]), textsAt(tokens, args.given[1]), actionsOf(args)]
      const tables = new Set(remote?.map(({ text }) => text.slice(0, text.lastIndexOf("."))))
      const [referent] = tables
      const [place] = remote ?? []
      if (local === null || remote === null || behind === null || tables.size !== 1 || referent === undefined || place === undefined) return null
      const target: Part = { sql: quoted(referent), range: place.range }
      // Nothing makes it later: what would do so is SQLAlchemy's create_all().
      if (isTrue(tokens, args.option("use_alter"))) return { parts: [], keys: [], referencing: local.map(({ text }) => text) }
      return { parts: [...head, "FOREIGN KEY (", ...list(local), ") REFERENCES ", target, ` (${remote.map(({ text }) => quoted(text.slice(text.lastIndexOf(".") + 1))).join(", ")})`, behind], keys: [], referencing: local.map(({ text }) => text) }
    }
    default:
      return null
  }
}
