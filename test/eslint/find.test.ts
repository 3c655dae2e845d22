/** Where SQL is found, library by library, and where it is not. */
import { describe, expect, it } from "vitest"
import { lintCode, messages } from "./helper.ts"

const SQL = "CREATE INDEX idx ON orders (region)"
const FOUND = ["index-creation-blocks-writes: orders"]
const only = { rules: { "pgsafe/index-creation-blocks-writes": "error" } } as const

describe("calls and tags of libraries", () => {
  it.each([
    ["pg, a pool", "pool.query('SQL')"],
    ["pg, a client", "await this.client.query('SQL')"],
    ["pg, a query object", "client.query({ text: 'SQL', values: [] })"],
    ["pg, what a function returns", "getClient().query('SQL')"],
    ["postgres.js", "await sql`SQL`"],
    ["postgres.js, unsafe", "sql.unsafe('SQL')"],
    ["Bun", "Bun.sql`SQL`"],
    ["Neon", "sql.query('SQL')"],
    ["Vercel", "await client.sql`SQL`"],
    ["Prisma, tagged", "prisma.$executeRaw`SQL`"],
    ["Prisma, unsafe", "prisma.$executeRawUnsafe('SQL')"],
    ["Prisma.sql", "tx.$executeRaw(Prisma.sql`SQL`)"],
    ["Drizzle", "db.execute(sql`SQL`)"],
    ["Drizzle, raw", "db.execute(sql.raw('SQL'))"],
    ["Drizzle, under its own name", "payload.db.drizzle.execute('SQL')"],
    ["Kysely", "sql`SQL`.execute(db)"],
    ["Kysely, raw", "sql.raw('SQL').execute(db)"],
    ["Knex", "knex.raw('SQL')"],
    ["Knex, in a transaction", "trx.raw('SQL')"],
    ["Knex, schema", "knex.schema.raw('SQL')"],
    ["TypeORM", "queryRunner.query('SQL')"],
    ["TypeORM, manager", "this.dataSource.manager.query('SQL')"],
    ["MikroORM", "class M { up() { this.addSql('SQL') } }"],
    ["MikroORM, execute", "class M { async up() { await this.execute('SQL') } }"],
    ["node-pg-migrate", "pgm.sql('SQL')"],
    ["node-pg-migrate, db", "pgm.db.query('SQL')"],
    ["Sequelize", "queryInterface.sequelize.query('SQL')"],
    ["Sequelize, in a transaction", "sequelize.query('SQL', { transaction })"],
    ["Slonik", "pool.query(sql.unsafe`SQL`)"],
    ["Slonik, typed", "pool.query(sql.type(row)`SQL`)"],
    ["pg-promise", "db.none('SQL')"],
    ["pg-promise, in a task", "t.any('SQL')"],
    ["PGlite", "pglite.exec('SQL')"],
    ["db-migrate", "db.runSql('SQL', callback)"],
    ["db-migrate, bound", "async.series([db.runSql.bind(db, 'SQL', [])], callback)"],
    ["pg, a query of its class", "client.query(new Query('SQL'))"],
    ["pg, a query of its class with an object", "client.query(new pg.Query({ text: 'SQL' }))"],
    ["pg, a query object with a name", "const request = { text: 'SQL' }; client.query(request)"],
    ["pg, optional links", "this.context?.client.query?.('SQL')"],
    ["Knex, under a name of the user's", "exports.up = (k) => k.raw('SQL')"],
    ["Knex, behind other calls", "knex.schema.alterTable('a', () => {}).raw('SQL')"],
    ["Prisma.raw", "tx.$executeRaw(Prisma.raw('SQL'))"],
    ["a callback", "client.query('SQL', (error, result) => {})"],
    ["a class field", "class M { up = (client) => client.query('SQL') }"],
    ["a comment in capitals", "run(/* Sql */ 'SQL')".replace("Sql", "sQL")],
    ["a comment", "run(/* sql */ 'SQL')"],
    ["a comment, template", "const text = /* sql */ `SQL`"],
  ])("%s: %s", (_, code) => {
    expect(lintCode(code.includes("await") && !code.includes("class") ? `async () => { ${code.replace("SQL", SQL)} }` : code.replace("SQL", SQL), only)).toEqual(FOUND)
  })

  it.each([
    ["another function", `log('${SQL}')`],
    ["another object's query", `new URLSearchParams(location).query('${SQL}')`],
    ["a selector", `document.querySelector('${SQL}')`],
    ["text that only mentions SQL", "client.query('index orders')"],
    ["another language", "client.query('query { orders { id } }')"],
    ["text that does not parse", "client.query('CREATE INDEX `idx` ON `orders` (`region`)')"],
    ["an imported constant", "import { statement } from './sql.js'; client.query(statement)"],
    ["a variable that changes", `let text = '${SQL}'; text = other; client.query(text)`],
    ["an expression", "client.query(build(1))"],
    ["the way down", `exports.down = (client) => client.query('${SQL}')`],
    ["the way down, a method", `class M { async down(client) { await client.query('${SQL}') } }`],
    ["a parameter of the same name", `const text = '${SQL}'; exports.up = (client, text) => client.query(text)`],
    ["a name of an inner block", `const text = '${SQL}'; { const text = build(1); client.query(text) }`],
    ["an alternative", `client.query(fast ? '${SQL}' : other)`],
    ["another language's tag", "gql`query { orders }`; graphql`mutation { drop }`; css`table { order: 1 }`"],
    ["English", "client.query('Create table reservations for two'); throw new Error('drop column region first'); t('Truncate orders')"],
    ["MySQL", "db.query('CREATE TABLE orders (id int AUTO_INCREMENT) ENGINE=InnoDB'); db.query('ALTER TABLE `orders` DROP COLUMN `region`')"],
    ["MySQL, by its client", `const mysql = require('mysql2/promise'); connection.query('${SQL}')`],
    ["SQLite, by its client", `import Database from 'better-sqlite3'; db.exec('${SQL}')`],
    ["ClickHouse, by its client", `import { createClient } from "@clickhouse/client"; client.query({ query: '${SQL}' })`],
    ["a branch for MySQL", `if (knex.client.config.client === 'mysql2') knex.raw('${SQL}')`],
    ["a branch for all but PostgreSQL", `if (dialect !== 'postgres') { knex.raw('${SQL}') }`],
    ["what is left for others than PostgreSQL", `if (isPostgres) { other() } else { knex.raw('${SQL}') }`],
    ["a function for SQLite", `class M { async sqliteUpQueryRunner(queryRunner) { await queryRunner.query('${SQL}') } }`],
    ["a function for MySQL", `async function upMysql(queryRunner) { await queryRunner.query('${SQL}') }`],
    ["PostgreSQL's way down", `class M { async postgresUp() {} async postgresDown(queryRunner) { await queryRunner.query('${SQL}') } }`],
    ["cases for SQLite", `switch (type) { case Type.sqlite: case Type.other: knex.raw('${SQL}') }`],
    ["a case for SQLite", `switch (dialect) { case 'sqlite': knex.raw('${SQL}') }`],
  ])("not: %s", (_, code) => {
    expect(lintCode(code)).toEqual([])
  })

  it.each([
    `if (knex.client.config.client === 'pg') knex.raw('${SQL}')`,
    `if (dialect !== 'mysql') knex.raw('${SQL}')`,
    `if (dialect === 'mysql') { other() } else { knex.raw('${SQL}') }`,
    `switch (dialect) { case 'postgres': knex.raw('${SQL}') }`,
    `switch (type) { case Type.postgres: case Type.mysql: knex.raw('${SQL}') }`,
    `class M { async postgresUp(queryRunner) { await queryRunner.query('${SQL}') } async sqliteUp() {} }`,
    `async function shutDown(client) { await client.query('${SQL}') }`,
    `if (dialect === 'mysql' || dialect === 'postgres') knex.raw('${SQL}')`,
    `const mysql = require('mysql2'); const { Pool } = require('pg'); pool.query('${SQL}')`,
  ])("in a branch for PostgreSQL: %s", (code) => {
    expect(lintCode(code, only)).toEqual(FOUND)
  })

  it("is silent in files that are no migrations", () => {
    for (const filename of ["src/app.js", "test/migrations/up.test.js", "src/migrations/__tests__/1.js", "src/seeders/20240102030405-users.js", "db/mysql/migrations/20240102030405-x.js"]) {
      expect(lintCode(`client.query('${SQL}')`, { filename })).toEqual([])
    }
  })

  it("is silent in what runs migrations", () => {
    const resolve = "resolve: ({ name, path }) => ({ name, up: async () => load(path).up(), down: async () => load(path).down() })"
    const code = `const migrate = () => new Umzug({ migrations: { glob: '*.js', ${resolve} } }).up(); const empty = () => sequelize.query('TRUNCATE orders')`
    expect(lintCode(code, { filename: "src/bootstrap.js" })).toEqual([])
    const calls = "const step = (back) => back ? knex.migrate.down({ name }) : knex.migrate.up({ name }); const empty = () => knex.raw('TRUNCATE orders')"
    expect(lintCode(calls, { filename: "src/db.js" })).toEqual([])
  })

  it("knows a migration by its content", () => {
    const code = [
      `exports.up = (knex) => knex.raw('${SQL}')`,
      `const alteration = { up: async (pool) => { await pool.query(sql\`${SQL}\`) }, down: async (pool) => {} }`,
      `class Change { async up(client) { await client.query('${SQL}') } async down(client) {} }`,
    ]
    for (const one of code) expect(lintCode(one, { filename: "db/change.js" })).toEqual(FOUND)
  })
})

