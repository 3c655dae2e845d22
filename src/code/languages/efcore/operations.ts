/**
 * The SQL that EF Core makes of the operations of a migration on PostgreSQL. Source: Migrations/NpgsqlMigrationsSqlGenerator.cs of
 * npgsql/efcore.pg 10, and Migrations/MigrationsSqlGenerator.cs of dotnet/efcore.
 */
import type { Arguments, Said } from "../arguments.ts"
import { joined, list, literal, named, quoted, type Part } from "../made.ts"
import { columnAt, columnSql, countsBy, typeOf } from "./columns.ts"
import { foreignKey, inSchema, nameOf, one, type Place, type Statement } from "./statements.ts"
import { createTable } from "./tables.ts"
import { isNull, isTrue, itemsAt, literalAt, textAt, textsAt, type Call } from "./values.ts"

type Made = readonly Statement[] | null

/** The statements of an operation; null for what only running the code would tell, and for operations that are not known. */
export function statementsOf(call: Call): Made {
  const make = Object.hasOwn(OPERATIONS, call.name) ? OPERATIONS[call.name] : undefined
  return make === undefined ? null : make(call)
}

const OPERATIONS: Readonly<Record<string, (call: Call) => Made>> = {
  AddCheckConstraint: (call) => {
    const [table, name, condition] = [tableOf(call), nameOf(call), textAt(call.args.tokens, call.args.option("sql"))]
    return table && name && condition && one("ALTER TABLE ", table, " ADD CONSTRAINT ", named(name), " CHECK (", { sql: condition.text, range: condition.range }, ")")
  },
  AddColumn: (call) => {
    const [table, name, column] = [tableOf(call), nameOf(call), columnAt(call)]
    return table && name && column && one("ALTER TABLE ", table, " ADD COLUMN ", ...columnSql(name, column))
  },
  AddForeignKey: (call) => {
    const [table, key] = [tableOf(call), foreignKey(call.args, columnsOf(call))]
    return table && key && one("ALTER TABLE ", table, " ADD ", ...key)
  },
  AddPrimaryKey: (call) => addConstraint(call, "PRIMARY KEY"),
  AddUniqueConstraint: (call) => addConstraint(call, "UNIQUE"),
  AlterColumn: alterColumn,
  AlterDatabase: alterDatabase,
  AlterTable: ({ args, annotations, oldAnnotations }) => (annotations.size + oldAnnotations.size === 0 && ["comment", "oldComment"].some((name) => args.option(name) !== null) ? [] : null),
  CreateIndex: createIndex,
  CreateTable: createTable,
  DeleteData: () => [],
  DropCheckConstraint: dropConstraint,
  DropColumn: (call) => {
    const [table, name] = [tableOf(call), nameOf(call)]
    return table && name && one("ALTER TABLE ", table, " DROP COLUMN ", named(name))
  },
  DropForeignKey: dropConstraint,
  DropIndex: (call) => {
    const index = inSchema(call.args, nameOf(call), "schema")
    return index && one("DROP INDEX ", index)
  },
  DropPrimaryKey: dropConstraint,
  DropSequence: (call) => drop(call, "SEQUENCE"),
  DropSchema: (call) => drop(call, "SCHEMA"),
  DropTable: (call) => drop(call, "TABLE"),
  DropUniqueConstraint: dropConstraint,
  EnsureSchema: (call) => {
    const name = nameOf(call)
    return name && (name.text === "public" ? [] : one("CREATE SCHEMA IF NOT EXISTS ", named(name)))
  },
  InsertData: () => [],
  RenameColumn: (call) => {
    const [table, name, newName] = [tableOf(call), nameOf(call), textAt(call.args.tokens, call.args.option("newName"))]
    return table && name && newName && one("ALTER TABLE ", table, " RENAME COLUMN ", named(name), " TO ", named(newName))
  },
  RenameIndex: (call) => rename(call, "INDEX"),
  RenameSequence: (call) => rename(call, "SEQUENCE"),
  RenameTable: (call) => rename(call, "TABLE"),
  // Rows by their keys.
  UpdateData: () => [],
}

function tableOf({ args }: Call): Place | null {
  return inSchema(args, textAt(args.tokens, args.option("table") ?? args.given[1]), "schema")
}

/** `column: "a"`, `columns: new[] { "a", "b" }` */
function columnsOf({ args: { tokens, given, option } }: Call): readonly Said[] | null {
  const single = option("column")
  const range = single ?? option("columns") ?? given[2] ?? null
  const said = textAt(tokens, range)
  return said === null ? textsAt(tokens, range) : [said]
}

