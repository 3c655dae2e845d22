import { defineRule } from "../src/engine/rule.ts"
import { quoteIdent } from "../src/schema/index.ts"
import { truncateIdentifier } from "../src/schema/derived-names.ts"
import { identifierName, lex } from "../src/source/lexer.ts"
import { spanOf } from "../src/source/tokens.ts"

/** Bytes: NAMEDATALEN - 1. */
const LONGEST = 63

export default defineRule({
  id: "identifier-truncated",
  severity: "warning",
  presets: ["style"],
  docs: {
    summary: "PostgreSQL cuts names to 63 bytes, so that the object is called otherwise than the migration says.",
    what: "Reports identifiers of more than 63 bytes (in UTF-8) in migrations.",
    why:
      "The server only gives a notice. Programs that look for the whole name in its catalog do not find it, and two names with the same first 63 bytes " +
      "are the same: the second CREATE fails, or IF NOT EXISTS passes over it.",
    instead: "Choose a shorter name, or write the one that PostgreSQL makes of it.",
    silent: "For names of up to 63 bytes; those in strings and in the bodies of functions are not looked at.",
    references: ["https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"],
  },
  messages: { found: "PostgreSQL cuts this name to its first 63 bytes: {name}" },
  *check({ statement }, { text }) {
    const { start, end } = statement.span
    // A UTF-16 unit is three bytes at most.
    if (end - start <= LONGEST / 3) return
    const tokens = lex(text(statement.span))
    const seen = new Set<string>()
    for (let index = 0; index < tokens.count; index++) {
      const name = identifierName(tokens, index) ?? ""
      if (name.length <= LONGEST / 3 || seen.has(name)) continue
      seen.add(name)
      const cut = truncateIdentifier(name)
      if (cut === name) continue
      const span = spanOf(tokens, index)
      yield {
        span: { start: start + span.start, end: start + span.end },
        message: "found",
        data: { name: quoteIdent(cut) },
        locks: [],
        replaces: [],
      }
    }
  },
})
