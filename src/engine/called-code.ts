import { functionsCalled } from "../effects/volatility.ts"
import { bodyReader, type ParsedBody } from "../parse/index.ts"
import type { DecodedText, EmbeddedStatement, FunctionCall, Operation, OperationOf, Statement } from "../parse/operation.ts"
import type { Catalog, FunctionInfo } from "../schema/catalog.ts"
import { argumentsInOrder, routineBody } from "../schema/routine-body.ts"
import type { Span } from "../source/span.ts"

/** The statements that a DO block, a CALL or a SELECT of a function runs. */
export interface CalledCode {
  readonly statements: readonly EmbeddedStatement[]
  /** What the function sets while it runs. */
  readonly settings: Readonly<Record<string, string>>
  /** What runs them; null for a block. */
  readonly call: FunctionCall | null
  /** The function, where another file has made it. */
  readonly routine: FunctionInfo | null
  /** Where it runs SQL that its text does not tell. */
  readonly dynamic: readonly Span[]
}

/** What the code that a file calls is looked up in. */
export interface CallScope {
  readonly catalog: Catalog
  /** The statements of the file. */
  readonly included: readonly Statement[]
  readonly pgVersion: number
}

const NO_SETTINGS: Readonly<Record<string, string>> = {}

/** Bodies that call bodies are followed this far; recursion in a migration's own functions ends here. */
export const DEEPEST_CALL = 4

/** Whether an operation may run code that can be read. */
export function runsCode(operation: Operation): boolean {
  return operation.op === "do" || operation.op === "call" || (operation.op === "select" && operation.query.functions.length > 0)
}

/**
 * The code that an operation runs, as far as it can be read: the block of a DO, and the bodies of functions and procedures that the same
 * file created before that position in its statements, or an earlier file. A function that is only created does not run.
 */
export function calledCode(operation: Operation, scope: CallScope, before = Infinity): readonly CalledCode[] {
  switch (operation.op) {
    case "do":
      return [{ statements: operation.statements, settings: NO_SETTINGS, call: null, routine: null, dynamic: operation.dynamic }]
    case "call":
      return bodiesOf([operation.call], "procedure", scope, before)
    case "select": {
      const { functions, reads } = operation.query
      const ran = functions.length === 0 ? [] : bodiesOf(functions, "function", scope, before)
      return reads.length === 0 ? ran : ran.map(forEachRow)
    }
    default:
      return []
  }
}

/** A function may run for any number of rows. */
function forEachRow(code: CalledCode): CalledCode {
  return { ...code, statements: code.statements.map((statement) => ({ ...statement, conditional: true, repeated: true })) }
}

/** The operation without what the code does that it runs, as that is replayed statement by statement. */
export function withoutCode(operation: Operation, ran: readonly CalledCode[]): readonly Operation[] {
  const isRun = (call: FunctionCall): boolean => ran.some((code) => code.call === call && code.dynamic.length === 0)
  switch (operation.op) {
    case "call":
      return isRun(operation.call) ? [] : [operation]
    case "select": {
      const functions = operation.query.functions.filter((call) => !isRun(call))
      return functions.length === operation.query.functions.length ? [operation] : [{ ...operation, query: { ...operation.query, functions } }]
    }
    default:
      return [operation]
  }
}

function bodiesOf(calls: readonly FunctionCall[], kind: FunctionInfo["kind"], scope: CallScope, before: number): CalledCode[] {
  return calls.flatMap((call) => {
    const definition = latestDefinition(call, scope.included, before)
    return (definition === undefined ? bodyOfRoutine(call, kind, scope) : bodyOf(definition, call)) ?? []
  })
}

function bodyOf(definition: Definition, call: FunctionCall): CalledCode | null {
  const body = parsedBody(definition, argumentsInOrder(definition.arguments, call))
  return body === null ? null : { statements: body.statements, settings: definition.settings, call, routine: null, dynamic: body.dynamic }
}

/** The body of the only function of another file that the call can mean. */
function bodyOfRoutine(call: FunctionCall, kind: FunctionInfo["kind"], { catalog, pgVersion }: CallScope): CalledCode | null {
  const [routine, another] = functionsCalled(call, catalog, pgVersion).filter((known) => known.kind === kind)
  const body = routine === undefined || another !== undefined ? null : routineBody(routine, call)
  if (routine === undefined || body === null) return null
  const here = (text: DecodedText, position: number): DecodedText => (position === 0 ? { ...text, span: call.span } : text)
  const statements = body.statements.map((statement) => ({ ...statement, decoded: statement.decoded.map(here) }))
  return { statements, settings: routine.settings, call, routine, dynamic: body.dynamic }
}

const readers = new WeakMap<Definition, ReturnType<typeof bodyReader>>()

/** The body of a function, which many statements may call; null when there is none to read. */
function parsedBody(definition: Definition, values: FunctionCall["arguments"]): ParsedBody | null {
  if (definition.body === null) return null
  const read = readers.get(definition) ?? bodyReader(definition.body, definition.language, definition)
  readers.set(definition, read)
  return read(values)
}

/**
 * The bodies of functions that an operation calls, as far as their statements are not analyzed: those that nobody can tell from others of
 * that name, and those that put statements together of which the text tells too little.
 */
export function unreadBodies(operation: Operation, scope: CallScope): readonly string[] {
  const calls = operation.op === "select" ? operation.query.functions : operation.op === "call" ? [operation.call] : []
  const ran = calls.length === 0 ? [] : calledCode(operation, scope)
  return calls.flatMap((call) => {
    if (ran.some((code) => code.call === call && code.dynamic.length === 0)) return []
    const isRead = ran.some((code) => code.call === call)
    return scope.catalog.functions(call).flatMap(({ body }) => (body === null || (isRead && !/\bexecute\b/i.test(body)) ? [] : [body]))
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
