import { blocksWrites, heldExclusiveLock, heldLockOn, reportHeld } from "../src/engine/questions/earlier.ts"
import { exists, lineOf, operationsOf, placeOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { validateLater } from "../src/playbook/index.ts"

export default defineRule({
  id: "validation-holds-lock",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "VALIDATE CONSTRAINT in the transaction that holds a stronger lock blocks queries for the whole scan.",
    what:
      "Reports VALIDATE CONSTRAINT in one transaction, or in one ALTER TABLE, with ADD CONSTRAINT ... NOT VALID or " +
      "another statement that locks out writes.",
    why:
      "VALIDATE alone lets reads and writes go on. But locks are kept until the transaction ends: the one that ADD " +
      "CONSTRAINT took blocks queries while VALIDATE reads every row.",
    instead: "Commit after ADD CONSTRAINT ... NOT VALID, and run VALIDATE CONSTRAINT in a later transaction.",
    silent: "When the two run in separate transactions, and on new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT"],
  },
  messages: {
    held: "VALIDATE reads every row of {table} while the transaction holds {mode} on {locked} since {line}",
    together: "VALIDATE reads every row of {table} while the other action of this ALTER TABLE holds {mode} on it",
  },
  operations: ["validate constraint"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "validate constraint")) {
      const { relation, constraint } = operation
      if (!exists(relation, context)) continue
      const data = { table: written(relation, context) }
      const steps = validateLater({ table: relation, constraint }, context)
      const own = statement.effects.locks.find((lock) => blocksWrites(lock) && lock.relation.name === relation.name)
      if (own !== undefined && statement.statement.operations.length > 1) {
        yield { span: operation.span, message: "together", data: { ...data, mode: own.mode }, steps }
        continue
      }
      const held = heldLockOn(relation.name, context) ?? heldExclusiveLock(context)
      if (held === null) continue
      yield {
        span: operation.span,
        message: "held",
        data: {
          ...data,
          mode: held.lock.mode,
          locked: held.lock.relation.name === relation.name ? "it" : context.display(held.lock.relation),
          line: lineOf(held.taken, context),
        },
        locks: reportHeld(held, "scan", context),
        steps,
        related: [{ ...placeOf(held.taken, context), message: `${held.lock.mode} is taken here` }],
      }
    }
  },
})
