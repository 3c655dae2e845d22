import type { Fix, RelatedLocation } from "../src/engine/finding.ts"
import { followTables, reportTables, severalTables, type LockedTable, type SeveralKeys, type TransactionTables } from "../src/engine/questions/locked-tables.ts"
import { addColumnSteps, lineOf, opening } from "../src/engine/questions/predicates.ts"
import { defineRule, type AnalyzedStatement, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { constraintAdditions } from "../src/engine/questions/swapped.ts"
import { list } from "../src/engine/words.ts"
import { createWithoutKeys, type Step } from "../src/playbook/index.ts"
import { byHand } from "../src/playbook/steps.ts"

export default defineRule({
  id: "transaction-locks-several-tables",
  severity: "warning",
  presets: ["strict"],
  docs: {
    summary: "A transaction that locks several existing tables one after the other deadlocks with code that uses them in another order.",
    what:
      "Reports, once a transaction, the statement by which it keeps writers out of another existing table while it does so to others " +
      "already (ACCESS EXCLUSIVE, EXCLUSIVE, SHARE ROW EXCLUSIVE, SHARE), and a statement with foreign keys to several of them.",
    why:
      "A transaction keeps every lock until it ends. While it waits for the next table, queries of those before wait, too; and a transaction of " +
      "the application that has written to the next one and now needs an earlier one makes a deadlock: after deadlock_timeout (1 s) " +
      "PostgreSQL cancels one of the two. With each table the wait gets longer, and so does the queue.",
    instead:
      "Change each table in a transaction of its own: in most tools that is a file of its own. Add foreign keys one by one; NOT VALID makes their " +
      "locks short, but they are SHARE ROW EXCLUSIVE on both tables all the same.",
    silent:
      "For new and temporary tables, tables that the statement drops, and locks that let writes go on; for a partitioned table and its partitions; when one of the statements " +
      "needs all those locks anyway (one foreign key, which locks both of its tables, DROP TABLE of a table with foreign keys, TRUNCATE or LOCK TABLE of several); " +
      "and where each statement commits by itself.",
    references: [
      "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS",
      "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
    ],
  },
  messages: {
    another:
      "this waits for {more} while its transaction holds {held}: code that uses these tables in another order deadlocks with it, " +
      "and all of them stay locked until it ends{later}",
    keys:
      "this takes {more} one after the other{held}: code that writes to these tables in another order deadlocks with it, and all of them stay locked until {end}",
  },
  *check(_, context) {
    const locked = followTables(context)
    if (locked?.first !== context.current || locked.keys === null) return
    yield {
      ...problemOf(locked, context.current, context),
      message: "keys",
      data: {
        more: byMode(takenBy(context.current, locked)),
        held: locked.before.length === 0 ? "" : `, on top of ${atWhen(locked.before, "since", context)}`,
        end: context.current.transaction.kind === "autocommit" ? "it is done" : "its transaction ends",
      },
      ...keySteps(locked.keys, context),
    }
  },
  *checkFile(_, context) {
    for (const locked of severalTables(context)) {
      const { before, cuts, first, keys, tables } = locked
      if (first === null || keys !== null || first.file !== context.file) continue
      const added = takenBy(first, locked)
      const later = [...tables.values()].filter(({ table }) => ![...before, ...added].some((one) => one.table === table))
      const fix = cutFix(locked, context)
      yield {
        ...problemOf(locked, first, context),
        message: "another",
        data: { more: byMode(added), held: atWhen(before, "since", context), later: later.length === 0 ? "" : `; then ${later.length === 1 ? "comes" : "come"} ${atWhen(later, "in", context)}` },
        steps: [apart(cuts, context)],
        replaces: [],
        ...(fix !== null && { fix }),
      }
    }
  },
})

function problemOf({ tables, before }: TransactionTables, at: AnalyzedStatement, context: RuleContext): Omit<Problem, "message"> {
  return {
    span: opening(at.statement, context),
    locks: reportTables(tables.values()),
    related: before.map(({ table, lock, taken }): RelatedLocation => ({ file: taken.file, span: taken.statement.span, message: `${lock.mode} on ${table} is taken here` })),
  }
}

function takenBy(statement: AnalyzedStatement, { tables }: TransactionTables): readonly LockedTable[] {
  return [...tables.values()].filter(({ taken }) => taken === statement)
}

/** `ACCESS EXCLUSIVE on a and b`, `ACCESS EXCLUSIVE on a and SHARE ROW EXCLUSIVE on b` */
function byMode(locked: readonly LockedTable[]): string {
  const modes = new Map<string, string[]>()
  for (const { lock, table } of locked) modes.set(lock.mode, [...(modes.get(lock.mode) ?? []), table])
  return list([...modes].map(([mode, tables]) => `${mode} on ${list(tables)}`))
}

/** `ACCESS EXCLUSIVE on a since line 3` */
function atWhen(locked: readonly LockedTable[], preposition: "since" | "in", context: RuleContext): string {
  const statements = [...new Set(locked.map(({ taken }) => taken))]
  return list(statements.map((taken) => `${byMode(locked.filter((one) => one.taken === taken))} ${preposition} ${lineOf(taken, context)}`))
}

/** Statements that add foreign keys to several tables, as one statement for each table. */
function keySteps(keys: SeveralKeys, context: RuleContext): Pick<Problem, "steps" | "stepsOf" | "replaces"> {
  const operations = [...new Set(keys.flat().map(({ operation }) => operation))]
  const [first] = operations
  if (first?.op === "create table") {
    const [, ...others] = keys
    return { steps: createWithoutKeys({ operation: first, keys: others.flat().map(({ constraint }) => constraint) }, context) }
  }
  if (operations.every(({ op }) => op === "add constraint")) return { stepsOf: constraintAdditions, replaces: operations }
  if (first?.op === "add column" && operations.every(({ op }) => op === "add column")) return { ...addColumnSteps(first, context), replaces: operations }
  return {}
}

/** How the statements get apart that the transaction holds together. */
function apart(cuts: readonly AnalyzedStatement[], context: RuleContext): Step {
  return byHand({ deploy: "expand", title: "Give each table a transaction of its own", note: wayOut(cuts, context) })
}

function wayOut(cuts: readonly AnalyzedStatement[], context: RuleContext): string {
  const lines = list(cuts.map((cut) => lineOf(cut, context)))
  const one = cuts.length === 1
  const what = one ? `${lines} and what follows it` : `${lines}, each with what follows it,`
  const own = one ? "of its own" : "of their own"
  const [first] = cuts
  if (first === undefined || cuts.some(({ within }) => within !== null)) return `Move ${what} out of the code: all that a DO block or function does is one transaction.`
  const { kind, offSwitch, why } = first.transaction
  if (kind === "explicit block") return `Write COMMIT and BEGIN in front of ${lines}; what SET LOCAL has set has to be set again.`
  if (kind === "all pending files") {
    const other = offSwitch === null || offSwitch === "" ? "" : ` Or ${offSwitch}.`
    return `Put ${what} into ${one ? "a migration" : "migrations"} ${own}, and run ${one ? "it" : "each of them"} in a later deploy: ${why}.${other}`
  }
  const unit = context.unitOf(first.statement)?.wrap === "changeset" ? "changeset" : "file"
  return `Put ${what} into ${one ? `a ${unit}` : `${unit}s`} ${own}: ${why}.`
}

/** COMMIT and BEGIN in front of each statement that begins with another table. */
function cutFix({ cuts }: TransactionTables, { file, statements, text }: RuleContext): Fix | null {
  const [first] = cuts
  if (first?.transaction.kind !== "explicit block") return null
  if (cuts.some((cut) => cut.within !== null || cut.file !== file) || statements.some(({ operations: [operation] }) => operation?.op === "savepoint")) return null
  return {
    applicability: "unsafe",
    title: "Commit before another table is locked",
    edits: cuts.map(({ statement: { span } }) => ({ span: { start: span.start, end: span.start }, text: `COMMIT;\nBEGIN;\n${localsBefore(span.start, statements, text)}` })),
  }
}

/** What SET LOCAL has set since the last BEGIN, which ends with the transaction. */
function localsBefore(start: number, statements: RuleContext["statements"], text: RuleContext["text"]): string {
  const before = statements.filter(({ span }) => span.start < start)
  const begun = before.findLastIndex(({ operations: [operation] }) => operation?.op === "begin")
  return before
    .slice(begun + 1)
    .flatMap(({ operations: [operation], span }) => (operation?.op === "set" && operation.local ? [`${text(span).replace(/\s*;\s*$/, "")};\n`] : []))
    .join("")
}
