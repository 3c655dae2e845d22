import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { refreshMaterializedView } from "../src/playbook/index.ts"

export default defineRule({
  id: "refresh-blocks-reads",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "REFRESH MATERIALIZED VIEW blocks reads of the view until it is computed again.",
    what:
      "Reports REFRESH MATERIALIZED VIEW without CONCURRENTLY of a view that was there, with data, before the " +
      "migration.",
    why:
      "REFRESH holds ACCESS EXCLUSIVE on the view while its query runs: everything that reads the view waits for the " +
      "whole query.",
    instead:
      "Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which takes EXCLUSIVE and lets reads go on. It needs a unique " +
      "index on plain columns, without WHERE, and a view that already holds data.",
    silent: "For views created in the same transaction or deploy, and views that hold no data yet.",
    references: ["https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html"],
  },
  messages: {
    blocks: "refreshing {view} blocks reads of it (ACCESS EXCLUSIVE) until its query has run",
    noData: "refreshing {view} WITH NO DATA makes every read of it fail",
  },
  operations: ["refresh materialized view"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "refresh materialized view")) {
      if (operation.concurrently || !exists(operation.view, context)) continue
      const view = context.catalog.relation(operation.view)
      if (view !== undefined && view.created !== null && !view.materialized) continue
      yield {
        span: operation.view.span,
        message: operation.withData ? "blocks" : "noData",
        data: { view: written(operation.view, context) },
        steps: refreshMaterializedView({ view: operation.view }, context),
      }
    }
  },
})
