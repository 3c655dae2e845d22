import type { Lock } from "../src/effects/types.ts"
import { blocksWrites } from "../src/engine/questions/earlier.ts"
import type { ReportedLock } from "../src/engine/finding.ts"
import { opening, setsSearchPath } from "../src/engine/questions/predicates.ts"
import { defineRule, type AnalyzedStatement, type RuleContext } from "../src/engine/rule.ts"
import { createTimeout, followTimeout, inForceFor, maySetTimeout, type TimeoutValue } from "../src/engine/questions/timeouts.ts"
import { holdsLocks } from "../src/engine/transaction.ts"
import type { Span } from "../src/source/span.ts"
import { LOCK_MODES } from "../src/parse/operation.ts"
import type { ObjectId } from "../src/schema/catalog.ts"
import { withLockTimeout } from "../src/playbook/index.ts"

export default defineRule({
  id: "lock-timeout-missing",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "Without lock_timeout, a statement that waits for its lock makes every other query of the table wait too.",
    what:
      "Reports, once a file, the first statement that takes a lock which blocks reads or writes of an existing relation while " +
      "lock_timeout is not set or is more than five minutes, unless another rule already offers a safe version of that " +
      "statement.",
    why:
      "A lock request queues behind the longest running query, and everything that comes later queues behind the " +
      "request: one slow SELECT then stops the whole table. ACCESS EXCLUSIVE also pauses replay on standbys.",
    instead: "Set lock_timeout to a few seconds before the statement, and retry when it is hit.",
    silent:
      "When lock_timeout is set before (SET, SET LOCAL in a transaction, set_config, a function that is called, or the SET clause of the " +
      "function that runs the statement), when the tool's own files give its sessions one, for CONCURRENTLY and LOCK TABLE ... NOWAIT, for locks that the transaction holds already, for indexes of " +
      "materialized views, whose readers do not wait, and for files that lock only new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT"],
  },
  messages: {
    queries:
      "this waits for {mode} on {relation} without a {short}lock_timeout, and every query of {relation} that comes later " +
      "waits behind it",
    writes:
      "this waits for {mode} on {relation} without a {short}lock_timeout, and every write to {relation} that comes later " +
      "waits behind it",
  },
  operations: [],
  yields: true,
  *check() {
    // The whole file is looked at once, at its end.
  },
  *checkFile(statements, context) {
    const timeout = createTimeout("lock_timeout")
    const held: HeldModes = new Map()
    let isMeant = false
    for (const statement of statements) {
      const waitsFor = newLocks(statement, held, context)
      followTimeout(timeout, statement)
      isMeant ||= isWrongLocal(statement)
      const value = inForceFor(timeout, statement)
      if (isMeant || (value.milliseconds !== 0 && !isTooLong(value)) || (value.by === null && context.runner?.lockTimeout !== undefined)) continue
      const locks = waitsFor.some(holdsUp) ? context.locks({ ...statement, exposed: waitsFor.filter((one) => holdsUp(one) || !blocksWrites(one)) }).filter(blocksSomething) : []
      const [lock] = locks
      if (lock === undefined || isConcurrent(statement) || isImpatient(statement)) continue
      if (/\block_timeout\b/.test(context.text(statement.statement.span))) continue
      const local = statement.transaction.kind === "wrapped" || statement.transaction.kind === "explicit block"
      const at = (statement.within ?? statement.statement).span.start
      yield {
        span: opening(statement.statement, context),
        message: lock.blocks.includes("reads") ? "queries" : "writes",
        data: { mode: lock.mode, relation: lock.relation, short: isTooLong(value) ? "short " : "" },
        locks: keepsThem(statement, statements) ? locks.map(untilCommit) : locks,
        steps: () =>
          withLockTimeout({
            sql: context.text(statement.statement.span),
            relation: lock.relation,
            mode: lock.mode,
            path: pathBefore(statement, statements, context),
          }),
        // A look at all that follows: only the first such statement is reported, unless another rule does.
        fix: () => ({
          applicability: "unsafe",
          title: "Set a lock_timeout",
          edits: [inserted(at, `SET ${local ? "LOCAL " : ""}lock_timeout = '5s';\n`), ...(local ? [] : aroundBuilds(statement, statements.slice(statement.position + 1), context))],
        }),
      }
    }
  },
})

/** How strongly a transaction holds a relation: by the number of the one and the name of the other. */
type HeldModes = Map<string, number>