function addConstraint(call: Call, kind: string): Made {
  const [table, name, columns] = [tableOf(call), nameOf(call), columnsOf(call)]
  if (table === null || name === null || columns === null || call.annotations.size > 0) return null
  return one("ALTER TABLE ", table, " ADD CONSTRAINT ", named(name), ` ${kind} (`, ...list(columns), ")")
}

function dropConstraint(call: Call): Made {
  const [table, name] = [tableOf(call), nameOf(call)]
  return table && name && one("ALTER TABLE ", table, " DROP CONSTRAINT ", named(name))
}

function drop(call: Call, kind: string): Made {
  const name = inSchema(call.args, nameOf(call), "schema")
  return name && one(`DROP ${kind} `, name)
}

/** Under its new name, and then in its new schema. */
function rename(call: Call, kind: string): Made {
  const { args } = call
  const { tokens, option } = args
  const [old, newName, newSchema] = [nameOf(call), option("newName"), option("newSchema")]
  const [from, to, target] = [inSchema(args, old, "schema"), isNull(tokens, newName) ? old : textAt(tokens, newName), isNull(tokens, newSchema) ? undefined : textAt(tokens, newSchema)]
  const moved = inSchema(args, to, "schema")
  if (old === null || from === null || to === null || moved === null || target === null) return null
  const statements: Statement[] = to.text === old.text ? [] : [...one(`ALTER ${kind} `, from, " RENAME TO ", named(to))]
  return target === undefined ? statements : [...statements, ...one(`ALTER ${kind} `, moved, " SET SCHEMA ", named(target))]
}

/** The type, NULL and the default where they differ from what was there, each in a statement of its own. */
function alterColumn(call: Call): Made {
  const { args, annotations, oldAnnotations } = call
  const { tokens, option } = args
  const [table, name, column] = [tableOf(call), nameOf(call), columnAt(call)]
  const oldType = typeOf(clrType(args, "oldClrType") ?? call.type, option("oldType"), call)
  if (table === null || name === null || column === null || column.computed !== null || !isNull(tokens, option("oldComputedColumnSql"))) return null
  // How it counts, how it is compressed and sorted is not followed.
  if (column.counts !== countsBy(tokens, oldAnnotations) || column.collation?.text !== textAt(tokens, option("oldCollation"))?.text || annotations.size !== oldAnnotations.size) return null
  const add = (...action: readonly Part[]): Statement => ({ parts: ["ALTER TABLE ", table, " ALTER COLUMN ", named(name), ...action] })
  const statements: Statement[] = []
  const written = option("type")
  // Of a type that neither the migration nor C# tells, only a new one is known.
  if (oldType === null && isNull(tokens, written) && isNull(tokens, option("oldType"))) return null
  if (oldType === null || oldType.text !== column.type.text) statements.push(add(" TYPE ", { sql: column.type.text, range: written ?? column.type.range }))
  const wasNull = isTrue(tokens, option("oldNullable"))
  const place = option("nullable") ?? name.range
  if (column.isNull && !wasNull) statements.push(add({ sql: " DROP NOT NULL", range: place }))
  if (!column.isNull && wasNull) {
    // An added default also fills what was empty.
    if (column.initial !== null) statements.push({ parts: ["UPDATE ", table, " SET ", named(name), " = ", column.initial, " WHERE ", named(name), " IS NULL"] })
    statements.push(add({ sql: " SET NOT NULL", range: place }))
  }
  const [old, oldSql] = [option("oldDefaultValue"), option("oldDefaultValueSql")]
  const was = isNull(tokens, oldSql) ? (isNull(tokens, old) || old === null ? null : literalAt(tokens, old)) : `(${textAt(tokens, oldSql)?.text ?? ""})`
  const is = column.initial === null ? null : typeof column.initial === "string" ? column.initial : column.initial.sql
  if (is !== was && column.counts === null) statements.push(column.initial === null ? add(" DROP DEFAULT") : add(" SET DEFAULT ", column.initial))
  return statements
}

/** `typeof(string)` */
function clrType({ tokens, option }: Arguments, name: string): string | null {
  const range = option(name)
  return range === null ? null : tokens.slice(range.from + 2, range.to - 1).map((token) => (token.kind === "word" || token.kind === "sign" ? token.text : "")).join("").replace(/\?$/, "")
}

