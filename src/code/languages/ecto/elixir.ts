/** The tokens of Elixir, as far as strings and the shape of a migration need them. */
import { blank, hashComment, lex, matchAt, newline, signs, symbols, words, type TokenReader } from "../lexer.ts"
import { dedented, hashHole, runsOf, type Token } from "../tokens.ts"

const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" }
const SIGIL = /~([a-z]|[A-Z]+)("""|'''|[([{<|/"'])/y
/** What a sigil's elements are: `~w(a b)a` is a list of atoms. */
const MODIFIERS = /[a-zA-Z]*/y
const SYMBOL = /:(?:"[^"\n]*"|\w+[!?]?)/y
const WORD = /@?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*[!?]?|\d[\w.]*/y

export function lexElixir(source: string): readonly Token[] {
  return lex(source, READERS)
}

/** `?"`. */
const character: TokenReader = (source, at) => {
  if (source.charAt(at) !== "?" || /\w/.test(source.charAt(at - 1))) return -1
  return at + (source.charAt(at + 1) === "\\" ? 3 : 2)
}

const sigil: TokenReader = (source, at, tokens) => {
  const found = matchAt(SIGIL, source, at)
  if (found === null) return -1
  const [whole, letter = "", quote = ""] = found
  return readString(source, at, at + whole.length, quote, /^[A-Z]/.test(letter), tokens, /^s$/i.test(letter), MODIFIERS)
}

const string: TokenReader = (source, at, tokens) => {
  const mark = source.charAt(at)
  if (mark !== '"' && mark !== "'") return -1
  const quote = source.startsWith(mark.repeat(3), at) ? mark.repeat(3) : mark
  return readString(source, at, at + quote.length, quote, false, tokens, mark === '"')
}

const READERS = [newline, blank, hashComment, character, sigil, string, symbols(SYMBOL), words(WORD), signs("===", "!==", "<>", "|>", "->", "<-", "==", "=>", "!=", "<=", ">=", "=~", "||", "&&", "++", "--", "\\\\")]

function readString(source: string, start: number, open: number, quote: string, raw: boolean, tokens: Token[], isText: boolean, modifiers: RegExp | null = null): number {
  const closer = CLOSERS[quote] ?? quote
  let close = open
  while (close < source.length && !source.startsWith(closer, close)) {
    const hole = raw ? -1 : hashHole(source, close, source.length)
    close = hole > 0 ? hole : source.charAt(close) === "\\" ? close + 2 : close + 1
  }
  const bodyEnd = Math.min(close, source.length)
  const closed = Math.min(bodyEnd + closer.length, source.length)
  const end = modifiers === null ? closed : closed + (matchAt(modifiers, source, closed)?.[0].length ?? 0)
  const heredoc = quote.length === 3
  const bodyStart = heredoc ? Math.min(source.indexOf("\n", open) + 1 || open, bodyEnd) : open
  const runs = runsOf(source, bodyStart, bodyEnd, raw ? "none" : "all", raw ? null : hashHole)
  const indent = heredoc ? bodyEnd - (source.lastIndexOf("\n", bodyEnd - 1) + 1) : 0
  if (isText) tokens.push({ kind: "text", runs: dedented(runs, indent, bodyStart), start, end })
  else tokens.push({ kind: "word", text: source.slice(start, end), start, end })
  return end
}
