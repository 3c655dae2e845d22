import { lex } from "./lexer.ts"
import type { Source } from "./source.ts"
import type { Span } from "./span.ts"
import { isKeyword, spanOf, TokenKind, type Tokens } from "./tokens.ts"

/** A comment `pgsafe-ignore <rule>[, <rule>] -- <reason>` or `pgsafe-ignore-file ...`. */
export interface Suppression {
  /** `next`: the statement on the same line or the next one. `file`: the whole file. `unknown`: it begins with no word that pgsafe knows. */
  readonly kind: "next" | "file" | "unknown"
  /** Of an unknown one: what it begins with, as in `pgsafe-ignore-next-line`. */
  readonly word?: string
  /** Empty when the comment names no rule. */
  readonly rules: readonly { readonly name: string; readonly span: Span }[]
  readonly reason?: string
  /** The comment. */
  readonly span: Span
  /** It stands in a dollar-quoted body. */
  readonly inCode: boolean
}

const MARKER = /pgsafe/i
/** The lines of a long comment may begin with asterisks. */
const SUPPRESSION = /^(?:--|\/\*)[\s*]*pgsafe-ignore(-file)?(?![\w-])/
/** A comment that seems to be addressed to pgsafe, and what it says up to its reason. */
const ADDRESSED = /^(?:--|\/\*)[\s*]*(pgsafe(?:[-_]\w[\w-]*|\s*:?\s*ignore[\w-]*)):?(?!\S)\s*(.*?)\s*(?:\s--\s.*)?(?:\*\/)?$/is
/** What is written after the word of a suppression: ids of rules, which have dashes, as few words of sentences do. */
const RULES = /^(?:[a-z]+(?:-[a-z]+)+|all)?(?:[\s,]+[a-z]+(?:-[a-z]+)+)*$/i

/** The suppression comments of a text and of the bodies in it. Looks at nothing but the raw text when there are none. */
export function findSuppressions(source: Source): readonly Suppression[] {
  return MARKER.test(source.text) ? suppressionsIn(source.tokens(), false) : []
}

function suppressionsIn(tokens: Tokens, inCode: boolean): readonly Suppression[] {
  const found: Suppression[] = []
  for (const span of tokens.comments) {
    const suppression = readSuppression(tokens.text, span, inCode)
    if (suppression !== undefined) found.push(suppression)
  }
  for (let index = 0; index < tokens.count; index++) {
    if (tokens.kinds[index] !== TokenKind.dollarString || !isBody(tokens, index)) continue
    const { start, end } = spanOf(tokens, index)
    const quote = tokens.text.indexOf("$", start + 1) + 1 - start
    const body = { start: start + quote, end: end - quote }
    if (!MARKER.test(tokens.text.slice(body.start, body.end))) continue
    for (const suppression of suppressionsIn(lex(tokens.text, body.start, body.end), true)) found.push(suppression)
  }
  return found.sort((left, right) => left.span.start - right.span.start)
}

/** `DO $$`, `DO LANGUAGE plpgsql $$`, `AS $$`: code, and no other string. */
function isBody(tokens: Tokens, index: number): boolean {
  return isKeyword(tokens, index - 1, "do") || isKeyword(tokens, index - 1, "as") || isKeyword(tokens, index - 2, "language")
}

function readSuppression(text: string, span: Span, inCode: boolean): Suppression | undefined {
  const comment = text.slice(span.start, span.end)
  const match = SUPPRESSION.exec(comment)
  if (match === null) {
    const word = unknownWord(comment)
    return word === undefined ? undefined : { kind: "unknown", word, rules: [], span, inCode }
  }
  const head = match[0].length
  const body = comment.slice(head, comment.startsWith("/*") ? -2 : undefined)
  const dashes = body.search(/(?:^|\s)--(?:\s|$)/)
  const names = dashes < 0 ? body : body.slice(0, dashes)
  const reason = dashes < 0 ? "" : body.slice(dashes).replace(/^\s*--/, "").replaceAll(/\s*\n[\s*]*/g, " ").replace(/[\s*]+$/, "").trim()
  // Some write a colon in front of their reason.
  const rules = [...names.matchAll(/[^\s,*]*[^\s,*:]/g)].map((name) => {
    const start = span.start + head + name.index
    return { name: name[0], span: { start, end: start + name[0].length } }
  })
  const kind = match[1] === undefined ? "next" : "file"
  return reason === "" ? { kind, rules, span, inCode } : { kind, rules, reason, span, inCode }
}

/** The first word of a comment that means to suppress something and is written in another way; prose about pgsafe has none. */
function unknownWord(comment: string): string | undefined {
  const [, word, rest = ""] = ADDRESSED.exec(comment) ?? []
  if (word === undefined) return undefined
  return /^pgsafe[-_]ignore(?:$|[-_])/i.test(word) || RULES.test(rest) ? word : undefined
}
