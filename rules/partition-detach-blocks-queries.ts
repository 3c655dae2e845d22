import { exists, makeConcurrent, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { Name } from "../src/parse/operation.ts"
import { detachPartition } from "../src/playbook/index.ts"

/** DETACH PARTITION ... CONCURRENTLY came with PostgreSQL 14. */
const CONCURRENTLY_SINCE = 14

export default defineRule({
  id: "partition-detach-blocks-queries",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "DETACH PARTITION makes every query of the partitioned table wait.",
    what: "Reports DETACH PARTITION without CONCURRENTLY on PostgreSQL 14 and later.",
    why:
      "DETACH PARTITION needs ACCESS EXCLUSIVE on the partitioned table: it waits for every running query of any partition, " +
      "and all queries that arrive meanwhile queue behind it.",
    instead: "Use DETACH PARTITION ... CONCURRENTLY, outside a transaction.",
    silent:
      "Before PostgreSQL 14, when the table has a default partition (CONCURRENTLY is not possible then), and on new " +
      "tables.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION"],
  },
  messages: {
    detach: "detaching {partition} blocks reads and writes of {table} and all its partitions (ACCESS EXCLUSIVE)",
  },
  operations: ["detach partition"],
  *check(statement, context) {
    if (context.pgVersion < CONCURRENTLY_SINCE) return
    for (const operation of operationsOf(statement, "detach partition")) {
      const { relation, partition, concurrently, finalize } = operation
      if (concurrently || finalize || !exists(relation, context) || hasDefaultPartition(relation, context)) continue
      yield {
        span: operation.span,
        message: "detach",
        data: { partition: written(partition, context), table: written(relation, context) },
        steps: detachPartition({ parent: relation, partition }, context),
        ...makeConcurrent(
          { start: partition.span.end, end: partition.span.end },
          "Detach the partition concurrently",
          context,
        ),
      }
    }
  },
})

function hasDefaultPartition(name: Name, { catalog }: RuleContext): boolean {
  const parent = catalog.relation(name)
  return (
    parent !== undefined && catalog.children(parent.id).some(({ partition }) => partition?.bound.kind === "default")
  )
}
