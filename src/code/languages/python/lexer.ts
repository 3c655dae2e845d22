/** The tokens of Python, as far as strings and the shape of a migration need them. */
import { blank, continuedLine, hashComment, lex, matchAt, newline, words, type TokenReader } from "../lexer.ts"
import { bracesHole, runsOf, undoubled, type Token } from "../tokens.ts"

const STRING = /([rRbBuUfF]{0,2})("""|'''|"|')/y
const WORD = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|\d[\w.]*/y

export function lexPython(source: string): readonly Token[] {
  return withoutLineEndsInBrackets(lex(source, READERS))
}

const string: TokenReader = (source, at, tokens) => {
  const found = matchAt(STRING, source, at)
  return found === null ? -1 : readString(source, at, found[1] ?? "", found[2] ?? "", tokens)
}

const READERS = [newline, blank, hashComment, continuedLine, string, words(WORD)]

/** In brackets a line end means nothing. */
function withoutLineEndsInBrackets(tokens: readonly Token[]): Token[] {
  let depth = 0
  return tokens.filter((token) => {
    if (token.kind !== "sign") return true
    if (/^[([{]$/.test(token.text)) depth += 1
    else if (/^[)\]}]$/.test(token.text)) depth = Math.max(depth - 1, 0)
    return token.text !== "\n" || depth === 0
  })
}

function readString(source: string, start: number, prefix: string, quote: string, tokens: Token[]): number {
  const raw = /r/i.test(prefix)
  const open = start + prefix.length + quote.length
  let close = open
  while (close < source.length && !source.startsWith(quote, close)) {
    // An unclosed string ends with its line.
    if (quote.length === 1 && source.charAt(close) === "\n") break
    close += source.charAt(close) === "\\" ? 2 : 1
  }
  const end = Math.min(close, source.length)
  const runs = runsOf(source, open, end, raw ? "none" : "all", /f/i.test(prefix) ? bracesHole : null, quote)
  tokens.push({ kind: "text", runs: runs.map(undoubled), start, end: Math.min(end + quote.length, source.length) })
  return end + quote.length
}