describe("how text is made", () => {
  it.each([
    ["a constant", `const text = '${SQL}'; client.query(text)`, FOUND],
    ["a constant of an outer scope", `const text = '${SQL}'; exports.up = (client) => client.query(text)`, FOUND],
    ["concatenation", "client.query('CREATE INDEX idx ' + 'ON orders ' + '(region)')", FOUND],
    ["concatenation of many lines", `client.query('CREATE INDEX idx ' + ${Array(50).fill("' '").join(" +\n")} + 'ON orders (region)')`, FOUND],
    ["concatenation of many lines behind a sum of numbers", `client.query(1 + 2 + ' /* */ CREATE INDEX idx ' + ${Array(50).fill("' '").join(" +\n")} + 'ON orders (region)')`, []],
    ["concatenation over a token", "client.query('CREATE INDEX idx ON ord' + 'ers (region)')", ["index-creation-blocks-writes: ord' + 'ers"]],
    ["a joined array", "client.query(['CREATE INDEX idx', 'ON orders (region)'].join(' '))", FOUND],
    ["a variable that never changes", `let text = '${SQL}'; client.query(text)`, FOUND],
    ["a property of a constant", `const texts = { create: '${SQL}' }; client.query(texts.create)`, FOUND],
    ["a joined constant", "const words = ['CREATE INDEX idx', 'ON orders (region)']; client.query(words.join(' '))", FOUND],
    ["concat()", "client.query('CREATE INDEX idx '.concat('ON orders ', '(region)'))", FOUND],
    ["a property in a hole", "const names = { table: 'orders' }; client.query(`CREATE INDEX idx ON ${names.table} (region)`)", ["index-creation-blocks-writes: ${names.table}"]],
    ["trimmed", "client.query(`\n  CREATE INDEX idx ON orders (region)\n`.trim())", FOUND],
    ["raw", "client.query(String.raw`CREATE INDEX idx ON orders (region)`)", FOUND],
    ["a constant in a hole", "const table = 'orders'; client.query(`CREATE INDEX idx ON ${table} (region)`)", ["index-creation-blocks-writes: ${table}"]],
    ["an unknown name in a hole", "exports.up = (client, table) => client.query(`CREATE INDEX idx ON ${table} (region)`)", ["index-creation-blocks-writes: ${table}"]],
    ["nested templates", "sql`CREATE INDEX idx ${sql`ON orders`} (region)`", FOUND],
    ["raw SQL inside a tag", "const name = 'orders'; sql`CREATE INDEX idx ON ${sql.raw('orders')} (region)`", FOUND],
    ["escapes", "client.query('CREATE INDEX idx ON \\u006frders (region)')", ["index-creation-blocks-writes: \\u006frders"]],
    ["CRLF and a continued line", "client.query('CREATE INDEX idx \\\r\n  ON orders (region)')", FOUND],
    ["emoji before", "client.query(`/* 😀 */ CREATE INDEX idx ON orders (region)`)", FOUND],
  ])("%s", (_, code, expected) => {
    expect(lintCode(code, only)).toEqual(expected)
  })

  it("knows the tables that the tool's API made", () => {
    for (const create of ["knex.schema.createTable('orders', (t) => t.increments())", "queryInterface.createTable({ tableName: 'orders' })", "queryRunner.createTable(new Table({ name: 'orders' }))", "db.createTable.bind(db, 'orders', { id: 'int' })"]) {
      expect(lintCode(`exports.up = async (knex) => { await ${create}; await knex.raw('${SQL}') }`)).toEqual([])
    }
  })

  it("knows the views that the tool's API made, and which of them are materialized", () => {
    const rules = { rules: { "pgsafe/table-rename-breaks-code": "error", "pgsafe/index-creation-blocks-writes": "error", "pgsafe/statement-fails": "error" } } as const
    const rename = "await db.query('CREATE INDEX idx ON totals (region)'); await db.query('ALTER MATERIALIZED VIEW totals RENAME TO sums')"
    for (const create of ["db.schema.createView('totals').materialized().as(query).execute()", "pgm.createMaterializedView('totals', {}, query)"]) {
      expect(lintCode(`exports.up = async (db) => { await ${create}; ${rename} }`, rules)).toEqual([])
    }
    expect(lintCode(`exports.up = async (db) => { ${rename} }`, rules)).toEqual(["index-creation-blocks-writes: totals", "table-rename-breaks-code: totals"])
    expect(lintCode("exports.up = async (knex) => { await knex.schema.createViewOrReplace('totals', (v) => {}); await knex.raw('ALTER VIEW totals RENAME TO sums') }", rules)).toEqual([])
  })

  it("goes through lists of constants", () => {
    const list = "const steps = ['BEGIN', 'CREATE TABLE a ()', `TRUNCATE a`, 'TRUNCATE b', 'COMMIT'];"
    const up = (code: string): string[] => lintCode(`${list} exports.up = async (client) => { ${code} }`, { rules: { "pgsafe/truncate-loses-data": "error" } })
    expect(up("for (const step of steps) await client.query(step)")).toEqual(["truncate-loses-data: b"])
    expect(up("for (const step of ['TRUNCATE c']) await client.query(step)")).toEqual(["truncate-loses-data: c"])
    expect(up("await Promise.all(steps.map((step) => client.query(step)))")).toEqual(["truncate-loses-data: b"])
    expect(up("steps.forEach(function (step) { client.query(step) })")).toEqual(["truncate-loses-data: b"])
    for (const other of ["steps.map((step, other) => client.query(other))", "for (const step of steps.filter(isNew)) client.query(step)", "for (const { step } of steps) client.query(step)", "steps.reduce((step) => client.query(step))"]) {
      expect(up(other)).toEqual([])
    }
  })

  it("takes all texts of a file for one migration", () => {
    expect(lintCode(`pgm.sql('CREATE TABLE orders (region text)'); pgm.sql('${SQL}')`)).toEqual([])
  })

  it("does not take the order of functions for the order of statements", () => {
    const rule = { rules: { "pgsafe/statement-fails": "error" } } as const
    const statements = ["CREATE VIEW totals AS SELECT 1", "DROP MATERIALIZED VIEW totals"].map((sql) => `await db.query('${sql}')`)
    expect(lintCode(`exports.up = async (db) => { ${statements.join("; ")} }`, rule)).toEqual(["statement-fails: DROP MATERIALIZED VIEW"])
    expect(lintCode(`const create = async (db) => { ${statements[0] ?? ""} }; exports.up = async (db) => { ${statements[1] ?? ""}; await create(db) }`, rule)).toEqual([])
  })

  it("knows the transaction of the tool", () => {
    const code = "class Change { async up(queryRunner) { await queryRunner.query('COMMIT') } }"
    expect(lintCode(code, { rules: { "pgsafe/commit-ends-tool-transaction": "error" } })).toEqual(["commit-ends-tool-transaction: COMMIT"])
  })

  it("reads chained calls in the order in which they stand", () => {
    const rule = { rules: { "pgsafe/backfill-holds-lock": "error" } } as const
    const chain = (...calls: readonly string[]): string => `exports.up = (knex) => knex.schema${calls.join("")}`
    const [change, fill] = [".raw('ALTER TABLE orders ADD COLUMN a int')", ".raw('UPDATE orders SET a = 1')"]
    expect(lintCode(chain(change, fill), rule)).toEqual(["backfill-holds-lock: orders"])
    expect(lintCode(chain(fill, change), rule)).toEqual([])
    expect(lintCode(chain(".createTable('orders', (t) => {})", `.raw('${SQL}')`))).toEqual([])
    expect(lintCode(chain(`.raw('${SQL}')`, ".createTable('orders', (t) => {})"), only)).toEqual(FOUND)
  })

  describe("the transactions that the code opens", () => {
    const SEQUELIZE = "/** @type {import('sequelize-cli').Migration} */ "
    const up = (body: string): string => `${SEQUELIZE}module.exports = { up: async (queryInterface) => { ${body} } }`
    const [change, fill] = ["ALTER TABLE orders ADD COLUMN a int", "UPDATE orders SET a = 1"]
    const query = (sql: string, options = ""): string => `await queryInterface.sequelize.query('${sql}'${options});`
    const inside = (...calls: readonly string[]): string => `await queryInterface.sequelize.transaction(async (t) => { ${calls.join(" ")} });`
    const handed = ", { transaction: t }"
    const rule = { rules: { "pgsafe/backfill-holds-lock": "error" } } as const

    it.each([
      ["a function", inside(query(change, handed), query(fill, handed)), ["backfill-holds-lock: orders"]],
      ["options", `const t = await queryInterface.sequelize.transaction(); ${query(change, handed)} ${query(fill, handed)} await t.commit()`, ["backfill-holds-lock: orders"]],
      ["options with a name", `const options = { transaction: t }; ${query(change, ", options")} ${query(fill, ", options")}`, ["backfill-holds-lock: orders"]],
      ["a function that hands nothing on", inside(query(change), query(fill)), []],
      ["one after the other", inside(query(change, handed)) + inside(query(fill, handed)), []],
      ["none", query(change) + query(fill), []],
      ["one that ends between", inside(query(change, handed)) + query(fill), []],
    ])("%s", (_, body, expected) => {
      expect(lintCode(up(body), rule)).toEqual(expected)
    })

    it("has no fixes that cannot run there", () => {
      const fixOf = (body: string): string | undefined => messages(up(body), only)[0]?.fix?.text
      expect(fixOf(query(SQL))).toBe(" CONCURRENTLY")
      expect(fixOf(inside(query(SQL, handed)))).toBeUndefined()
      expect(fixOf(query(SQL, ", { transaction }"))).toBeUndefined()
      expect(fixOf(query(`SET search_path = app; ${SQL}`))).toBeUndefined()
      expect(fixOf(`await queryInterface.createTable('carts', {}, { transaction }); ${query(SQL)}`)).toBe(" CONCURRENTLY")
    })

    it("may be opened by a tool that is not known, so that nothing is fixed without being asked", () => {
      const fixesOf = (code: string): unknown[] => messages(code, only).map(({ fix, suggestions }) => [fix?.text, suggestions?.map((one) => one.fix.text)])
      expect(fixesOf(`exports.up = (client) => client.query('${SQL}')`)).toEqual([[undefined, [" CONCURRENTLY"]]])
      // Knex opens one.
      expect(fixesOf(`const up = (db) => db.raw('${SQL}'); const down = (db) => db.raw('DROP INDEX idx'); module.exports = { up, down }`)).toEqual([[undefined, undefined]])
      expect(fixesOf(`exports.up = (db) => db.schema.raw('${SQL}')`)).toEqual([[undefined, undefined]])
    })

    it.each([
      ["postgres.js", "module.exports = (sql) => sql.begin(async (sql) => { await sql.unsafe('ALTER TABLE orders ADD COLUMN a int'); await sql.unsafe('UPDATE orders SET a = 1') })"],
      ["pg-promise", "exports.run = (db) => db.tx(async (t) => { await t.none('ALTER TABLE orders ADD COLUMN a int'); await t.none('UPDATE orders SET a = 1') })"],
      ["Prisma", "prisma.$transaction(async (tx) => { await tx.$executeRawUnsafe('ALTER TABLE orders ADD COLUMN a int'); await tx.$executeRawUnsafe('UPDATE orders SET a = 1') })"],
      ["Drizzle", "db.transaction(async (tx) => { await tx.execute(sql`ALTER TABLE orders ADD COLUMN a int`); await tx.execute(sql`UPDATE orders SET a = 1`) })"],
    ])("of %s", (_, code) => {
      expect(lintCode(code, rule)).toEqual(["backfill-holds-lock: orders"])
    })
  })

  it("reports a constant once, however often it is used", () => {
    expect(lintCode(`const text = '${SQL}'; if (a) client.query(text); else client.query(text)`, only)).toEqual(FOUND)
  })

  it("names lines of the host file", () => {
    const code = "\n\nexports.config = { transaction: true }\nexports.up = async (knex) => {\n  await knex.raw('ALTER TABLE orders ADD COLUMN a int')\n\n  await knex.raw('UPDATE orders SET a = 1')\n}\n"
    expect(messages(code, { rules: { "pgsafe/backfill-holds-lock": "error" } }).map(({ line, message }) => [line, message])).toEqual([
      [7, expect.stringContaining("since line 5")],
    ])
  })
})

