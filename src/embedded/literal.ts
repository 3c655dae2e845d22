/**
 * A tokenizer for the inside of JavaScript's string and template literals: what each stretch of source text stands for
 * (ECMAScript, "String Literals" and "Template Literal Lexical Components").
 */

/** A stretch of source text and its value: the same text when `escape` is false. */
export interface Run {
  readonly value: string
  readonly from: number
  readonly to: number
  readonly escape: boolean
}

/** `raw`: a template whose backslashes are themselves, as in `String.raw`. */
export type LiteralKind = "string" | "template" | "raw"

const SIMPLE: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", v: "\v", f: "\f" }

/** Reads `source` from `from` to `to`, delimiters excluded; null when an escape is not one of the language. */
export function decodeLiteral(source: string, from: number, to: number, kind: LiteralKind): readonly Run[] | null {
  const runs: Run[] = []
  let plain = from
  const flush = (end: number): void => {
    if (end > plain) runs.push({ value: source.slice(plain, end), from: plain, to: end, escape: false })
  }
  for (let i = from; i < to; ) {
    const code = source.charCodeAt(i)
    const special = code === 92 ? kind !== "raw" : code === 13 && kind !== "string"
    if (!special) {
      i++
      continue
    }
    flush(i)
    const read = code === 13 ? { value: "\n", next: newlineEnd(source, i) } : readEscape(source, i + 1, kind)
    if (read === null || read.next > to) return null
    // A line continuation stands for nothing, so nothing has to be found there.
    if (read.value !== "") runs.push({ value: read.value, from: i, to: read.next, escape: true })
    i = plain = read.next
  }
  flush(to)
  return runs
}

interface Escape {
  readonly value: string
  readonly next: number
}

/** `at` is behind the backslash. */
function readEscape(source: string, at: number, kind: LiteralKind): Escape | null {
  const character = source.charAt(at)
  if (character === "") return null
  const simple = SIMPLE[character]
  if (simple !== undefined) return { value: simple, next: at + 1 }
  if (/[\r\n\u2028\u2029]/.test(character)) return { value: "", next: newlineEnd(source, at) }
  if (character === "x") return hexadecimal(/^[\da-f]{2}/i.exec(source.slice(at + 1, at + 3)), at + 1)
  if (character === "u") {
    const braced = /^\{([\da-f]+)\}/i.exec(source.slice(at + 1, at + 32))
    if (braced !== null) return hexadecimal(braced, at + 1)
    return hexadecimal(/^[\da-f]{4}/i.exec(source.slice(at + 1, at + 5)), at + 1)
  }
  if (/\d/.test(character)) return kind === "string" ? octal(source, at) : zero(source, at)
  const whole = String.fromCodePoint(source.codePointAt(at) ?? 0)
  return { value: whole, next: at + whole.length }
}

function hexadecimal(match: RegExpExecArray | null, start: number): Escape | null {
  if (match === null) return null
  const code = Number.parseInt(match[1] ?? match[0], 16)
  return code > 0x10ffff ? null : { value: String.fromCodePoint(code), next: start + match[0].length }
}

/** `\0` to `\377`, and the digits 8 and 9, which stand for themselves. */
function octal(source: string, at: number): Escape {
  const digits = /^(?:[0-3][0-7]{0,2}|[4-7][0-7]?)/.exec(source.slice(at, at + 3))?.[0]
  if (digits === undefined) return { value: source.charAt(at), next: at + 1 }
  return { value: String.fromCharCode(Number.parseInt(digits, 8)), next: at + digits.length }
}

function zero(source: string, at: number): Escape | null {
  return source.charAt(at) === "0" && !/\d/.test(source.charAt(at + 1)) ? { value: "\0", next: at + 1 } : null
}

function newlineEnd(source: string, at: number): number {
  return source.startsWith("\r\n", at) ? at + 2 : at + 1
}

/** Writes `text` so that it can stand inside a literal with this quote; null when no spelling of it can. */
export function encodeText(text: string, quote: string, raw: boolean): string | null {
  if (raw) return /`|\$\{|\r|\$$|\\$/.test(text) ? null : text
  if (quote === "`") return text.replace(/[\\`]|\$(?=\{|$)/g, "\\$&").replaceAll("\r", "\\r")
  return text
    .replace(/[\\'"]/g, (character) => (character === "\\" || character === quote ? `\\${character}` : character))
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029")
}
