import { effectsOfOperation, operationsOf, written } from "../src/engine/questions/predicates.ts"
import type { AffectedRelation, Work } from "../src/effects/types.ts"
import { unvalidatedSince } from "../src/engine/questions/since.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import type { OperationOf } from "../src/parse/operation.ts"
import { attachPartition, createPartition } from "../src/playbook/index.ts"

export default defineRule({
  id: "partition-attach-scans-table",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "ATTACH PARTITION reads the new partition, or the default one, while every query of it is blocked.",
    what:
      "Reports ATTACH PARTITION when no valid CHECK proves that the rows fit the bound, of the table that is " +
      "attached and of the default partition, or when the table lacks an index like one of the parent's; and CREATE TABLE ... PARTITION OF when none proves it of the default partition.",
    why:
      "The rows are checked under ACCESS EXCLUSIVE on the table that is attached, and on the default partition: reads and " +
      "writes of both wait until the last row has been read.",
    instead:
      "Build the parent's indexes on the table concurrently, add a CHECK that implies the bound as NOT VALID, validate it, attach the " +
      "partition, and drop the CHECK.",
    silent: "When a valid CHECK proves the bound and the indexes are there, and for tables that the same migration creates.",
    references: [
      "https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
    ],
  },
  messages: {
    attach:
      "attaching {partition} reads every row of {scanned} while all reads and writes of {it} are blocked (ACCESS " +
      "EXCLUSIVE)",
    build:
      "attaching {partition} builds indexes on {built} while all reads and writes of {it} are blocked (ACCESS EXCLUSIVE)",
    create:
      "creating partition {partition} reads every row of {scanned} while all reads and writes of {parent} are blocked (ACCESS " +
      "EXCLUSIVE)",
  },
  operations: ["attach partition", "create table"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "attach partition")) {
      const { relation, partition, bound } = operation
      const { scans, builds } = effectsOfOperation(operation, context)
      const scanned = scans.filter((work) => !context.isNew(work.relation) && !mayBeProven(work)).map((work) => work.relation)
      if (scanned.length === 0) {
        yield* indexed(operation, builds.map((work) => work.relation), context)
        continue
      }
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
    for (const operation of operationsOf(statement, "create table")) yield* created(operation, context)
  },
})

/** Nothing is checked, but indexes that the parent has are built. */
function* indexed({ relation, partition, bound }: OperationOf<"attach partition">, built: readonly AffectedRelation[], context: RuleContext): Iterable<Problem> {
  const tables = built.filter((table) => !context.isNew(table))
  if (tables.length === 0) return
  const steps = attachPartition({ parent: relation, partition, bound }, context)
  yield {
    span: partition.span,
    message: "build",
    data: {
      partition: written(partition, context),
      built: tables.map((table) => context.display(table)).join(" and "),
      it: tables.length === 1 ? "it" : "them",
    },
    steps: steps.length > 1 ? steps : [],
  }
}

/** CREATE TABLE ... PARTITION OF: what the default partition holds has to be outside of the new bound. */
function* created(operation: OperationOf<"create table">, context: RuleContext): Iterable<Problem> {
  const { partitionOf } = operation
  if (partitionOf === null) return
  const { parent } = partitionOf
  const scanned = effectsOfOperation(operation, context)
    .scans.filter((work) => !context.isNew(work.relation) && !mayBeProven(work))
    .map((work) => work.relation)
  if (scanned.length === 0) return
  const steps = createPartition(operation, context)
  yield {
    span: operation.table.span,
    message: "create",
    data: { partition: written(operation.table, context), scanned: scanned.map((table) => context.display(table)).join(" and "), parent: written(parent, context) },
    // Without the partition key there is no CHECK to write.
    steps: steps.length > 1 ? steps : [],
    related: scanned.flatMap(({ id }) => unvalidatedSince(id, context)),
  }
}

/** A CHECK may prove that the rows fit, in a way that is not worked out. */
function mayBeProven({ relation, assumed }: Work): boolean {
  return assumed && relation.id !== null
}
