import type { Source } from "./source.ts"
import type { Span } from "./span.ts"
import type { Tokens } from "./tokens.ts"

/** A comment `pgsafe-ignore <rule>[, <rule>] -- <reason>` or `pgsafe-ignore-file ...`. */
export interface Suppression {
  /** `next`: the statement on the same line or the next one. `file`: the whole file. */
  readonly kind: "next" | "file"
  /** Empty when the comment names no rule. */
  readonly rules: readonly { readonly name: string; readonly span: Span }[]
  readonly reason?: string
  /** The comment. */
  readonly span: Span
}

const MARKER = "pgsafe-ignore"
const SUPPRESSION = /^(?:--|\/\*)\s*pgsafe-ignore(-file)?(?![\w-])/

/** The suppression comments of a text. Looks at nothing but the raw text when there are none. */
export function findSuppressions(source: Source): readonly Suppression[] {
  return source.text.includes(MARKER) ? suppressionsIn(source.tokens()) : []
}

/** The suppression comments among the comments of `tokens`, for a body that is lexed by itself. */
export function suppressionsIn(tokens: Tokens): readonly Suppression[] {
  const found: Suppression[] = []
  for (const span of tokens.comments) {
    const suppression = readSuppression(tokens.text, span)
    if (suppression !== undefined) found.push(suppression)
  }
  return found
}

function readSuppression(text: string, span: Span): Suppression | undefined {
  const comment = text.slice(span.start, span.end)
  const match = SUPPRESSION.exec(comment)
  if (match === null) return undefined
  const head = match[0].length
  const body = comment.slice(head, comment.startsWith("/*") ? -2 : undefined)
  const dashes = body.search(/(?:^|\s)--(?:\s|$)/)
  const names = dashes < 0 ? body : body.slice(0, dashes)
  const reason = dashes < 0 ? "" : body.slice(dashes).replace(/^\s*--/, "").trim()
  const rules = [...names.matchAll(/[^\s,]+/g)].map((name) => {
    const start = span.start + head + name.index
    return { name: name[0], span: { start, end: start + name[0].length } }
  })
  const kind = match[1] === undefined ? "next" : "file"
  return reason === "" ? { kind, rules, span } : { kind, rules, reason, span }
}
