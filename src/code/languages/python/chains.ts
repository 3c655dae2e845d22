/** Chains of calls in Python, `orders.update().where(...)`, and the variables that they go on from. */
import { argumentsAt, type Range } from "../expression.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"

/** A call of a chain. */
export interface Link {
  readonly name: string
  readonly args: readonly Range[]
  /** From its name to its bracket. */
  readonly range: Range
}

/** The calls behind a token: `.filter(...).update(...)`. */
export function linksAt(tokens: readonly Token[], start: number): readonly Link[] {
  const links: Link[] = []
  for (let at = start; ; ) {
    while (isSign(tokens[at], "\n") && isSign(tokens[at + 1], ".")) at += 1
    const name = textOf(tokens[at + 1])
    if (!isSign(tokens[at], ".") || name === null || !isSign(tokens[at + 2], "(")) return links
    const { list, end } = argumentsAt(tokens, at + 2)
    links.push({ name, args: list, range: { from: at + 1, to: end + 1 } })
    at = end + 1
  }
}

/** Where the value begins that a variable was given last; null when it was not. In `orders = orders.filter(...)` it was given one before. */
export function assignmentBefore(tokens: readonly Token[], at: number, body: Range): number | null {
  const name = textOf(tokens[at])
  for (let before = at - 1; before > body.from; before -= 1) {
    if (!isWord(tokens[before], name ?? "") || !isSign(tokens[before + 1], "=") || !isSign(tokens[before - 1], "\n")) continue
    const value = isSign(tokens[before + 2], "(") ? before + 3 : before + 2
    if (value < at) return value
  }
  return null
}

/** The sides of an operator that stands outside of all brackets; the whole where there is none. */
export function splitAt(tokens: readonly Token[], { from, to }: Range, sign: string): readonly Range[] {
  const sides: Range[] = []
  let depth = 0
  let start = from
  for (let at = from; at < to; at += 1) {
    const token = tokens[at]
    if (token?.kind !== "sign") continue
    if (/^[([{]$/.test(token.text)) depth += 1
    else if (/^[)\]}]$/.test(token.text)) depth -= 1
    else if (token.text === sign && depth === 0) {
      sides.push({ from: start, to: at })
      start = at + 1
    }
  }
  sides.push({ from: start, to })
  return sides
}
