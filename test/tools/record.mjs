// Prints the SQL that a tool's library emits for calls: node record.mjs <tool> <JSON list of expressions>. It opens no connection.
const [, , tool, calls] = process.argv

/** @type {Record<string, (expression: string) => Promise<string[]>>} */
const recorders = {
  async Knex(expression) {
    const { default: createKnex } = await import("knex")
    const knex = createKnex({ client: "pg" })
    const builder = new Function("knex", `return ${expression}`)(knex)
    return builder.toSQL().map(({ sql }) => sql)
  },
  async "node-pg-migrate"(expression) {
    const { MigrationBuilder } = await import("node-pg-migrate")
    const pgm = new MigrationBuilder({}, {}, false, console)
    new Function("pgm", expression)(pgm)
    return pgm.getSqlSteps()
  },
  async Sequelize(expression) {
    const { Sequelize } = (await import("sequelize")).default
    const sequelize = new Sequelize({ dialect: "postgres" })
    const queryInterface = sequelize.getQueryInterface()
    const recorded = []
    const record = async (sql) => {
      recorded.push(typeof sql === "string" ? sql : sql.query)
      return []
    }
    sequelize.query = record
    sequelize.queryRaw = record
    await new Function("queryInterface", "Sequelize", `return ${expression}`)(queryInterface, Sequelize)
    return recorded
  },
  async TypeORM(expression) {
    await import("reflect-metadata")
    const typeorm = (await import("typeorm")).default ?? (await import("typeorm"))
    const source = new typeorm.DataSource({ type: "postgres" })
    const queryRunner = source.driver.createQueryRunner("master")
    queryRunner.enableSqlMemory()
    queryRunner.getCachedTable = async (name) => new typeorm.Table({ name })
    const { TableIndex, TableForeignKey } = typeorm
    await new Function("queryRunner", "TableIndex", "TableForeignKey", `return ${expression}`)(queryRunner, TableIndex, TableForeignKey)
    return queryRunner.getMemorySql().upQueries.map(({ query }) => query)
  },
}

const all = []
for (const call of JSON.parse(calls)) all.push(await recorders[tool](call))
process.stdout.write(JSON.stringify(all), () => process.exit(0))
