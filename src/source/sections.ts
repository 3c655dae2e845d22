import type { Source } from "./source.ts"
import type { Span } from "./span.ts"

/** A part of a file that a migration tool runs in one direction. */
export interface Section {
  /** Whose spelling it is. */
  readonly tool: string
  readonly direction: "up" | "down"
  /** What the section contains: from behind its directive to the next directive or the end of the text. */
  readonly span: Span
  /** The comment that opens the section; absent for an up section that needs none. */
  readonly directive?: { readonly span: Span; readonly text: string }
}

interface Spelling {
  readonly tool: string
  readonly up: RegExp
  readonly down: RegExp
  /** What precedes the first directive, when that one opens a down section, is the up section. */
  readonly leadingUp: boolean
}

/** How tools write both directions into one file. The expressions are matched against one whole comment. */
const SPELLINGS: readonly Spelling[] = [
  { tool: "goose", up: /^--\s*\+goose\s+up\b/i, down: /^--\s*\+goose\s+down\b/i, leadingUp: false },
  { tool: "sql-migrate", up: /^-- \+migrate Up\b/, down: /^-- \+migrate Down\b/, leadingUp: false },
  { tool: "dbmate", up: /^--\s*migrate:up(?:\s|$)/, down: /^--\s*migrate:down(?:\s|$)/, leadingUp: false },
  { tool: "tern", up: /^(?!)/, down: /^---- create above \/ drop below ----\s*$/, leadingUp: true },
  {
    tool: "node-pg-migrate",
    up: /^--[\s-]*up\s+migration/i,
    down: /^--[\s-]*down\s+migration/i,
    leadingUp: true,
  },
]

/** Liquibase writes the way back into comments, which PostgreSQL skips: each is a down section of its own. */
const ROLLBACK_COMMENT = /^(?:--\s*rollback\b|\/\*\s*liquibase\s+rollback\b)/i
const LIQUIBASE = /^\s*--\s*liquibase\s+formatted/i

/** A quick look at the lines that start a comment, so that an ordinary text is not lexed. */
const ANY_DIRECTIVE = /^\s*--[\s-]*(?:\+goose|\+migrate|migrate:|create above|(?:up|down)\s+migration|liquibase)/im

/**
 * The up and down sections of a text, in order; empty when it has none, and then all of it runs. A directive counts
 * only as a comment at the start of a line.
 */
export function findSections(source: Source): readonly Section[] {
  const { text } = source
  if (!ANY_DIRECTIVE.test(text)) return []
  const comments = source.tokens().comments.filter((span) => startsLine(text, span.start))
  if (LIQUIBASE.test(text)) return rollbackComments(text, comments)
  for (const spelling of SPELLINGS) {
    const sections = sectionsBy(spelling, text, comments)
    if (sections.length > 0) return sections
  }
  return []
}

function sectionsBy(spelling: Spelling, text: string, comments: readonly Span[]): readonly Section[] {
  const directives: { direction: "up" | "down"; span: Span; text: string }[] = []
  for (const span of comments) {
    const comment = text.slice(span.start, span.end)
    if (spelling.up.test(comment)) directives.push({ direction: "up", span, text: comment })
    else if (spelling.down.test(comment)) directives.push({ direction: "down", span, text: comment })
  }
  const sections: Section[] = directives.map((directive, index) => ({
    tool: spelling.tool,
    direction: directive.direction,
    span: { start: directive.span.end, end: directives[index + 1]?.span.start ?? text.length },
    directive: { span: directive.span, text: directive.text },
  }))
  const first = directives[0]
  if (spelling.leadingUp && first?.direction === "down") {
    sections.unshift({ tool: spelling.tool, direction: "up", span: { start: 0, end: first.span.start } })
  }
  return sections
}

function rollbackComments(text: string, comments: readonly Span[]): readonly Section[] {
  return comments
    .map((span): Section => {
      return { tool: "liquibase", direction: "down", span, directive: { span, text: text.slice(span.start, span.end) } }
    })
    .filter(({ directive }) => ROLLBACK_COMMENT.test(directive?.text ?? ""))
}

function startsLine(text: string, offset: number): boolean {
  for (let i = offset - 1; i >= 0; i--) {
    const code = text.charCodeAt(i)
    if (code === 10 || code === 13 || code === 0xfeff) return true
    if (code !== 32 && code !== 9) return false
  }
  return true
}
