/** The tokens of Ruby, as far as strings and the shape of a migration need them. */
import { blank, continuedLine, hashComment, lex, lineEnd, matchAt, newline, signs, symbols, words, type TokenReader } from "./lexer.ts"
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
const SYMBOL = /:(?:"[^"\n]*"|\w+[!?=]?)/y
const WORD = /[A-Za-z_@$\u0080-\uffff][\w@$\u0080-\uffff]*[!?]?(?!=[^=>~])|[A-Za-z_@$][\w@$]*|\d[\w.]*/y

export function lexRuby(source: string): readonly Token[] {
  const waiting: Heredoc[] = []
  /** The here-documents that a line opens stand behind it. */
  const lineEndWithHeredocs: TokenReader = (_, start, tokens) => {
    let at = newline(source, start, tokens)
    if (at < 0) return -1
    for (const heredoc of waiting) at = readHeredoc(source, heredoc, at, tokens)
    waiting.length = 0
    return at
  }
  const heredoc: TokenReader = (_, at, tokens) => {
    const opened = heredocAt(source, at, tokens)
    if (opened === null) return -1
    waiting.push(opened)
    tokens.push({ kind: "text", runs: [], start: at, end: opened.end })
    return opened.end
  }
  return lex(source, [lineEndWithHeredocs, blank, hashComment, blockComment, end, string, continuedLine, heredoc, percent, pattern, symbols(SYMBOL), words(WORD), signs("::", "=>", "&.")])
}

/** Whether an operand just ended, so that what follows is an operator. */
function afterOperand(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1)
  if (last === undefined) return false
  if (last.kind === "sign") return /^[)\]}]$/.test(last.text)
  return last.kind === "text" || !/^(?:if|unless|when|and|or|not|return|puts|execute|do|then|else|in)$/.test(last.text)
}

/** With a blank before it and none behind it: more likely an argument than an operator. */
function isSpaced(source: string, at: number): boolean {
  return /\s/.test(source.charAt(at - 1)) && !/\s/.test(source.charAt(at + 1))
}

/** Whether what could be an operator begins a literal. */
function beginsLiteral(source: string, at: number, tokens: readonly Token[]): boolean {
  return !afterOperand(tokens) || (tokens.at(-1)?.kind === "word" && isSpaced(source, at))
}

function startsLine(source: string, at: number): boolean {
  return at === 0 || source.charAt(at - 1) === "\n"
}

const blockComment: TokenReader = (source, at) => {
  if (!source.startsWith("=begin", at) || !startsLine(source, at)) return -1
  const close = source.indexOf("\n=end", at)
  return close < 0 ? source.length : lineEnd(source, close + 1)
}

/** Behind `__END__` there is no code. */
const end: TokenReader = (source, at) => (startsLine(source, at) && /^__END__\s*$/m.test(source.slice(at, at + 9)) ? source.length : -1)

const string: TokenReader = (source, at, tokens) => (/["'`]/.test(source.charAt(at)) ? readQuoted(source, at, tokens) : -1)

const percent: TokenReader = (source, at, tokens) => {
  const found = matchAt(PERCENT, source, at)
  return found === null || !beginsLiteral(source, at, tokens) ? -1 : readPercent(source, at, found[1] ?? "", found[2] ?? "", tokens)
}

/** A regular expression. */
const pattern: TokenReader = (source, at, tokens) => {
  if (source.charAt(at) !== "/" || !beginsLiteral(source, at, tokens)) return -1
  const close = /^\/(?:[^/\\\n]|\\.)*\//.exec(source.slice(at, at + 500))
  return close === null ? -1 : at + close[0].length
}

function heredocAt(source: string, at: number, tokens: readonly Token[]): Heredoc | null {
  const found = matchAt(HEREDOC, source, at)
  if (found === null) return null
  const [whole, kind = "", quote, quoted, plain] = found
  if (kind === "" && afterOperand(tokens) && !isSpaced(source, at)) return null
  const tag = quoted ?? plain ?? ""
  return { tag, raw: quote === "'", indented: kind !== "", squiggly: kind === "~", start: at, end: at + whole.length, index: tokens.length }
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
