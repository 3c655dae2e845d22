/** Functions of a revision that `upgrade` and `downgrade` call. */
import type { RawCall } from "../collected.ts"
import type { Range } from "../expression.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"

/** A function, and where it is called first. */
interface Helper {
  readonly start: number
  readonly end: number
  readonly called: { readonly at: number; readonly token: number; readonly down: boolean } | null
}

/** How deep functions that call functions are followed. */
const DEEPEST = 4

/**
 * What functions send is sent where they are called: in the order, in the direction, and under the conditions of the call.
 *
 * @param functions All functions of the file.
 */
export function atCalls(calls: readonly RawCall[], tokens: readonly Token[], functions: readonly Range[], isConditional: (token: number) => boolean): readonly RawCall[] {
  const helpers = helpersIn(tokens, functions)
  if (helpers.length === 0) return calls
  const size = (tokens.at(-1)?.end ?? 0) + 1
  const moved = (call: RawCall, depth: number): RawCall => {
    const helper = helpers.find(({ start, end }) => start <= call.at && call.at < end)
    if (helper === undefined || helper.called === null || depth > DEEPEST) return call
    const { at, down, token } = helper.called
    const there = moved({ ...call, at, down, conditional: call.conditional || isConditional(token) }, depth + 1)
    return { ...there, at: there.at + (call.at - helper.start) / size ** depth }
  }
  return calls.map((call) => moved(call, 1))
}

function helpersIn(tokens: readonly Token[], functions: readonly Range[]): readonly Helper[] {
  const named = functions.map(({ from, to }) => ({ from, to, name: textOf(tokens[from + 1]) ?? "" }))
  const isOwn = (name: string): boolean => /^_?(?:up|down)grade/.test(name)
  return named.flatMap(({ from, to, name }) => {
    if (isOwn(name)) return []
    const sites = tokens.flatMap((token, at) => (isWord(token, name) && isSign(tokens[at + 1], "(") && !isSign(tokens[at - 1], ".") && !isWord(tokens[at - 1], "def") && (at < from || at >= to) ? [at] : []))
    const inDown = (at: number): boolean => named.some((one) => /^_?down/.test(one.name) && one.from <= at && at < one.to)
    const site = sites.find((at) => !inDown(at)) ?? sites[0]
    const called = site === undefined ? null : { at: tokens[site]?.start ?? 0, token: site, down: inDown(site) }
    return [{ start: tokens[from]?.start ?? 0, end: tokens[to - 1]?.end ?? 0, called }]
  })
}
