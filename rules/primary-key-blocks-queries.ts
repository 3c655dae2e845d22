import { addedConstraints, effectsOfOperation, hurtingWork, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { nullableSince } from "../src/engine/questions/since.ts"
import { lostByConstraint } from "../src/engine/questions/replica-identity.ts"
import { afterColumns, keyWithColumn } from "../src/engine/questions/swapped.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { ConstraintDefinition } from "../src/parse/constraint.ts"
import type { Name, OperationOf } from "../src/parse/operation.ts"
import { addConstraint, replacePrimaryKey, type Step } from "../src/playbook/index.ts"

export default defineRule({
  id: "primary-key-blocks-queries",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Adding a primary key builds an index, or looks for NULLs, while every query of the table is blocked.",
    what:
      "Reports ADD PRIMARY KEY on a table that was there before the migration, also USING INDEX when its columns may " +
      "hold NULL.",
    why:
      "The index is built, and columns that are not NOT NULL yet are read, under ACCESS EXCLUSIVE: reads and writes " +
      "of the table wait.",
    instead:
      "Make the columns NOT NULL through a validated CHECK, build the unique index with CREATE UNIQUE INDEX " +
      "CONCURRENTLY, then ADD PRIMARY KEY USING INDEX, which is instant.",
    silent: "With USING INDEX on columns that are NOT NULL, and on new and temporary tables.",
    references: [
      "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
    ],
  },
  messages: {
    build: "adding {constraint} builds an index while all reads and writes of {table} are blocked (ACCESS EXCLUSIVE)",
    unknown:
      "unless its columns are NOT NULL already, {constraint} reads every row of {table} while all reads and writes " +
      "of it are blocked (ACCESS EXCLUSIVE)",
    nullable:
      "{constraint} reads every row of {table} to make its columns NOT NULL, while all reads and writes of it are " +
      "blocked (ACCESS EXCLUSIVE)",
  },
  operations: ["add constraint"],
  *check(statement, context) {
    for (const operation of addedConstraints(statement, "primary key")) {
      const { relation, constraint } = operation
      const hurting = hurtingWork(effectsOfOperation(operation, context), context)
      if (hurting === null) continue
      const unsure = hurting.kind === "scan" && hurting.work.assumed
      const dropped = operationsOf(statement, "drop constraint").find((one) => isPredecessor(one, operation, context)) ?? keyWithColumn(context) ?? undefined
      const message = unsure ? "unknown" : hurting.kind === "scan" ? "nullable" : "build"
      yield {
        span: constraint.span,
        message,
        ...(unsure && { severity: "warning" as const }),
        data: {
          constraint: constraint.name === null ? "the primary key" : `primary key ${written(constraint.name, context)}`,
          table: written(relation, context),
        },
        // The columns of an index that is not known cannot be made NOT NULL first, and the statement alone is no safer.
        steps: unsure ? [] : stepsFor(operation, dropped, context),
        replaces: dropped === undefined ? [operation] : [operation, dropped],
        related: message === "nullable" ? keyColumns(constraint, relation, context).flatMap((column) => nullableSince(relation, column, context)) : [],
      }
    }
  },
})

/** The primary key so far, or what has the new one's name. */
function isPredecessor(dropped: OperationOf<"drop constraint">, { constraint }: OperationOf<"add constraint">, context: RuleContext): boolean {
  return lostByConstraint(dropped, context)?.by === "primary key" || dropped.constraint.name === constraint.name?.name
}

/** One key for another when the statement drops the old one: a table can have but one primary key. */
function stepsFor({ relation, only, constraint }: OperationOf<"add constraint">, dropped: OperationOf<"drop constraint"> | undefined, context: RuleContext): readonly Step[] {
  const { context: after, required, left } = afterColumns(relation, context)
  const [old] = left(dropped === undefined ? [] : [dropped])
  const table = context.catalog.relation(relation)
  if (old === undefined || constraint.kind !== "primary key" || constraint.usingIndex !== null || table?.kind === "partitioned table") {
    return addConstraint({ table: relation, only, constraint, dropped: old === undefined ? [] : [old], required }, after)
  }
  const { constraint: { name }, ifExists, cascade } = old
  return replacePrimaryKey({ table: relation, only, dropped: { name, ifExists, cascade }, key: constraint, build: null, required }, after)
}

/** The columns that have to become NOT NULL: those of the index that is used, where it is known. */
function keyColumns(constraint: ConstraintDefinition, { schema }: Name, { catalog }: RuleContext): readonly string[] {
  if (constraint.kind !== "primary key") return []
  if (constraint.usingIndex === null) return constraint.columns.map(({ name }) => name)
  const index = catalog.index({ schema, name: constraint.usingIndex.name })
  return index?.columns.filter((column) => column !== null) ?? []
}
