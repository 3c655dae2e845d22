import type { Operation, Statement } from "./operation.ts"

type Prepared = Map<string, readonly Operation[]>

/**
 * The statements of a file with what EXECUTE runs in its place, as far as the file has prepared it. ROLLBACK does not undo PREPARE. Spans of
 * what is run are those of the statement that was prepared.
 */
export function withPrepared(statements: readonly Statement[]): readonly Statement[] {
  if (!statements.some(({ operations }) => operations.some(executes))) return statements
  const prepared: Prepared = new Map()
  return statements.map((statement) => {
    for (const operation of statement.operations) remember(prepared, operation)
    if (!statement.operations.some(executes)) return statement
    return { ...statement, operations: statement.operations.flatMap((operation) => whatRuns(prepared, operation)) }
  })
}

/** EXECUTE, and EXPLAIN EXECUTE. */
function executes(operation: Operation): boolean {
  return operation.op === "execute" || (operation.op === "plan" && operation.operations.some(executes))
}

function whatRuns(prepared: Prepared, operation: Operation): readonly Operation[] {
  if (operation.op === "plan") return [{ ...operation, operations: operation.operations.flatMap((inner) => whatRuns(prepared, inner)) }]
  return (operation.op === "execute" ? prepared.get(operation.prepared.name) : undefined) ?? [operation]
}

function remember(prepared: Prepared, operation: Operation): void {
  // A name that is taken is refused, so that the statement keeps it.
  if (operation.op === "plan" && operation.as !== null && !prepared.has(operation.as.name)) prepared.set(operation.as.name, operation.operations)
  else if (operation.op === "deallocate" && operation.prepared !== null) prepared.delete(operation.prepared.name)
  else if (operation.op === "deallocate" || (operation.op === "other" && operation.command === "discard all")) prepared.clear()
}
