/** What Sequelize 6 emits for the calls of `queryInterface`. Checked against the library in test/tools. */
import type { Node } from "../embedded/node.ts"
import { only, readerOf, Unknown, type Call, type Emitted, type Options, type Reader } from "./call.ts"
import { build, joined, name, type Piece } from "./pieces.ts"

const METHODS: Readonly<Record<string, (reader: Reader, args: readonly Node[]) => readonly (readonly Piece[])[]>> = {
  addIndex(reader, [table, second, third]) {
    const isList = second?.type !== "ObjectExpression"
    const options = only(reader.options(isList ? third : second), ["fields", "name", "unique", "concurrently", "using", "transaction", "type"])
    if (options.has("type")) throw new Unknown()
    const keys = reader.texts(isList ? second : options.node("fields"))
    const own = options.text("name") ?? underscored(`${reader.text(table)}_${keys.map(({ text }) => text).join("_")}`)
    const using = options.text("using")
    return [
      build(
        `CREATE${options.flag("unique") ? " UNIQUE" : ""} INDEX ${options.flag("concurrently") ? "CONCURRENTLY " : ""}`,
        name(own, options.node("name")),
        " ON ",
        named(reader, table),
        `${using === null ? "" : ` USING ${using}`} (`,
        joined(keys.map(({ text, node }) => name(text, node)), ", "),
        ")",
      ),
    ]
  },
  removeIndex(reader, [table, index, given]) {
    const options = only(reader.options(given), ["concurrently", "transaction"])
    const [first] = reader.texts(index)
    if (first === undefined) throw new Unknown()
    const own = index?.type === "ArrayExpression" ? underscored(`${reader.text(table)}_${reader.texts(index).map(({ text }) => text).join("_")}`) : first.text
    return [build(`DROP INDEX ${options.flag("concurrently") ? "CONCURRENTLY " : ""}IF EXISTS `, name(own, index))]
  },
  removeColumn: (reader, [table, column]) => [build("ALTER TABLE ", inSchema(reader, table), " DROP COLUMN ", named(reader, column))],
  renameColumn: (reader, [table, from, to]) => [
    build("ALTER TABLE ", named(reader, table), " RENAME COLUMN ", named(reader, from), " TO ", named(reader, to)),
  ],
  renameTable: (reader, [table, to]) => [build("ALTER TABLE ", named(reader, table), " RENAME TO ", named(reader, to))],
  dropTable: (reader, [table]) => [build("DROP TABLE IF EXISTS ", named(reader, table))],
  removeConstraint: (reader, [table, constraint]) => [build("ALTER TABLE ", named(reader, table), " DROP CONSTRAINT ", named(reader, constraint))],
  addColumn(reader, [table, column, given]) {
    const options = only(reader.options(given), ["type", "allowNull", "unique", "after", "comment"])
    if (options.has("comment")) throw new Unknown()
    const required = options.has("allowNull") && !options.flag("allowNull")
    const unique = options.flag("unique") ? " UNIQUE" : ""
    return [
      build("ALTER TABLE ", inSchema(reader, table), " ADD COLUMN ", named(reader, column), ` ${typeOf(options)}${required ? " NOT NULL" : ""}${unique}`),
    ]
  },
  addConstraint(reader, [table, given]) {
    const options = only(reader.options(given), ["fields", "type", "name", "references", "onDelete", "onUpdate", "transaction"])
    const keys = reader.texts(options.node("fields"))
    const [type, own] = [options.text("type"), options.text("name")]
    if (own === null) throw new Unknown()
    const head = build("ALTER TABLE ", named(reader, table), " ADD CONSTRAINT ", name(own, options.node("name")))
    const columns = joined(keys.map(({ text, node }) => name(text, node)), ", ")
    if (type === "unique" || type === "primary key") return [build(head, ` ${type.toUpperCase()} (`, columns, ")")]
    if (type !== "foreign key") throw new Unknown()
    const target = only(reader.options(options.node("references")), ["table", "field"])
    const actions = (["onDelete", "onUpdate"] as const).map((key) => {
      const action = options.text(key)
      return action === null ? "" : ` ON ${key === "onDelete" ? "DELETE" : "UPDATE"} ${action.toUpperCase()}`
    })
    const field = name(reader.text(target.node("field")), target.node("field"))
    return [build(head, " FOREIGN KEY (", columns, ") REFERENCES ", named(reader, target.node("table")), " (", field, ")", actions.reverse().join(""))]
  },
}

const TYPES: Readonly<Record<string, string>> = {
  STRING: "VARCHAR(255)",
  TEXT: "TEXT",
  INTEGER: "INTEGER",
  BIGINT: "BIGINT",
  SMALLINT: "SMALLINT",
  BOOLEAN: "BOOLEAN",
  DATE: "TIMESTAMP WITH TIME ZONE",
  DATEONLY: "DATE",
  JSON: "JSON",
  JSONB: "JSONB",
  UUID: "UUID",
  FLOAT: "FLOAT",
  DOUBLE: "DOUBLE PRECISION",
}

export function sequelize(call: Call): Emitted {
  const emit = METHODS[call.method]
  return emit === undefined ? null : emit(readerOf(call), call.arguments)
}

/** `Sequelize.STRING`, `DataTypes.TEXT`, or SQL in quotes. */
function typeOf(options: Options): string {
  const node = options.node("type")
  const property = node?.type === "MemberExpression" ? node["property"] : undefined
  const key = typeof property === "object" && property !== null && "name" in property ? String(property.name) : null
  const type = key === null ? options.text("type") : TYPES[key]
  if (type === null || type === undefined) throw new Unknown()
  return type
}

/** As the library derives the names of indexes. */
function underscored(text: string): string {
  return text.replace(/([a-z\d])([A-Z])/g, "$1_$2").replace(/[-\s.]+/g, "_").toLowerCase()
}

function named(reader: Reader, node: Node | undefined): Piece {
  if (node?.type !== "ObjectExpression") return name(reader.text(node), node)
  const options = reader.options(node)
  const [schema, table] = [options.text("schema"), options.text("tableName")]
  if (table === null) throw new Unknown()
  return { sql: [schema, table].flatMap((part) => (part === null ? [] : [name(part).sql])).join("."), node }
}

/** Where columns are added and removed, the library names the default schema. */
function inSchema(reader: Reader, node: Node | undefined): Piece {
  const { sql, ...rest } = named(reader, node)
  return { sql: sql.includes(".") ? sql : `"public".${sql}`, ...rest }
}
