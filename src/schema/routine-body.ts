import { bodyReader, roomOfRoutine, type ParsedBody } from "../parse/index.ts"
import type { FunctionCall } from "../parse/expression.ts"
import type { FunctionArgument } from "../parse/operation.ts"
import type { FunctionInfo } from "./catalog.ts"

const readers = new WeakMap<FunctionInfo, ReturnType<typeof bodyReader>>()

/**
 * What the body of a function or procedure does that is called with those arguments; null when there is none to read. It stands in another
 * file than the call, so that its spans are positions of its own (see `own-positions.ts`).
 */
export function routineBody(routine: FunctionInfo, call: FunctionCall): ParsedBody | null {
  const { body: text, id, language, kind, parameters, returns } = routine
  if (text === null) return null
  const code = { text, span: NOWHERE, verbatim: false, room: roomOfRoutine(id) }
  const read = readers.get(routine) ?? bodyReader(code, language, { arguments: parameters, returns, kind })
  readers.set(routine, read)
  return read(argumentsInOrder(parameters, call))
}

/** The values that a call gives to parameters, in the order of those that are handed over; null for what is not told. */
export function argumentsInOrder(parameters: readonly Pick<FunctionArgument, "name" | "mode">[], { arguments: values, names }: FunctionCall): FunctionCall["arguments"] {
  if (names === undefined) return values
  const inputs = parameters.filter(({ mode }) => mode === "in" || mode === "inout")
  return inputs.map(({ name }, position) => values[names[position] === null || name === null ? position : names.indexOf(name)] ?? null)
}

const NOWHERE = { start: 0, end: 0 }
