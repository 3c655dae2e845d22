import { gapOf } from "../src/engine/questions/index-gap.ts"
import { makesRoomForIndex } from "../src/engine/questions/makes-room.ts"
import { exists, makeConcurrent, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { list, pronouns } from "../src/engine/words.ts"
import type { DroppedObject, OperationOf } from "../src/parse/operation.ts"
import { dropIndex } from "../src/playbook/index.ts"

export default defineRule({
  id: "index-drop-blocks-queries",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "DROP INDEX makes every query of the table wait.",
    what: "Reports DROP INDEX without CONCURRENTLY for an index of a table that was there before the migration.",
    why:
      "DROP INDEX needs ACCESS EXCLUSIVE on the table: it waits for every running query, and all queries that arrive " +
      "meanwhile, reads included, queue behind it.",
    instead: "Use DROP INDEX CONCURRENTLY, one index a statement, outside a transaction.",
    silent:
      "For indexes of new and temporary tables and of materialized views that are new, of partitioned tables, where " +
      "CONCURRENTLY is not possible, and for DROP INDEX IF EXISTS before an index of that name is made on a new table.",
    references: ["https://www.postgresql.org/docs/current/sql-dropindex.html"],
  },
  messages: {
    known: "DROP INDEX {indexes} blocks reads and writes of {tables} (ACCESS EXCLUSIVE)",
    unknown: "DROP INDEX {indexes} blocks reads and writes of {its} table (ACCESS EXCLUSIVE)",
  },
  operations: ["drop"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "drop")) {
      if (operation.kind !== "index" || operation.concurrently) continue
      const objects = operation.objects.filter((object) => tableOf(object, context) !== "harmless" && !(operation.ifExists && isRoom(object, context)))
      const [first] = objects
      if (first === undefined) continue
      const indexes = objects.map((object) => written(object, context))
      const tables = [...new Set(objects.flatMap((object) => tableOf(object, context) ?? []))]
      const alone = operation.objects.length === 1 && !operation.cascade
      yield {
        span: first.span,
        message: tables.length === 0 ? "unknown" : "known",
        data: { indexes: list(indexes), tables: list(tables), its: pronouns(indexes).its },
        ...stepsFor(operation, objects, context),
        ...(alone && makeConcurrent(operation.concurrentlySpan, "Drop the index concurrently", context)),
      }
    }
  },
})

/** Where an index that is built later takes the place of one, that comes first. */
function stepsFor(operation: OperationOf<"drop">, objects: readonly DroppedObject[], context: RuleContext): Pick<Problem, "steps" | "replaces"> {
  const gaps = objects.map((object) => ({ object, gap: gapOf(object, { ...operation, objects }, context) }))
  const filled = gaps.flatMap(({ gap }) => (gap !== null && gap.steps.length > 0 ? [gap] : []))
  const others = gaps.flatMap(({ object, gap }) => (gap !== null && gap.steps.length > 0 ? [] : [object]))
  return {
    steps: [...filled.flatMap(({ steps }) => steps), ...dropIndex({ ...operation, objects: others }, context)],
    replaces: [operation, ...filled.map(({ successor }) => successor.operation)],
  }
}

function isRoom({ name }: DroppedObject, { catalog, current, statements, isNew }: RuleContext): boolean {
  return makesRoomForIndex(name, catalog, [statements, current.beside, ...current.callers], isNew)
}

/** The table's name for the message; null when it is not known. */
function tableOf({ name }: DroppedObject, context: RuleContext): string | "harmless" | null {
  const index = context.catalog.index(name)
  if (index === undefined) return exists(name, context) ? null : "harmless"
  const table = context.catalog.relationById(index.table)
  if (table === undefined) return null
  return context.isNew(table) || table.kind === "partitioned table" ? "harmless" : context.display(table)
}
