import type { Tokens } from "./tokens.ts"
import { TokenKind, tokenText } from "./tokens.ts"

/** `name` as PostgreSQL folds an unquoted identifier in a UTF-8 database: ASCII letters to lower case, nothing else. */
export function foldIdentifier(name: string): string {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code >= 65 && code <= 90) return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  }
  return name
}

/**
 * The name that token `index` stands for: an unquoted word folded, a quoted name decoded. `undefined` when the token is
 * neither. Names are not cut to 63 bytes.
 */
export function identifierName(tokens: Tokens, index: number): string | undefined {
  const kind = tokens.kinds[index]
  if (kind === TokenKind.word) return foldIdentifier(tokenText(tokens, index))
  if (kind !== TokenKind.quotedName) return undefined
  const text = tokenText(tokens, index)
  if (text.startsWith('"')) return undouble(text.slice(1, -1), '"')
  return decodeUnicodeEscapes(undouble(text.slice(3, -1), '"'), escapeCharacter(tokens, index))
}

/**
 * The value of string constant `index`, whatever its spelling; `undefined` when the token is none, or is a bit string.
 */
export function stringValue(tokens: Tokens, index: number): string | undefined {
  const kind = tokens.kinds[index]
  const text = tokenText(tokens, index)
  if (kind === TokenKind.dollarString) {
    const tag = text.indexOf("$", 1) + 1
    return text.slice(tag, -tag)
  }
  if (kind !== TokenKind.string) return undefined
  switch (text.charAt(0)) {
    case "'":
      return undouble(text.slice(1, -1), "'")
    case "n":
    case "N":
      return undouble(text.slice(2, -1), "'")
    case "u":
    case "U":
      return decodeUnicodeEscapes(undouble(text.slice(3, -1), "'"), escapeCharacter(tokens, index))
    case "e":
    case "E":
      return decodeBackslashes(text.slice(2, -1))
    default:
      return undefined
  }
}

function undouble(text: string, quote: string): string {
  return text.includes(quote) ? text.replaceAll(quote + quote, quote) : text
}

/** The escape character of a `U&` token: a backslash unless `UESCAPE 'c'` follows. */
function escapeCharacter(tokens: Tokens, index: number): string {
  const follows = tokens.kinds[index + 1] === TokenKind.word && /^uescape$/i.test(tokenText(tokens, index + 1))
  return follows ? tokenText(tokens, index + 2).charAt(1) : "\\"
}

function decodeUnicodeEscapes(text: string, escape: string): string {
  if (!text.includes(escape)) return text
  const quoted = escape.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")
  const pattern = new RegExp(`${quoted}(?:(${quoted})|\\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4}))`, "g")
  return text.replace(pattern, (whole: string, doubled?: string, long?: string, short?: string) =>
    doubled !== undefined ? escape : codePoint(Number.parseInt(long ?? short ?? "", 16), whole),
  )
}

function codePoint(value: number, otherwise: string): string {
  return value > 0x10ffff ? otherwise : String.fromCodePoint(value)
}

const BACKSLASH_LETTERS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }

/** The content of an `E''` constant (docs: String Constants with C-Style Escapes). */
function decodeBackslashes(text: string): string {
  const pattern = /''|\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g
  return text.replace(
    pattern,
    (whole: string, octal?: string, hex?: string, short?: string, long?: string, character?: string) => {
      if (whole === "''") return "'"
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255)
      if (character !== undefined) return BACKSLASH_LETTERS[character] ?? character
      return codePoint(Number.parseInt(hex ?? short ?? long ?? "", 16), whole)
    },
  )
}

const PART = /"((?:[^"]|"")*)"|([^".]+)/g

/** A name in a string, as `regclass` reads it: `nextval('public."Orders_id_seq"')`. */
export function nameInText(text: string): { readonly schema: string | null; readonly name: string } {
  const parts = [...text.matchAll(PART)].map(([, quoted, bare = ""]) => quoted?.replaceAll('""', '"') ?? foldIdentifier(bare.trim()))
  return { schema: parts.length > 1 ? (parts.at(-2) ?? null) : null, name: parts.at(-1) ?? "" }
}
