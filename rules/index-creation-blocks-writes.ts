import { effectsOfOperation, hurtingWork, makeConcurrent, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { createIndex } from "../src/playbook/index.ts"

export default defineRule({
  id: "index-creation-blocks-writes",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "CREATE INDEX blocks writes to the table until the index is built.",
    what: "Reports CREATE INDEX without CONCURRENTLY on a table that was there before the migration.",
    why:
      "CREATE INDEX holds SHARE on the table while it reads every row: INSERT, UPDATE and DELETE wait for the whole " +
      "build, and, in a transaction, until it commits.",
    instead:
      "Build it with CREATE INDEX CONCURRENTLY, outside a transaction. On a partitioned table, create the index ON " +
      "ONLY the parent, build one concurrently on each partition, and attach them.",
    silent:
      "On tables created, or emptied by TRUNCATE, in the same transaction or deploy, temporary tables, materialized views (only REFRESH " +
      "writes to them), and for ON ONLY a partitioned table.",
    references: [
      "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
      "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
    ],
  },
  messages: {
    table: "creating {index} blocks writes to {table} (SHARE) until it is built",
    partitioned:
      "creating {index} blocks writes to {table} and all its partitions (SHARE) until every partition has its index",
  },
  operations: ["create index"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "create index")) {
      if (operation.concurrently || hurtingWork(effectsOfOperation(operation, context), context) === null) continue
      const relation = context.catalog.relation(operation.table)
      // Of a table that is not known, ONLY tells that it has partitions.
      if (relation?.kind === "materialized view" || (relation?.known !== true && operation.only)) continue
      const partitioned = relation?.kind === "partitioned table"
      yield {
        span: operation.table.span,
        message: partitioned ? "partitioned" : "table",
        data: {
          index: operation.index === null ? "an index" : `index ${written(operation.index, context)}`,
          table: written(operation.table, context),
        },
        steps: createIndex(operation, context),
        // With IF NOT EXISTS, a concurrent build could keep an INVALID index.
        ...(!partitioned &&
          !operation.ifNotExists &&
          makeConcurrent(operation.concurrentlySpan, "Build the index concurrently", context)),
      }
    }
  },
})
