/** What variables hold. */
import type { Range } from "../expression.ts"
import { blockEnd, isSign, isWord, textOf, type Token } from "../tokens.ts"
import { assignmentBefore } from "./chains.ts"
import { lineFrom } from "./values.ts"

/** What a variable was given last in its function, or else once outside of all functions; null for anything else. */
export function valueOf(tokens: readonly Token[], source: string, at: number): Range | null {
  let start = at
  while (start > 0 && !(isWord(tokens[start], "def") && blockEnd(tokens, start, source) > at)) start -= 1
  const own = start === 0 ? null : assignmentBefore(tokens, at, { from: start, to: at })
  if (own !== null) return valueFrom(tokens, own)
  const name = textOf(tokens[at]) ?? ""
  const isGiven = (token: Token, index: number): boolean => isWord(token, name) && isSign(tokens[index + 1], "=") && !isSign(tokens[index + 2], "=")
  const outer = tokens.flatMap((token, index) => (isGiven(token, index) && startsLine(source, token.start) ? [index + 2] : []))
  return outer.length === 1 && outer[0] !== undefined ? valueFrom(tokens, outer[0]) : null
}

/** Whether a place is the first of its line, with no blanks before it. */
function startsLine(source: string, at: number): boolean {
  return at === 0 || source.charAt(at - 1) === "\n"
}

/** Without the brackets around it. */
function valueFrom(tokens: readonly Token[], from: number): Range {
  const isBracketed = isSign(tokens[from - 1], "(")
  const { to } = lineFrom(tokens, isBracketed ? from - 1 : from)
  return { from, to: isBracketed && isSign(tokens[to - 1], ")") ? to - 1 : to }
}
