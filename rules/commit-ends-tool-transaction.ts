import type { Fix } from "../src/engine/finding.ts"
import { opening } from "../src/engine/questions/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import { statementsOf } from "../src/engine/questions/switch-off.ts"
import type { Statement } from "../src/parse/operation.ts"

const CONTROLS: readonly string[] = ["begin", "commit", "rollback", "prepare transaction"]

export default defineRule({
  id: "commit-ends-tool-transaction",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "COMMIT or ROLLBACK in a file that the tool already runs in a transaction.",
    what: "Reports the first COMMIT or ROLLBACK of a file for which the tool has opened a transaction.",
    why:
      "BEGIN only warns inside a transaction, and the first COMMIT ends the tool's: what follows, the tool's own record " +
      "of the migration included, is not undone when something fails, so a failed migration stays half done.",
    instead: "Leave BEGIN and COMMIT to the tool, or turn the tool's transaction off for the file.",
    silent: "Where the tool opens no transaction, and for BEGIN alone.",
    references: ["https://www.postgresql.org/docs/current/sql-commit.html"],
  },
  messages: {
    commit: "COMMIT ends the transaction that the tool opened, so that nothing after it is undone on failure; {why}",
    chain:
      "COMMIT AND CHAIN commits what the tool's transaction did so far, so that it is not undone when something later fails; {why}",
    rollback: "ROLLBACK ends the transaction that the tool opened, and undoes what it did so far; {why}",
  },
  operations: ["commit", "rollback"],
  *check({ statement, transaction, within }, context) {
    const [operation] = statement.operations
    if (within !== null || (transaction.kind !== "wrapped" && transaction.kind !== "all pending files")) return
    if (operation === undefined || (operation.op !== "commit" && operation.op !== "rollback")) return
    const fix = operation.op === "commit" ? withoutBlock(statement, context) : null
    yield {
      span: opening(statement, context),
      message: operation.op === "commit" && operation.chain ? "chain" : operation.op,
      data: { why: transaction.why },
      locks: [],
      ...(fix !== null && { fix }),
    }
  },
})

/** Takes BEGIN and COMMIT away where they enclose all that the tool runs, so that its transaction does the same. */
function withoutBlock(commit: Statement, context: RuleContext): Fix | null {
  const unit = context.unitOf(commit)
  const all = unit === null ? [] : statementsOf(unit, context)
  const controls = all.filter(({ operations }) => CONTROLS.includes(operations[0]?.op ?? ""))
  const [begin, end] = controls
  if (controls.length !== 2 || begin === undefined || begin !== all[0] || end !== commit || end !== all.at(-1)) return null
  return {
    applicability: "safe",
    title: "Leave the transaction to the tool",
    edits: [begin, commit].map(({ span }) => {
      const rest = /^\s*;?[ \t]*\r?\n?/.exec(context.sql.slice(span.end))?.[0].length ?? 0
      return { span: { start: span.start, end: span.end + rest }, text: "" }
    }),
  }
}
