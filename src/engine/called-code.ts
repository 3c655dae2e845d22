import { parseBody } from "../parse/index.ts"
import type { Catalog } from "../schema/catalog.ts"
import type { EmbeddedStatement, FunctionCall, Operation, OperationOf, Statement } from "../parse/operation.ts"

/** The statements that a DO block, a CALL or a SELECT of a function runs. */
export interface CalledCode {
  readonly statements: readonly EmbeddedStatement[]
  /** What the function sets while it runs. */
  readonly settings: Readonly<Record<string, string>>
}

const NO_SETTINGS: Readonly<Record<string, string>> = {}

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
      return [{ statements: operation.statements, settings: NO_SETTINGS }]
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
    if (definition?.body != null) found.push({ statements: parseBody(definition.body, definition.language, definition).statements, settings: definition.settings })
  }
  return found
}

/**
 * The bodies of functions that an operation calls, as far as their statements are not analyzed: those of earlier migrations, and those that
 * put statements together.
 */
export function unreadBodies(operation: Operation, before: readonly Statement[], catalog: Catalog): readonly string[] {
  const calls = operation.op === "select" ? operation.query.functions : operation.op === "call" ? [operation.call] : []
  return calls.flatMap((call) => {
    const isRead = latestDefinition(call, before) !== undefined
    return catalog.functions(call).flatMap(({ body }) => (body === null || (isRead && !/\bexecute\b/i.test(body)) ? [] : [body]))
  })
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
