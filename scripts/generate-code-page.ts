/** docs/code.md: which calls of which libraries are read, taken from what reads them. */
import { TOOLS } from "../src/code/builders/index.ts"

/** Raw SQL and other things that the tables of methods do not hold. */
const MORE: Readonly<Record<string, string>> = {
  Knex: "Columns with `notNullable`, `nullable`, `defaultTo`, `unique`, `primary`, `index`, `references` with all that follows it, `comment`, `alter` and the checks.",
  Kysely: "Chains up to `execute()`, with all modifiers of columns, constraints and indexes, and with `$call(withTimestamps)`; raw SQL as ``sql`...`.execute(db)``.",
  Lucid: "`this.schema` as for Knex, also with `this.now()` and `this.raw()`, and raw SQL in `this.defer`, all of which is sent when `up` has returned; `this.db.rawQuery` is sent at once.",
  MikroORM: "`this.addSql`, which is sent when `up` has returned, `this.execute`, which is sent at once, and `this.getKnex().schema` as for Knex.",
  "node-pg-migrate": "`pgm.sql` also with `{names}`; `pgm.db.query` is sent before everything else.",
  Payload: "Raw SQL, as `` db.execute(sql`...`) ``; `payload.db.drizzle.execute` runs outside of the migration's transaction.",
  Sequelize: "Options of columns with `references`, enumerations, defaults and comments; transactions with a function or with `commit()`.",
  TypeORM: "Names that the library would make up by a hash are made up likewise. `changeColumn` only where both columns are written out.",
  "@slonik/migrator": "Raw SQL, as `` connection.query(sql`...`) ``, and `connection.transaction(...)`.",
  "db-migrate": "With promises, callbacks or `db.x.bind(db, ...)`.",
}

/** Their calls are those of Knex. */
const READ_AS_KNEX = new Set(["Lucid", "MikroORM"])

export function codePage(): string {
  const sections = Object.entries(TOOLS).map(([tool, { builder }]) => {
    const calls = READ_AS_KNEX.has(tool) ? [] : Object.entries(builder?.calls ?? {})
    const lists = calls.map(([on, names]) => `- On ${/\s/.test(on) ? on : `\`${on}\``}: ${[...new Set(names)].map((name) => `\`${name}\``).join(", ")}`)
    return [`## ${tool}`, "", ...(MORE[tool] === undefined ? [] : [MORE[tool], ""]), ...lists, ...(lists.length === 0 ? [] : [""])].join("\n")
  })
  return `${INTRODUCTION}\n${sections.join("\n")}\n${REST}`
}

const INTRODUCTION = `<!-- Written by scripts/generate-code-page.ts. Do not edit. -->
# Migrations in JavaScript and TypeScript

pgsafe reads migrations that are written in JavaScript and TypeScript, and never runs them. It goes through \`up\` (or \`down\`) in the order
in which it would run and takes down what it sends: raw SQL, and for each call of a schema builder the statements that the library makes of
it. The tests compare those with what the libraries themselves emit, call by call.

| What the code does | What pgsafe makes of it |
|---|---|
| Constants, template literals, objects, enumerations of the file | Their values |
| Functions of the file and methods of the migration's class | Read where they are called, with their arguments |
| Methods that the class inherits from one of another file, \`up\` included | Read likewise; findings are at the call, or where the class is extended |
| What it imports from other files of the project: constants, enumerations, functions that are handed the connection or the builder of a table | Their values; functions are read like those of the file, and findings are at the call in the migration |
| A file of SQL that it reads and sends: \`readFileSync(join(__dirname, "orders.sql"))\`, \`load("orders.sql")\` | Linted in its place, with findings at the file, and not as a migration of its own |
| A loop over a list of constants | Each round of it |
| A variable that statements of one function change one after the other, a list that they push to | What it holds at each place |
| A condition on the database: \`if (isSqlite)\`, \`client === "mysql" ? a : b\`, \`switch (dialect)\` | The way that the code goes on PostgreSQL |
| A condition on the schema: \`hasTable\` and \`hasColumn\` of Knex and TypeORM, \`tableExists\` and \`describeTable\` of Sequelize | The way that the code goes where the earlier migrations tell; else as for any other \`if\` |
| Other \`if\`, an early \`return\`, \`try\` that swallows errors | The statements may run or not: nothing certain is said of what comes later |
| A table that is made when it is missing | \`CREATE TABLE IF NOT EXISTS\` |
| Dynamic names, functions of packages that are handed the connection, options that are not understood | Counted on standard error, never guessed |
| Rows that a query builder changes: \`knex("orders").update(...)\`, \`queryInterface.bulkUpdate(...)\`, \`db.updateTable("orders")...execute()\` | The statement, with parameters (\`$1\`) for values that only running the code would tell |
| Rows that are changed through an entity or a model, queries that only read | Not looked at; writes through an entity manager of TypeORM are counted on standard error |

A table or view of which only the name can be read is still known to be new.
`

const REST = `## Others

Raw SQL of Prisma (\`$executeRaw\`, \`$executeRawUnsafe\`, \`$queryRaw\`, \`$queryRawUnsafe\`), Drizzle, Slonik, postgres.js and pg is read wherever
[the ESLint plugin](eslint.md) reads it.
`
