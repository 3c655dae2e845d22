import type { Fix } from "../src/engine/finding.ts"
import { opening } from "../src/engine/questions/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import { statementsOf } from "../src/engine/questions/switch-off.ts"
import type { Operation } from "../src/parse/operation.ts"

export default defineRule({
  id: "transaction-missing",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "LOCK TABLE, SAVEPOINT or SET LOCAL, where there is no transaction for it.",
    what:
      "Reports LOCK TABLE, SAVEPOINT, SET LOCAL and SET CONSTRAINTS where the tool that runs the file commits each " +
      "statement by itself, SAVEPOINT where several statements travel in one message or pipeline without BEGIN, and LOCK TABLE in a " +
      "pipeline, up to version 17 everywhere and from 18 on as its first statement.",
    why:
      "LOCK TABLE and SAVEPOINT fail with error 25P01. SET LOCAL and SET CONSTRAINTS only warn and do nothing, so that " +
      "a lock_timeout that looks set is not.",
    instead: "Put BEGIN and COMMIT around the statements that belong together, or write SET instead of SET LOCAL.",
    silent: "Inside a transaction, inside functions, and where nobody knows how the file is run.",
    references: [
      "https://www.postgresql.org/docs/current/sql-lock.html",
      "https://www.postgresql.org/docs/current/sql-set.html",
    ],
  },
  messages: {
    fails: "{command} fails outside a transaction block; {why}",
    message: "{command} fails without BEGIN, also among several statements in one message; {why}",
    nothing: "{command} does nothing outside a transaction block; {why}",
  },
  operations: ["lock table", "savepoint", "set", "set constraints"],
  *check({ statement, transaction, within }, context) {
    const [operation] = statement.operations
    const command = operation === undefined || within !== null ? null : commandOf(operation)
    const unit = context.unitOf(statement)
    if (operation === undefined || command === null || unit === null || unit.wrap === "unknown") return
    const problem = problemOf(command, context)
    if (problem === null) return
    yield {
      span: opening(statement, context),
      message: problem,
      ...(problem === "nothing" && { severity: "warning" }),
      data: { command, why: transaction.why },
      locks: [],
      rejected: problem !== "nothing",
      ...(operation.op === "set" && { fix: withoutLocal(statement.span.start, context) }),
    }
  },
})

function commandOf(operation: Operation): string | null {
  switch (operation.op) {
    case "lock table":
      return "LOCK TABLE"
    case "savepoint":
      return "SAVEPOINT"
    case "set":
      return operation.local ? "SET LOCAL" : null
    case "set constraints":
      return "SET CONSTRAINTS"
    default:
      return null
  }
}

/** The key of the message; null where the command works. */
function problemOf(command: string, context: RuleContext): string | null {
  const { current, runner, pgVersion, unitOf } = context
  const { kind } = current.transaction
  const fails = command === "LOCK TABLE" || command === "SAVEPOINT"
  if (kind === "autocommit") {
    // Whoever writes such a script for psql runs it with --single-transaction; it would not get far otherwise.
    if (fails) return runner?.framework === "psql" ? null : "fails"
    return "nothing"
  }
  if (kind !== "implicit" || !fails) return null
  // Up to 17 a pipeline is no transaction block for LOCK TABLE; from 18 on it becomes one after its first statement. A savepoint
  // needs BEGIN in any case (run on 11 to 18).
  const unit = unitOf(current.statement)
  if (unit?.send === "pipeline" && command === "LOCK TABLE") {
    const isFirst = statementsOf(unit, context)[0] === current.statement
    return pgVersion < 18 || isFirst ? "fails" : null
  }
  return command === "SAVEPOINT" ? (unit?.send === "pipeline" ? "fails" : "message") : null
}

function withoutLocal(start: number, { sql }: RuleContext): Fix {
  const at = start + sql.slice(start).search(/\bLOCAL\s/i)
  const length = /^LOCAL\s+/i.exec(sql.slice(at))?.[0].length ?? 0
  return {
    applicability: "unsafe",
    title: "Set it for the session",
    edits: [{ span: { start: at, end: at + length }, text: "" }],
  }
}
