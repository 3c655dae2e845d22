import { BUILDS, cancelledBuilds } from "../src/engine/questions/cancelled-build.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "statement-timeout-cancels-build",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "A statement_timeout that the file has set cancels a concurrent index build, which leaves an INVALID index.",
    what:
      "Reports CREATE INDEX CONCURRENTLY, REINDEX ... CONCURRENTLY and DETACH PARTITION ... CONCURRENTLY when the same file " +
      "has set a statement_timeout of less than half an hour before, and it is still in force.",
    why:
      "A concurrent build reads the table twice and waits for all older transactions, even those on other tables: it may take " +
      "hours. It commits in between, so that cancelling it rolls back only the last part: an INVALID index stays behind, which " +
      "costs every write and serves no query, and the name is taken when the migration runs again. A cancelled DETACH leaves " +
      "the partition pending detach, and only FINALIZE helps.",
    instead: "SET statement_timeout = 0 before the statement, and restore the old value after it.",
    silent:
      "For 0 and half an hour or more, after RESET, for a SET that was rolled back and for SET LOCAL, which ends with its transaction; " +
      "on new and temporary tables; where something between that cannot be read may have changed it, such as an " +
      "included file. For DROP INDEX CONCURRENTLY, which may be run again, and for VALIDATE CONSTRAINT and REFRESH " +
      "MATERIALIZED VIEW CONCURRENTLY, which leave nothing behind. What a role or database has as its default is not known.",
    references: [
      "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
      "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT",
    ],
  },
  messages: {
    index: "statement_timeout is {timeout} since {line}: if the build of {index} takes longer, it is cancelled and leaves an INVALID index",
    unnamed: "statement_timeout is {timeout} since {line}: if the build takes longer, it is cancelled and leaves an INVALID index",
    reindex: "statement_timeout is {timeout} since {line}: if the rebuild takes longer, it is cancelled and leaves an INVALID index",
    detach:
      "statement_timeout is {timeout} since {line}: if older transactions keep the DETACH waiting for longer, it is cancelled and " +
      "leaves {partition} pending detach",
  },
  operations: BUILDS,
  *check(analyzed, context) {
    yield* cancelledBuilds("statement_timeout", analyzed, context)
  },
})
