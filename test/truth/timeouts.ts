import type pg from "pg"
import { defineRule } from "../../src/engine/rule.ts"
import { isDuration, milliseconds } from "../../src/effects/duration.ts"
import { createTimeout, followTimeout, inForce } from "../../src/engine/questions/timeouts.ts"
import { lintWith } from "../../src/engine/lint.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { serverError } from "./observe.ts"
import type { Major } from "./versions.ts"
import type { Workbench } from "./workbench.ts"

/** Values as `SET lock_timeout = '...'` takes them, from 12 on also with fractions, exponents and microseconds; some are refused. */
const spellings: readonly string[] = [
  ...["0", "5000", "5s", "5 s", " 5s ", "+5s", "-1", "1min", "90 min", "1 h", "2d", "250ms", "0x1000", "0x10 s", "010", "08", "5S", "5sec", "", "s", "-0", "9", "2147483647", "2147483648", "600h"],
  ...["1.5s", "1.5", "0.5", "2.5", ".5s", "5.s", "1e3", "1e3ms", "1.5e-1 h", "600us", "100us", "0.4ms", "0.5 d", "-0.4", "-0.6", "1e10", "07.5", "08.5", "1.e2"],
]

/** Statements, one after the other, that change what is in force. */
const sessions: readonly (readonly string[])[] = [
  ["SET statement_timeout = '50s'", "BEGIN", "SET statement_timeout = '40s'", "SAVEPOINT s", "SET statement_timeout = '30s'", "ROLLBACK TO s", "SET LOCAL statement_timeout = '20s'", "COMMIT"],
  ["BEGIN", "SET LOCAL statement_timeout = '10s'", "SET statement_timeout = '20s'", "COMMIT"],
  ["SET statement_timeout = '50s'", "BEGIN", "SET statement_timeout = '40s'", "SET LOCAL statement_timeout = '30s'", "ROLLBACK", "SET LOCAL statement_timeout = '20s'"],
  ["SET SESSION statement_timeout TO 5000", "BEGIN", "RESET statement_timeout", "ROLLBACK", "RESET ALL"],
  ["SET statement_timeout = '50s'", "START TRANSACTION", "SAVEPOINT a", "SAVEPOINT b", "SET statement_timeout = '40s'", "RELEASE a", "END", "DISCARD ALL"],
  ["BEGIN", "SAVEPOINT a", "SET LOCAL statement_timeout = '40s'", "SAVEPOINT a", "SET LOCAL statement_timeout = '30s'", "ROLLBACK TO a", "RELEASE a", "ROLLBACK TO a", "ABORT"],
  ["SELECT set_config('Statement_Timeout', '7s', false)", "SELECT set_config('statement_timeout', '8s', true)", "BEGIN", "SELECT set_config('statement_timeout', '9s', true)", "COMMIT"],
  ["DO $$ BEGIN SET statement_timeout = '11s'; END $$", "DO $$ BEGIN SET LOCAL statement_timeout = '12s'; END $$", "SET statement_timeout TO DEFAULT"],
  ["BEGIN", "SET LOCAL statement_timeout = 0", "SET LOCAL statement_timeout TO DEFAULT", "COMMIT", "SET \"Statement_Timeout\" = 7000"],
]

/** `AND CHAIN` came with 12. */
const chained: readonly (readonly string[])[] = [
  ["BEGIN", "SET LOCAL statement_timeout = '10s'", "COMMIT AND CHAIN", "SET statement_timeout = '20s'", "ROLLBACK AND CHAIN", "SET statement_timeout = '30s'", "COMMIT"],
]

/** Statements that a statement_timeout cancels while they wait, and a query for what they leave behind. */
const cancelled: readonly { readonly sql: string; readonly since?: Major; readonly leaves: string; readonly blocker: string }[] = [
  { sql: "CREATE INDEX CONCURRENTLY z ON t (a)", leaves: "SELECT FROM pg_index WHERE indexrelid = to_regclass('z') AND NOT indisvalid", blocker: "t" },
  { sql: "REINDEX INDEX CONCURRENTLY t_a", since: 12, leaves: "SELECT FROM pg_index WHERE indexrelid = to_regclass('t_a_ccnew') AND NOT indisvalid", blocker: "t" },
  { sql: "ALTER TABLE part DETACH PARTITION part_1 CONCURRENTLY", since: 14, leaves: "SELECT FROM pg_inherits WHERE inhdetachpending", blocker: "part" },
]

