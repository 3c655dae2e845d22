/** The tokens of Elixir, as far as strings and the shape of a migration need them. */
import { dedented, hashHole, runsOf, type Token } from "./tokens.ts"

const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" }
const SIGIL = /~([a-z]|[A-Z]+)("""|'''|[([{<|/"'])/y
const WORD = /@?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*[!?]?|\d[\w.]*/y

export function lexElixir(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const character = source.charAt(at)
    if (character === "\n") {
      tokens.push({ kind: "sign", text: "\n", start: at, end: at + 1 })
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
    // `?"` is a character.
    if (character === "?" && !/\w/.test(source.charAt(at - 1))) {
      at += source.charAt(at + 1) === "\\" ? 3 : 2
      continue
    }
    SIGIL.lastIndex = at
    const sigil = SIGIL.exec(source)
    if (sigil !== null) {
      const [whole, letter = "", quote = ""] = sigil
      const isText = /^s$/i.test(letter)
      at = readString(source, at, at + whole.length, quote, /^[A-Z]/.test(letter), tokens, isText)
      continue
    }
    if (character === '"' || character === "'") {
      const quote = source.startsWith(character.repeat(3), at) ? character.repeat(3) : character
      at = readString(source, at, at + quote.length, quote, false, tokens, character === '"')
      continue
    }
    if (character === ":" && /[A-Za-z_"]/.test(source.charAt(at + 1)) && source.charAt(at - 1) !== ":") {
      const name = /^:(?:"[^"\n]*"|\w+[!?]?)/.exec(source.slice(at))
      if (name !== null) {
        tokens.push({ kind: "word", text: name[0].replaceAll('"', ""), start: at, end: at + name[0].length })
        at += name[0].length
        continue
      }
    }
    WORD.lastIndex = at
    const word = WORD.exec(source)
    if (word !== null) {
      tokens.push({ kind: "word", text: word[0], start: at, end: at + word[0].length })
      at += word[0].length
      continue
    }
    const two = source.slice(at, at + 2)
    const text = two === "<>" || two === "|>" || two === "->" ? two : character
    tokens.push({ kind: "sign", text, start: at, end: at + text.length })
    at += text.length
  }
  return tokens
}

function readString(source: string, start: number, open: number, quote: string, raw: boolean, tokens: Token[], isText: boolean): number {
  const closer = CLOSERS[quote] ?? quote
  let close = open
  while (close < source.length && !source.startsWith(closer, close)) {
    const hole = raw ? -1 : hashHole(source, close, source.length)
    close = hole > 0 ? hole : source.charAt(close) === "\\" ? close + 2 : close + 1
  }
  const bodyEnd = Math.min(close, source.length)
  const end = Math.min(bodyEnd + closer.length, source.length)
  const heredoc = quote.length === 3
  const bodyStart = heredoc ? Math.min(source.indexOf("\n", open) + 1 || open, bodyEnd) : open
  const runs = runsOf(source, bodyStart, bodyEnd, raw ? "none" : "all", raw ? null : hashHole)
  const indent = heredoc ? bodyEnd - (source.lastIndexOf("\n", bodyEnd - 1) + 1) : 0
  if (isText) tokens.push({ kind: "text", runs: dedented(runs, indent, bodyStart), start, end })
  else tokens.push({ kind: "word", text: source.slice(start, end), start, end })
  return end
}
