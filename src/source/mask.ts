import type { Hole } from "./holes.ts"
import type { Tokens } from "./tokens.ts"
import { isSpace } from "./characters.ts"
import { separatorsOf, type Cut } from "./separators.ts"
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
 * two different names, and the same one stays the same. A comment at which a tool cuts the text becomes the `;` that is missing there, and
 * a `;` that Play wants doubled becomes one.
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
  // Play cuts at every `;` but a doubled one, of which it sends one.
  const fillDoubled = (start: number, end: number): void => {
    for (let at = text.indexOf(";;", start); at >= 0 && at + 1 < end; at = text.indexOf(";;", at + 2)) fill(at + 1, at + 2, " ")
  }
  if (hasByteOrderMark(text)) fill(0, 1, " ")
  // Has a statement begun that no `;` has ended yet?
  let open = false
  const separators = separatorsOf(tokens)
  const doubles = separators.some(({ start, end }) => /!(?:Ups|Downs)/.test(text.slice(start, end)))
  const cutAt = ({ kind, start, end }: Cut): void => {
    // Line ends stay what they are, or the comment before them would go on.
    if (open && kind === "blank") fill(end - 1, end, ";")
    else if (open || kind === "mark") fill(start, end, `${open ? ";" : " "}${" ".repeat(end - start - 1)}`)
    open = false
  }
  let passed = 0
  let cutEnd = 0
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kinds[i]
    const start = tokens.starts[i] ?? 0
    const end = tokens.ends[i] ?? 0
    for (let cut = separators[passed]; cut !== undefined && cut.start <= start; cut = separators[++passed]) {
      cutAt(cut)
      cutEnd = cut.end
    }
    if (start < cutEnd) continue
    if (kind === TokenKind.template) {
      const filler = templateFiller(text, start, end, open)
      fill(start, end, filler)
      open ||= filler.trim() !== ""
    } else if (kind === TokenKind.metaCommand) {
      // A command that sends the statement before it becomes its `;`.
      const sends: boolean = open && sendsStatement(text, start, end)
      fill(start, end, sends ? `;${" ".repeat(end - start - 1)}` : " ".repeat(end - start))
      open &&= !sends
    } else if (kind === TokenKind.variable) {
      fill(start, end, takesText(tokens, i - 1) ? textFiller(start, end) : variableFiller(text.slice(start, end)))
      open = true
    } else if (kind === TokenKind.copyData) fill(start, end, " ".repeat(end - start))
    else {
      if (doubles && isText(kind)) fillDoubled(start, end)
      open = kind !== TokenKind.punctuation || text.charCodeAt(start) !== 59
      continue
    }
    holes.push({ span: { start, end }, text: text.slice(start, end), kind: HOLE_KINDS[kind] })
  }
  for (const cut of separators.slice(passed)) if (cut.kind === "mark") cutAt(cut)
  if (copied === 0) return { text, holes: NO_HOLES }
  parts.push(text.slice(copied))
  return { text: parts.join(""), holes }
}

function isText(kind: TokenKind | undefined): boolean {
  return kind === TokenKind.dollarString || kind === TokenKind.string
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

/** Whether only a string can stand behind this token, and no name: `PASSWORD :secret`, whose value brings its quotes. */
function takesText({ text, kinds, starts, ends }: Tokens, before: number): boolean {
  return kinds[before] === TokenKind.word && /^(?:password|until)$/i.test(text.slice(starts[before], ends[before]))
}

function textFiller(start: number, end: number): string {
  return `'${" ".repeat(end - start - 2)}'`
}

/** Does psql take this command for the end of the statement before it? */
function sendsStatement(text: string, start: number, end: number): boolean {
  if (end === start + 1) return true
  return /^\\(?:g|gx|gset|gexec|gdesc|crosstabview|watch)(?![a-z])/.test(text.slice(start, start + 16))
}

function templateFiller(text: string, start: number, end: number, open: boolean): string {
  const template = text.slice(start, end)
  // The name is the same without the quotes, where the server makes its letters small.
  if (template.startsWith('"')) return `"${nameFiller(template.slice(1, -1)).toLowerCase()}"`
  const isField = template.startsWith("{") && !/^\{[{%#]/.test(template)
  return !isField && (isControl(template) || (!open && endsLine(text, end))) ? " ".repeat(end - start) : nameFiller(template)
}

/** Control flow and comments of Go templates, Handlebars and Jinja stand for no SQL of their own. */
function isControl(template: string): boolean {
  return (
    template.startsWith("{%") ||
    template.startsWith("{#") ||
    /^\{\{-?\s*(?:[#/!]|(?:if|else|end|range|with|define|block|template|break|continue)\b|\$\w+\s*:?=)/.test(template)
  )
}

function endsLine(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 10 || code === 13) return true
    if (!isSpace(code)) return false
  }
  return true
}
