import { switchOff } from "../src/engine/questions/switch-off.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "transaction-switch-ignored",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "A comment that is meant to turn the tool's transaction off has no effect.",
    what:
      "Reports directives such as `-- atlas:txmode none`, `-- no-transaction` of sqlx, `-- migrate:up transaction:false` " +
      "of dbmate in a form or place in which the tool does not see them.",
    why:
      "The tool takes it for an ordinary comment and says nothing: the migration runs in a transaction after all, which " +
      "keeps every lock until its end.",
    instead: "Write the directive exactly as the tool expects it, in the place where it looks for it.",
    silent:
      "Where the directive works, and where forbidden-in-transaction already reports the statement that it was meant for.",
    references: ["https://www.postgresql.org/docs/current/tutorial-transactions.html"],
  },
  messages: {
    ignored: "`{directive}` has no effect: {reason}",
  },
  operations: [],
  *check() {
    // The directives are looked at once for each part of the file, at its end.
  },
  *checkFile(statements, context) {
    if (context.runner?.offSwitch.kind !== "directive") return
    const seen = new Set<object>()
    for (const { statement } of statements) {
      const unit = context.unitOf(statement)
      if (unit === null || seen.has(unit)) continue
      seen.add(unit)
      const { directive } = unit
      if (directive === undefined || directive.effective) continue
      const isReported = statements.some(
        (other) => other.effects.transaction === "forbidden" && context.unitOf(other.statement) === unit,
      )
      if (isReported) continue
      const fix = switchOff(statement, context)
      yield {
        span: directive.span,
        message: "ignored",
        data: { directive: directive.text.trim(), reason: directive.reason ?? "" },
        locks: [],
        ...(fix !== null && { fix }),
      }
    }
  },
})
