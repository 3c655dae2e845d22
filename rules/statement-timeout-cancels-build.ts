import type { Fix } from "../src/engine/finding.ts"
import { lineOf, opening, written } from "../src/engine/predicates.ts"
import { defineRule, type AnalyzedStatement, type RuleContext } from "../src/engine/rule.ts"
import { maySetTimeout, timeoutBefore } from "../src/engine/timeouts.ts"
import { holdsLocks } from "../src/engine/transaction.ts"
import type { Operation, OperationOf, Statement } from "../src/parse/operation.ts"
import {
  createIndex,
  detachPartition,
  NO_STATEMENT_TIMEOUT,
  reindex,
  statementTimeout,
  withoutStatementTimeout,
  type Step,
} from "../src/playbook/index.ts"

/** A longer one is meant for the build: migrations that raise it for one choose half an hour or an hour. */
const MEANT_MS = 30 * 60_000

export default defineRule({
  id: "statement-timeout-cancels-build",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "A statement_timeout that the file has set cancels a concurrent index build, which leaves an INVALID index.",
    what:
      "Reports CREATE INDEX CONCURRENTLY, REINDEX ... CONCURRENTLY and DETACH PARTITION ... CONCURRENTLY when the same file " +
      "has set a statement_timeout of less than half an hour before, and it is still in force.",
    why:
      "A concurrent build reads the table twice and waits for all older transactions, even those on other tables: it may take " +
      "hours. It commits in between, so that cancelling it rolls back only the last part: an INVALID index stays behind, which " +
      "costs every write and serves no query, and the name is taken when the migration runs again. A cancelled DETACH leaves " +
      "the partition pending detach, and only FINALIZE helps.",
    instead: "SET statement_timeout = 0 before the statement, and restore the old value after it.",
    silent:
      "For 0 and half an hour or more, after RESET, for a SET that was rolled back and for SET LOCAL, which ends with its transaction; " +
      "on new and temporary tables; where something between that cannot be read may have changed it, such as an " +
      "included file. For DROP INDEX CONCURRENTLY, which may be run again, and for VALIDATE CONSTRAINT and REFRESH " +
      "MATERIALIZED VIEW CONCURRENTLY, which leave nothing behind. What a role or database has as its default is not known.",
    references: [
      "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
      "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT",
    ],
  },
  messages: {
    index: "statement_timeout is {timeout} since {line}: if the build of {index} takes longer, it is cancelled and leaves an INVALID index",
    unnamed: "statement_timeout is {timeout} since {line}: if the build takes longer, it is cancelled and leaves an INVALID index",
    reindex: "statement_timeout is {timeout} since {line}: if the rebuild takes longer, it is cancelled and leaves an INVALID index",
    detach:
      "statement_timeout is {timeout} since {line}: if older transactions keep the DETACH waiting for longer, it is cancelled and " +
      "leaves {partition} pending detach",
  },
  operations: ["create index", "reindex", "detach partition"],
  *check(analyzed, context) {
    const operation = buildOf(analyzed)
    if (operation === null) return
    const value = timeoutBefore("statement_timeout", context)
    const { by, written: timeout, milliseconds } = value
    if (by === null || timeout === null) return
    if (milliseconds === null || milliseconds === 0 || milliseconds >= MEANT_MS) return
    const { span } = by.within ?? by.statement
    if (context.isUnread({ start: span.end, end: analyzed.statement.span.start })) return
    const fix = isFirst(by, context) ? withoutTimeout(analyzed.statement, timeout, context) : null
    yield {
      span: opening(analyzed.statement, context),
      ...subjectOf(operation, context, { timeout: /\D/.test(timeout) ? timeout : `${timeout} ms`, line: lineOf(by, context) }),
      locks: [],
      steps: withoutStatementTimeout({ steps: stepsOf(operation, context), timeout }),
      related: [{ file: context.file, span, message: "statement_timeout is set here" }],
      ...(fix !== null && { fix }),
    }
  },
})

type Build = OperationOf<"create index"> | OperationOf<"reindex"> | OperationOf<"detach partition">

/** What a cancelled statement leaves half done; null for one that fails anyway, and for one that nobody else can run into. */
function buildOf({ statement, within, transaction, effects, exposed }: AnalyzedStatement): Build | null {
  const [operation] = statement.operations
  if (operation === undefined || !isBuild(operation)) return null
  if (within !== null || holdsLocks(transaction) || effects.unsupported !== null || effects.fails !== null) return null
  const isWide = operation.op === "reindex" && operation.target !== "index" && operation.target !== "table"
  return isWide || exposed.length > 0 ? operation : null
}

function isBuild(operation: Operation): operation is Build {
  const { op } = operation
  return (op === "create index" || op === "reindex" || op === "detach partition") && operation.concurrently
}

/** Of several statements that the same timeout may cancel the first one carries the fix, which helps them all. */
function isFirst(by: AnalyzedStatement, { earlier }: RuleContext): boolean {
  return !earlier.slice(earlier.indexOf(by)).some((statement) => buildOf(statement) !== null)
}

function subjectOf(operation: Build, context: RuleContext, data: Readonly<Record<string, string>>): { message: string; data: Readonly<Record<string, string>> } {
  switch (operation.op) {
    case "create index":
      return operation.index === null
        ? { message: "unnamed", data }
        : { message: "index", data: { ...data, index: written(operation.index, context) } }
    case "reindex":
      return { message: "reindex", data }
    case "detach partition":
      return { message: "detach", data: { ...data, partition: written(operation.partition, context) } }
  }
}

function stepsOf(operation: Build, context: RuleContext): readonly Step[] {
  switch (operation.op) {
    case "create index":
      return createIndex(operation, context)
    case "reindex":
      return reindex(operation, context)
    case "detach partition":
      return detachPartition({ parent: operation.relation, partition: operation.partition }, context)
  }
}

/** Turns the timeout off round each run of such statements, up to where the file gives it another value. */
function withoutTimeout(first: Statement, timeout: string, context: RuleContext): Fix | null {
  const { statements, sql } = context
  const edits: Fix["edits"][number][] = []
  const insert = (at: number, text: string): void => void edits.push({ span: { start: at, end: at }, text })
  let last: Statement | null = null
  for (const statement of statements.slice(statements.indexOf(first))) {
    const isNext = statement.operations.some(isBuild)
    if (isNext && !isSentAlone(statement, context)) return null
    if (isNext && last === null) insert(statement.span.start, `${NO_STATEMENT_TIMEOUT}\n`)
    const isChanged = statement.operations.some((operation) => maySetTimeout("statement_timeout", operation))
    if (isChanged) break
    if (!isNext && last !== null) insert(endOf(last, sql), `\n${statementTimeout(timeout)}`)
    last = isNext ? statement : null
  }
  return { applicability: "unsafe", title: "Turn statement_timeout off meanwhile", edits }
}

/** Whether what is written before the statement travels in another message: in the same one the server would refuse the statement. */
function isSentAlone(statement: Statement, { sql, unitOf }: RuleContext): boolean {
  const send = unitOf(statement)?.send
  if (send !== "psql" && send !== "split") return false
  const lineStart = sql.lastIndexOf("\n", statement.span.start - 1)
  const before = sql.slice(Math.max(0, sql.lastIndexOf(";", statement.span.start)), Math.max(0, lineStart))
  return !/StatementBegin\b/.test(before)
}

function endOf({ span }: Statement, sql: string): number {
  return span.end + (/^\s*;/.exec(sql.slice(span.end))?.[0].length ?? 0)
}
