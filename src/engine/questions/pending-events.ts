import type { Name, Operation } from "../../parse/operation.ts"
import type { Constraint } from "../../schema/catalog.ts"
import { holdsLocks } from "../transaction.ts"
import type { AnalyzedStatement, RuleContext } from "../rule.ts"

/** Rows that the transaction has put into a table, and that a foreign key will check when it ends. */
export interface PendingEvents {
  readonly table: Name
  readonly constraint: Constraint
  readonly inserted: AnalyzedStatement
}

/**
 * Whether the current statement changes a table that has pending trigger events, which fails with 55006 (CheckTableNotInUse): rows that an
 * earlier statement of the transaction has inserted, and a foreign key that is INITIALLY DEFERRED.
 */
export function pendingEvents(context: RuleContext): PendingEvents | null {
  const { current, catalog } = context
  if (current.within !== null || !holdsLocks(current.transaction)) return null
  const table = current.statement.operations.map(tableInUse).find((one) => one !== null) ?? null
  const relation = table === null ? undefined : catalog.relation(table)
  if (table === null || relation?.kind !== "table") return null
  const constraint = catalog
    .constraintsOf(relation.id)
    .find((one) => one.kind === "foreign key" && one.initiallyDeferred && one.enforced && one.created?.transaction !== current.transaction.id)
  const inserted = constraint === undefined ? undefined : lastInsert(table, context)
  return constraint === undefined || inserted === undefined ? null : { table, constraint, inserted }
}

/** The table that an operation refuses to touch while it has pending events. Renaming, comments, triggers and policies do not look. */
function tableInUse(operation: Operation): Name | null {
  switch (operation.op) {
    case "add column":
    case "drop column":
    case "alter column type":
    case "set not null":
    case "drop not null":
    case "set default":
    case "drop default":
    case "add constraint":
    case "drop constraint":
    case "validate constraint":
    case "set storage parameters":
      return operation.keyword === "table" ? operation.relation : null
    case "create index":
      return operation.table
    default:
      return null
  }
}

/** The last statement of the transaction that has certainly inserted rows, with no check and no way back behind it. */
function lastInsert(table: Name, { current, earlier, catalog }: RuleContext): AnalyzedStatement | undefined {
  const id = catalog.relation(table)?.id
  for (const analyzed of earlier.toReversed()) {
    if (analyzed.transaction.id !== current.transaction.id) return undefined
    for (const operation of analyzed.statement.operations) {
      if (operation.op === "set constraints" || operation.op === "rollback to savepoint") return undefined
      const isInserted = operation.op === "insert" && operation.rows > 0 && operation.onConflict === "error" && catalog.relation(operation.table)?.id === id
      if (isInserted && !analyzed.conditional && analyzed.effects.fails === null) return analyzed
    }
  }
  return undefined
}
