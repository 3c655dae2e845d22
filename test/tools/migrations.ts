/** Migrations with CREATE INDEX CONCURRENTLY in several shapes, by the tool that runs them. */

export interface Case {
  readonly title: string
  readonly files: Readonly<Record<string, string>>
  /** The tool is told to open no transaction for any migration. */
  readonly off?: boolean
}

const CONCURRENT = "CREATE INDEX CONCURRENTLY idx_region ON orders (region)"
const OTHER = "ALTER TABLE orders ADD COLUMN note text"

const knex = (body: string, config = ""): string => `exports.up = async (knex) => { ${body} }\nexports.down = () => {}\n${config}`
const knexOff = "exports.config = { transaction: false }"

const KNEX: readonly Case[] = [
  { title: "raw SQL", files: { "20240102030405_x.cjs": knex(`await knex.raw("${CONCURRENT}")`) } },
  { title: "raw SQL with its switch", files: { "20240102030405_x.cjs": knex(`await knex.raw("${CONCURRENT}")`, knexOff) } },
  { title: "two statements with the switch", files: { "20240102030405_x.cjs": knex(`await knex.schema.raw("${CONCURRENT}"); await knex.raw("${OTHER}")`, knexOff) } },
  { title: "two statements in one text, with the switch", files: { "20240102030405_x.cjs": knex(`await knex.raw("${OTHER}; ${CONCURRENT}")`, knexOff) } },
  {
    title: "two files, one with the switch",
    files: { "20240102030405_a.cjs": knex('await knex.schema.alterTable("orders", (t) => { t.text("note") })'), "20240102030406_b.cjs": knex(`await knex.raw("${CONCURRENT}")`, knexOff) },
  },
]

const typeorm = (body: string, field = ""): string =>
  `class X1700000000000 { ${field} async up(queryRunner) { ${body} } async down(queryRunner) {} }\nmodule.exports = { X1700000000000 }\n`
const created = 'await queryRunner.createIndex("orders", new TableIndex({ name: "idx_region", columnNames: ["region"], isConcurrent: true }))'

const TYPEORM: readonly Case[] = [
  { title: "raw SQL", files: { "1700000000000-X.cjs": typeorm(`await queryRunner.query("${CONCURRENT}")`) } },
  { title: "raw SQL with its switch", files: { "1700000000000-X.cjs": typeorm(`await queryRunner.query("${CONCURRENT}")`, "transaction = false;") } },
  { title: "two statements with the switch", files: { "1700000000000-X.cjs": typeorm(`await queryRunner.query("${OTHER}"); await queryRunner.query("${CONCURRENT}")`, "transaction = false;") } },
  { title: "createIndex", files: { "1700000000000-X.cjs": `const { TableIndex } = require("${import.meta.dirname}/node_modules/typeorm")\n${typeorm(created)}` } },
  { title: "createIndex with the switch", files: { "1700000000000-X.cjs": `const { TableIndex } = require("${import.meta.dirname}/node_modules/typeorm")\n${typeorm(created, "transaction = false;")}` } },
  {
    title: "a commit before it",
    files: { "1700000000000-X.cjs": typeorm(`await queryRunner.commitTransaction(); await queryRunner.query("${CONCURRENT}"); await queryRunner.startTransaction()`) },
  },
  { title: "a transaction of its own", files: { "1700000000000-X.cjs": typeorm(`await queryRunner.startTransaction(); await queryRunner.query("${CONCURRENT}"); await queryRunner.commitTransaction()`, "transaction = false;") } },
]

const pgm = (body: string): string => `exports.up = (pgm) => { ${body} }\nexports.down = () => {}`
const index = 'pgm.createIndex("orders", "region", { concurrently: true })'

const NODE_PG_MIGRATE: readonly Case[] = [
  { title: "createIndex", files: { "1700000000000_x.js": pgm(index) } },
  { title: "createIndex with its switch", files: { "1700000000000_x.js": pgm(`pgm.noTransaction(); ${index}`) } },
  { title: "two calls with the switch", files: { "1700000000000_x.js": pgm(`pgm.noTransaction(); pgm.addColumn("orders", { note: "text" }); ${index}`) } },
  { title: "two statements in one text, with the switch", files: { "1700000000000_x.js": pgm(`pgm.noTransaction(); pgm.sql("${OTHER}; ${CONCURRENT}")`) } },
  { title: "a file of SQL", files: { "1700000000000_x.sql": `-- Up Migration\n${CONCURRENT};\n-- Down Migration\nSELECT 1;\n` } },
  { title: "two files, one with the switch", files: { "1700000000000_a.js": pgm('pgm.addColumn("orders", { note: "text" })'), "1700000000001_b.js": pgm(`pgm.noTransaction(); ${index}`) } },
]

