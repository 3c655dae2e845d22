/** What statements change of columns that running code may know: their NOT NULL, and where their values come from. */
import type { Operation, OperationOf } from "../../parse/operation.ts"
import { operationsIn, restOfFile } from "./later.ts"
import { columnIsNew, exists } from "./predicates.ts"
import type { RuleContext } from "../rule.ts"

const CHANGES = ["set not null", "drop not null", "set default", "drop default", "add identity", "set identity", "drop identity", "drop column"] as const

type ChangeKind = (typeof CHANGES)[number]
export type ColumnChange = OperationOf<ChangeKind>

/** Whether neither the table nor the column came with this very deploy, and the table's rows are its own. */
export function isKnownColumn({ relation, column }: ColumnChange, context: RuleContext): boolean {
  return exists(relation, context) && !columnIsNew(relation, column.name, context) && context.catalog.relation(relation)?.kind !== "foreign table"
}

/** Whether a later statement of the file does one of these to the column. */
export function isFollowedBy(change: ColumnChange, kinds: readonly ChangeKind[], context: RuleContext): boolean {
  const { unseen, seen } = restOfFile(context)
  return does(kinds, change, [...operationsIn([...unseen, ...seen])])
}

/** The same, or another action of its own statement: of those, the server does the drops first (AT_PASS_DROP), wherever they stand. */
export function isReplacedBy(drop: ColumnChange, kinds: readonly ChangeKind[], context: RuleContext): boolean {
  return does(kinds, drop, context.current.statement.operations) || isFollowedBy(drop, kinds, context)
}

/** Whether an earlier statement of the file does one of these to the column. */
export function isPrecededBy(change: ColumnChange, kinds: readonly ChangeKind[], { current, statements }: RuleContext): boolean {
  const start = (current.within ?? current.statement).span.start
  return does(kinds, change, [...operationsIn(statements.filter(({ span }) => span.start < start))])
}

function does(kinds: readonly ChangeKind[], { relation, column }: ColumnChange, operations: readonly Operation[]): boolean {
  return operations.some((other) => isColumnChange(other) && kinds.includes(other.op) && other.relation.name === relation.name && other.column.name === column.name)
}

function isColumnChange(operation: Operation): operation is ColumnChange {
  const kinds: readonly string[] = CHANGES
  return kinds.includes(operation.op)
}
