/** What Sequelize 6 emits for the calls of `queryInterface`. Checked against the library in test/tools. */
import { children, pathOf, type Node } from "../../embedded/node.ts"
import { attempt, only, unknown, type Builder, type Options, type Reader, type Step } from "../call.ts"
import { joined, literal, sql, type Part, type Piece } from "../pieces.ts"
import { attributeOf, changesOf, enumName, enumType } from "./sequelize-columns.ts"
import { SEQUELIZE_ROWS } from "./rows/sequelize.ts"
import { at, inSchema, name, quoted, quotedIn, quotedText, tableOf, tableParts } from "./sequelize-names.ts"
import { conditionOf, constants } from "./sequelize-where.ts"

type Method = (reader: Reader, given: readonly Node[]) => readonly (readonly Piece[])[]

export const SEQUELIZE: Builder = {
  receiver: /(?:^|\.)queryInterface$/,
  get calls() { return { queryInterface: ["sequelize.query", "sequelize.transaction", ...Object.keys(METHODS), ...Object.keys(SEQUELIZE_ROWS)] } },
  read: (links, reader) =>
    links.flatMap((link): Step[] => {
      if (link.arguments === null) return []
      const { node } = link
      const rows = SEQUELIZE_ROWS[link.name]
      if (rows !== undefined) {
        const statement = attempt(() => rows(reader, link.arguments ?? []))
        return [statement === null ? { kind: "rows", node } : { kind: "statements", node, statements: [statement] }]
      }
      // They are handed models, and whatever models make of values.
      if (/^(?:insert|upsert|update|delete|increment|decrement)$/.test(link.name)) return [{ kind: "rows", node }]
      const method = METHODS[link.name]
      if (method === undefined) {
        return /^(?:add|remove|rename|change|create|drop)[A-Z]/.test(link.name) ? [{ kind: "unread", node, table: null }] : [{ kind: "skip", link }]
      }
      const statements = attempt(() => method(reader, link.arguments ?? []))
      if (statements !== null) return [{ kind: "statements", node, statements }]
      if (link.name !== "createTable") return [{ kind: "unread", node, table: null }]
      const table = attempt(() => tableOf(reader, link.arguments?.[0]))
      return [{ kind: "unread", node, table, columns: attempt(() => readable(reader, link.arguments ?? [])) ?? [] }]
    }),
}

/** The columns of a table that can be read, where others cannot. */
function readable(reader: Reader, [table, given]: readonly Node[]): Piece[][] {
  const attributes = reader.options(given)
  return attributes.names.flatMap((column) => {
    const line = attempt(() => {
      const attribute = attributeOf(reader, attributes.node(column), tableParts(reader, table))
      return attribute.labels === null ? sql`${quoted(attribute.field ?? column)} ${attribute.definition("", true)}` : null
    })
    return line === null ? [] : [line]
  })
}

/** Of the options of a call, these say how it is sent, not what. */
const SENDING = ["transaction", "logging", "benchmark", "raw"]

