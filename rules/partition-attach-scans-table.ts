import { effectsOfOperation, operationsOf, written } from "../src/engine/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { attachPartition } from "../src/playbook/index.ts"

export default defineRule({
  id: "partition-attach-scans-table",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "ATTACH PARTITION reads the new partition, or the default one, while every query of it is blocked.",
    what: "Reports ATTACH PARTITION when no valid CHECK proves that the rows fit the bound, of the table that is attached and of the default partition.",
    why: "The rows are checked under ACCESS EXCLUSIVE on the table that is attached, and on the default partition: reads and writes of it wait until the last one was read.",
    instead: "Add a CHECK that implies the bound as NOT VALID, validate it, attach the partition, and drop the CHECK.",
    silent: "When a valid CHECK proves the bound, and for tables that the same migration creates.",
    references: ["https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE"],
  },
  messages: {
    attach: "attaching {partition} reads every row of {scanned} while all reads and writes of it are blocked (ACCESS EXCLUSIVE)",
  },
  operations: ["attach partition"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "attach partition")) {
      const { relation, partition, bound } = operation
      const scanned = effectsOfOperation(operation, context)
        .scans.map((work) => work.relation)
        .filter((table) => !context.isNew(table))
      if (scanned.length === 0) continue
      yield {
        span: partition.span,
        message: "attach",
        data: { partition: written(partition, context), scanned: scanned.map((table) => context.display(table)).join(" and ") },
        steps: attachPartition({ parent: relation, partition, bound }, context),
      }
    }
  },
})