const entry = (tag: string, idx: number): object => ({ idx, version: "7", when: idx + 1, tag, breakpoints: true })
const journal = (...tags: readonly string[]): string => JSON.stringify({ version: "7", dialect: "postgresql", entries: tags.map(entry) })

const DRIZZLE: readonly Case[] = [
  { title: "a statement alone", files: { "0000_x.sql": `${CONCURRENT};`, "meta/_journal.json": journal("0000_x") } },
  { title: "behind a breakpoint", files: { "0000_x.sql": `${OTHER};\n--> statement-breakpoint\n${CONCURRENT};`, "meta/_journal.json": journal("0000_x") } },
]

const POSTGRATOR: readonly Case[] = [
  { title: "a statement alone", files: { "001.do.x.sql": `${CONCURRENT};` } },
  { title: "two statements", files: { "001.do.x.sql": `SELECT 1;\n${CONCURRENT};` } },
  { title: "two files", files: { "001.do.x.sql": `${OTHER};`, "002.do.y.sql": `${CONCURRENT};` } },
]

const DBMATE: readonly Case[] = [
  { title: "a statement alone", files: { "20240102030405_x.sql": `-- migrate:up\n${CONCURRENT};\n\n-- migrate:down\n` } },
  { title: "a statement alone with the switch", files: { "20240102030405_x.sql": `-- migrate:up transaction:false\n${CONCURRENT};\n\n-- migrate:down\n` } },
  { title: "two statements with the switch", files: { "20240102030405_x.sql": `-- migrate:up transaction:false\n${OTHER};\n${CONCURRENT};\n\n-- migrate:down\n` } },
  { title: "the switch in the wrong case", files: { "20240102030405_x.sql": `-- migrate:up transaction:FALSE\n${CONCURRENT};\n\n-- migrate:down\n` } },
  {
    title: "two files, one with the switch",
    files: { "20240102030405_a.sql": `-- migrate:up\n${OTHER};\n-- migrate:down\n`, "20240102030406_b.sql": `-- migrate:up transaction:false\n${CONCURRENT};\n-- migrate:down\n` },
  },
]

const sequelize = (body: string): string => `module.exports = { async up(queryInterface, Sequelize) { ${body} }, async down() {} }`
const added = (more = ""): string => `await queryInterface.addIndex("orders", ["region"], { name: "idx_region", concurrently: true${more} })`

const SEQUELIZE: readonly Case[] = [
  { title: "addIndex", files: { "20240102030405-x.cjs": sequelize(added()) } },
  { title: "raw SQL behind another statement", files: { "20240102030405-x.cjs": sequelize(`await queryInterface.addColumn("orders", "note", Sequelize.TEXT); await queryInterface.sequelize.query("${CONCURRENT}")`) } },
  { title: "two statements in one text", files: { "20240102030405-x.cjs": sequelize(`await queryInterface.sequelize.query("${OTHER}; ${CONCURRENT}")`) } },
  { title: "in a transaction with a function", files: { "20240102030405-x.cjs": sequelize(`await queryInterface.sequelize.transaction(async (transaction) => { ${added(", transaction")} })`) } },
  {
    title: "in a transaction with commit",
    files: { "20240102030405-x.cjs": sequelize(`const t = await queryInterface.sequelize.transaction(); try { ${added(", transaction: t")}; await t.commit() } catch (error) { await t.rollback(); throw error }`) },
  },
  {
    title: "behind a transaction",
    files: { "20240102030405-x.cjs": sequelize(`await queryInterface.sequelize.transaction((t) => queryInterface.addColumn("orders", "note", Sequelize.TEXT, { transaction: t })); ${added()}`) },
  },
  { title: "two files", files: { "20240102030405-a.cjs": sequelize('await queryInterface.removeColumn("orders", "region")'), "20240102030406-b.cjs": sequelize(`await queryInterface.addColumn("orders", "region", Sequelize.TEXT); ${added()}`) } },
]

const committed = (body: string): string => `--! Previous: -\n--! Hash: -\n\n${body}\n`

const GRAPHILE: readonly Case[] = [
  { title: "a statement alone", files: { "committed/000001.sql": committed(`${CONCURRENT};`) } },
  { title: "a statement alone with the switch", files: { "committed/000001.sql": committed(`--! no-transaction\n${CONCURRENT};`) } },
  { title: "two files, one with the switch", files: { "committed/000001.sql": committed(`${OTHER};`), "committed/000002.sql": committed(`--! no-transaction\n${CONCURRENT};`) } },
]

const kysely = (body: string): string => `/** @typedef {import("kysely").Kysely<unknown>} Database */\nconst { sql } = require("${import.meta.dirname}/node_modules/kysely")\nexports.up = async (db) => { ${body} }\nexports.down = async () => {}`
const tagged = `await sql\`${CONCURRENT}\`.execute(db)`
const note = 'await db.schema.alterTable("orders").addColumn("note", "text").execute()'

