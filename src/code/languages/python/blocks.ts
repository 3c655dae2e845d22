/** The parts of a file of Python: blocks, lines, constants, and what a method is called on. */
import { constantsOf } from "../constants.ts"
import type { Constants, Range } from "../expression.ts"
import { blockEnd, isSign, textOf, type Token } from "../tokens.ts"

/** `op`, or `get_bind` of `op.get_bind()`. */
export function receiverOf(tokens: readonly Token[], at: number): Token | undefined {
  if (!isSign(tokens[at - 2], ")")) return tokens[at - 2]
  return isSign(tokens[at - 3], "(") ? tokens[at - 4] : undefined
}

/** Whether a block begins that runs only under a condition. */
export function isConditionAt(tokens: readonly Token[], at: number): boolean {
  return /^(?:if|elif|else|except|while)$/.test(textOf(tokens[at]) ?? "") && (at === 0 || isSign(tokens[at - 1], "\n"))
}

/** What names stand for in the file. */
export function pythonConstants(tokens: readonly Token[], source: string): Constants {
  return constantsOf(tokens, source, (from) => {
    let at = from
    while (at < tokens.length && !isSign(tokens[at], "\n")) at += 1
    return at
  })
}

/** Whether one of the tokens from there to the end of the line is like that. */
export function lineHas(tokens: readonly Token[], at: number, test: (token: Token, at: number, tokens: readonly Token[]) => boolean): boolean {
  const end = tokens.findIndex((token, next) => next >= at && isSign(token, "\n"))
  return tokens.slice(at, end < 0 ? undefined : end).some((token, index) => test(token, at + index, tokens))
}

/** The blocks that begin at tokens like that. */
export function regions(tokens: readonly Token[], source: string, starts: (at: number) => boolean): Range[] {
  const found: Range[] = []
  for (let at = 0; at < tokens.length; at += 1) if (starts(at)) found.push({ from: at, to: blockEnd(tokens, at, source) })
  return found
}
