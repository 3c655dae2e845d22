/** What the lexers of languages have in common. */
import type { Token } from "./tokens.ts"

/** Reads what starts at a place, and takes down its token: where the text goes on, or -1 when something else stands there. */
export type TokenReader = (source: string, at: number, tokens: Token[]) => number

/** Asks the readers in their order; what none of them reads is a sign of one character. */
export function lex(source: string, readers: readonly TokenReader[]): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) at = readNext(source, at, tokens, readers)
  return tokens
}

function readNext(source: string, at: number, tokens: Token[], readers: readonly TokenReader[]): number {
  for (const read of readers) {
    const end = read(source, at, tokens)
    if (end >= 0) return end
  }
  return pushSign(tokens, source.charAt(at), at)
}

/** @returns where the sign ends */
function pushSign(tokens: Token[], text: string, start: number): number {
  tokens.push({ kind: "sign", text, start, end: start + text.length })
  return start + text.length
}

/** What a sticky pattern finds at a place. */
export function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(source)
}

/** Where the line ends that an offset is on. */
export function lineEnd(source: string, from: number): number {
  const end = source.indexOf("\n", from)
  return end < 0 ? source.length : end
}

export const blank: TokenReader = (source, at) => (/\s/.test(source.charAt(at)) ? at + 1 : -1)

/** A line end where it means something. */
export const newline: TokenReader = (source, at, tokens) => (source.charAt(at) === "\n" ? pushSign(tokens, "\n", at) : -1)

/** A comment behind `#`. */
export const hashComment: TokenReader = (source, at) => (source.charAt(at) === "#" ? lineEnd(source, at) : -1)

/** A comment between slashes and stars. */
export const blockComment: TokenReader = (source, at) => {
  if (!source.startsWith("/*", at)) return -1
  const end = source.indexOf("*/", at + 2)
  return end < 0 ? source.length : end + 2
}

/** A backslash at the end of a line: the line goes on. */
export const continuedLine: TokenReader = (source, at) =>
  source.charAt(at) === "\\" && /^\\\r?\n/.test(source.slice(at, at + 3)) ? source.indexOf("\n", at) + 1 : -1

/** @param pattern Sticky. */
export function words(pattern: RegExp): TokenReader {
  return (source, at, tokens) => {
    const word = matchAt(pattern, source, at)
    if (word === null) return -1
    tokens.push({ kind: "word", text: word[0], start: at, end: at + word[0].length })
    return at + word[0].length
  }
}

/** `:name` and `:"name"`. @param pattern Sticky. */
export function symbols(pattern: RegExp): TokenReader {
  return (source, at, tokens) => {
    if (source.charAt(at) !== ":" || source.charAt(at - 1) === ":" || !/[A-Za-z_"]/.test(source.charAt(at + 1))) return -1
    const symbol = matchAt(pattern, source, at)
    if (symbol === null) return -1
    tokens.push({ kind: "word", text: symbol[0].replaceAll('"', ""), start: at, end: at + symbol[0].length })
    return at + symbol[0].length
  }
}

/** Signs of several characters. */
export function signs(...known: readonly string[]): TokenReader {
  return (source, at, tokens) => {
    const sign = known.find((one) => source.startsWith(one, at))
    return sign === undefined ? -1 : pushSign(tokens, sign, at)
  }
}
