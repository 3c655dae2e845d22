import { BUILDS, cancelledBuilds } from "../src/engine/questions/cancelled-build.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "lock-timeout-cancels-build",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "A lock_timeout that the file has set cancels a concurrent index build that waits for older transactions, which leaves an INVALID index.",
    what:
      "Reports CREATE INDEX CONCURRENTLY, REINDEX ... CONCURRENTLY and DETACH PARTITION ... CONCURRENTLY when the same file " +
      "has set a lock_timeout of less than five minutes before, and it is still in force.",
    why:
      "A concurrent build waits for the end of every transaction that wrote to the table, and of all that are older than its snapshot, also " +
      "those of other tables. To PostgreSQL these are waits for locks: one transaction that stays open for longer than lock_timeout " +
      "cancels the build. It has committed by then, so that an INVALID index stays behind, which costs every write and serves no query, and the name is " +
      "taken when the migration runs again. A cancelled DETACH leaves the partition pending detach. And nobody " +
      "needs the timeout here: while such a statement waits, reads and writes go on.",
    instead: "SET lock_timeout = 0 before the statement, and set the old value again behind it.",
    silent:
      "For 0 and five minutes or more, after RESET, for a SET that was rolled back and for SET LOCAL, which ends with its transaction; " +
      "on new and temporary tables; where something between that cannot be read may have changed it, such as an " +
      "included file. For DROP INDEX CONCURRENTLY, which may be run again. What a role or database has as its default is not known.",
    references: [
      "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
      "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT",
    ],
  },
  messages: {
    index:
      "lock_timeout is {timeout} since {line}: if a transaction that the build of {index} waits for takes longer, the build is cancelled and leaves an " +
      "INVALID index",
    unnamed: "lock_timeout is {timeout} since {line}: if a transaction that the build waits for takes longer, it is cancelled and leaves an INVALID index",
    reindex:
      "lock_timeout is {timeout} since {line}: if a transaction that the rebuild waits for takes longer, it is cancelled and leaves an INVALID index",
    detach:
      "lock_timeout is {timeout} since {line}: if a transaction that the DETACH waits for takes longer, it is cancelled and leaves {partition} pending " +
      "detach",
  },
  operations: BUILDS,
  *check(analyzed, context) {
    yield* cancelledBuilds("lock_timeout", analyzed, context)
  },
})
