// Prints the SQL that a tool's library emits for calls: node record.mjs <tool> <JSON list of expressions>. It opens no connection.
const [, , tool, calls] = process.argv

/** A statement with its parameters in their places. */
function withValues(sql, values = []) {
  return sql.replace(/\$(\d+)/g, (_, number) => {
    const value = values[number - 1]
    return value === null ? "NULL" : typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value)
  })
}

/** @type {Record<string, () => Promise<(expression: string) => Promise<string[]>>>} */
const recorders = {
  async Knex() {
    const { default: createKnex } = await import("knex")
    const silent = () => undefined
    const knex = createKnex({ client: "pg", log: { warn: silent, deprecate: silent } })
    return async (expression) => {
      const made = new Function("knex", `return ${expression}`)(knex)
      const statements = made.toSQL()
      // What changes rows has values of its own.
      return Array.isArray(statements) ? statements.map(({ sql }) => sql) : [made.toString()]
    }
  },
  async "node-pg-migrate"() {
    const { MigrationBuilder, PgLiteral } = await import("node-pg-migrate")
    return async (expression) => {
      const pgm = new MigrationBuilder({}, {}, false, console)
      new Function("pgm", "PgLiteral", expression)(pgm, PgLiteral)
      return pgm.getSqlSteps()
    }
  },
  async Sequelize() {
    const { Sequelize } = (await import("sequelize")).default
    const sequelize = new Sequelize({ dialect: "postgres" })
    const queryInterface = sequelize.getQueryInterface()
    sequelize.dialect.connectionManager._refreshDynamicOIDs = async () => undefined
    return async (expression) => {
      const recorded = []
      const record = async (sql, options) => {
        const text = withValues(typeof sql === "string" ? sql : sql.query, sql.bind ?? options?.bind)
        // What it reads from the catalog first.
        if (!/^SELECT /.test(text)) recorded.push(text)
        return /pg_enum/.test(text) ? null : []
      }
      queryInterface.assertTableHasColumn = async (_, column) => ({ [column]: { type: "TEXT", allowNull: true, defaultValue: null } })
      sequelize.query = record
      sequelize.queryRaw = record
      await new Function("queryInterface", "Sequelize", `return ${expression}`)(queryInterface, Sequelize)
      return recorded
    }
  },
  async TypeORM() {
    await import("reflect-metadata")
    const module = await import("typeorm")
    const typeorm = module.default ?? module
    const source = new typeorm.DataSource({ type: "postgres" })
    const names = ["Table", "TableColumn", "TableIndex", "TableForeignKey", "TableUnique", "TableCheck", "TableExclusion"]
    return async (expression) => {
      const queryRunner = source.createQueryRunner("master")
      queryRunner.enableSqlMemory()
      // A table that has the columns that the calls speak of.
      queryRunner.getCachedTable = async (name) =>
        new typeorm.Table({
          name,
          columns: ["a", "b", "c"].map((column) => ({ name: column, type: "text" })),
          foreignKeys: [{ name: "fk", columnNames: ["c"], referencedTableName: "t", referencedColumnNames: ["id"] }],
          uniques: [{ name: "uq", columnNames: ["a", "b"] }],
          checks: [{ name: "ck", expression: "a > b" }],
          indices: [{ name: "idx", columnNames: ["a", "b"] }],
        })
      queryRunner.hasEnumType = async () => false
      queryRunner.hasTable = async () => false
      const changes = []
      queryRunner.query = async (sql, values) => {
        changes.push(withValues(sql, values))
        return { raw: [], records: [] }
      }
      await new Function("queryRunner", ...names, `return ${expression}`)(queryRunner, ...names.map((name) => typeorm[name]))
      // Only changes of the schema are memorized.
      return [...queryRunner.getMemorySql().upQueries.map(({ query }) => query), ...changes]
    }
  },
  async Kysely() {
    const { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } = await import("kysely")
    return async (expression) => {
      const recorded = []
      const dialect = {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      }
      const db = new Kysely({ dialect, log: ({ query }) => recorded.push(withValues(query.sql, query.parameters)) })
      await new Function("db", "sql", `return ${expression}`)(db, sql)
      return recorded
    }
  },
  async "db-migrate"() {
    const { createRequire } = await import("node:module")
    const require = createRequire(import.meta.url)
    const { connect } = require("db-migrate-pg")
    const { dataType: type, log } = require("db-migrate-shared")
    log.setLogLevel?.("silent")
    for (const level of ["warn", "verbose", "sql", "info"]) log[level] = () => undefined
    return async (expression) => {
      const recorded = []
      const connection = {
        connect: (done) => { done() },
        query: (sql, ...rest) => {
          recorded.push(sql)
          rest.at(-1)(null, { rows: [] })
        },
      }
      const db = await new Promise((resolve, reject) => {
        connect({ db: connection }, { mod: { log, type } }, (error, driver) => {
          if (error) reject(error)
          else resolve(driver)
        })
      })
      await new Function("db", "type", `return ${expression}`)(db, type)
      return recorded
    }
  },
}

const record = await recorders[tool]()
const all = []
for (const call of JSON.parse(calls)) all.push(await record(call).catch((error) => [`${call} fails: ${String(error)}`]))
process.stdout.write(JSON.stringify(all), () => process.exit(0))
