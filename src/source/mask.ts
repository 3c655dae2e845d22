import type { Hole } from "./holes.ts"
import type { Tokens } from "./tokens.ts"
import { isSpace } from "./characters.ts"
import { TokenKind } from "./tokens.ts"
import { hasByteOrderMark } from "./text.ts"

export interface Masked {
  /** As long as the original, in UTF-16 units. */
  readonly text: string
  readonly holes: readonly Hole[]
}

const NO_HOLES: readonly Hole[] = []

/**
 * Fills everything that is not SQL, so that PostgreSQL's grammar can read the rest at unmoved offsets. A template or
 * variable becomes a name (or a string, for `:'v'`) that keeps the letters of its content: two different templates stay
 * two different names, and the same one stays the same.
 */
export function mask(tokens: Tokens): Masked {
  const { text } = tokens
  const holes: Hole[] = []
  const parts: string[] = []
  let copied = 0
  const fill = (start: number, end: number, filler: string): void => {
    parts.push(text.slice(copied, start), filler)
    copied = end
  }
  if (hasByteOrderMark(text)) fill(0, 1, " ")
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kinds[i]
    const start = tokens.starts[i] ?? 0
    const end = tokens.ends[i] ?? 0
    if (kind === TokenKind.template) fill(start, end, templateFiller(tokens, i))
    else if (kind === TokenKind.variable) fill(start, end, variableFiller(text.slice(start, end)))
    else if (kind === TokenKind.metaCommand) fill(start, end, metaCommandFiller(tokens, i))
    else if (kind === TokenKind.copyData) fill(start, end, " ".repeat(end - start))
    else continue
    holes.push({ span: { start, end }, text: text.slice(start, end), kind: HOLE_KINDS[kind] })
  }
  if (copied === 0) return { text, holes: NO_HOLES }
  parts.push(text.slice(copied))
  return { text: parts.join(""), holes }
}

const HOLE_KINDS = {
  [TokenKind.template]: "template",
  [TokenKind.variable]: "variable",
  [TokenKind.metaCommand]: "meta-command",
  [TokenKind.copyData]: "copy data",
} as const

/** A name of this length: it starts with `_`, so that it is no keyword. */
function nameFiller(content: string): string {
  return `_${content.slice(1).replace(/[^A-Za-z0-9_]/g, "_")}`
}

function variableFiller(variable: string): string {
  const quote = variable.charAt(1)
  if (quote !== "'" && quote !== '"') return nameFiller(variable)
  return `${quote}_${variable.slice(2, -1)}${quote}`
}

/** Does this psql command send the statement before it, as `;` does? */
function endsStatement(tokens: Tokens, index: number): boolean {
  const start = tokens.starts[index] ?? 0
  if (tokens.ends[index] === start + 1) return true
  return /^\\(?:g|gx|gset|gexec|gdesc|crosstabview|watch)(?![a-z])/.test(tokens.text.slice(start, start + 16))
}

/** A command that sends the statement before it becomes its `;`. */
function metaCommandFiller(tokens: Tokens, index: number): string {
  const length = (tokens.ends[index] ?? 0) - (tokens.starts[index] ?? 0)
  const sends = endsStatement(tokens, index) && !startsStatement(tokens, index)
  return sends ? `;${" ".repeat(length - 1)}` : " ".repeat(length)
}

function templateFiller(tokens: Tokens, index: number): string {
  const start = tokens.starts[index] ?? 0
  const end = tokens.ends[index] ?? 0
  const template = tokens.text.slice(start, end)
  return isControl(template) || (startsStatement(tokens, index) && endsLine(tokens.text, end))
    ? " ".repeat(end - start)
    : nameFiller(template)
}

/** Control flow and comments of Go templates, Handlebars and Jinja stand for no SQL of their own. */
function isControl(template: string): boolean {
  return (
    template.startsWith("{%") ||
    template.startsWith("{#") ||
    /^\{\{-?\s*(?:[#/!]|(?:if|else|end|range|with|define|block|template|break|continue)\b|\$\w+\s*:?=)/.test(template)
  )
}

function startsStatement(tokens: Tokens, index: number): boolean {
  for (let before = index - 1; before >= 0; before--) {
    const kind = tokens.kinds[before]
    // What is blanked before it does not count.
    if (kind === TokenKind.metaCommand || kind === TokenKind.copyData) continue
    if (kind === TokenKind.template && endsLine(tokens.text, tokens.ends[before] ?? 0)) continue
    return kind === TokenKind.punctuation && tokens.text.charCodeAt(tokens.starts[before] ?? 0) === 59
  }
  return true
}

function endsLine(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 10 || code === 13) return true
    if (!isSpace(code)) return false
  }
  return true
}