const METHODS: Readonly<Record<string, Method>> = {
  createTable(reader, [table, columns, given]) {
    const options = reader.options(given)
    const schema = options.text("schema")
    const target = schema === null || reader.isObject(table) ? tableOf(reader, table) : { ...quotedIn(schema, reader.text(table)), ...at(table) }
    const attributes = reader.options(columns)
    const all = attributes.names.map((column) => {
      const node = attributes.node(column)
      const attribute = attributeOf(reader, node, tableParts(reader, table))
      return { field: attribute.field ?? column, node, attribute }
    })
    const types = all.flatMap(({ field, attribute }) => (attribute.labels === null ? [] : [enumType(tableParts(reader, table), field, attribute.labels)]))
    const lines = all.map(({ field, node, attribute }) => sql`${quoted(field)} ${attribute.definition(enumName(tableParts(reader, table), field), false)}`.map((piece) => (node === undefined ? piece : { node, ...piece })))
    const uniques = options.has("uniqueKeys") ? uniqueKeys(reader, reader.options(options.node("uniqueKeys"))) : []
    const keys = all.filter(({ attribute }) => attribute.primaryKey).map(({ field }) => quoted(field))
    const key = keys.length === 0 ? [] : [sql`PRIMARY KEY (${joined(keys)})`]
    const comment = options.text("comment")
    return [
      ...types,
      sql`CREATE TABLE IF NOT EXISTS ${target} (${joined([...lines, ...uniques, ...key])})`,
      ...(comment === null ? [] : [sql`COMMENT ON TABLE ${target} IS ${literal(comment)}`]),
      ...all.flatMap(({ field, attribute }) => (attribute.comment === null ? [] : [sql`COMMENT ON COLUMN ${target}.${quoted(field)} IS ${literal(attribute.comment)}`])),
    ]
  },
  dropTable(reader, [table, given]) {
    const options = only(reader.options(given), ["cascade", "force", ...SENDING])
    return [sql`DROP TABLE IF EXISTS ${tableOf(reader, table)}${options.flag("cascade") || options.flag("force") ? " CASCADE" : ""}`]
  },
  renameTable: (reader, [table, to]) => [sql`ALTER TABLE ${tableOf(reader, table)} RENAME TO ${tableOf(reader, to)}`],
  addColumn(reader, [table, column, given]) {
    const own = reader.text(column)
    const parts = tableParts(reader, table)
    const attribute = attributeOf(reader, given, parts)
    const type = attribute.labels === null ? [] : [enumType(parts, own, attribute.labels)]
    // Where columns are added and removed, the library names the default schema.
    const definition = attribute.definition(enumName(parts, own), true)
    const comment = attribute.comment === null ? [] : [sql`COMMENT ON COLUMN ${tableOf(reader, table)}.${quoted(own, column)} IS ${literal(attribute.comment)}`]
    return [...type, sql`ALTER TABLE ${inSchema(reader, table)} ADD COLUMN ${quoted(own, column)} ${definition}`, ...comment]
  },
  removeColumn: (reader, [table, column]) => [sql`ALTER TABLE ${inSchema(reader, table)} DROP COLUMN ${quotedText(reader, column)}`],
  renameColumn: (reader, [table, from, to]) => [sql`ALTER TABLE ${tableOf(reader, table)} RENAME COLUMN ${quotedText(reader, from)} TO ${quotedText(reader, to)}`],
  changeColumn: (reader, [table, column, given]) => changesOf(reader, tableOf(reader, table), tableParts(reader, table), quotedText(reader, column), reader.text(column), given),
  addIndex(reader, [table, second, third]) {
    const isList = reader.list(second) !== null
    const given = reader.options(isList ? third : second)
    // `indexType` and `parser` are read for other databases only.
    const options = only(given, ["fields", "name", "unique", "concurrently", "using", "method", "type", "where", "operator", "prefix", "indexName", "indicesType", "indexType", "parser", ...SENDING])
    const fields = reader.list(isList ? second : options.node("fields")) ?? unknown()
    const keys = fields.map((field) => keyOf(reader, field, options.text("operator")))
    const prefix = options.text("prefix") ?? tableParts(reader, table).table
    const own = options.text("name") ?? underscored(`${prefix.replaceAll(".", "_").replace(/["']/g, "")}_${keys.map(({ text }) => text).join("_")}`)
    const using = options.text("using") ?? options.text("method")
    // `type: "UNIQUE"` is another way to say unique; other types are those of other databases.
    const isUnique = options.flag("unique") || options.text("type")?.toUpperCase() === "UNIQUE"
    const where = options.has("where") ? sql` WHERE ${conditionOf(constants(reader), options.node("where"))}` : ""
    const words = `${isUnique ? "UNIQUE " : ""}INDEX ${options.flag("concurrently") ? "CONCURRENTLY " : ""}`
    return [sql`CREATE ${words}${name(own, options.node("name"))} ON ${tableOf(reader, table)}${using === null ? "" : ` USING ${using}`} (${joined(keys.map((key) => key.sql))})${where}`]
  },
  removeIndex(reader, [table, index, given]) {
    const options = only(reader.options(given), ["concurrently", ...SENDING])
    const isList = index !== undefined && reader.list(index) !== null
    const own = isList ? underscored(`${reader.text(table)}_${reader.texts(index).map(({ text }) => text).join("_")}`) : reader.text(index)
    return [sql`DROP INDEX ${options.flag("concurrently") ? "CONCURRENTLY " : ""}IF EXISTS ${name(own, index)}`]
  },
  addConstraint(reader, [table, second, third]) {
    // Before Sequelize 6 the columns were an argument of their own.
    const isOld = second !== undefined && reader.list(second) !== null
    const options = only(reader.options(isOld ? third : second), ["fields", "type", "name", "references", "onDelete", "onUpdate", "where", "deferrable", ...SENDING])
    const fields = reader.texts(isOld ? second : options.node("fields"))
    const columns = joined(fields.map(({ text, node }) => quoted(text, node)))
    const type = (options.text("type") ?? unknown()).toUpperCase()
    const head = (suffix: string): Piece[] => {
      const made = [tableOf(reader, table).sql.replaceAll('"', ""), ...fields.map(({ text }) => text), suffix].join("_")
      return sql`ALTER TABLE ${tableOf(reader, table)} ADD CONSTRAINT ${quoted(options.text("name") ?? made, options.node("name"))} `
    }
    const deferrable = options.has("deferrable") ? deferrableOf(options.node("deferrable")) : ""
    switch (type) {
      case "UNIQUE":
      case "PRIMARY KEY":
        return [sql`${head(type === "UNIQUE" ? "uk" : "pk")}${type} (${columns})${deferrable}`]
      case "CHECK":
        return [sql`${head("ck")}CHECK (${conditionOf(constants(reader), options.node("where"))})`]
      case "FOREIGN KEY": {
        const target = only(reader.options(options.node("references")), ["table", "field", "fields"])
        const keys = reader.texts(target.node("field") ?? target.node("fields")).map(({ text, node }) => quoted(text, node))
        const action = (key: "onDelete" | "onUpdate"): string => {
          const word = options.text(key)
          return word === null ? "" : ` ON ${key === "onDelete" ? "DELETE" : "UPDATE"} ${word.toUpperCase()}`
        }
        const target_ = target.node("table")
        const named = target_ !== undefined && reader.isObject(target_) ? "[object Object]" : reader.text(target_)
        return [sql`${head(`${named}_fk`)}FOREIGN KEY (${columns}) REFERENCES ${tableOf(reader, target.node("table"))} (${joined(keys)})${action("onUpdate")}${action("onDelete")}${deferrable}`]
      }
      default:
        return unknown()
    }
  },
  removeConstraint: (reader, [table, constraint]) => [sql`ALTER TABLE ${tableOf(reader, table)} DROP CONSTRAINT ${name(reader.text(constraint), constraint)}`],
  createFunction(reader, [own, parameters, returns, language, body, optimization, given]) {
    const options = only(reader.options(given), ["force", "variables", ...SENDING])
    if (options.has("variables")) return unknown()
    const more = optimization === undefined ? [] : (reader.list(optimization) ?? []).map((one) => reader.text(one))
    const words = options.flag("force") ? "CREATE OR REPLACE FUNCTION" : "CREATE FUNCTION"
    const code = { sql: ` BEGIN ${reader.text(body)} END; `, ...at(body) }
    return [sql`${words} ${reader.text(own)}(${parametersOf(reader, parameters)}) RETURNS ${reader.text(returns)} AS $func$ ${code}$func$ language '${reader.text(language)}'${more.join(" ")}`]
  },
  dropFunction: (reader, [own, parameters]) => [sql`DROP FUNCTION ${reader.text(own)}(${parametersOf(reader, parameters)}) RESTRICT`],
  createSchema: (reader, [schema]) => [sql`CREATE SCHEMA ${quotedText(reader, schema)}`],
  dropSchema: (reader, [schema]) => [sql`DROP SCHEMA IF EXISTS ${quotedText(reader, schema)} CASCADE`],
  dropEnum: (reader, [own]) => [sql`DROP TYPE IF EXISTS ${quotedText(reader, own)}`],
}

