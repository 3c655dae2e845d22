import { effectsOfOperation, operationsOf, written } from "../src/engine/predicates.ts"
import type { AffectedRelation } from "../src/effects/types.ts"
import { unvalidatedSince } from "../src/engine/since.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { Name } from "../src/parse/operation.ts"
import { attachPartition } from "../src/playbook/index.ts"

export default defineRule({
  id: "partition-attach-scans-table",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "ATTACH PARTITION reads the new partition, or the default one, while every query of it is blocked.",
    what:
      "Reports ATTACH PARTITION when no valid CHECK proves that the rows fit the bound, of the table that is " +
      "attached and of the default partition.",
    why:
      "The rows are checked under ACCESS EXCLUSIVE on the table that is attached, and on the default partition: reads and " +
      "writes of both wait until the last row has been read.",
    instead: "Add a CHECK that implies the bound as NOT VALID, validate it, attach the partition, and drop the CHECK.",
    silent: "When a valid CHECK proves the bound, and for tables that the same migration creates.",
    references: [
      "https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
    ],
  },
  messages: {
    attach:
      "attaching {partition} reads every row of {scanned} while all reads and writes of {it} are blocked (ACCESS " +
      "EXCLUSIVE)",
  },
  operations: ["attach partition"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "attach partition")) {
      const { relation, partition, bound } = operation
      const scanned = effectsOfOperation(operation, context)
        .scans.map((work) => work.relation)
        .filter((table) => !context.isNew(table) && !mayBeProven(relation, table, context))
      if (scanned.length === 0) continue
      const steps = attachPartition({ parent: relation, partition, bound }, context)
      yield {
        span: partition.span,
        message: "attach",
        data: {
          partition: written(partition, context),
          scanned: scanned.map((table) => context.display(table)).join(" and "),
          it: scanned.length === 1 ? "it" : "them",
        },
        // Without the partition key there is no CHECK to write, and ATTACH alone is no safer.
        steps: steps.length > 1 ? steps : [],
        related: scanned.flatMap(({ id }) => unvalidatedSince(id, context)),
      }
    }
  },
})

/** The default partition has a valid CHECK on the partition key, which may well exclude the new partition's rows. */
function mayBeProven(parentName: Name, { id }: AffectedRelation, { catalog }: RuleContext): boolean {
  const table = id === null ? undefined : catalog.relationById(id)
  const key = catalog.relation(parentName)?.partitionBy?.columns ?? []
  if (table?.partition?.bound.kind !== "default") return false
  return catalog
    .constraintsOf(table.id)
    .some(
      ({ kind, validated, enforced, columns }) =>
        kind === "check" && validated && enforced && key.some((column) => columns.includes(column)),
    )
}
