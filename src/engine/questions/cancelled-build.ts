import type { Operation, OperationOf, Statement } from "../../parse/operation.ts"
import { createIndex, detachPartition, noTimeout, reindex, timeoutAgain, withoutTimeouts, type SessionTimeout, type Step, type TimeoutSetting } from "../../playbook/index.ts"
import type { Fix, FixEdit } from "../finding.ts"
import { lineOf, opening, written } from "./predicates.ts"
import type { AnalyzedStatement, Problem, RuleContext } from "../rule.ts"
import { maySetTimeout, timeoutBefore, type TimeoutValue } from "./timeouts.ts"
import { holdsLocks } from "../transaction.ts"

/** What a cancelled statement would leave half done. */
type Build = OperationOf<"create index"> | OperationOf<"reindex"> | OperationOf<"detach partition">

/** The operations that a rule on top of this looks at. */
export const BUILDS = ["create index", "reindex", "detach partition"] as const

/**
 * Milliseconds from which on a timeout is meant for the build: a lock_timeout that long would not help any other statement, and migrations that
 * raise statement_timeout for a build choose half an hour or an hour.
 */
const MEANT_MS: Readonly<Record<TimeoutSetting, number>> = { lock_timeout: 5 * 60_000, statement_timeout: 30 * 60_000 }

const SETTINGS = ["lock_timeout", "statement_timeout"] as const

/**
 * A statement that commits in between, so that cancelling it rolls back only the last part, under a timeout that the file has set before. The
 * rule has the messages `index`, `unnamed`, `reindex` and `detach`, with `{timeout}`, `{line}`, and the name of the `{index}` or `{partition}`.
 */
export function* cancelledBuilds(setting: TimeoutSetting, analyzed: AnalyzedStatement, context: RuleContext): Iterable<Problem> {
  const operation = buildOf(analyzed)
  const cancelling = operation === null ? null : cancellingTimeout(setting, context)
  if (operation === null || cancelling === null) return
  const { by, timeout } = cancelling
  const fix = isFirst(by, context) ? withoutTimeoutIn(analyzed.statement, setting, timeout, context) : null
  yield {
    span: opening(analyzed.statement, context),
    ...subjectOf(operation, context, { timeout: /\D/.test(timeout) ? timeout : `${timeout} ms`, line: lineOf(by, context) }),
    locks: [],
    steps: unhurried(stepsOf(operation, context), context),
    related: [{ file: by.file, span: (by.within ?? by.statement).span, message: `${setting} is set here` }],
    ...(fix !== null && { fix }),
  }
}

/** Steps in place of a build, with the timeouts off that the file has set before and that may cancel it. */
export function unhurried(steps: readonly Step[], context: RuleContext): readonly Step[] {
  return withoutTimeouts({ steps, timeouts: SETTINGS.flatMap((setting) => cancellingTimeout(setting, context) ?? []) })
}

interface CancellingTimeout extends SessionTimeout {
  readonly by: NonNullable<TimeoutValue["by"]>
}

/** The timeout in force, where the file has set it and it may cancel a build. */
function cancellingTimeout(setting: TimeoutSetting, context: RuleContext): CancellingTimeout | null {
  const { by, written: timeout, milliseconds } = timeoutBefore(setting, context)
  if (by === null || timeout === null) return null
  if (milliseconds === null || milliseconds === 0 || milliseconds >= MEANT_MS[setting]) return null
  const { span } = by.within ?? by.statement
  return context.isUnread({ start: span.end, end: context.current.statement.span.start }) ? null : { setting, timeout, by }
}

/** Null for a statement that fails anyway, and for one that nobody else can run into. */
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

function subjectOf(operation: Build, context: RuleContext, data: Readonly<Record<string, string>>): Pick<Problem, "message" | "data"> {
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
function withoutTimeoutIn(first: Statement, setting: TimeoutSetting, timeout: string, context: RuleContext): Fix | null {
  const { statements, sql } = context
  const edits: FixEdit[] = []
  const insert = (at: number, text: string): void => void edits.push({ span: { start: at, end: at }, text })
  let last: Statement | null = null
  for (const statement of statements.slice(statements.indexOf(first))) {
    const isNext = statement.operations.some(isBuild)
    if (isNext && !isSentAlone(statement, context)) return null
    if (isNext && last === null) insert(statement.span.start, `${noTimeout(setting)}\n`)
    const isChanged = statement.operations.some((operation) => maySetTimeout(setting, operation))
    if (isChanged) break
    if (!isNext && last !== null) insert(endOf(last, sql), `\n${timeoutAgain(setting, timeout)}`)
    last = isNext ? statement : null
  }
  return { applicability: "unsafe", title: `Turn ${setting} off meanwhile`, edits }
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
