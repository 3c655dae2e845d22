/** The tokens of Python, as far as strings and the shape of a migration need them. */
import { braceEnd, runsOf, type Hole, type Token } from "./tokens.ts"

const STRING = /([rRbBuUfF]{0,2})("""|'''|"|')/y
const WORD = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|\d[\w.]*/y

export function lexPython(source: string): readonly Token[] {
  const tokens: Token[] = []
  let depth = 0
  let at = 0
  while (at < source.length) {
    const character = source.charAt(at)
    if (character === "\n") {
      // In brackets a line end means nothing.
      if (depth === 0) tokens.push({ kind: "sign", text: "\n", start: at, end: at + 1 })
      at += 1
      continue
    }
    if (/\s/.test(character)) {
      at += 1
      continue
    }
    if (character === "#") {
      const end = source.indexOf("\n", at)
      at = end < 0 ? source.length : end
      continue
    }
    if (character === "\\" && /^\\\r?\n/.test(source.slice(at, at + 3))) {
      at = source.indexOf("\n", at) + 1
      continue
    }
    STRING.lastIndex = at
    const string = STRING.exec(source)
    if (string !== null) {
      at = readString(source, at, string[1] ?? "", string[2] ?? "", tokens)
      continue
    }
    WORD.lastIndex = at
    const word = WORD.exec(source)
    if (word !== null) {
      tokens.push({ kind: "word", text: word[0], start: at, end: at + word[0].length })
      at += word[0].length
      continue
    }
    if (/[([{]/.test(character)) depth += 1
    else if (/[)\]}]/.test(character)) depth = Math.max(depth - 1, 0)
    tokens.push({ kind: "sign", text: character, start: at, end: at + 1 })
    at += 1
  }
  return tokens
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
  const runs = runsOf(source, open, end, raw ? "none" : "all", /f/i.test(prefix) ? formatHole : null, quote)
  // In a format string a doubled brace stands for one.
  const plain = /f/i.test(prefix) ? runs.map((run) => (run.kind === "hole" && /^(?:\{\{|\}\})$/.test(run.value) ? ({ ...run, value: run.value.charAt(0), kind: "escape" } as const) : run)) : runs
  tokens.push({ kind: "text", runs: plain, start, end: Math.min(end + quote.length, source.length) })
  return end + quote.length
}

const formatHole: Hole = (source, at, end) => {
  if (source.startsWith("{{", at) || source.startsWith("}}", at)) return at + 2
  return source.charAt(at) === "{" ? braceEnd(source, at, end) : -1
}
