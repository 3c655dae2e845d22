/** The tokens of C#, as far as strings and the shape of a migration need them. */
import { braceEnd, dedented, runsOf, type Hole, type Run, type Token } from "./tokens.ts"

const RAW = /(\$*)("{3,})/y
const STRING = /(\$@|@\$|[$@]?)"/y
const WORD = /@?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|\d[\w.]*/y

export function lexCsharp(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const character = source.charAt(at)
    if (/\s/.test(character)) {
      at += 1
      continue
    }
    if (source.startsWith("//", at) || (character === "#" && /^[ \t]*$/.test(source.slice(source.lastIndexOf("\n", at - 1) + 1, at)))) {
      const end = source.indexOf("\n", at)
      at = end < 0 ? source.length : end
      continue
    }
    if (source.startsWith("/*", at)) {
      const end = source.indexOf("*/", at + 2)
      at = end < 0 ? source.length : end + 2
      continue
    }
    RAW.lastIndex = at
    const raw = RAW.exec(source)
    if (raw !== null) {
      at = readRaw(source, at, raw[1] ?? "", raw[2] ?? "", tokens)
      continue
    }
    STRING.lastIndex = at
    const string = STRING.exec(source)
    if (string !== null) {
      at = readString(source, at, string[1] ?? "", tokens)
      continue
    }
    if (character === "'") {
      at += source.charAt(at + 1) === "\\" ? source.indexOf("'", at + 3) - at + 1 || 4 : 3
      continue
    }
    WORD.lastIndex = at
    const word = WORD.exec(source)
    if (word !== null) {
      tokens.push({ kind: "word", text: word[0], start: at, end: at + word[0].length })
      at += word[0].length
      continue
    }
    tokens.push({ kind: "sign", text: character, start: at, end: at + 1 })
    at += 1
  }
  return tokens
}

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

/** `{x}` of an interpolated string; doubled braces are taken for holes first, and then put right. */
const bracesHole: Hole = (source, at, end) => {
  if (source.startsWith("{{", at) || source.startsWith("}}", at)) return at + 2
  return source.charAt(at) === "{" ? braceEnd(source, at, end) : -1
}

function undoubled(run: Run): Run {
  return run.kind === "hole" && /^(?:\{\{|\}\}|"")$/.test(run.value) ? { ...run, value: run.value.charAt(0), kind: "escape" } : run
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
