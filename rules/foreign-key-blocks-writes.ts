import type { Fix } from "../src/engine/finding.ts"
import { addedConstraints, effectsOfOperation, exists, hurtingWork, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { constraintAdditions, predecessorsOf } from "../src/engine/questions/swapped.ts"
import { defineRule, type AnalyzedStatement, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { list } from "../src/engine/words.ts"
import type { Name } from "../src/parse/operation.ts"
import { enforceConstraint, isSameTable } from "../src/playbook/index.ts"

/** NOT VALID foreign keys of partitioned tables came with PostgreSQL 18. */
const NOT_VALID_OF_PARTITIONED_SINCE = 18

export default defineRule({
  id: "foreign-key-blocks-writes",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Adding a foreign key blocks writes to both tables until every row is checked.",
    what:
      "Reports ADD CONSTRAINT ... FOREIGN KEY without NOT VALID on a table that was there before the migration, and " +
      "ALTER CONSTRAINT ... ENFORCED (18).",
    why:
      "SHARE ROW EXCLUSIVE is held on the referencing and on the referenced table while all rows are checked: " +
      "INSERT, UPDATE and DELETE on both wait.",
    instead:
      "Add the constraint NOT VALID, which checks new rows only, and VALIDATE it in a later transaction, which lets " +
      "writes go on.",
    silent: "With NOT VALID or NOT ENFORCED (18), and on new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  },
  messages: {
    key:
      "adding {constraint} blocks writes to {tables} (SHARE ROW EXCLUSIVE) until every row of " +
      "{table} is checked",
    exclusive:
      "adding {constraint} checks every row of {table} while the other actions of this ALTER TABLE block all reads " +
      "and writes of it (ACCESS EXCLUSIVE)",
    enforced: "enforcing foreign key {constraint} checks every row of {table} while all reads and writes of it are blocked (ACCESS EXCLUSIVE)",
  },
  operations: ["add constraint", "alter constraint"],
  *check(statement, context) {
    yield* enforced(statement, context)
    for (const operation of addedConstraints(statement, "foreign key")) {
      const { relation, constraint } = operation
      if (constraint.kind !== "foreign key") continue
      if (hurtingWork(effectsOfOperation(operation, context), context) === null) continue
      // Refused before 18 (0A000).
      const partitioned = context.catalog.relation(relation)?.kind === "partitioned table"
      const fix: Fix | null = partitioned && context.pgVersion < NOT_VALID_OF_PARTITIONED_SINCE ? null : {
        applicability: "unsafe",
        title: "Add the foreign key NOT VALID; validate it in a later migration",
        edits: [{ span: { start: constraint.span.end, end: constraint.span.end }, text: " NOT VALID" }],
      }
      const dropped = predecessorsOf(operation, statement, context)
      yield {
        span: constraint.span,
        message: isExclusive(statement, relation) ? "exclusive" : "key",
        data: {
          constraint: constraint.name === null ? "a foreign key" : `foreign key ${written(constraint.name, context)}`,
          table: written(relation, context),
          tables: list([relation, ...blockedParent(relation, constraint.references, context)].map((name) => written(name, context))),
        },
        stepsOf: constraintAdditions,
        replaces: [operation, ...dropped],
        ...(fix !== null && { fix }),
      }
    }
  },
})

/** A foreign key that was NOT ENFORCED has rows that nobody checked. */
function* enforced(statement: AnalyzedStatement, context: RuleContext): Iterable<Problem> {
  for (const operation of operationsOf(statement, "alter constraint")) {
    const { relation, constraint } = operation
    if (operation.enforced !== true || hurtingWork(effectsOfOperation(operation, context), context) === null) continue
    yield {
      span: operation.span,
      message: "enforced",
      data: { constraint: written(constraint, context), table: written(relation, context) },
      steps: enforceConstraint({ table: relation, constraint }, context),
    }
  }
}

/** The referenced table, unless it is the same one, or one that nobody else writes to yet. */
function blockedParent(table: Name, references: Name, context: RuleContext): Name[] {
  return isSameTable(table, references, context) || !exists(references, context) ? [] : [references]
}

/** Another action of the statement takes a stronger lock, such as the DROP CONSTRAINT of the key's predecessor. */
function isExclusive({ effects }: AnalyzedStatement, { name }: Name): boolean {
  return effects.locks.some(({ relation, mode }) => relation.name === name && mode === "ACCESS EXCLUSIVE")
}
