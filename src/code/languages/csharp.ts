/** The tokens of C#, as far as strings and the shape of a migration need them. */
import { blank, blockComment, lex, lineEnd, matchAt, words, type TokenReader } from "./lexer.ts"
import { braceEnd, bracesHole, dedented, runsOf, undoubled, type Hole, type Token } from "./tokens.ts"

const RAW = /(\$*)("{3,})/y
const STRING = /(\$@|@\$|[$@]?)"/y
const WORD = /@?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|\d[\w.]*/y

export function lexCsharp(source: string): readonly Token[] {
  return lex(source, READERS)
}

const lineComment: TokenReader = (source, at) => {
  const isDirective = source.charAt(at) === "#" && /^[ \t]*$/.test(source.slice(source.lastIndexOf("\n", at - 1) + 1, at))
  return isDirective || source.startsWith("//", at) ? lineEnd(source, at) : -1
}

const rawString: TokenReader = (source, at, tokens) => {
  const raw = matchAt(RAW, source, at)
  return raw === null ? -1 : readRaw(source, at, raw[1] ?? "", raw[2] ?? "", tokens)
}

const string: TokenReader = (source, at, tokens) => {
  const found = matchAt(STRING, source, at)
  return found === null ? -1 : readString(source, at, found[1] ?? "", tokens)
}

const character: TokenReader = (source, at) => {
  if (source.charAt(at) !== "'") return -1
  if (source.charAt(at + 1) !== "\\") return at + 3
  const close = source.indexOf("'", at + 3)
  return close < 0 ? source.length : close + 1
}

const READERS = [blank, lineComment, blockComment, rawString, string, character, words(WORD)]

function readString(source: string, start: number, prefix: string, tokens: Token[]): number {
  const verbatim = prefix.includes("@")
  const open = start + prefix.length + 1
  let close = open
  while (close < source.length) {
    if (source.charAt(close) === '"') {
      if (!verbatim || source.charAt(close + 1) !== '"') break
      close += 2
    } else if (!verbatim && source.charAt(close) === "\\") close += 2
    else if (!verbatim && source.charAt(close) === "\n") break
    else close += 1
  }
  const holes = prefix.includes("$") ? bracesHole : null
  const special: Hole = (text, at, end) => (verbatim && text.startsWith('""', at) ? at + 2 : (holes?.(text, at, end) ?? -1))
  const runs = runsOf(source, open, Math.min(close, source.length), verbatim ? "none" : "all", special)
  tokens.push({ kind: "text", runs: runs.map(undoubled), start, end: Math.min(close + 1, source.length) })
  return close + 1
}

/** Three quotes or more; as many `$` as there are, so many braces open an expression. */
function readRaw(source: string, start: number, dollars: string, quotes: string, tokens: Token[]): number {
  const open = start + dollars.length + quotes.length
  const found = source.indexOf(quotes, open)
  const close = found < 0 ? source.length : found
  const firstLine = source.indexOf("\n", open)
  const several = firstLine >= 0 && firstLine < close && source.slice(open, firstLine).trim() === ""
  const bodyStart = several ? firstLine + 1 : open
  const lastLine = source.lastIndexOf("\n", close - 1)
  const bodyEnd = several && lastLine >= bodyStart ? lastLine : Math.max(close, bodyStart)
  const indent = several ? close - lastLine - 1 : 0
  const braces = "{".repeat(dollars.length)
  const hole: Hole | null = dollars === "" ? null : (text, at, end) => (text.startsWith(braces, at) && !text.startsWith(`${braces}{`, at) ? braceEnd(text, at, end) : -1)
  tokens.push({ kind: "text", runs: dedented(runsOf(source, bodyStart, bodyEnd, "none", hole), indent, bodyStart), start, end: Math.min(close + quotes.length, source.length) })
  return close + quotes.length
}
