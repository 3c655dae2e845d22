/** What names stand for in languages of which only raw SQL is read. */
import type { Constants, Range } from "./expression.ts"
import { blockEnd, isSign, textOf, type Token } from "./tokens.ts"

interface Assignment {
  readonly at: number
  readonly value: Range
  /** Where the function that it stands in begins; -1 for none. */
  readonly inside: number
}

/**
 * What names are given. In a function the last assignment before the place counts, unless it stands deeper than that: then the code may
 * pass over it. Outside of all functions, and in those that assign nothing to the name, it counts when there is only one.
 *
 * @param valueEnd Where the value ends that begins at a token.
 */
export function constantsOf(tokens: readonly Token[], source: string, valueEnd: (at: number) => number): Constants {
  const functions = tokens.flatMap((token, at) => (/^defp?$/.test(textOf(token) ?? "") && token.kind === "word" ? [{ from: at, to: blockEnd(tokens, at, source) }] : []))
  const functionAt = (at: number): number => functions.findLast(({ from, to }) => from <= at && at < to)?.from ?? -1
  const assigned = new Map<string, (Assignment | "more")[]>()
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || isSign(tokens[at - 1], ".")) continue
    const more = isSign(tokens[at + 1], "+=") || (isSign(tokens[at + 1], "+") && isSign(tokens[at + 2], "="))
    if (!more && (!isSign(tokens[at + 1], "=") || isSign(tokens[at + 2], "="))) continue
    // A keyword argument looks the same; its brackets tell.
    if (isSign(tokens[at - 1], "(") || isSign(tokens[at - 1], ",")) continue
    const from = at + 2
    const known = assigned.get(token.text) ?? []
    known.push(more ? "more" : { at, value: { from, to: valueEnd(from) }, inside: functionAt(at) })
    assigned.set(token.text, known)
  }
  const only = (all: readonly Assignment[]): Range | undefined => (all.length === 1 ? all[0]?.value : undefined)
  return {
    get(name, at) {
      const found = assigned.get(name)
      if (found === undefined) return undefined
      const all = found.filter((one) => one !== "more")
      // What adds to a text is not followed.
      if (all.length < found.length) return undefined
      if (all.length === 1) return only(all)
      const own = functionAt(at)
      const here = own < 0 ? [] : all.filter(({ inside }) => inside === own)
      if (here.length === 0) return only(all.filter(({ inside }) => inside < 0))
      const last = here.length === 1 ? here[0] : here.findLast((one) => one.at < at)
      return last === undefined || (here.length > 1 && indentAt(tokens, last.at, source) > indentAt(tokens, at, source)) ? undefined : last.value
    },
  }
}

/** How far the line of a token is indented. */
function indentAt(tokens: readonly Token[], at: number, source: string): number {
  const start = source.lastIndexOf("\n", (tokens[at]?.start ?? 0) - 1) + 1
  return /^[ \t]*/.exec(source.slice(start))?.[0].length ?? 0
}
