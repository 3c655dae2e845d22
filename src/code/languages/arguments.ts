/** The arguments of a call in any of these languages. */
import { keyword, positional } from "./collector.ts"
import type { Range } from "./expression.ts"
import { closing, isSign, textOf, type Token } from "./tokens.ts"

/** A text of the code with the tokens that say it. */
export interface Said {
  readonly text: string
  readonly range: Range
}

/** The arguments of a call, or the entries of a hash. */
export interface Arguments {
  readonly tokens: readonly Token[]
  /** Those without a name. */
  readonly given: readonly Range[]
  /** The value of a named argument; null where it is not given. */
  option(name: string): Range | null
  /** Whether all arguments are in sight: nothing is spread into them. */
  readonly isWhole: boolean
}

export function argumentsOf(tokens: readonly Token[], list: readonly Range[]): Arguments {
  return {
    tokens,
    given: positional(tokens, list),
    option: (name) => keyword(tokens, list, name),
    isWhole: !list.some(({ from }) => isSign(tokens[from], "*")),
  }
}

/** What stands between the commas of a pair of brackets; null for anything else. */
export function elementsOf(tokens: readonly Token[], { from, to }: Range): readonly Range[] | null {
  if (!/^[[({]$/.test(textOf(tokens[from]) ?? "") || closing(tokens, from) !== to - 1) return null
  const elements: Range[] = []
  let depth = 0
  let start = from + 1
  const take = (end: number): void => {
    let [first, last] = [start, end]
    while (first < last && isSign(tokens[first], "\n")) first += 1
    while (last > first && isSign(tokens[last - 1], "\n")) last -= 1
    if (last > first) elements.push({ from: first, to: last })
    start = end + 1
  }
  for (let at = from + 1; at < to - 1; at += 1) {
    const text = tokens[at]?.kind === "sign" ? textOf(tokens[at]) : null
    if (text === "(" || text === "[" || text === "{") depth += 1
    else if (text === ")" || text === "]" || text === "}") depth -= 1
    else if (text === "," && depth === 0) take(at)
  }
  take(to - 1)
  return elements
}
