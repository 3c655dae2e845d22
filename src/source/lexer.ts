import type { Span } from "./span.ts"
import type { Tokens } from "./tokens.ts"
import { isDigit, isNameStart, isOperatorPart, isSpace } from "./characters.ts"
import {
  blockCommentEnd,
  copyDataSpan,
  dollarTagEnd,
  lineEnd,
  nameEnd,
  numberEnd,
  operatorEnd,
  quotedEnd,
  quotedTemplateEnd,
  substitutionEnd,
  templateEnd,
  variableEnd,
} from "./scan.ts"
import { findKeywords, isKeyword, TokenKind } from "./tokens.ts"

export {  identifierName,  } from "./names.ts"

interface Builder {
  readonly text: string
  readonly end: number
  count: number
  readonly kinds: TokenKind[]
  readonly starts: number[]
  readonly ends: number[]
  readonly comments: Span[]
  /** The first token of the statement being read. */
  statement: number
  /** For each open `[`: does it list the elements of an `ARRAY[..]`, rather than a subscript or slice? */
  readonly lists: boolean[]
  /** Is it known that no line ends COPY data from here on? Looking again for each COPY would be quadratic. */
  noMoreData: boolean
}

/**
 * Cuts `text.slice(start, end)` into tokens by PostgreSQL's lexical rules (docs: SQL Syntax, Lexical Structure) with
 * `standard_conforming_strings` on. Offsets are those of `text`. `start` must not be inside a token.
 */
export function lex(text: string, start = 0, end = text.length): Tokens {
  const out: Builder = {
    text,
    end,
    count: 0,
    kinds: [],
    starts: [],
    ends: [],
    comments: [],
    statement: 0,
    lists: [],
    noMoreData: false,
  }
  let i = start
  while (i < end) {
    const code = text.charCodeAt(i)
    if (isSpace(code) || (code === 0xfeff && i === 0)) i++
    else if (isNameStart(code)) i = readWord(out, i, code)
    else i = readSymbol(out, i, code)
  }
  return out
}

function add(out: Builder, kind: TokenKind, start: number, end: number): number {
  out.kinds.push(kind)
  out.starts.push(start)
  out.ends.push(end)
  out.count++
  return end
}

/** Adds a token that ends at `end`, or an invalid one to the end of the text when `end` is -1. */
function addClosed(out: Builder, kind: TokenKind, start: number, end: number): number {
  return end < 0 ? add(out, TokenKind.invalid, start, out.end) : add(out, kind, start, end)
}

function readWord(out: Builder, start: number, code: number): number {
  const { text, end } = out
  const next = text.charCodeAt(start + 1)
  if (next === 39) {
    const prefix = code | 32
    const escapes = prefix === 101
    if (escapes || prefix === 98 || prefix === 120 || prefix === 110) {
      return addClosed(out, TokenKind.string, start, quotedEnd(text, start + 1, end, escapes))
    }
  } else if (next === 38 && (code | 32) === 117) {
    const quote = text.charCodeAt(start + 2)
    if (quote === 39) return addClosed(out, TokenKind.string, start, quotedEnd(text, start + 2, end, false))
    if (quote === 34) return addClosed(out, TokenKind.quotedName, start, quotedEnd(text, start + 2, end, false))
  }
  return add(out, TokenKind.word, start, nameEnd(text, start, end))
}

function readSymbol(out: Builder, start: number, code: number): number {
  const { text, end } = out
  switch (code) {
    case 39: // '
      return addClosed(out, TokenKind.string, start, quotedEnd(text, start, end, false))
    case 34: { // "
      const close = quotedTemplateEnd(text, start)
      if (close > 0 && close <= end) return add(out, TokenKind.template, start, close)
      return addClosed(out, TokenKind.quotedName, start, quotedEnd(text, start, end, false))
    }
    case 40: // (
    case 41: // )
    case 44: // ,
      return add(out, TokenKind.punctuation, start, start + 1)
    case 91: // [
      out.lists.push(opensList(out))
      return add(out, TokenKind.punctuation, start, start + 1)
    case 93: // ]
      out.lists.pop()
      return add(out, TokenKind.punctuation, start, start + 1)
    case 59: // ;
      return readSemicolon(out, start)
    case 46: // .
      if (isDigit(text.charCodeAt(start + 1))) return add(out, TokenKind.number, start, numberEnd(text, start, end))
      return add(out, TokenKind.punctuation, start, text.charCodeAt(start + 1) === 46 ? start + 2 : start + 1)
    case 58: // :
      return readColon(out, start)
    case 36: // $
      return readDollar(out, start)
    case 45: // -
      if (text.charCodeAt(start + 1) === 45) return addComment(out, start, lineEnd(text, start + 2, end))
      break
    case 35: // #
      if (isEvolutionMark(text, start)) return addComment(out, start, lineEnd(text, start + 1, end))
      break
    case 47: // /
      if (text.charCodeAt(start + 1) === 42) {
        const close = blockCommentEnd(text, start, end)
        return close < 0 ? add(out, TokenKind.invalid, start, end) : addComment(out, start, close)
      }
      break
    case 92: // backslash
      return readMetaCommand(out, start)
    case 123: { // {
      const close = templateEnd(text, start)
      return close < 0
        ? add(out, TokenKind.invalid, start, start + 1)
        : add(out, TokenKind.template, start, close)
    }
  }
  if (isDigit(code)) return add(out, TokenKind.number, start, numberEnd(text, start, end))
  if (code === 64) {
    const close = substitutionEnd(text, start, end)
    if (close > 0) return add(out, TokenKind.template, start, close)
  }
  if (isOperatorPart(code)) return add(out, TokenKind.operator, start, operatorEnd(text, start, end))
  return add(out, TokenKind.invalid, start, start + 1)
}