describe("holes", () => {
  it.each([
    ["a clause that nobody knows", "client.query(`CREATE INDEX idx ON orders (region) ${where}`)"],
    ["a WHERE", "client.query(`DELETE FROM orders ${where}`)"],
    ["a modifier", "client.query(`CREATE ${unique} INDEX idx ON orders (region)`)"],
    ["CONCURRENTLY", "client.query(`CREATE INDEX ${concurrently} ON orders (region)`)"],
    ["the options of a column", "client.query(`ALTER TABLE orders ADD COLUMN a int NOT NULL ${options}`)"],
    ["a whole statement", "client.query(`${statement}`)"],
    ["a statement that is appended to", "client.query(SQL`DELETE FROM orders`.append(SQL` WHERE id = ${id}`))"],
    ["a name of a statement that is appended to", "const query = SQL`DELETE FROM orders`; query.append(SQL` WHERE id = ${id}`); client.query(query)"],
    ["rows that a library puts in", "sql`INSERT INTO orders ${sql(rows)} RETURNING *`"],
    ["assignments that a library puts in", "sql`UPDATE orders SET ${sql(row)} WHERE id = 1`"],
    ["a number of JavaScript", "client.query(`SELECT ${BigInt(10_000)}::bigint`)"],
    ["what no filling makes SQL", "client.query(`CREATE ${a} ${b} ON !! ${c}`)"],
    ["Knex's placeholder for a name", "knex.raw('TRUNCATE ??', [name])"],
  ])("%s: silent", (_, code) => {
    expect(lintCode(code)).toEqual([])
  })

  it.each([
    ["a name", "client.query(`TRUNCATE ${table}`)", ["truncate-loses-data: ${table}"]],
    ["a quoted name", 'client.query(`TRUNCATE "${schema}"."orders"`)', ['truncate-loses-data: "${schema}"."orders"']],
    ["a part of a name", "client.query(`TRUNCATE orders_${year}`)", ["truncate-loses-data: orders_${year}"]],
    ["a number", "client.query(`ALTER TABLE orders ALTER COLUMN region TYPE varchar(${length})`)", ["type-change-blocks-queries: varchar(${length})"]],
    ["statements before others", "client.query(`SET search_path = app;\n${extensions}\n-- tables\n${tables}\n${views};\nTRUNCATE orders`)", ["truncate-loses-data: orders"]],
    ["Knex's placeholder for a value", "knex.raw(\"UPDATE orders SET region = ? WHERE note <> '?' AND id IN (?, ?); TRUNCATE orders\", [1, 2, 3])", ["truncate-loses-data: orders"]],
    ["a named placeholder", "sequelize.query('SELECT :id::int; TRUNCATE orders', { replacements })", ["truncate-loses-data: orders"]],
    ["Knex's operator", "knex.raw(\"SELECT data \\\\? 'key' FROM orders WHERE id = ?; TRUNCATE orders\")", ["truncate-loses-data: orders"]],
    ["a query", "client.query(`WITH rows AS (\n${source}\n), more (a) AS MATERIALIZED (${other}) SELECT 1 FROM rows JOIN (${source}) AS b ON EXISTS (${other}); TRUNCATE orders`)", ["truncate-loses-data: orders"]],
    ["the query of a view", "client.query(`CREATE OR REPLACE VIEW a AS ${query}; CREATE MATERIALIZED VIEW IF NOT EXISTS app.b (c) AS ${query} WITH NO DATA; EXPLAIN (ANALYZE) ${query}; TRUNCATE orders`)", ["truncate-loses-data: orders"]],
    ["rows and assignments", "client.query(`INSERT INTO a ${sql(x)} ON CONFLICT (b) DO UPDATE SET ${sql(x)}; UPDATE a SET ${sql(x)}, b = ${1 + x} WHERE c; TRUNCATE orders`)", ["truncate-loses-data: orders"]],
    ["many lists", "client.query(`SELECT 1 FROM a WHERE b IN ${x} AND c IN ${x} AND d NOT IN ${x} AND e IN ${x} AND f IN ${x}; INSERT INTO a VALUES ${x}; TRUNCATE orders`)", ["truncate-loses-data: orders"]],
    [
      "clauses that may be missing",
      "const end = page ? `OFFSET ${page}` : ''; client.query(`SELECT a FROM b WHERE ${x ? `c = ${x} AND` : ''} ${y ? '' : 'd AND'} ${z && w ? '(e OR f) AND' : ``} ${v || ''} NOT g ${asc ? 'ORDER BY a' : ''} ${end}; TRUNCATE orders`)",
      ["truncate-loses-data: orders"],
    ],
    ["fragments that may be empty", "sql`UPDATE a SET b = 1 WHERE ${x ? sql`c = ${x} AND` : sql``} ${y ? sql`d AND` : sql``} ${z ? sql`e AND` : sql``} ${w ? sql`f AND` : sql``} NOT g; TRUNCATE orders`", ["truncate-loses-data: orders"]],
    ["a prefix that may be missing", "client.query(`TRUNCATE ${schema ? `${schema}.` : ''}orders`)", ["truncate-loses-data: ${schema ? `${schema}.` : ''}orders"]],
    ["a list", "client.query(`TRUNCATE orders; DELETE FROM orders WHERE id IN ${ids}`)", ["truncate-loses-data: orders"]],
  ])("%s: speaks", (_, code, expected) => {
    expect(lintCode(code).filter((line) => !line.startsWith("lock-timeout-missing") && !line.startsWith("deploy-mixes-phases"))).toEqual(expected)
  })

  it("are written as the user wrote them", () => {
    expect(messages("client.query(`TRUNCATE ${table}`)", { rules: { "pgsafe/truncate-loses-data": "error" } })[0]?.message).toContain("${table}")
  })
})

