import { isFollowedBy, isKnownColumn, isPrecededBy, isReplacedBy, type ColumnChange } from "../src/engine/questions/loosened.ts"
import { excerpt, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type AnalyzedStatement, type Problem, type RuleContext, type StepsOf } from "../src/engine/rule.ts"
import type { Expression } from "../src/parse/expression.ts"
import type { Operation } from "../src/parse/operation.ts"
import { changeLater, dropDefaults, type Step } from "../src/playbook/index.ts"
import type { Column } from "../src/schema/catalog.ts"

export default defineRule({
  id: "default-change-breaks-writers",
  severity: "warning",
  presets: ["strict"],
  docs: {
    summary: "With another default, or none, INSERTs of running code that do not name the column store something else, or fail.",
    what:
      "Reports SET DEFAULT, DROP DEFAULT and DROP IDENTITY of a column that was there before the migration, and SET GENERATED ALWAYS of an " +
      "identity column, from which on INSERTs that give it a value fail.",
    why:
      "Code that is running was written with the old default in mind. From the moment the change commits, its INSERTs store the new value, NULL, or fail " +
      "when the column is NOT NULL; rows that are there keep what they have.",
    instead: "First ship the code that names the column in its INSERTs; change the default in a later deploy.",
    silent:
      "For columns and tables that the same migration creates (required-column-without-default speaks of the NOT NULL ones), and foreign tables; for a default that stays the " +
      "same, such as round a change of the type; for SET DEFAULT where there was none; and when the same file drops the column, or gives it another default.",
    references: ["https://www.postgresql.org/docs/current/ddl-default.html", "https://www.postgresql.org/docs/current/sql-altertable.html"],
  },
  messages: {
    changed: "INSERTs of running code that do not name {column} of {table} store {value} from here on, and no longer {old}",
    set: "INSERTs of running code that do not name {column} of {table} store {value} from here on",
    nothing: "INSERTs of running code that do not name {column} of {table} store NULL from here on{insteadOf}",
    fails: "INSERTs of running code that do not name {column} of {table} fail from here on: it is NOT NULL, and has no {source} any more",
    unknown: "INSERTs of running code that do not name {column} of {table} store NULL from here on, or fail if it is NOT NULL",
    always: "INSERTs of running code that give {column} of {table} a value of their own fail from here on: it is GENERATED ALWAYS",
  },
  operations: ["set default", "drop default", "set identity", "drop identity"],
  *check(statement, context) {
    if (statement.effects.unsupported !== null || statement.effects.fails !== null) return
    for (const { change, ...problem } of changes(statement, context)) {
      if (!isKnownColumn(change, context) || isFollowedBy(change, ["drop column"], context)) continue
      yield {
        span: change.span,
        ...problem,
        data: { column: written(change.column, context), table: written(change.relation, context), ...problem.data },
        locks: [],
        replaces: [change],
      }
    }
  },
})

type Found = Pick<Problem, "message" | "data" | "stepsOf"> & { readonly change: ColumnChange }

function* changes(statement: AnalyzedStatement, context: RuleContext): Iterable<Found> {
  for (const change of operationsOf(statement, "set default")) {
    const column = columnOf(change, context)
    const old = column?.default ?? null
    if (isFollowedBy(change, ["set default", "drop default"], context)) continue
    if (change.default.isNull) yield* withoutDefault(change, context, dropped)
    else if (old !== null && !isSame(old.text, change.default, context)) {
      yield { change, message: "changed", data: { value: excerpt(change.default, context), old: short(old.text) }, stepsOf: changed }
    } else if (column === undefined) yield { change, message: "set", data: { value: excerpt(change.default, context) }, stepsOf: changed }
  }
  for (const change of operationsOf(statement, "drop default")) yield* withoutDefault(change, context, dropped)
  for (const change of operationsOf(statement, "drop identity")) {
    const column = columnOf(change, context)
    if (column === undefined ? change.ifExists : column.identity === null) continue
    if (isReplacedBy(change, ["set default", "add identity"], context)) continue
    yield { change, message: "fails", data: { source: "identity" }, stepsOf: changed }
  }
  for (const change of operationsOf(statement, "set identity")) {
    if (change.identity === "always" && columnOf(change, context)?.identity !== "always") yield { change, message: "always", data: {}, stepsOf: changed }
  }
}

/** DROP DEFAULT, and SET DEFAULT NULL. */
function* withoutDefault(change: ColumnChange, context: RuleContext, stepsOf: StepsOf): Iterable<Found> {
  const column = columnOf(change, context)
  if (column !== undefined && column.default === null) return
  if (change.op === "drop default" && isReplacedBy(change, ["set default", "add identity"], context)) return
  if (isPrecededBy(change, ["set default"], context)) return
  if (column === undefined) yield { change, message: "unknown", data: {}, stepsOf }
  else if (column.notNull || column.notNullNotValid) {
    if (!isReplacedBy(change, ["drop not null"], context)) yield { change, message: "fails", data: { source: "default" }, stepsOf }
  } else yield { change, message: "nothing", data: { insteadOf: column.default === null ? "" : ` in place of ${short(column.default.text)}` }, stepsOf }
}

function columnOf({ relation, column }: ColumnChange, { catalog }: RuleContext): Column | undefined {
  const table = catalog.relation(relation)
  return table && catalog.column(table, column.name)
}

/** Casts aside, which follow the column's type. */
function isSame(old: string, { span }: Expression, { text }: RuleContext): boolean {
  return plain(old) === plain(text(span))
}

function plain(expression: string): string {
  return expression.replace(/\s+/g, " ").replace(/^\((.*)\)$/, "$1").replace(/(?:::[\w .[\]"]+(?:\(\d[\d, ]*\))?)+$/, "").trim()
}

function short(expression: string): string {
  const text = expression.replace(/\s+/g, " ")
  return text.length <= 40 ? text : `${text.slice(0, 37)}...`
}

function dropped(operations: readonly Operation[], context: RuleContext): readonly Step[] {
  const drops = operations.filter((operation) => operation.op === "drop default" || operation.op === "set default")
  const [first] = drops
  return first === undefined ? [] : dropDefaults({ table: first.relation, only: first.only, columns: drops.map(({ column }) => column) }, context)
}

/** The statement's own actions, in a later deploy. */
function changed(operations: readonly Operation[], context: RuleContext): readonly Step[] {
  const sets = operations.filter((operation) => operation.op === "set default" || operation.op === "set identity" || operation.op === "drop identity")
  const [first] = sets
  if (first === undefined) return []
  const always = sets.some(({ op }) => op === "set identity")
  const ready = always ? "no running code gives the column a value" : "all running code names the column in its INSERTs"
  return changeLater(
    {
      table: first.relation,
      only: first.only,
      actions: sets.map(({ span }) => context.text(span)),
      title: `Change where the values come from in a later deploy, once ${ready}`,
      rule: "default-change-breaks-writers",
      reason: ready,
    },
    context,
  )
}
