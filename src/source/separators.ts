import type { Span } from "./span.ts"
import type { Tokens } from "./tokens.ts"

/**
 * Comments at which a tool cuts the text before PostgreSQL sees any of it, so that the statement before needs no `;`. goose and
 * sql-migrate cut at their sections, too, but refuse one without its last `;`.
 */
const SPELLINGS: readonly RegExp[] = [
  // Drizzle: wherever it stands.
  /^--> statement-breakpoint/,
  // dbmate: no blank in front of it.
  /^--[ \t]*migrate:(?:up|down)(?:\s|$)/,
  // tern
  /^---- create above \/ drop below ----/,
  // goose and sql-migrate: all that stands between StatementBegin and StatementEnd is sent as it is.
  /^--[ \t]*\+(?:goose|migrate)[ \t]+StatementEnd\b/,
  // node-pg-migrate
  /^--[\s-]*(?:up|down)\s+migration/i,
]

/** Liquibase: in files that say in their first line that they are its own. */
const CHANGESET = /^--[ \t]*changeset[ \t]+[^:\n]+:/i
const LIQUIBASE = /^\uFEFF?\s*--\s*liquibase\s*formatted\b/i

/** A quick look, so that nothing is asked of the comments of an ordinary text. */
const ANY = /--(?:> statement-breakpoint|[\s-]*(?:migrate:|create above|(?:up|down)\s+migration)|[ \t]*(?:changeset|\+(?:goose|migrate)))/i

/** The comments of a text that end the statement before them, in order. */
export function separatorsOf({ text, comments }: Tokens): readonly Span[] {
  if (!ANY.test(text)) return []
  const spellings = LIQUIBASE.test(text) ? [CHANGESET] : SPELLINGS
  return comments.filter(({ start, end }) => {
    const comment = text.slice(start, end)
    return spellings.some((spelling) => spelling.test(comment))
  })
}