/** Extensions and enums of the model, in the order in which their annotations stand. */
function alterDatabase({ args: { tokens }, annotations, oldAnnotations, range }: Call): Made {
  const statements: Statement[] = []
  for (const [key, value] of annotations) {
    const [, kind, named = ""] = /^Npgsql:(PostgresExtension|Enum):(.+)$/.exec(key) ?? []
    const said = textAt(tokens, value)
    const before = oldAnnotations.get(key)
    const old = before === undefined ? undefined : textAt(tokens, before)
    if (kind === undefined || said === null || old === null) return null
    if (old?.text === said.text) continue
    const name = quoted(named)
    const labels = (text: string): readonly string[] => (text === "" ? [] : text.split(","))
    if (kind === "PostgresExtension") {
      if (old !== undefined) return null
      statements.push({ parts: [{ sql: `CREATE EXTENSION IF NOT EXISTS ${quoted(named.replace(/^.*\./, ""))}`, range: said.range }] })
    } else if (old === undefined) statements.push({ parts: [{ sql: `CREATE TYPE ${name} AS ENUM (${labels(said.text).map(literal).join(", ")})`, range: said.range }] })
    else {
      const [known, all] = [labels(old.text), labels(said.text)]
      // A label cannot be taken away.
      if (known.some((label) => !all.includes(label))) return null
      for (const [index, label] of all.entries()) {
        if (known.includes(label)) continue
        const behind = all.slice(0, index).at(-1)
        statements.push({ parts: [{ sql: `ALTER TYPE ${name} ADD VALUE ${literal(label)}${behind === undefined ? "" : ` AFTER ${literal(behind)}`}`, range: said.range }] })
      }
    }
  }
  // What is taken away is dropped.
  for (const key of oldAnnotations.keys()) {
    if (annotations.has(key)) continue
    const name = /^Npgsql:Enum:(.+)$/.exec(key)?.[1]
    if (name === undefined) return null
    statements.push({ parts: [{ sql: `DROP TYPE ${quoted(name)}`, range }] })
  }
  return statements
}

function createIndex(call: Call): Made {
  const { args, annotations } = call
  const { tokens, option } = args
  const [table, name, columns] = [tableOf(call), nameOf(call), columnsOf(call)]
  const filter = option("filter")
  const condition = isNull(tokens, filter) ? undefined : textAt(tokens, filter)
  if (table === null || name === null || columns === null || condition === null) return null
  const [method, include, classes] = [annotations.get("Npgsql:IndexMethod"), annotations.get("Npgsql:IndexInclude"), annotations.get("Npgsql:IndexOperators")].map((range) => range ?? null)
  if ([...annotations.keys()].some((key) => key.startsWith("Npgsql:") && !INDEX.test(key))) return null
  const [using, included, operators] = [method == null ? undefined : textAt(tokens, method), include == null ? [] : textsAt(tokens, include), classes == null ? [] : textsAt(tokens, classes)]
  const down = descending(args, columns.length)
  if (using === null || included === null || operators === null || down === null) return null
  const concurrently = isTrue(tokens, annotations.get("Npgsql:CreatedConcurrently") ?? null)
  const keys = columns.map((column, index): readonly Part[] => [named(column), operators[index] === undefined ? "" : ` ${operators[index].text}`, down[index] === true ? " DESC" : ""])
  const distinct = annotations.get("Npgsql:NullsDistinct")
  return [{
    parts: [
      `CREATE ${isTrue(tokens, option("unique")) ? "UNIQUE " : ""}INDEX ${concurrently ? "CONCURRENTLY " : ""}`,
      named(name),
      " ON ",
      table,
      using === undefined ? "" : ` USING ${using.text}`,
      " (",
      ...joined(keys),
      ")",
      ...(included.length === 0 ? [] : [" INCLUDE (", ...list(included), ")"]),
      distinct === undefined || isTrue(tokens, distinct) ? "" : " NULLS NOT DISTINCT",
      ...(condition === undefined ? [] : [" WHERE ", { sql: condition.text, range: condition.range }]),
    ],
    ...(concurrently && { outside: true }),
  }]
}

const INDEX = /^Npgsql:(?:IndexMethod|IndexInclude|IndexOperators|CreatedConcurrently|NullsDistinct)$/

/** Which columns of an index are sorted downwards; an empty list stands for all. */
function descending({ tokens, option }: Arguments, count: number): readonly boolean[] | null {
  const range = option("descending")
  if (range === null || isNull(tokens, range)) return []
  const items = itemsAt(tokens, range)
  if (items === null) return null
  return items.length === 0 ? Array.from({ length: count }, () => true) : items.map((item) => isTrue(tokens, item))
}
