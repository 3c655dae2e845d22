/** What schema builders emit, asked of the libraries themselves. `npm ci --prefix test/tools` installs them. */
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, it } from "vitest"
import { parseCode, readCode } from "../../src/code/index.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"

const folder = fileURLToPath(new URL("./", import.meta.url))
const installed = existsSync(`${folder}node_modules/knex`)

beforeAll(() => { loadGrammar() })

const CALLS: Readonly<Record<string, readonly string[]>> = {
  Knex: [
    'knex.schema.alterTable("orders", (t) => { t.string("note"); t.string("code", 20).notNullable(); t.bigInteger("total").nullable() })',
    'knex.schema.alterTable("orders", (t) => { t.text("a"); t.integer("b"); t.boolean("c"); t.date("d"); t.jsonb("e"); t.uuid("f"); t.timestamp("g") })',
    'knex.schema.table("orders", (t) => { t.index(["region", "status"]); t.index("region", "idx_region") })',
    'knex.schema.alterTable("orders", (t) => { t.unique(["email"]); t.unique("code") })',
    'knex.schema.alterTable("orders", (t) => { t.renameColumn("a", "b"); t.dropColumn("c"); t.dropColumns("d", "e") })',
    'knex.schema.alterTable("orders", (t) => { t.foreign("customer_id").references("id").inTable("customers").onDelete("CASCADE").onUpdate("SET NULL") })',
    'knex.schema.alterTable("orders", (t) => { t.foreign("customer_id", "fk").references("customers.id") })',
    'knex.schema.alterTable("orders", (t) => { t.dropNullable("a"); t.setNullable("b"); t.dropIndex(["region"]); t.dropForeign("customer_id"); t.dropUnique(["email"]) })',
    'knex.schema.renameTable("orders", "purchases")',
    'knex.schema.dropTable("orders")',
    'knex.schema.dropTableIfExists("app.orders")',
  ],
  "node-pg-migrate": [
    'pgm.createIndex("orders", "region")',
    'pgm.createIndex("orders", ["region", "status"], { name: "idx", unique: true, concurrently: true, method: "btree", where: "total > 1", ifNotExists: true })',
    'pgm.createIndex({ schema: "app", name: "orders" }, "region", { name: "idx" })',
    'pgm.dropIndex("orders", "region", { concurrently: true, ifExists: true })',
    'pgm.dropIndex("orders", [], { name: "idx", cascade: true })',
    'pgm.addColumns("orders", { a: { type: "int", notNull: true }, b: "string", c: { type: "varchar(20)", unique: true, notNull: true, default: "x" } })',
    'pgm.addColumn("orders", { a: { type: "bool", primaryKey: true } })',
    'pgm.dropColumns("orders", ["a", "b"], { ifExists: true, cascade: true })',
    'pgm.dropColumn("orders", "a")',
    'pgm.renameColumn("orders", "a", "b")',
    'pgm.renameTable("orders", "purchases")',
    'pgm.dropTable("orders", { ifExists: true, cascade: true })',
    'pgm.alterColumn("orders", "total", { type: "bigint", using: "total::bigint", notNull: true })',
    'pgm.alterColumn("orders", "total", { notNull: false })',
    'pgm.addConstraint("orders", "total_positive", "CHECK (total > 0)")',
    'pgm.dropConstraint("orders", "total_positive", { ifExists: true })',
    'pgm.addTypeValue("status", "archived", { ifNotExists: true })',
  ],
  Sequelize: [
    'queryInterface.addIndex("orders", ["regionName", "status"])',
    'queryInterface.addIndex("orders", ["region"], { name: "idx", unique: true, concurrently: true, using: "btree" })',
    'queryInterface.addIndex("orders", { fields: ["region"], name: "idx" })',
    'queryInterface.removeIndex("orders", "idx", { concurrently: true })',
    'queryInterface.removeIndex("orders", ["region", "status"])',
    'queryInterface.removeColumn("orders", "note")',
    'queryInterface.renameTable("orders", "purchases")',
    'queryInterface.dropTable("orders")',
    'queryInterface.removeConstraint("orders", "total_positive")',
    'queryInterface.addColumn("orders", "note", { type: Sequelize.STRING, allowNull: false })',
    'queryInterface.addColumn({ schema: "app", tableName: "orders" }, "code", { type: "VARCHAR(20)", unique: true })',
    'queryInterface.addConstraint("orders", { fields: ["email"], type: "unique", name: "uq" })',
    'queryInterface.addConstraint("orders", { fields: ["customer_id"], type: "foreign key", name: "fk", references: { table: "customers", field: "id" }, onDelete: "cascade", onUpdate: "set null" })',
  ],
  TypeORM: [
    'queryRunner.createIndex("orders", new TableIndex({ name: "idx", columnNames: ["a", "b"], isUnique: true, isConcurrent: true, where: "a > 1" }))',
    'queryRunner.createIndex("app.orders", new TableIndex({ name: "idx", columnNames: ["a"] }))',
    'queryRunner.createForeignKey("orders", new TableForeignKey({ name: "fk", columnNames: ["customer_id"], referencedTableName: "customers", referencedColumnNames: ["id"], onDelete: "CASCADE" }))',
  ],
}

const RECEIVERS: Readonly<Record<string, string>> = {
  Knex: "knex",
  "node-pg-migrate": "pgm",
  Sequelize: "queryInterface, Sequelize",
  TypeORM: "queryRunner",
}

describe.skipIf(!installed).each(Object.entries(CALLS))("%s", (tool, calls) => {
  const emitted = installed ? emittedBy(tool, calls) : []

  it.each(calls.map((call, index) => [call, emitted[index]] as const))("%s", (call, sql) => {
    const source = `exports.up = async (${RECEIVERS[tool] ?? ""}) => { ${call} }`
    const program = parseCode(source)
    if (program === null) throw new Error(`not valid: ${source}`)
    const { script, unread } = readCode(program, source, tool)
    expect(unread).toEqual([])
    expect(script.sql.split("\n;\n").filter(Boolean).map(normal)).toEqual(sql?.map(normal))
  })
})

/** Asks the library for all calls at once: loading it takes longer than they do. */
function emittedBy(tool: string, calls: readonly string[]): readonly (readonly string[])[] {
  const output = execFileSync(process.execPath, ["record.mjs", tool, JSON.stringify(calls)], { cwd: folder, encoding: "utf8" })
  const parsed: unknown = JSON.parse(output)
  if (!Array.isArray(parsed)) throw new Error(output)
  return parsed.map((one: unknown) => (Array.isArray(one) ? one.map(String) : []))
}

/** Blanks, the final semicolon and the kind of quotes round a text do not matter. */
function normal(sql: string): string {
  return sql
    .replace(/;\s*$/, "")
    .replace(/\$pga\$(.*?)\$pga\$/g, "'$1'")
    .replace(/\s+/g, " ")
    .replace(/\( | \)/g, (bracket) => bracket.trim())
    .trim()
}
