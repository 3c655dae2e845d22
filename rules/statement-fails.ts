import { opening } from "../src/engine/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import { namesIn } from "../src/engine/words.ts"
import type { Statement } from "../src/parse/operation.ts"

/** Errors that other rules speak of: forbidden-in-transaction, required-column-without-default. */
const OTHER_RULES: readonly string[] = ["25001", "23502"]

/**
 * Errors that hang on what exists, and on what depends on what: "already exists", "does not exist", "other objects
 * depend on it". Files of no tool are often scripts that have nothing to do with each other.
 */
const HISTORY_DEPENDENT = /^(?:42P07|42P06|42P01|42701|42703|42704|42710|42723|42883|3F000|2BP01)$/

export default defineRule({
  id: "statement-fails",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "PostgreSQL will reject the statement.",
    what:
      "Reports statements that the chosen PostgreSQL version does not support, or that cannot succeed on the schema " +
      "that the migrations built so far.",
    why: "The migration stops there, and what it did before stays or is rolled back, depending on the tool.",
    instead:
      "Write the statement in a form that the server accepts, or set the PostgreSQL version that the migrations run " +
      "on.",
    silent: "When it depends on something that the migrations do not tell.",
    references: ["https://www.postgresql.org/docs/current/errcodes-appendix.html"],
  },
  messages: {
    fails: "this fails with error {code}: {why}",
    unsupported: "this is not possible on PostgreSQL {version}: {why}",
  },
  *check({ statement, effects, conditional, guarded }, context) {
    if (conditional || guarded) return
    const span = opening(statement, context)
    if (effects.unsupported !== null) {
      yield {
        span,
        message: "unsupported",
        data: { version: String(context.pgVersion), why: effects.unsupported },
        locks: [],
      }
    } else if (effects.fails !== null && isCertain(effects.fails, context) && !isDoubtful(statement, effects.fails.why, context)) {
      yield { span, message: "fails", data: { code: effects.fails.code, why: effects.fails.why }, locks: [] }
    }
  },
})

/** The statement, or the reason, names something that a condition in earlier code may have made, changed or dropped. */
function isDoubtful({ span }: Statement, why: string, { catalog, text }: RuleContext): boolean {
  return namesIn(`${text(span)} ${why}`).some((name) => catalog.isDoubtful(name))
}

function isCertain({ code, why }: { readonly code: string; readonly why: string }, { ordered }: RuleContext): boolean {
  return !OTHER_RULES.includes(code) && (ordered || !HISTORY_DEPENDENT.test(code)) && !/ by the (?:materialized )?view /.test(why)
}
