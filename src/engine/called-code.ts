import { parseBody, type ParsedBody } from "../parse/index.ts"
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
 * the same file created before that position in its statements. A function that is only created does not run.
 */
export function calledCode(operation: Operation, statements: readonly Statement[], before = Infinity): readonly CalledCode[] {
  switch (operation.op) {
    case "do":
      return [{ statements: operation.statements, settings: NO_SETTINGS }]
    case "call":
      return bodiesOf([operation.call], statements, before)
    case "select":
      return operation.query.functions.length === 0 ? [] : bodiesOf(operation.query.functions, statements, before)
    default:
      return []
  }
}

function bodiesOf(calls: readonly FunctionCall[], statements: readonly Statement[], before: number): CalledCode[] {
  const found: CalledCode[] = []
  for (const call of calls) {
    const definition = latestDefinition(call, statements, before)
    const body = definition === undefined ? null : parsedBody(definition)
    if (definition !== undefined && body !== null) found.push({ statements: body.statements, settings: definition.settings })
  }
  return found
}

const parsedBodies = new WeakMap<Definition, ParsedBody>()

/** The body of a function, which many statements may call; null when there is none to read. */
function parsedBody(definition: Definition): ParsedBody | null {
  const known = parsedBodies.get(definition)
  if (known !== undefined || definition.body === null) return known ?? null
  const parsed = parseBody(definition.body, definition.language, definition)
  parsedBodies.set(definition, parsed)
  return parsed
}

/**
 * The bodies of functions that an operation calls, as far as their statements are not analyzed: those of earlier migrations, and those that
 * put statements together.
 */
export function unreadBodies(operation: Operation, statements: readonly Statement[], catalog: Catalog): readonly string[] {
  const calls = operation.op === "select" ? operation.query.functions : operation.op === "call" ? [operation.call] : []
  return calls.flatMap((call) => {
    const isRead = latestDefinition(call, statements, Infinity) !== undefined
    return catalog.functions(call).flatMap(({ body }) => (body === null || (isRead && !/\bexecute\b/i.test(body)) ? [] : [body]))
  })
}

type Definition = OperationOf<"create function">

interface Defined {
  readonly position: number
  readonly operation: Definition
}

/** The definitions of functions in a file's statements, by name and in their order; looking through all statements for each call would be quadratic. */
const definitions = new WeakMap<readonly Statement[], ReadonlyMap<string, readonly Defined[]>>()

function definitionsIn(statements: readonly Statement[]): ReadonlyMap<string, readonly Defined[]> {
  const known = definitions.get(statements)
  if (known !== undefined) return known
  const found = new Map<string, Defined[]>()
  for (const [position, { operations }] of statements.entries()) {
    for (const operation of operations) {
      if (operation.op !== "create function") continue
      const { name } = operation.function
      const same = found.get(name)
      if (same === undefined) found.set(name, [{ position, operation }])
      else same.push({ position, operation })
    }
  }
  definitions.set(statements, found)
  return found
}

function latestDefinition(call: FunctionCall, statements: readonly Statement[], before: number): Definition | undefined {
  const fits = ({ position, operation: { function: { schema } } }: Defined): boolean =>
    position < before && (call.schema === null || schema === null || call.schema === schema)
  return definitionsIn(statements).get(call.name)?.findLast(fits)?.operation
}
