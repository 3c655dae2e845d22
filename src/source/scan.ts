/**
 * Where a token ends. Every function takes the text, the offset of the token's first character (or what its name says)
 * and the end of the range being read; the result never exceeds that end. `-1` means that the token never closes.
 */
import { isDigit, isNamePart, isNameStart, isOperatorPart, isSpace } from "./characters.ts"

const QUOTE = 39
const BACKSLASH = 92

/** From an opening quote to behind the closing one; a doubled quote is content, and so is a backslash pair if asked. */
export function quotedEnd(text: string, open: number, end: number, backslashEscapes: boolean): number {
  const quote = text.charCodeAt(open)
  for (let i = open + 1; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) {
      if (i + 1 < end && text.charCodeAt(i + 1) === quote) i++
      else return i + 1
    } else if (code === BACKSLASH && backslashEscapes) i++
  }
  return -1
}

/** To the line end, which is not part of the comment. */
export function lineEnd(text: string, from: number, end: number): number {
  let i = from
  while (i < end) {
    const code = text.charCodeAt(i)
    if (code === 10 || code === 13) break
    i++
  }
  return i
}

/** Behind the block comment at `open`; block comments nest. */
export function blockCommentEnd(text: string, open: number, end: number): number {
  let depth = 1
  for (let i = open + 2; i + 1 < end; i++) {
    const code = text.charCodeAt(i)
    if (code === 42 && text.charCodeAt(i + 1) === 47) {
      i++
      if (--depth === 0) return i + 1
    } else if (code === 47 && text.charCodeAt(i + 1) === 42) {
      i++
      depth++
    }
  }
  return -1
}

/** Behind the opening delimiter of a dollar-quoted string at `open`, -1 when there is none. */
export function dollarTagEnd(text: string, open: number, end: number): number {
  let i = open + 1
  if (i < end && isNameStart(text.charCodeAt(i))) {
    i++
    while (i < end && text.charCodeAt(i) !== 36 && isNamePart(text.charCodeAt(i))) i++
  }
  return i < end && text.charCodeAt(i) === 36 ? i + 1 : -1
}

/** Behind the name at `start`. A `$` belongs to a name, but not the one of a `${..}` template. */
export function nameEnd(text: string, start: number, end: number): number {
  let i = start + 1
  while (i < end) {
    const code = text.charCodeAt(i)
    if (!isNamePart(code) || (code === 36 && text.charCodeAt(i + 1) === 123)) break
    i++
  }
  return i
}

/** Behind the number at `start`, which is a digit or a `.` before a digit. */
export function numberEnd(text: string, start: number, end: number): number {
  const second = text.charCodeAt(start + 1) | 32
  let i = start
  if (text.charCodeAt(start) === 48 && (second === 120 || second === 111 || second === 98)) {
    i += 2
    while (i < end && isNamePart(text.charCodeAt(i)) && text.charCodeAt(i) !== 36) i++
    return i
  }
  i = digitsEnd(text, i, end)
  // `1..10` is an integer and `..`.
  if (i < end && text.charCodeAt(i) === 46 && text.charCodeAt(i + 1) !== 46) i = digitsEnd(text, i + 1, end)
  if (i < end && (text.charCodeAt(i) | 32) === 101) {
    const sign = text.charCodeAt(i + 1)
    const digits = sign === 43 || sign === 45 ? i + 2 : i + 1
    if (digits < end && isDigit(text.charCodeAt(digits))) i = digitsEnd(text, digits, end)
  }
  return i
}

function digitsEnd(text: string, start: number, end: number): number {
  let i = start
  while (i < end && (isDigit(text.charCodeAt(i)) || text.charCodeAt(i) === 95)) i++
  return i
}

/**
 * Behind the operator at `start`. It stops before a comment, and a longer operator ends in `+` or `-` only if it has
 * one of ``~ ! @ # % ^ & | ` ?`` in it (docs: Lexical Structure, Operators).
 */
export function operatorEnd(text: string, start: number, end: number): number {
  let i = start
  let special = false
  while (i < end) {
    const code = text.charCodeAt(i)
    if (!isOperatorPart(code)) break
    const next = text.charCodeAt(i + 1)
    if (i > start && ((code === 45 && next === 45) || (code === 47 && next === 42))) break
    if (!special) special = isSpecialOperatorPart(code)
    i++
  }
  if (special) return i
  while (i > start + 1 && (text.charCodeAt(i - 1) === 43 || text.charCodeAt(i - 1) === 45)) i--
  return i
}

function isSpecialOperatorPart(code: number): boolean {
  return code !== 43 && code !== 45 && code !== 42 && code !== 47 && code !== 60 && code !== 62 && code !== 61
}

