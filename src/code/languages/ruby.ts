/** The tokens of Ruby, as far as strings and the shape of a migration need them. */
import { dedented, hashHole, runsOf, smallestIndent, type Token } from "./tokens.ts"

interface Heredoc {
  readonly tag: string
  readonly raw: boolean
  readonly indented: boolean
  readonly squiggly: boolean
  readonly start: number
  readonly end: number
  /** Where its token goes. */
  readonly index: number
}

const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" }
const HEREDOC = /<<([~-]?)(?:(["'`])([^"'`\n]+)\2|([A-Z_]\w*))/y
const PERCENT = /%([qQwWiIrxs]?)([([{<|!/])/y
const WORD = /[A-Za-z_@$\u0080-\uffff][\w@$\u0080-\uffff]*[!?]?(?!=[^=>~])|[A-Za-z_@$][\w@$]*|\d[\w.]*/y

export function lexRuby(source: string): readonly Token[] {
  const tokens: Token[] = []
  const waiting: Heredoc[] = []
  const sign = (text: string, start: number): number => {
    tokens.push({ kind: "sign", text, start, end: start + text.length })
    return start + text.length
  }
  /** Whether an operand just ended, so that what follows is an operator. */
  const afterOperand = (): boolean => {
    const last = tokens.at(-1)
    if (last === undefined) return false
    if (last.kind === "sign") return /^[)\]}]$/.test(last.text)
    return last.kind === "text" || !/^(?:if|unless|when|and|or|not|return|puts|execute|do|then|else|in)$/.test(last.text)
  }
  const spaced = (at: number): boolean => /\s/.test(source.charAt(at - 1)) && !/\s/.test(source.charAt(at + 1))
  let at = 0
  while (at < source.length) {
    const character = source.charAt(at)
    if (character === "\n") {
      at = sign("\n", at)
      for (const heredoc of waiting) at = readHeredoc(source, heredoc, at, tokens)
      waiting.length = 0
      continue
    }
    if (/\s/.test(character)) {
      at += 1
      continue
    }
    if (character === "#") {
      at = lineEnd(source, at)
      continue
    }
    const startsLine = at === 0 || source.charAt(at - 1) === "\n"
    if (startsLine && source.startsWith("=begin", at)) {
      const close = source.indexOf("\n=end", at)
      at = close < 0 ? source.length : lineEnd(source, close + 1)
      continue
    }
    if (startsLine && /^__END__\s*$/m.test(source.slice(at, at + 9))) break
    if (character === '"' || character === "'" || character === "`") {
      at = readQuoted(source, at, tokens)
      continue
    }
    if (character === "\\" && /^\\\r?\n/.test(source.slice(at, at + 3))) {
      // The line goes on.
      at = source.indexOf("\n", at) + 1
      continue
    }
    HEREDOC.lastIndex = at
    const heredoc = HEREDOC.exec(source)
    if (heredoc !== null && (heredoc[1] !== "" || !afterOperand() || spaced(at))) {
      const end = at + heredoc[0].length
      const quote = heredoc[2]
      waiting.push({
        tag: heredoc[3] ?? heredoc[4] ?? "",
        raw: quote === "'",
        indented: heredoc[1] !== "",
        squiggly: heredoc[1] === "~",
        start: at,
        end,
        index: tokens.length,
      })
      tokens.push({ kind: "text", runs: [], start: at, end })
      at = end
      continue
    }
    PERCENT.lastIndex = at
    const percent = PERCENT.exec(source)
    if (percent !== null && (!afterOperand() || (tokens.at(-1)?.kind === "word" && spaced(at)))) {
      at = readPercent(source, at, percent[1] ?? "", percent[2] ?? "", tokens)
      continue
    }
    if (character === "/" && (!afterOperand() || (tokens.at(-1)?.kind === "word" && spaced(at)))) {
      const close = /^\/(?:[^/\\\n]|\\.)*\//.exec(source.slice(at, at + 500))
      if (close !== null) {
        at += close[0].length
        continue
      }
    }
    if (character === ":" && source.charAt(at + 1) !== ":" && source.charAt(at - 1) !== ":" && /[A-Za-z_"]/.test(source.charAt(at + 1))) {
      const name = source.charAt(at + 1) === '"' ? /^:"[^"\n]*"/.exec(source.slice(at)) : /^:\w+[!?=]?/.exec(source.slice(at))
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
    at = sign(source.startsWith("::", at) || source.startsWith("=>", at) || source.startsWith("&.", at) ? source.slice(at, at + 2) : character, at)
  }
  return tokens
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf("\n", from)
  return end < 0 ? source.length : end
}

function readQuoted(source: string, open: number, tokens: Token[]): number {
  const quote = source.charAt(open)
  let at = open + 1
  while (at < source.length && source.charAt(at) !== quote) {
    const hole = quote === "'" ? -1 : hashHole(source, at, source.length)
    at = hole > 0 ? hole : source.charAt(at) === "\\" ? at + 2 : at + 1
  }
  const runs = runsOf(source, open + 1, Math.min(at, source.length), quote === "'" ? "quote" : "all", quote === "'" ? null : hashHole, quote)
  tokens.push({ kind: "text", runs, start: open, end: at + 1 })
  return at + 1
}

function readPercent(source: string, start: number, kind: string, opener: string, tokens: Token[]): number {
  const closer = CLOSERS[opener] ?? opener
  const open = start + 1 + kind.length
  let depth = 0
  let at = open
  for (; at < source.length; at += 1) {
    const character = source.charAt(at)
    if (character === "\\") at += 1
    else if (character === closer && (closer === opener ? at > open : --depth === 0)) break
    else if (character === opener && closer !== opener) depth += 1
  }
  const end = Math.min(at + 1, source.length)
  if (/^[qQ]?$/.test(kind)) {
    const plain = kind === "q"
    tokens.push({ kind: "text", runs: runsOf(source, open + 1, end - 1, plain ? "quote" : "all", plain ? null : hashHole, closer), start, end })
  } else tokens.push({ kind: "word", text: source.slice(start, end), start, end })
  return end
}

/** Fills in the token of a here-document and tells where the text goes on. */
function readHeredoc(source: string, heredoc: Heredoc, bodyStart: number, tokens: Token[]): number {
  const { tag, raw, indented, squiggly, start, end, index } = heredoc
  let lineStart = bodyStart
  let after = source.length
  let bodyEnd = source.length
  while (lineStart < source.length) {
    const stop = lineEnd(source, lineStart)
    const line = source.slice(lineStart, stop).replace(/\r$/, "")
    if ((indented ? line.trim() : line) === tag) {
      bodyEnd = lineStart
      after = Math.min(stop + 1, source.length)
      break
    }
    lineStart = stop + 1
  }
  const runs = runsOf(source, bodyStart, bodyEnd, raw ? "none" : "all", raw ? null : hashHole)
  const indent = squiggly ? smallestIndent(source.slice(bodyStart, bodyEnd)) : 0
  tokens[index] = { kind: "text", runs: dedented(runs, indent, bodyStart), start, end }
  return after
}
