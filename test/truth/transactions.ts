import { lintWith } from "../../src/engine/lint.ts"
import { explainEffects } from "../../src/effects/public.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import leftOpen from "../../rules/transaction-left-open.ts"
import { serverError } from "./observe.ts"
import type { Major } from "./versions.ts"
import type { Workbench } from "./workbench.ts"

/** The database of the matrix. */
const schema = `
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE INDEX t_a ON t (a);
CREATE TABLE part (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE INDEX part_id ON part (id);
CREATE MATERIALIZED VIEW mv AS SELECT * FROM t;
CREATE UNIQUE INDEX mv_id ON mv (id);
CREATE TYPE mood AS ENUM ('ok');
ALTER TABLE t CLUSTER ON t_a`

/** How a statement can reach the server. */
type Sending = "alone" | "one of several in a message" | "in a block" | "in a DO block"

interface Row {
  readonly sql: string
  readonly since?: Major
  readonly until?: Major
}

/** Statements that cannot run in a transaction, and neighbors that can. */
const rows: readonly Row[] = [
  { sql: "CREATE INDEX CONCURRENTLY z ON t (a)" },
  { sql: "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a)" },
  { sql: "DROP INDEX CONCURRENTLY t_a" },
  { sql: "DROP INDEX CONCURRENTLY IF EXISTS nothing" },
  { sql: "REINDEX INDEX CONCURRENTLY t_a", since: 12 },
  { sql: "REINDEX TABLE CONCURRENTLY t", since: 12 },
  { sql: "REINDEX SCHEMA public" },
  { sql: "REINDEX TABLE part", since: 14 },
  { sql: "ALTER TABLE part DETACH PARTITION part_1 CONCURRENTLY", since: 14 },
  { sql: "VACUUM t" },
  { sql: "VACUUM FULL t" },
  { sql: "VACUUM ANALYZE t" },
  { sql: "CLUSTER" },
  { sql: "DISCARD ALL" },
  { sql: "ALTER TYPE mood ADD VALUE 'new'" },
  { sql: "CREATE INDEX z ON t (a)" },
  { sql: "REINDEX TABLE t" },
  { sql: "ANALYZE t" },
  { sql: "CLUSTER t" },
  { sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY mv" },
  { sql: "ALTER TABLE part DETACH PARTITION part_1" },
  { sql: "ALTER TABLE t ADD COLUMN z int" },
]

/** Scripts that create the table z, which is there afterwards or not. */
const scripts: readonly { readonly statements: readonly string[]; readonly since?: Major }[] = [
  { statements: ["BEGIN", "CREATE TABLE z ()"] },
  { statements: ["BEGIN", "CREATE TABLE z ()", "COMMIT"] },
  { statements: ["START TRANSACTION READ WRITE", "SAVEPOINT s", "CREATE TABLE z ()", "RELEASE s"] },
  { statements: ["BEGIN", "BEGIN", "CREATE TABLE z ()", "END"] },
  { statements: ["BEGIN", "CREATE TABLE y ()", "COMMIT", "BEGIN", "CREATE TABLE z ()"] },
  { statements: ["CREATE TABLE z ()", "COMMIT"] },
  { statements: ["BEGIN", "COMMIT AND CHAIN", "CREATE TABLE z ()"], since: 12 },
  { statements: ["BEGIN", "ROLLBACK AND CHAIN", "CREATE TABLE z ()", "COMMIT AND NO CHAIN"], since: 12 },
  { statements: ["BEGIN", "COMMIT", "DO $$ BEGIN CREATE TABLE z (); END $$"] },
]

const sendings: Readonly<Record<Sending, (sql: string) => readonly string[]>> = {
  alone: (sql) => [sql],
  "one of several in a message": (sql) => [`SELECT 1; ${sql}`],
  "in a block": (sql) => ["BEGIN", sql],
  "in a DO block": (sql) => [`DO $do$ BEGIN ${sql}; END $do$`],
}

/** Where the server and pgsafe disagree on what may run in a transaction, however it is sent, and on what the end of a connection undoes. */
export async function transactionDifferences(bench: Workbench): Promise<string[]> {
  loadGrammar()
  const { major } = bench.server
  const found: string[] = []
  for (const { sql, since = 11, until = 18 } of rows) {
    if (major < since || major > until) continue
    const claim = explainEffects({ schema, sql, pgVersion: major })[0]
    for (const [sending, messages] of Object.entries(sendings)) {
      const code = await outcome(bench, messages(sql))
      const expected = sending !== "alone" && claim?.transaction === "forbidden"
      if (expected !== (code === "25001")) found.push(`${sql}, ${sending}: ${code ?? "works"}, ${claim?.transaction ?? "nothing"} claimed`)
    }
  }
  for (const { statements, since = 11 } of scripts) {
    if (major < since) continue
    const sql = `${statements.join(";\n")};\n`
    // One by one as psql does, and in one message: BEGIN makes a block of its transaction that outlives it.
    for (const messages of [statements, [sql]]) {
      const claim = lintWith([leftOpen], { files: [{ path: "script.sql", sql }], options: { transaction: false, pgVersion: major } }).findings.length === 0
      if ((await isKept(bench, messages)) !== claim) found.push(`${messages.join(" | ")}: the table is ${claim ? "lost" : "kept"}`)
    }
  }
  return found
}

/** Whether z is there once the connection has ended. */
async function isKept(bench: Workbench, messages: readonly string[]): Promise<boolean> {
  await bench.reset("")
  const session = await bench.connect()
  await session.query("SET client_min_messages = error")
  for (const message of messages) await session.query(message)
  await session.end()
  const after = await bench.connect()
  const { rowCount } = await after.query("SELECT FROM pg_class WHERE oid = to_regclass('z')")
  await after.end()
  return rowCount === 1
}

async function outcome(bench: Workbench, messages: readonly string[]): Promise<string | null> {
  await bench.reset(schema)
  const session = await bench.connect()
  try {
    for (const message of messages) await session.query(message)
    return null
  } catch (error) {
    return serverError(error).code
  } finally {
    await session.end()
  }
}
