import { parseBody } from "../parse/index.ts"
import type { EmbeddedStatement, FunctionCall, Operation, OperationOf, Statement } from "../parse/operation.ts"

/** The statements that a DO block, a CALL or a SELECT of a function runs. */
export interface CalledCode {
  readonly statements: readonly EmbeddedStatement[]
}

/** Bodies that call bodies are followed this far; recursion in a migration's own functions ends here. */
export const DEEPEST_CALL = 4

/** Whether an operation may run code that the file shows. */
export function runsCode(operation: Operation): boolean {
  return operation.op === "do" || operation.op === "call" || (operation.op === "select" && operation.query.functions.length > 0)
}

/**
 * The code that an operation runs, as far as the file shows it: the block of a DO, and the bodies of functions and procedures that
 * the same file created before. A function that is only created does not run.
 */
export function calledCode(operation: Operation, before: readonly Statement[]): readonly CalledCode[] {
  switch (operation.op) {
    case "do":
      return [{ statements: operation.statements }]
    case "call":
      return bodiesOf([operation.call], before)
    case "select":
      return operation.query.functions.length === 0 ? [] : bodiesOf(operation.query.functions, before)
    default:
      return []
  }
}

function bodiesOf(calls: readonly FunctionCall[], before: readonly Statement[]): CalledCode[] {
  const found: CalledCode[] = []
  for (const call of calls) {
    const definition = latestDefinition(call, before)
    if (definition?.body != null) found.push(parseBody(definition.body, definition.language, definition))
  }
  return found
}

function latestDefinition(call: FunctionCall, before: readonly Statement[]): OperationOf<"create function"> | undefined {
  for (let at = before.length - 1; at >= 0; at--) {
    for (const operation of before[at]?.operations ?? []) {
      if (operation.op !== "create function" || operation.function.name !== call.name) continue
      if (call.schema === null || operation.function.schema === null || call.schema === operation.function.schema) return operation
    }
  }
  return undefined
}
