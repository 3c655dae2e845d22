// Runs the migrations of a folder with a tool: node migrate.mjs <tool> <connection as JSON> <folder>. Exits with 1 when the tool fails.
const [, , tool, connection, folder] = process.argv
const { default: pg } = await import("pg")
const settings = JSON.parse(connection)

/** @type {Record<string, () => Promise<unknown>>} */
const tools = {
  async knex() {
    const { default: createKnex } = await import("knex")
    const knex = createKnex({ client: "pg", connection: settings })
    await knex.migrate.latest({ directory: folder })
  },
  async typeorm() {
    await import("reflect-metadata")
    const { DataSource } = (await import("typeorm")).default
    const { user: username, ...rest } = settings
    const source = new DataSource({ type: "postgres", username, ...rest, migrations: [`${folder}/*.cjs`] })
    await source.initialize()
    await source.runMigrations({ transaction: "each" })
  },
  async "node-pg-migrate"() {
    const { runner } = await import("node-pg-migrate")
    const silent = () => undefined
    const logger = { debug: silent, info: silent, warn: silent, error: silent }
    await runner({ databaseUrl: settings, dir: folder, direction: "up", migrationsTable: "pgmigrations", logger })
  },
  async drizzle() {
    const { drizzle } = await import("drizzle-orm/node-postgres")
    const { migrate } = await import("drizzle-orm/node-postgres/migrator")
    const client = new pg.Client(settings)
    await client.connect()
    await migrate(drizzle(client), { migrationsFolder: folder })
  },
  async postgrator() {
    const { default: Postgrator } = await import("postgrator")
    const client = new pg.Client(settings)
    await client.connect()
    const migrationPattern = `${folder}/*`
    await new Postgrator({ migrationPattern, driver: "pg", database: settings.database, execQuery: (query) => client.query(query) }).migrate()
  },
}

try {
  await tools[tool]()
  process.exit(0)
} catch (error) {
  process.stderr.write(`${String(error)} ${String(error?.cause ?? "")}`)
  process.exit(1)
}
