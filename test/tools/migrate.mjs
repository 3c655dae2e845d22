// Runs the migrations of folders with a tool: node migrate.mjs <tool> <JSON list of { settings, folder, off }>. Prints what each
// run failed with, null for a success. `off` asks for the tool's way to open no transaction at all.
import { execFileSync } from "node:child_process"
import { promises as fs } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import pg from "pg"

const require = createRequire(import.meta.url)
const [, , tool, runs] = process.argv
const silent = () => undefined
const logger = { debug: silent, info: silent, warn: silent, error: silent }

// Tools write to the output what nobody asked for.
Object.assign(console, { log: silent, info: silent, warn: silent, error: silent, debug: silent })

/** The host is the folder of a socket. */
function urlOf({ user, host, port, database }) {
  return `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}?sslmode=disable`
}

async function clientOf(settings) {
  const client = new pg.Client(settings)
  await client.connect()
  return client
}

/** @type {Record<string, (settings: object, folder: string, off: boolean) => Promise<unknown>>} */
const tools = {
  async knex(settings, folder) {
    const { default: createKnex } = await import("knex")
    const knex = createKnex({ client: "pg", connection: settings })
    await knex.migrate.latest({ directory: folder }).finally(() => knex.destroy())
  },
  async typeorm({ user: username, ...rest }, folder) {
    await import("reflect-metadata")
    const { DataSource } = (await import("typeorm")).default
    const source = new DataSource({ type: "postgres", username, ...rest, migrations: [`${folder}/*.cjs`] })
    await source.initialize()
    await source.runMigrations({ transaction: "each" }).finally(() => source.destroy())
  },
  async "node-pg-migrate"(settings, folder) {
    const { runner } = await import("node-pg-migrate")
    await runner({ databaseUrl: settings, dir: folder, direction: "up", migrationsTable: "pgmigrations", logger })
  },
  async drizzle(settings, folder) {
    const { drizzle } = await import("drizzle-orm/node-postgres")
    const { migrate } = await import("drizzle-orm/node-postgres/migrator")
    const client = await clientOf(settings)
    await migrate(drizzle(client), { migrationsFolder: folder }).finally(() => client.end())
  },
  async postgrator(settings, folder) {
    const { default: Postgrator } = await import("postgrator")
    const client = await clientOf(settings)
    const migrationPattern = `${folder}/*`
    const postgrator = new Postgrator({ migrationPattern, driver: "pg", database: settings.database, execQuery: (query) => client.query(query) })
    await postgrator.migrate().finally(() => client.end())
  },
  async dbmate(settings, folder) {
    const { user, host, port, database } = settings
    const url = `postgres://${user}@:${port}/${database}?socket=${encodeURIComponent(host)}&sslmode=disable`
    const binary = require.resolve(`@dbmate/${process.platform}-${process.arch}/bin/dbmate`)
    execFileSync(binary, ["--url", url, "--migrations-dir", folder, "--no-dump-schema", "migrate"], { stdio: "pipe" })
  },
  async sequelize({ user: username, ...rest }, folder) {
    const { Sequelize } = (await import("sequelize")).default
    const { SequelizeStorage, Umzug } = await import("umzug")
    const sequelize = new Sequelize({ dialect: "postgres", logging: false, username, ...rest })
    const migrations = {
      glob: `${folder}/*.cjs`,
      resolve: ({ name, path, context }) => ({ name, up: async () => require(path).up(context, Sequelize), down: async () => undefined }),
    }
    const umzug = new Umzug({ migrations, context: sequelize.getQueryInterface(), storage: new SequelizeStorage({ sequelize }), logger: undefined })
    await umzug.up().finally(() => sequelize.close())
  },
  async "graphile-migrate"(settings, folder) {
    const { migrate } = await import("graphile-migrate")
    const { calculateHash } = require("graphile-migrate/dist/hash.js")
    const committed = join(folder, "committed")
    let previous = null
    for (const name of (await fs.readdir(committed)).sort()) {
      const path = join(committed, name)
      const body = (await fs.readFile(path, "utf8")).replace(/^(?:--! (?:Previous|Hash):.*\n)*\n/, "")
      const hash = calculateHash(body, previous)
      await fs.writeFile(path, `--! Previous: ${previous ?? "-"}\n--! Hash: ${hash}\n\n${body.trim()}\n`)
      previous = hash
    }
    const logFactory = () => silent
    const { Logger } = require("@graphile/logger")
    await migrate({ connectionString: urlOf(settings), migrationsFolder: folder, logger: new Logger(logFactory) })
  },
  async kysely(settings, folder, off) {
    const { FileMigrationProvider, Kysely, Migrator, PostgresDialect } = await import("kysely")
    const path = await import("node:path")
    const db = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool(settings) }) })
    const provider = new FileMigrationProvider({ fs, path, migrationFolder: folder })
    const { error } = await new Migrator({ db, provider, disableTransactions: off }).migrateToLatest().finally(() => db.destroy())
    if (error !== undefined) throw error
  },
  async "mikro-orm"(settings, folder, off) {
    const { EntitySchema, MikroORM } = require("@mikro-orm/postgresql")
    const { Migrator } = require("@mikro-orm/migrations")
    const entity = new EntitySchema({ name: "Thing", properties: { id: { type: "number", primary: true } } })
    const { database: dbName, ...rest } = settings
    const migrations = { path: folder, glob: "*.cjs", snapshot: false, silent: true, disableForeignKeys: false, transactional: !off }
    const orm = await MikroORM.init({ entities: [entity], dbName, ...rest, extensions: [Migrator], migrations, debug: false, logger: silent })
    await orm.getMigrator().up().finally(() => orm.close())
  },
  async slonik(settings, folder) {
    const { createPool } = require("slonik")
    const { SlonikMigrator } = require("@slonik/migrator")
    Object.assign(process.env, { PGHOST: settings.host, PGPORT: String(settings.port), PGUSER: settings.user })
    const slonik = createPool(`postgres:///${settings.database}?sslmode=disable`)
    const migrator = new SlonikMigrator({ slonik, migrationsPath: folder, migrationTableName: "migration", logger: undefined })
    await migrator.up().finally(() => slonik.end())
  },
  async "postgres-migrations"(settings, folder) {
    const { migrate } = require("postgres-migrations")
    const client = await clientOf(settings)
    await migrate({ client }, folder).finally(() => client.end())
  },
  async "db-migrate"(settings, folder, off) {
    const { log } = require("db-migrate-shared")
    log.setLogLevel("error")
    const db = require("db-migrate").getInstance(true, {
      config: { dev: { driver: "pg", ...settings } },
      cwd: folder,
      throwUncatched: true,
      cmdOptions: { "migrations-dir": join(folder, "migrations"), ...(off ? { "non-transactional": true } : {}) },
    })
    db.silence(true)
    await db.up()
  },
}

const outcomes = []
for (const { settings, folder, off } of JSON.parse(runs)) {
  outcomes.push(await tools[tool](settings, folder, off).then(() => null, (error) => [error, error?.cause, error?.original, error?.stderr].map(String).join(" ")))
}
process.stdout.write(JSON.stringify(outcomes), () => process.exit(0))
