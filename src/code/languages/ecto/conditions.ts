/** Conditions that ask for the direction or the database. */
import type { Range } from "../expression.ts"
import { trimmed } from "../expression.ts"
import { isSign, isWord } from "../tokens.ts"
import { evaluate } from "./evaluate.ts"
import { callAt, operandsOf } from "./syntax.ts"
import { textIn, truthOf, type Scope, type Value } from "./values.ts"

export type Direction = "up" | "down"

/** Null where only running the code would tell. */
export function decide(scope: Scope, whole: Range, direction: Direction): boolean | null {
  const { tokens } = scope
  const range = trimmed(tokens, whole)
  if (isWord(tokens[range.from], "not") || isSign(tokens[range.from], "!")) {
    const verdict = decide(scope, { from: range.from + 1, to: range.to }, direction)
    return verdict === null ? null : !verdict
  }
  for (const sign of ["==", "!="]) {
    const [left, right, more] = operandsOf(tokens, range, sign)
    if (left === undefined || right === undefined || more !== undefined) continue
    const equal = areEqual(evaluate(scope, left), evaluate(scope, right), direction)
    return equal === null ? null : equal === (sign === "==")
  }
  const call = callAt(tokens, range)
  const kinds = call === null ? undefined : KINDS[call.name]
  const [first] = call?.args ?? []
  if (kinds === undefined || first === undefined) return truthOf(evaluate(scope, range))
  const { kind } = evaluate(scope, first)
  return kind === "unknown" || kind === "call" ? null : kinds.includes(kind)
}

/** What guards ask for. */
const KINDS: Readonly<Record<string, readonly Value["kind"][]>> = { is_atom: ["atom"], is_binary: ["text"], is_list: ["list"], is_tuple: ["tuple"], is_map: ["map"] }

/** Whether a clause of `case` takes what it is given; null where only running the code would tell. */
export function matches(scope: Scope, subject: Range, pattern: Range, direction: Direction): boolean | null {
  const { tokens } = scope
  const given = evaluate(scope, subject)
  if (answerOf(given, direction) === null) return null
  if (pattern.to === pattern.from + 1 && isWord(tokens[pattern.from]) && /^_/.test(textIn(evaluate(scope, pattern)) ?? nameAt(scope, pattern))) return true
  return areEqual(given, evaluate({ ...scope, names: new Map() }, pattern), direction)
}

function nameAt({ tokens }: Scope, { from }: Range): string {
  const token = tokens[from]
  return token?.kind === "word" ? token.text : ""
}

function areEqual(left: Value, right: Value, direction: Direction): boolean | null {
  const [one, other] = [answerOf(left, direction), answerOf(right, direction)]
  return one === null || other === null ? null : one === other
}

/** What a value is that a condition may ask for. */
function answerOf(value: Value, direction: Direction): string | null {
  if (value.kind === "text" || value.kind === "number") return ((text) => text && `"${text}"`)(textIn(value))
  if (value.kind !== "call") return value.kind === "atom" ? textIn(value) : null
  if (value.name === "direction") return direction
  if (/__adapter__$/.test(value.name)) return "Ecto.Adapters.Postgres"
  return /^Ecto\.Adapters\.\w+$/.test(value.name) ? value.name : null
}
