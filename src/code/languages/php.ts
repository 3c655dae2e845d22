/** The tokens of PHP, as far as strings and the shape of a migration need them. */
import { blank, blockComment, lex, lineEnd, matchAt, words, type TokenReader } from "./lexer.ts"
import { braceEnd, dedented, runsOf, type Hole, type Token } from "./tokens.ts"

const HEREDOC = /<<<[ \t]*(?:"(\w+)"|'(\w+)'|(\w+))\r?\n/y
/** Properties and constants of the class come as one word, unless they are called. */
const WORD =
  /(?:\$this->|(?:self|static)::\$?)[A-Za-z_]\w*(?!\w|\s*\()|\$?[A-Za-z_\u0080-\uffff\\][\w\u0080-\uffff\\]*|\d[\w.]*/y
const VARIABLE = /\$[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*(?:->[A-Za-z_]\w*|\[[^\]\n]*\])?/y

/** Operators, longest first, as the other languages write them: what joins texts is `+`, and what leads to a member a period. */
const OPERATORS = [
  ["...", "..."],
  ["===", "==="],
  ["!==", "!=="],
  ["?->", "."],
  ["->", "."],
  ["::", "."],
  ["=>", "=>"],
  ["==", "=="],
  ["!=", "!="],
  [".=", "+="],
  ["&&", "&&"],
  ["||", "||"],
  [".", "+"],
] as const

export function lexPhp(source: string): readonly Token[] {
  return lex(source, READERS)
}

/** What stands in front of the code. */
const opening: TokenReader = (source, at) => {
  if (at > 0) return -1
  const open = source.indexOf("<?php")
  return open < 0 ? source.length : open + "<?php".length
}

const lineComment: TokenReader = (source, at) =>
  source.startsWith("//", at) || (source.charAt(at) === "#" && source.charAt(at + 1) !== "[") ? lineEnd(source, at) : -1

const heredoc: TokenReader = (source, at, tokens) => {
  const found = matchAt(HEREDOC, source, at)
  if (found === null) return -1
  const [whole, quoted, raw, plain] = found
  const bodyStart = at + whole.length
  // The tag ends the text wherever it begins a line; what is in front of it is taken from all lines.
  const closer = new RegExp(`^([ \\t]*)${quoted ?? raw ?? plain ?? ""}\\b`, "m").exec(source.slice(bodyStart))
  const indent = closer?.[1]?.length ?? 0
  const tagAt = closer === null ? source.length : bodyStart + closer.index
  const end = closer === null ? source.length : tagAt + closer[0].length
  const bodyEnd = Math.max(bodyStart, closer === null ? tagAt : tagAt - (source.startsWith("\r\n", tagAt - 2) ? 2 : 1))
  const runs = raw === undefined ? runsOf(source, bodyStart, bodyEnd, "known", hole) : runsOf(source, bodyStart, bodyEnd, "none", null)
  tokens.push({ kind: "text", runs: dedented(runs, indent, bodyStart), start: at, end })
  return end
}

const string: TokenReader = (source, at, tokens) => {
  const quote = source.charAt(at)
  if (quote !== '"' && quote !== "'") return -1
  let close = at + 1
  while (close < source.length && source.charAt(close) !== quote) close += source.charAt(close) === "\\" ? 2 : 1
  const bodyEnd = Math.min(close, source.length)
  const runs = quote === '"' ? runsOf(source, at + 1, bodyEnd, "known", hole, quote) : runsOf(source, at + 1, bodyEnd, "quote", null, quote)
  tokens.push({ kind: "text", runs, start: at, end: Math.min(bodyEnd + 1, source.length) })
  return bodyEnd + 1
}

/** `$name`, `$name->property`, `{$...}` and `${...}`. */
const hole: Hole = (source, at, end) => {
  if (source.startsWith("{$", at)) return braceEnd(source, at, end)
  if (source.startsWith("${", at)) return braceEnd(source, at + 1, end)
  const variable = source.charAt(at) === "$" ? matchAt(VARIABLE, source, at) : null
  return variable === null ? -1 : Math.min(at + variable[0].length, end)
}

const operator: TokenReader = (source, at, tokens) => {
  const known = OPERATORS.find(([written]) => source.startsWith(written, at))
  if (known === undefined) return -1
  const [written, text] = known
  tokens.push({ kind: "sign", text, start: at, end: at + written.length })
  return at + written.length
}

const READERS = [opening, blank, lineComment, blockComment, heredoc, string, words(WORD), operator]