const KYSELY: readonly Case[] = [
  { title: "a statement alone", files: { "2024-01-02_x.js": kysely(tagged) } },
  { title: "behind another statement", files: { "2024-01-02_x.js": kysely(`${note}; ${tagged}`) } },
  { title: "a statement alone without transactions", files: { "2024-01-02_x.js": kysely(tagged) }, off: true },
  { title: "behind another statement without transactions", files: { "2024-01-02_x.js": kysely(`${note}; ${tagged}`) }, off: true },
  { title: "in a transaction of its own", files: { "2024-01-02_x.js": kysely(`await db.transaction().execute(async (trx) => { await sql\`${CONCURRENT}\`.execute(trx) })`) }, off: true },
  { title: "two files", files: { "2024-01-02_a.js": kysely(note), "2024-01-03_b.js": kysely(tagged) } },
]

const mikro = (body: string, off = ""): string =>
  `const { Migration } = require("${import.meta.dirname}/node_modules/@mikro-orm/migrations")\nclass Migration20240102030405 extends Migration { ${off} async up() { ${body} } }\nmodule.exports = { Migration20240102030405 }`
const mikroOff = "isTransactional() { return false }"

const MIKRO_ORM: readonly Case[] = [
  { title: "a statement alone", files: { "Migration20240102030405.cjs": mikro(`this.addSql("${CONCURRENT}")`) } },
  { title: "a statement alone with the switch", files: { "Migration20240102030405.cjs": mikro(`this.addSql("${CONCURRENT}")`, mikroOff) } },
  { title: "without transactions", files: { "Migration20240102030405.cjs": mikro(`this.addSql("${OTHER}"); this.addSql("${CONCURRENT}")`) }, off: true },
  { title: "executed at once", files: { "Migration20240102030405.cjs": mikro(`await this.execute("${CONCURRENT}")`) } },
]

const SLONIK: readonly Case[] = [
  { title: "a statement alone", files: { "2024.01.02T03.04.05.x.sql": `${CONCURRENT};`, "down/2024.01.02T03.04.05.x.sql": "DROP INDEX idx_region;" } },
  { title: "two statements", files: { "2024.01.02T03.04.05.x.sql": `${OTHER};\n${CONCURRENT};`, "down/2024.01.02T03.04.05.x.sql": "DROP INDEX idx_region;" } },
  {
    title: "two files",
    files: {
      "2024.01.02T03.04.05.a.sql": `${OTHER};`,
      "2024.01.02T03.04.06.b.sql": `${CONCURRENT};`,
      "down/2024.01.02T03.04.05.a.sql": "SELECT 1;",
      "down/2024.01.02T03.04.06.b.sql": "DROP INDEX idx_region;",
    },
  },
]

const OFF = "-- postgres-migrations disable-transaction"

const POSTGRES_MIGRATIONS: readonly Case[] = [
  { title: "a statement alone", files: { "001_x.sql": `${CONCURRENT};` } },
  { title: "a statement alone with the switch", files: { "001_x.sql": `${OFF}\n${CONCURRENT};` } },
  { title: "two statements with the switch", files: { "001_x.sql": `${OFF}\n${OTHER};\n${CONCURRENT};` } },
  { title: "two files, one with the switch", files: { "001_a.sql": `${OTHER};`, "002_b.sql": `${OFF}\n${CONCURRENT};` } },
]

const dbMigrate = (body: string): string =>
  `exports.setup = (options) => { const dbm = options.dbmigrate }\nexports.up = async (db) => { ${body} }\nexports.down = async () => {}\nexports._meta = { version: 1 }`

const DB_MIGRATE: readonly Case[] = [
  { title: "a statement alone", files: { "migrations/20240102030405-x.js": dbMigrate(`await db.runSql("${CONCURRENT}")`) } },
  { title: "without transactions", files: { "migrations/20240102030405-x.js": dbMigrate(`await db.runSql("${CONCURRENT}")`) }, off: true },
  { title: "behind another statement without transactions", files: { "migrations/20240102030405-x.js": dbMigrate(`await db.addColumn("orders", "note", "text"); await db.runSql("${CONCURRENT}")`) }, off: true },
]

export const CASES: Readonly<Record<string, readonly Case[]>> = {
  knex: KNEX,
  typeorm: TYPEORM,
  "node-pg-migrate": NODE_PG_MIGRATE,
  drizzle: DRIZZLE,
  postgrator: POSTGRATOR,
  dbmate: DBMATE,
  sequelize: SEQUELIZE,
  "graphile-migrate": GRAPHILE,
  kysely: KYSELY,
  "mikro-orm": MIKRO_ORM,
  slonik: SLONIK,
  "postgres-migrations": POSTGRES_MIGRATIONS,
  "db-migrate": DB_MIGRATE,
}
