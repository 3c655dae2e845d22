import { opening } from "../src/engine/questions/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import { statementsOf, switchOff } from "../src/engine/questions/switch-off.ts"
import { holdsLocks, type TransactionContext } from "../src/engine/transaction.ts"
import type { Operation, Statement } from "../src/parse/operation.ts"
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
      "CONCURRENTLY, VACUUM, CREATE DATABASE, ALTER SYSTEM, DO blocks with COMMIT and the like where the file, or the tool that runs it, " +
      "has opened a transaction.",
    why: "PostgreSQL refuses the statement with error 25001 (2D000 for a COMMIT in code), and the migration fails.",
    instead:
      "Put the statement into a migration of its own and switch the tool's transaction off for it. The finding says how, " +
      "tool by tool; where a comment does it, the fix writes it.",
    silent:
      "Where statements commit one by one, and where the tool runs such statements outside its transaction by itself.",
    references: ["https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"],
  },
  messages: {
    transaction: "{what}; {why}",
    ignored: "{what}; {why}, since `{directive}` on line {line} has no effect: {reason}",
    message: "{what}; {why}, but the statements still travel in one message, which the server runs as one transaction",
    block: "{what}, and the body of a DO block or function always runs inside one",
  },
  *check({ statement, effects, transaction, within }, context) {
    if (effects.transaction !== "forbidden") return
    if (within === null && (!holdsLocks(transaction) || opensPipeline(statement, context))) return
    const directive = context.unitOf(statement)?.directive
    const fix = within === null && isFirst(context) ? switchOff(statement, context) : null
    yield {
      span: spanOf(statement.operations[0]) ?? opening(statement, context),
      message: within === null ? messageOf(transaction, directive) : "block",
      data: {
        what: effects.forbidden ?? "the statement cannot run inside a transaction block",
        why: transaction.why,
        directive: directive?.text.trim() ?? "",
        line: String(directive?.line ?? ""),
        reason: directive?.reason ?? "",
      },
      steps: [outside(context)],
      replaces: [],
      ...(fix !== null && { fix }),
    }
  },
})

/** The first statement of a pipeline is not in a transaction yet, and commits what it did (run on 11 to 18). */
function opensPipeline(statement: Statement, context: RuleContext): boolean {
  const unit = context.unitOf(statement)
  return unit?.send === "pipeline" && context.current.transaction.kind === "implicit" && statementsOf(unit, context)[0] === statement
}

function messageOf({ kind }: TransactionContext, directive: { readonly effective: boolean } | undefined): string {
  if (directive === undefined || kind === "explicit block") return "transaction"
  if (directive.effective) return kind === "implicit" ? "message" : "transaction"
  return "ignored"
}

/** Of several such statements the first one carries the fix, which helps them all. */
function isFirst({ current, earlier, unitOf }: RuleContext): boolean {
  const unit = unitOf(current.statement)
  return !earlier.some(
    ({ statement, effects, within, file }) =>
      effects.transaction === "forbidden" && within === null && file === current.file && unitOf(statement) === unit,
  )
}

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

function outside({ current, text, runner }: RuleContext): Step {
  const { statement, transaction, within } = current
  return {
    deploy: "expand",
    title: "Run the statement outside a transaction, in a migration of its own",
    sql: `${text(statement.span)};`,
    transaction: false,
    lock: null,
    note: within === null ? noteOf(transaction, runner) : "Take the statement out of the DO block.",
  }
}

/** What this tool needs, as a sentence. */
function noteOf({ kind, offSwitch }: TransactionContext, runner: RuleContext["runner"]): string | null {
  if (kind === "explicit block") return "Leave BEGIN and COMMIT out of that migration."
  if (offSwitch === null || offSwitch === "") return null
  const sentence = `${offSwitch.charAt(0).toUpperCase()}${offSwitch.slice(1)}`
  const single = runner?.offSwitch.kind !== "none" && runner?.offSwitch.oneStatementOnly === true
  return single && runner.wrap !== "none"
    ? `${sentence}; nothing else may be in it, for ${runner.name} sends all statements in one message.`
    : `${sentence}.`
}
