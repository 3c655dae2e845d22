import type { Fix, Severity } from "../src/engine/finding.ts"
import { defineRule, type AnalyzedStatement, type RuleContext } from "../src/engine/rule.ts"
import { statementsOf } from "../src/engine/questions/switch-off.ts"

type Unit = NonNullable<ReturnType<RuleContext["unitOf"]>>

export default defineRule({
  id: "transaction-left-open",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "BEGIN without COMMIT: the migration seems to run, and is rolled back when the connection ends.",
    what:
      "Reports BEGIN or START TRANSACTION, also COMMIT AND CHAIN, when statements follow but nothing up to the end of the file " +
      "ends the transaction. A warning where nobody knows how the file is run, and for scripts of psql, which may be meant for " +
      "--single-transaction.",
    why:
      "When a connection ends, the server rolls back the transaction that is open, without an error: psql reports success, and a " +
      "migration is recorded that has changed nothing. A tool that keeps the connection runs what comes next inside this " +
      "transaction, its own record of the migration included, with all locks held.",
    instead: "End the file with COMMIT.",
    silent:
      "Where the tool wraps the file itself, so that its COMMIT ends the transaction; when COMMIT, END, ROLLBACK, ABORT or PREPARE " +
      "TRANSACTION follows; when no statement follows; when something behind BEGIN that cannot be read may end it, " +
      "such as an included file, a branch or a syntax error; for migrations in code.",
    references: ["https://www.postgresql.org/docs/current/sql-begin.html", "https://www.postgresql.org/docs/current/sql-commit.html"],
  },
  messages: {
    open: "no COMMIT follows this {command}: {tool}, and what nobody commits is rolled back when the connection ends",
    chain: "no COMMIT ends the transaction that AND CHAIN opens: {tool}, and what nobody commits is rolled back when the connection ends",
  },
  operations: [],
  check: () => [],
  *checkFile(statements, context) {
    const open = context.inCode ? null : openAtEnd(statements)
    const unit = open === null ? null : context.unitOf(open.statement)
    if (open === null || unit === null || (unit.wrap !== "none" && unit.wrap !== "unknown")) return
    const { span } = open.statement
    const isLast = statements.at(-1) === open
    if (isLast || context.isUnread({ start: span.end, end: Math.max(unit.end, context.current.statement.span.end) })) return
    const { severity, tool } = runOf(unit, context)
    const fix = commitAtEnd(unit, context)
    yield {
      span,
      message: open.statement.operations[0]?.op === "begin" ? "open" : "chain",
      severity,
      data: { command: /^\s*START\b/i.test(context.text(span)) ? "START TRANSACTION" : "BEGIN", tool },
      locks: [],
      ...(fix !== null && { fix }),
    }
  },
})

/** The statement that opened the transaction in which the file ends; null when it ends in none of its own. */
function openAtEnd(statements: readonly AnalyzedStatement[]): AnalyzedStatement | null {
  let open: AnalyzedStatement | null = null
  for (const analyzed of statements) {
    const [operation] = analyzed.statement.operations
    if (analyzed.within !== null || operation === undefined) continue
    // Inside a block BEGIN only warns.
    if (operation.op === "begin" && analyzed.transaction.kind === "explicit block") open ??= analyzed
    else if (operation.op === "commit" || operation.op === "rollback") open = open !== null && operation.chain ? analyzed : null
    else if (operation.op === "prepare transaction") open = null
  }
  return open
}

/** Who would commit, and how certain it is that nobody does. */
function runOf({ wrap }: Unit, { runner }: RuleContext): { readonly severity: Severity; readonly tool: string } {
  if (runner === null || wrap === "unknown") return { severity: "warning", tool: "no migration tool was recognized that would commit" }
  if (runner.framework === "psql") return { severity: "warning", tool: "psql commits at the end only with --single-transaction" }
  return { severity: "error", tool: `${runner.name} opens no transaction of its own here` }
}

function commitAtEnd(unit: Unit, context: RuleContext): Fix | null {
  const last = statementsOf(unit, context).at(-1)
  // Behind COPY ... FROM STDIN come its rows.
  if (last === undefined || last.operations.some(({ op }) => op === "copy")) return null
  const end = last.span.end
  const semicolon = /^\s*;/.exec(context.sql.slice(end))?.[0] ?? ""
  const at = end + semicolon.length
  return {
    applicability: "unsafe",
    title: "Commit at the end",
    edits: [{ span: { start: at, end: at }, text: `${semicolon === "" ? ";" : ""}\nCOMMIT;` }],
  }
}