const schema = `
CREATE TABLE t (a int);
CREATE INDEX t_a ON t (a);
CREATE TABLE part (a int) PARTITION BY RANGE (a);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10)`

/** Where the server and pgsafe disagree on what a timeout is, and on what it leaves behind. */
export async function timeoutDifferences(bench: Workbench): Promise<string[]> {
  loadGrammar()
  return [...(await spellingDifferences(bench)), ...(await sessionDifferences(bench)), ...(await leftoverDifferences(bench))]
}

async function spellingDifferences(bench: Workbench): Promise<string[]> {
  const session = await bench.connect()
  const { major } = bench.server
  const found: string[] = []
  for (const text of spellings) {
    // All timeouts are spelled alike; this one cancels no query that waits for nobody.
    const refused = await session.query(`SET lock_timeout = '${text}'`).then(() => false, () => true)
    // What is refused sets nothing, so that it does not matter what it would mean.
    const server = refused ? null : await current(session, "lock_timeout")
    if (refused === isDuration(text, major)) found.push(`'${text}': ${refused ? "refused" : "taken"}, the opposite claimed`)
    if (server !== null && server !== milliseconds(text)) found.push(`'${text}': ${String(server)} ms, ${String(milliseconds(text))} claimed`)
  }
  await session.end()
  return found
}

async function current(session: pg.Client, name: "lock_timeout" | "statement_timeout"): Promise<number> {
  const { rows } = await session.query<{ setting: string }>("SELECT setting FROM pg_settings WHERE name = $1", [name])
  return Number(rows[0]?.setting)
}

async function sessionDifferences(bench: Workbench): Promise<string[]> {
  const found: string[] = []
  for (const statements of bench.server.major < 12 ? sessions : [...sessions, ...chained]) {
    const session = await bench.connect()
    await session.query("SET client_min_messages = error")
    const byDefault = await current(session, "statement_timeout")
    const claims = timeoutsAfter(statements)
    for (const [index, sql] of statements.entries()) {
      await session.query(sql)
      const server = await current(session, "statement_timeout")
      const claim = claims[index]
      if (claim === undefined || server !== (claim ?? byDefault)) found.push(`${statements.slice(0, index + 1).join("; ")}: ${String(server)} ms, ${String(claim)} claimed`)
    }
    await session.end()
  }
  return found
}

/** What pgsafe believes to be in force behind each statement, in milliseconds; null for the server's default. */
function timeoutsAfter(sqls: readonly string[]): (number | null | undefined)[] {
  const claims: (number | null)[] = []
  const probe = defineRule({
    id: "probe-of-timeouts",
    severity: "warning",
    presets: ["recommended"],
    docs: { summary: "", what: "", why: "", instead: "", silent: "", references: [] },
    messages: {},
    operations: [],
    check: () => [],
    checkFile(statements) {
      const timeout = createTimeout("statement_timeout")
      for (const statement of statements) {
        if (statement.within === null && statement.position > 0) {
          const { by, milliseconds: amount } = inForce(timeout, statement.transaction)
          claims.push(by === null ? null : amount)
        }
        followTimeout(timeout, statement)
      }
      return []
    },
  })
  lintWith([probe], { files: [{ path: "session.sql", sql: [...sqls, "SELECT 1", ""].join(";\n") }], options: { transaction: false, pgVersion: 18 } })
  return claims
}

async function leftoverDifferences(bench: Workbench): Promise<string[]> {
  const found: string[] = []
  for (const { sql, since = 11, leaves, blocker } of cancelled) {
    if (bench.server.major < since) continue
    await bench.reset(schema)
    const other = await bench.connect()
    const session = await bench.connect()
    await other.query(`BEGIN; LOCK TABLE ${blocker} IN ROW EXCLUSIVE MODE`)
    await session.query("SET statement_timeout = '1s'")
    const code = await session.query(sql).then(() => "none", (error: unknown) => serverError(error).code)
    await other.query("ROLLBACK")
    await session.query("SET statement_timeout = 0")
    const { rowCount } = await session.query(leaves)
    if (code !== "57014" || rowCount !== 1) found.push(`${sql}: error ${code}, ${String(rowCount)} left behind`)
    await Promise.all([other.end(), session.end()])
  }
  return found
}
