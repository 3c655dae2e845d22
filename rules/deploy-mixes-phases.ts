import { earlierOf, heldLockOn, type EarlierPhases } from "../src/engine/questions/earlier.ts"
import { columnIsNew, droppedConstraints, exists, lineOf, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { goneBeforeColumns } from "../src/engine/questions/swapped.ts"
import { defineRule, type AnalyzedStatement, type RuleContext } from "../src/engine/rule.ts"
import { removedColumn, removedRelation } from "../src/engine/questions/removed.ts"
import { counted } from "../src/engine/words.ts"
import type { RelatedLocation } from "../src/engine/finding.ts"
import type { Name } from "../src/parse/operation.ts"
import { dropColumns, dropRelations } from "../src/playbook/index.ts"

export default defineRule({
  id: "deploy-mixes-phases",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Expand, migrate and contract in one deploy leave no moment at which old and new code both work.",
    what:
      "Reports DROP COLUMN and DROP TABLE in a migration that also adds the new shape and copies the data into it, and the rename that " +
      "puts a copy of a table into its place.",
    why:
      "Old code is still running when the old shape disappears, and what it wrote after the copy is lost. A change " +
      "is safe in three deploys: expand adds the new shape, migrate fills it while the application writes both, " +
      "contract drops the old one when nothing uses it.",
    instead: "Keep the new shape in this deploy, backfill in the next one, and drop the old shape in a third.",
    silent:
      "When what is dropped was created by the same migration, or is dropped without data being copied (other rules report " +
      "that drop). For a rename, when the transaction kept writers out before it copied, or when a trigger that the migration " +
      "made passes on what is written.",
    references: ["https://martinfowler.com/bliki/ParallelChange.html"],
  },
  messages: {
    column:
      "dropping {columns} of {table} contracts in the same deploy that expands ({expand}) and migrates ({migrate})",
    table: "dropping {tables} contracts in the same deploy that expands ({expand}) and migrates ({migrate})",
    swap: "renaming {table} puts the copy of it ({migrate}) into its place: what is written in between is lost",
  },
  operations: ["drop column", "drop", "rename relation"],
  *check(statement, context) {
    const drops = operationsOf(statement, "drop column").filter(
      ({ relation, column }) => exists(relation, context) && !columnIsNew(relation, column.name, context),
    )
    const [first] = drops
    const phases = first === undefined ? null : phasesBefore(first.relation, context)
    if (first !== undefined && phases !== null) {
      const columns = drops.map(({ column }) => written(column, context))
      yield {
        span: first.span,
        message: "column",
        data: {
          columns: counted("column", columns),
          table: written(first.relation, context),
          ...linesOf(phases, context),
        },
        steps: dropColumns({ table: first.relation, only: first.only, columns: drops, constraints: droppedConstraints(statement), gone: goneBeforeColumns(context) }, context),
        replaces: drops,
        related: relatedTo(phases),
        removes: drops.map(({ relation, column }) => removedColumn(relation, column.name, context)),
      }
    }
    for (const operation of operationsOf(statement, "drop")) {
      if (operation.kind !== "table") continue
      const copied = operation.objects.flatMap((object) => {
        const before = exists(object.name, context) ? earlierOf(context).copied.get(object.name.name) : undefined
        return before === undefined ? [] : [{ object, before }]
      })
      const [earliest] = copied
      if (earliest === undefined) continue
      const objects = copied.map(({ object }) => object)
      yield {
        span: earliest.object.span,
        message: "table",
        data: {
          tables: counted(
            "table",
            objects.map((object) => written(object, context)),
          ),
          ...linesOf(earliest.before, context),
        },
        steps: dropRelations({ ...operation, objects }, context),
        related: relatedTo(earliest.before),
        removes: objects.map(({ name }) => removedRelation(name, context)),
      }
    }
    for (const { relation } of operationsOf(statement, "rename relation")) {
      const before = exists(relation, context) ? earlierOf(context).copied.get(relation.name) : undefined
      if (before === undefined || !takesPlace(before.expand, relation, context) || losesNothing(relation, before, context)) continue
      yield {
        span: relation.span,
        message: "swap",
        data: { table: written(relation, context), ...linesOf(before, context) },
        related: relatedTo(before),
      }
    }
  },
})

/** Whether the file goes on to give the name to the table that `made` has created. */
function takesPlace(made: AnalyzedStatement, { name }: Name, { statements }: RuleContext): boolean {
  const copies = made.statement.operations.flatMap((operation) => (operation.op === "create table" || operation.op === "create table as" ? [operation.table.name] : []))
  return statements.some(({ operations }) =>
    operations.some((operation) => operation.op === "rename relation" && operation.newName.name === name && copies.includes(operation.relation.name)),
  )
}

/** Nobody could write into the table since before it was copied, or a trigger copies what is written. */
function losesNothing(table: Name, { migrate }: EarlierPhases, context: RuleContext): boolean {
  const held = heldLockOn(table.name, context)?.taken
  if (held !== undefined && held.transaction.id === migrate.transaction.id && held.position < migrate.position) return true
  const relation = context.catalog.relation(table)
  return relation !== undefined && context.catalog.triggersOf(relation.id).some(({ created }) => created?.deploy === context.deploy)
}

function linesOf(
  { expand, migrate }: EarlierPhases,
  context: RuleContext,
): { readonly expand: string; readonly migrate: string } {
  return { expand: lineOf(expand, context), migrate: lineOf(migrate, context) }
}

function relatedTo({ expand, migrate }: EarlierPhases): RelatedLocation[] {
  return [
    { file: expand.file, span: expand.statement.span, message: "expand: the new shape is added here" },
    { file: migrate.file, span: migrate.statement.span, message: "migrate: the data is copied here" },
  ]
}

/** What the migration did before it drops a column: add another one to the table, and fill it. */
function phasesBefore({ name }: Name, context: RuleContext): EarlierPhases | null {
  const { extended, filled } = earlierOf(context)
  const expand = extended.get(name)
  const migrate = filled.get(name)
  return expand === undefined || migrate === undefined ? null : { expand, migrate }
}