/** The locks that a statement may have to wait for: not those that its transaction holds as strongly. Takes them down as held. */
function newLocks({ exposed, statement, transaction }: AnalyzedStatement, held: HeldModes, { catalog }: RuleContext): readonly Lock[] {
  if (exposed.length === 0 || !holdsLocks(transaction)) return exposed
  const keyOf = (relation: ObjectId | string): string => `${String(transaction.id)} ${String(relation)}`
  const mayBeMissing = statement.operations.some((operation) => "missingOk" in operation && operation.missingOk)
  return exposed.filter(({ relation: { id, kind, schema, name }, mode }) => {
    const relation = id === null ? undefined : catalog.relationById(id)
    // A sequence that nobody has seen to be made, renamed if it is there: Rails does so with that of a table that it renames.
    if (kind === "sequence" && mayBeMissing && relation === undefined) return false
    const key = keyOf(id ?? `${schema}.${name}`)
    const wanted = LOCK_MODES.indexOf(mode)
    // Who draws from the sequence of a column has its table locked, and waits for that already.
    const table = relation?.ownedBy?.relation
    if ((held.get(key) ?? -1) >= wanted || (table !== undefined && (held.get(keyOf(table)) ?? -1) >= LOCK_MODES.indexOf("ACCESS EXCLUSIVE"))) return false
    held.set(key, wanted)
    return true
  })
}

/** The last statement in front of another one that sets search_path. */
function pathBefore(statement: AnalyzedStatement, statements: readonly AnalyzedStatement[], context: RuleContext): string | null {
  const before = statements.slice(0, statements.indexOf(statement))
  const last = before.findLast(({ statement: { operations }, within }) => within === null && operations.some(setsSearchPath))
  return last === undefined ? null : context.text(last.statement.span)
}

/** Whether other statements follow in the transaction. */
function keepsThem({ transaction, position }: AnalyzedStatement, statements: readonly AnalyzedStatement[]): boolean {
  return holdsLocks(transaction) && statements[position + 1]?.transaction.id === transaction.id
}

function untilCommit(lock: ReportedLock): ReportedLock {
  return lock.duration === "instant" ? { ...lock, duration: "transaction" } : lock
}

/** Behind a lock that only keeps writers out of a materialized view nobody waits but another REFRESH. */
function holdsUp(lock: Lock): boolean {
  return blocksWrites(lock) && (lock.relation.kind !== "materialized view" || lock.mode === "ACCESS EXCLUSIVE")
}

/**
 * A concurrent build must not give up: the timeout is taken away before each of those that follow, and set again behind it. In a message of
 * its own a build stays alone, because two statements there are a transaction: the timeout is then taken away behind what comes before.
 */
function aroundBuilds(first: AnalyzedStatement, later: readonly AnalyzedStatement[], { unitOf }: RuleContext): { readonly span: Span; readonly text: string }[] {
  const edits: { readonly span: Span; readonly text: string }[] = []
  let isOn = true
  let before = first.within ?? first.statement
  for (const { statement, effects, within, exposed } of later) {
    if (within !== null) continue
    const previous = before
    before = statement
    if (statement.operations.some((operation) => maySetTimeout("lock_timeout", operation))) break
    const isBuild = effects.transaction === "forbidden"
    if (isBuild === !isOn || (!isBuild && !exposed.some(holdsUp))) continue
    const isAlone = unitOf(previous) !== unitOf(statement)
    if (!isBuild) edits.push(inserted(statement.span.start, "SET lock_timeout = '5s';\n"))
    else edits.push(isAlone ? inserted(previous.span.end, ";\nRESET lock_timeout") : inserted(statement.span.start, "RESET lock_timeout;\n"))
    isOn = !isBuild
  }
  return edits
}

function inserted(at: number, text: string): { readonly span: Span; readonly text: string } {
  return { span: { start: at, end: at }, text }
}

function blocksSomething({ blocks }: ReportedLock): boolean {
  return blocks.length > 0
}

/**
 * A concurrent command that gives up on its lock leaves half of its work behind (an INVALID index, a pending detach).
 */
function isConcurrent({ statement }: AnalyzedStatement): boolean {
  return statement.operations.some((operation) => "concurrently" in operation && operation.concurrently)
}

/** LOCK TABLE ... NOWAIT fails at once where it would have to wait (docs: LOCK). */
function isImpatient({ statement }: AnalyzedStatement): boolean {
  return statement.operations.some((operation) => operation.op === "lock table" && operation.nowait)
}

/** Longer ones do not help: while the statement waits, everything behind it waits as well. */
const LONGEST_MS = 5 * 60_000

function isTooLong({ milliseconds }: TimeoutValue): boolean {
  return milliseconds !== null && milliseconds > LONGEST_MS
}

/** Outside a transaction SET LOCAL does nothing, which transaction-missing says. */
function isWrongLocal({ statement, transaction }: AnalyzedStatement): boolean {
  if (transaction.kind !== "autocommit") return false
  return statement.operations.some((operation) => operation.op === "set" && operation.local && operation.setting === "lock_timeout")
}