/** A column as a name, or as `{ name, order, collate, operator }`. */
function keyOf(reader: Reader, field: Node, shared: string | null): { readonly text: string; readonly sql: Part } {
  const operator = shared === null ? "" : ` ${shared}`
  const raw = reader.raw(field)
  if (raw !== null) return { text: "", sql: { sql: raw, node: field } }
  if (!reader.isObject(field)) return { text: reader.text(field), sql: sql`${quotedText(reader, field)}${operator}` }
  const options = only(reader.options(field), ["name", "attribute", "order", "collate", "operator", "length"])
  const own = options.text("name") ?? options.text("attribute") ?? unknown()
  if (options.has("length")) return unknown()
  const [collate, order, operators] = [options.text("collate"), options.text("order"), options.text("operator") ?? shared]
  const rest = `${collate === null ? "" : ` COLLATE ${quoted(collate).sql}`}${operators === null ? "" : ` ${operators}`}${order === null ? "" : ` ${order}`}`
  return { text: own, sql: sql`${quoted(own, field)}${rest}` }
}

function uniqueKeys(reader: Reader, keys: Options): Piece[][] {
  return keys.names.map((key) => {
    const own = only(reader.options(keys.node(key)), ["fields", "customIndex", "name"])
    return sql`UNIQUE (${joined(reader.texts(own.node("fields")).map(({ text, node }) => quoted(text, node)))})`
  })
}

function parametersOf(reader: Reader, node: Node | undefined): string {
  return (reader.list(node) ?? unknown())
    .map((one) => {
      const options = reader.options(one)
      return [options.text("direction"), options.text("name"), options.text("type") ?? unknown()].filter((word) => word !== null).join(" ")
    })
    .join(", ")
}

/** `Sequelize.Deferrable.INITIALLY_DEFERRED`, called or not. */
function deferrableOf(node: Node | undefined): string {
  const path = node === undefined ? null : pathOf(node.type === "NewExpression" ? (children(node, "arguments")[0] ?? node) : node)
  const word = /Deferrable\.(INITIALLY_DEFERRED|INITIALLY_IMMEDIATE|NOT)(?:\(\))?$/.exec(path ?? "")?.[1]
  if (word === undefined) return unknown()
  return word === "NOT" ? " NOT DEFERRABLE" : ` DEFERRABLE ${word.replace("_", " ")}`
}

/** As the library derives the names of indexes. */
function underscored(text: string): string {
  return text
    .replaceAll("::", "/")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase()
}
