import { opening } from "../src/engine/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import { holdsLocks } from "../src/engine/transaction.ts"
import type { Operation } from "../src/parse/operation.ts"
import type { Step } from "../src/playbook/index.ts"
import type { Span } from "../src/source/span.ts"

export default defineRule({
  id: "forbidden-in-transaction",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "The statement cannot run inside a transaction, and it is in one.",
    what:
      "Reports CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY, REINDEX CONCURRENTLY, DETACH PARTITION " +
      "CONCURRENTLY, VACUUM, CREATE DATABASE, ALTER SYSTEM and the like where the file, or the tool that runs it, " +
      "has opened a transaction.",
    why: "PostgreSQL refuses the statement with error 25001, and the migration fails.",
    instead: "Put the statement into a migration of its own and switch the tool's transaction off for it.",
    silent:
      "Where statements commit one by one, and where the tool runs such statements outside its transaction by itself.",
    references: ["https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"],
  },
  messages: {
    transaction: "{what}; {why}",
    block: "{what}, and the body of a DO block or function always runs inside one",
  },
  *check({ statement, effects, transaction, within }, context) {
    if (effects.transaction !== "forbidden") return
    if (within === null && !holdsLocks(transaction)) return
    yield {
      span: spanOf(statement.operations[0]) ?? opening(statement, context),
      message: within === null ? "transaction" : "block",
      data: { what: effects.forbidden ?? "the statement cannot run inside a transaction block", why: transaction.why },
      steps: [outside(context)],
    }
  },
})

/** The keyword that the transaction forbids. */
function spanOf(operation: Operation | undefined): Span | null {
  switch (operation?.op) {
    case "create index":
    case "drop":
    case "reindex":
      return operation.concurrently ? operation.concurrentlySpan : null
    default:
      return null
  }
}

function outside({ current, text }: RuleContext): Step {
  const { statement, transaction, within } = current
  return {
    deploy: "expand",
    title: "Run the statement outside a transaction, in a migration of its own",
    sql: `${text(statement.span)};`,
    transaction: false,
    lock: null,
    note: within === null ? transaction.offSwitch : "Take the statement out of the DO block.",
  }
}
