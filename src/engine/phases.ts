import type { Name } from "../parse/name.ts"
import { exists } from "./predicates.ts"
import type { AnalyzedStatement, RuleContext } from "./rule.ts"

/** The expand and migrate steps that precede a contract step in the same deploy. */
export interface EarlierPhases {
  readonly expand: AnalyzedStatement
  readonly migrate: AnalyzedStatement
}

/**
 * What the same migration did before it drops a column of the table: add another column to it, and fill it from
 * existing rows. Null when the drop stands alone.
 */
export function phasesBeforeColumnDrop(table: Name, { earlier }: RuleContext): EarlierPhases | null {
  const expand = earlier.find(({ statement }) =>
    statement.operations.some((operation) => operation.op === "add column" && operation.relation.name === table.name),
  )
  if (expand === undefined) return null
  const migrate = earlier.find(
    ({ statement, position }) =>
      position > expand.position &&
      statement.operations.some((operation) => operation.op === "update" && operation.table.name === table.name),
  )
  return migrate === undefined ? null : { expand, migrate }
}

/**
 * What the same migration did before it drops the table: copy its rows into another one, which it created or extended.
 */
export function phasesBeforeTableDrop(table: Name, { earlier }: RuleContext): EarlierPhases | null {
  for (const migrate of earlier) {
    for (const operation of migrate.statement.operations) {
      const copies =
        operation.op === "insert"
          ? operation.query.reads
          : operation.op === "update"
            ? [...operation.query.reads, ...operation.from]
            : []
      if (operation.op !== "insert" && operation.op !== "update") continue
      if (!copies.some(({ name }) => name === table.name) || operation.table.name === table.name) continue
      const target = operation.table.name
      const expand = earlier.find(
        ({ statement, position }) =>
          position < migrate.position && statement.operations.some((one) => createsOrExtends(one, target)),
      )
      if (expand !== undefined) return { expand, migrate }
    }
  }
  return null
}

function createsOrExtends(operation: AnalyzedStatement["statement"]["operations"][number], table: string): boolean {
  if (operation.op === "create table") return operation.table.name === table
  return operation.op === "add column" && operation.relation.name === table
}

/** Whether DROP COLUMN on the table is reported as the end of an expand, migrate and contract in one deploy. */
export function isMixedDeploy(table: Name, context: RuleContext): boolean {
  return exists(table, context) && phasesBeforeColumnDrop(table, context) !== null
}
