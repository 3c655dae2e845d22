import { bodyReader, roomOfRoutine, type ParsedBody } from "../parse/index.ts"
import type { FunctionCall } from "../parse/expression.ts"
import type { FunctionInfo } from "./catalog.ts"

const readers = new WeakMap<FunctionInfo, ReturnType<typeof bodyReader>>()

/**
 * What the body of a function or procedure does that is called with those arguments; null when there is none to read. It stands in another file than the call, so that
 * its spans are positions of its own (see `own-positions.ts`).
 */
export function routineBody(routine: FunctionInfo, values: FunctionCall["arguments"]): ParsedBody | null {
  const { body: text, id, language, kind, parameters, returns } = routine
  if (text === null) return null
  const code = { text, span: NOWHERE, verbatim: false, room: roomOfRoutine(id) }
  const read = readers.get(routine) ?? bodyReader(code, language, { arguments: parameters, returns, kind })
  readers.set(routine, read)
  return read(values)
}

const NOWHERE = { start: 0, end: 0 }
