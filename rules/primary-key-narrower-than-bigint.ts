import { isBuiltin, typedColumns, typeProblem, TYPING, type TypedColumn } from "../src/engine/questions/written-types.ts"
import { defineRule, type AnalyzedStatement } from "../src/engine/rule.ts"
import type { ConstraintDefinition } from "../src/parse/constraint.ts"

export default defineRule({
  id: "primary-key-narrower-than-bigint",
  severity: "warning",
  presets: ["style"],
  docs: {
    summary: "A primary key of type integer ends at 2147483647, and making it a bigint later is the costliest of all type changes.",
    what:
      "Reports CREATE TABLE and ADD COLUMN when the primary key is one column of type integer or serial, or smallint that is filled from a sequence.",
    why:
      "Values that were rolled back or deleted are used up, too. When they end, every INSERT fails; and changing the type then rewrites " +
      "the table under ACCESS EXCLUSIVE, and every column that references it has to follow.",
    instead: "Use bigint: with 4 bytes more in each row it never ends.",
    silent: "For keys of several columns, and keys that are foreign keys themselves, whose type is that of what they reference.",
    references: ["https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT"],
  },
  messages: { found: "{column}, the primary key of {table}, is {type} and may run out of values" },
  operations: TYPING,
  *check(statement, context) {
    for (const typed of typedColumns(statement)) {
      const { definition, type } = typed
      const constraints = constraintsOf(typed, statement)
      if (definition === null || !constraints.some((one) => one.kind === "primary key" && one.columns.length === 1)) continue
      const numbered = definition.serial || definition.identity !== null
      const isNarrow = isBuiltin(type, "int4") || (numbered && isBuiltin(type, "int2"))
      if (isNarrow && type.dimensions === 0 && !constraints.some(({ kind }) => kind === "foreign key")) yield typeProblem(typed, definition.serial ? "bigserial" : "bigint", context)
    }
  },
})

/** Those of the column, and those of the table that are over it. */
function constraintsOf({ column, definition }: TypedColumn, { statement }: AnalyzedStatement): readonly ConstraintDefinition[] {
  const ofTable = statement.operations.flatMap((operation) =>
    operation.op === "create table" ? operation.constraints : operation.op === "add constraint" ? [operation.constraint] : [],
  )
  return [...(definition?.constraints ?? []), ...ofTable.filter((one) => (one.kind === "primary key" || one.kind === "foreign key") && one.columns.some(({ name }) => name === column.name))]
}
