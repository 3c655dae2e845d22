/**
 * PostgreSQL's character classes (`scan.l`), as bits for ASCII; everything above ASCII is a letter to PostgreSQL,
 * no-break spaces included.
 */
const NAME_START = 1
const NAME_PART = 2
const DIGIT = 4
const SPACE = 8
const OPERATOR = 16

const classes = new Uint8Array(128)
function mark(characters: string, bits: number): void {
  for (const character of characters) {
    const code = character.charCodeAt(0)
    classes[code] = (classes[code] ?? 0) | bits
  }
}
const LETTERS = "abcdefghijklmnopqrstuvwxyz"
mark(`${LETTERS}${LETTERS.toUpperCase()}_`, NAME_START | NAME_PART)
mark("0123456789", DIGIT | NAME_PART)
mark("$", NAME_PART)
mark(" \t\n\r\f\v", SPACE)
mark("~!@#^&|`?+-*/%<>=", OPERATOR)

export function isNameStart(code: number): boolean {
  return code > 127 || ((classes[code] ?? 0) & NAME_START) !== 0
}

/** Letters, digits, `_` and `$`. */
export function isNamePart(code: number): boolean {
  return code > 127 || ((classes[code] ?? 0) & NAME_PART) !== 0
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

export function isSpace(code: number): boolean {
  return code < 128 && ((classes[code] ?? 0) & SPACE) !== 0
}

export function isOperatorPart(code: number): boolean {
  return code < 128 && ((classes[code] ?? 0) & OPERATOR) !== 0
}
