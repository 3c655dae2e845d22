import { opening } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "exclusive-lock-pauses-replicas",
  severity: "warning",
  presets: ["strict"],
  docs: {
    summary: "ACCESS EXCLUSIVE pauses replay on standbys whose queries read the table.",
    what: "Reports, once a file, the first statement that takes ACCESS EXCLUSIVE on an existing relation.",
    why:
      "ACCESS EXCLUSIVE is written to WAL. A standby that runs a query on the table stops replaying, and falls " +
      "behind, until the query ends or max_standby_streaming_delay (30 s by default) has passed; then it cancels the " +
      "query.",
    instead:
      "Run such migrations outside the windows of long reads on standbys, and match max_standby_streaming_delay to " +
      "the delay you tolerate; hot_standby_feedback does not help against locks.",
    silent: "For weaker locks, and for files that lock only new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT"],
  },
  messages: {
    pauses: "ACCESS EXCLUSIVE on {relation} pauses replay on standbys that run queries on it",
  },
  operations: [],
  *check() {
    // The whole file is looked at once, at its end.
  },
  *checkFile(statements, context) {
    for (const statement of statements) {
      const lock = context.locks(statement).find(({ mode }) => mode === "ACCESS EXCLUSIVE")
      if (lock === undefined) continue
      yield {
        span: opening(statement.statement, context),
        message: "pauses",
        data: { relation: lock.relation },
        locks: [lock],
      }
      return
    }
  },
})