describe("fixes", () => {
  const fixed = (code: string, settings = { transaction: false }): string | undefined => {
    const [message] = messages(code, { rules: { "pgsafe/index-creation-blocks-writes": "error" }, settings })
    const fix = message?.fix
    return fix === undefined ? undefined : code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1])
  }

  it("are made inside the literal", () => {
    expect(fixed("client.query('CREATE \\x49NDEX idx ON orders (region)')")).toBe("client.query('CREATE \\x49NDEX CONCURRENTLY idx ON orders (region)')")
  })

  it("are suggestions where nobody knows the transaction", () => {
    const [message] = messages(`client.query('CREATE INDEX idx ON orders (region)'); client.query('SELECT 1')`, only)
    expect(message?.fix).toBeUndefined()
    expect(message?.suggestions?.map(({ desc }) => desc)).toEqual(["Build the index concurrently"])
  })

  it.each([
    ["sql`SQL`.execute(db)", 1],
    ["db.execute(sql`SQL`)", 1],
    ["client.query('SQL')", 1],
    ["async () => { await sql`SQL` }", 0],
    ["async () => Promise.all([sql`SQL`])", 0],
    ["prisma.$executeRaw`SQL`", 0],
    ["prisma.$executeRawUnsafe('SQL')", 0],
  ])("add no second command where a library prepares statements: %s", (code, expected) => {
    const [message] = messages(code.replace("SQL", "ALTER TABLE orders ADD COLUMN a int"), { rules: { "pgsafe/lock-timeout-missing": "error" } })
    expect(message?.suggestions ?? []).toHaveLength(expected)
  })

  it("go on the line of a text, and in others begin and end as the lines of the file do", () => {
    const rules = { "pgsafe/lock-timeout-missing": "error" } as const
    const suggested = (code: string): string => {
      const { fix } = messages(code, { rules })[0]?.suggestions?.[0] ?? {}
      return fix === undefined ? code : code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1])
    }
    expect(suggested("client.query(`ALTER TABLE a ADD b int`)")).toBe("client.query(`SET lock_timeout = '5s'; ALTER TABLE a ADD b int`)")
    expect(suggested("client.query('ALTER TABLE a ADD b int')")).toBe("client.query('SET lock_timeout = \\'5s\\'; ALTER TABLE a ADD b int')")
    expect(suggested("client.query('SELECT 1;\\n' + 'ALTER TABLE a ADD b int')")).toBe("client.query('SELECT 1;\\n' + 'SET lock_timeout = \\'5s\\';\\nALTER TABLE a ADD b int')")
    expect(suggested("client.query(`\n  \tALTER TABLE a ADD b int\n  `)")).toBe("client.query(`\n  \tSET lock_timeout = '5s';\n  \tALTER TABLE a ADD b int\n  `)")
    expect(suggested("client.query(`\r\n  ALTER TABLE a ADD b int`)")).toBe("client.query(`\r\n  SET lock_timeout = '5s';\r\n  ALTER TABLE a ADD b int`)")
  })

  it("do not end a transaction that the code opens", () => {
    const rules = { "pgsafe/transaction-locks-several-tables": "error" } as const
    const count = (code: string): number | undefined => messages(`exports.up = async (queryInterface) => { ${code} }`, { rules })[0]?.suggestions?.length ?? 0
    const query = (sql: string): string => `await queryInterface.sequelize.query('${sql}', { transaction });`
    const alter = query("ALTER TABLE a ADD b int") + query("ALTER TABLE c ADD b int")
    expect(count(`await queryInterface.sequelize.transaction(async (transaction) => { ${alter} })`)).toBe(0)
    expect(count(query("BEGIN") + alter + query("COMMIT"))).toBe(1)
  })

  it("are not made inside an expression", () => {
    expect(fixed("const create = 'CREATE INDEX idx'; client.query(`${create} ON orders (region)`)")).toBeUndefined()
  })
})