const EVOLUTION_MARK = /#[^\r\n]*!(?:Ups|Downs)/y

/** The line that opens a part of an evolution of Play: no SQL, and Play does not send it. */
function isEvolutionMark(text: string, start: number): boolean {
  for (let i = start - 1; i >= 0; i--) {
    const code = text.charCodeAt(i)
    if (code === 10 || code === 13 || code === 0xfeff) break
    if (code !== 32 && code !== 9) return false
  }
  EVOLUTION_MARK.lastIndex = start
  return EVOLUTION_MARK.test(text)
}

function addComment(out: Builder, start: number, end: number): number {
  out.comments.push({ start, end })
  return end
}

function readDollar(out: Builder, start: number): number {
  const { text, end } = out
  const next = text.charCodeAt(start + 1)
  if (isDigit(next)) {
    let i = start + 2
    while (i < end && isDigit(text.charCodeAt(i))) i++
    return add(out, TokenKind.parameter, start, i)
  }
  if (next === 123) {
    const close = templateEnd(text, start)
    return close < 0 ? add(out, TokenKind.invalid, start, start + 1) : add(out, TokenKind.template, start, close)
  }
  const body = dollarTagEnd(text, start, end)
  if (body < 0) {
    return isNameStart(next)
      ? add(out, TokenKind.variable, start, nameEnd(text, start + 1, end))
      : add(out, TokenKind.invalid, start, start + 1)
  }
  const close = text.indexOf(text.slice(start, body), body)
  const after = close + body - start
  return addClosed(out, TokenKind.dollarString, start, close < 0 || after > end ? -1 : after)
}

function opensList(out: Builder): boolean {
  const last = out.count - 1
  if (isKeyword(out, last, "array")) return true
  const before = out.text.charCodeAt(out.starts[last] ?? 0)
  return (out.lists.at(-1) ?? false) && out.kinds[last] === TokenKind.punctuation && (before === 91 || before === 44)
}

function readColon(out: Builder, start: number): number {
  const { text, end } = out
  const next = text.charCodeAt(start + 1)
  if (next === 58 || next === 61) return add(out, TokenKind.punctuation, start, start + 2)
  // `a[1:n]` is a slice.
  const close = out.lists.at(-1) === false ? -1 : variableEnd(text, start, end)
  return close < 0 ? add(out, TokenKind.punctuation, start, start + 1) : add(out, TokenKind.variable, start, close)
}

function readSemicolon(out: Builder, start: number): number {
  const after = add(out, TokenKind.punctuation, start, start + 1)
  const { statement } = out
  out.statement = out.count
  out.lists.length = 0
  if (!isKeyword(out, statement, "copy") || findKeywords(out, ["from", "stdin"], statement) < 0) return after
  return readCopyData(out, after)
}

function readCopyData(out: Builder, after: number): number {
  if (out.noMoreData) return after
  // The data may reach beyond a range that ends inside it.
  const data = copyDataSpan(out.text, after)
  if (data === undefined) {
    out.noMoreData = true
    return after
  }
  out.statement = out.count + 1
  // What follows the command on its own line is skipped with the data.
  return add(out, TokenKind.copyData, after, data.end)
}

/** `\;` is a statement's end to us; every other command goes to the end of its line. */
function readMetaCommand(out: Builder, start: number): number {
  const { text } = out
  if (text.charCodeAt(start + 1) === 59) return add(out, TokenKind.metaCommand, start, start + 1)
  const close = lineEnd(text, start, out.end)
  add(out, TokenKind.metaCommand, start, close)
  if (/^\\copy\b.*\bfrom\s+stdin\b/i.test(text.slice(start, close))) return readCopyData(out, close)
  return close
}
