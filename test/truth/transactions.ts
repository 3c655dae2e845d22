import { explainEffects } from "../../src/effects/public.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
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

const sendings: Readonly<Record<Sending, (sql: string) => readonly string[]>> = {
  alone: (sql) => [sql],
  "one of several in a message": (sql) => [`SELECT 1; ${sql}`],
  "in a block": (sql) => ["BEGIN", sql],
  "in a DO block": (sql) => [`DO $do$ BEGIN ${sql}; END $do$`],
}

/** Where the server and pgsafe disagree on what may run in a transaction, however it is sent. */
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
  return found
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