/** Longer templates are none: looking to the end of the text for each brace would be quadratic. */
const MAX_TEMPLATE = 1024

/** Behind the template at `start` (`${..}`, `{{..}}`, `{%..%}`, `{#..#}`, `{name}`), -1 when there is none or it never closes. */
export function templateEnd(text: string, start: number): number {
  if (text.charCodeAt(start) === 36) return braceEnd(text, start + 1)
  const second = text.charAt(start + 1)
  if (second !== "{" && second !== "%" && second !== "#") return fieldEnd(text, start)
  const close = text.slice(start + 2, start + MAX_TEMPLATE).indexOf(second === "{" ? "}}" : `${second}}`)
  return close < 0 ? -1 : start + 2 + close + 2
}

/**
 * Behind the quoted name at `start` that is one template with quotes of its own, which do not end it: `"{{ index .Options "Schema" }}"`;
 * -1 when it is none.
 */
export function quotedTemplateEnd(text: string, start: number): number {
  if (text.charCodeAt(start + 1) !== 123 || text.charCodeAt(start + 2) !== 123) return -1
  const close = templateEnd(text, start + 1)
  return close > 0 && text.charCodeAt(close) === 34 && text.slice(start + 1, close).includes('"') ? close + 1 : -1
}

/**
 * Behind the `@name@` at `start`, which CREATE EXTENSION or a build replaces in the script of an extension (`@extschema@`, `@extschema:name@`;
 * docs: Extension Relocatability); -1 when it is none. Part of an operator it is none.
 */
export function substitutionEnd(text: string, start: number, end: number): number {
  if (!isNameStart(text.charCodeAt(start + 1)) || isOperatorPart(text.charCodeAt(start - 1))) return -1
  let close = nameEnd(text, start + 1, end)
  if (text.charCodeAt(close) === 58 && isNameStart(text.charCodeAt(close + 1))) close = nameEnd(text, close + 1, end)
  return text.charCodeAt(close) === 64 && !isOperatorPart(text.charCodeAt(close + 1)) ? close + 1 : -1
}

/** Behind the `{name}` at `start`, as Rust and Python format it; SQL has no braces. */
function fieldEnd(text: string, start: number): number {
  if (!isNameStart(text.charCodeAt(start + 1))) return -1
  const end = nameEnd(text, start + 1, Math.min(text.length, start + MAX_TEMPLATE))
  return text.charCodeAt(end) === 125 ? end + 1 : -1
}

/** Behind the `}` that matches the `{` at `open`. */
function braceEnd(text: string, open: number): number {
  const end = Math.min(text.length, open + MAX_TEMPLATE)
  let depth = 0
  for (let i = open; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === 123) depth++
    else if (code === 125 && --depth === 0) return i + 1
  }
  return -1
}

/** Behind the variable whose `:` is at `colon`: `:name`, `:'name'`, `:"name"`; -1 when it is none. */
export function variableEnd(text: string, colon: number, end: number): number {
  const first = text.charCodeAt(colon + 1)
  const quoted = first === QUOTE || first === 34
  const start = quoted ? colon + 2 : colon + 1
  let i = start
  while (i < end && isNamePart(text.charCodeAt(i)) && text.charCodeAt(i) !== 36) i++
  if (i === start) return -1
  if (!quoted) return i
  return i < end && text.charCodeAt(i) === first ? i + 1 : -1
}

/**
 * The block of COPY data that starts on the line after `from`, with its closing `\.`; `undefined` when no such line
 * follows, because then the text is sent by a program that keeps the data elsewhere.
 */
export function copyDataSpan(text: string, from: number): { start: number; end: number } | undefined {
  const newline = text.indexOf("\n", from)
  if (newline < 0) return undefined
  for (let before = text.indexOf("\n\\.", newline); before >= 0; before = text.indexOf("\n\\.", before + 1)) {
    const after = before + 3
    const code = text.charCodeAt(after)
    if (after === text.length || code === 10 || code === 13) return { start: newline + 1, end: after }
  }
  return undefined
}

/** The first offset in `[start, end)` that is neither blank nor in a comment; `end` when there is none. */
export function skipTrivia(text: string, start: number, end: number): number {
  let i = start
  while (i < end) {
    const code = text.charCodeAt(i)
    if (isSpace(code) || (code === 0xfeff && i === 0)) i++
    else if (code === 45 && text.charCodeAt(i + 1) === 45) i = lineEnd(text, i + 2, end)
    else if (code === 47 && text.charCodeAt(i + 1) === 42) {
      const close = blockCommentEnd(text, i, end)
      if (close < 0) return i
      i = close
    } else return i
  }
  return end
}
