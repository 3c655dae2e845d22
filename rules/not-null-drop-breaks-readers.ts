import { holdsRows, provesNotNull } from "../src/effects/index.ts"
import { isKnownColumn, isReplacedBy } from "../src/engine/questions/loosened.ts"
import { operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { Operation, OperationOf } from "../src/parse/operation.ts"
import { changeLater, type Step } from "../src/playbook/index.ts"
import { quoteIdent } from "../src/schema/index.ts"

export default defineRule({
  id: "not-null-drop-breaks-readers",
  severity: "warning",
  presets: ["strict"],
  docs: {
    summary: "After DROP NOT NULL, code that is running may read NULL where it never met one.",
    what: "Reports DROP NOT NULL of a column that was there before the migration.",
    why:
      "Clients, and views, functions and queries that count on a value (NOT IN, sums, keys of joins, fields of a struct without a null), get NULL " +
      "as soon as the first code writes one; and NOT NULL does not come back without a scan and mending every such row.",
    instead: "First ship the code that copes with NULL everywhere it reads the column; drop NOT NULL in a later deploy, before any code writes NULL.",
    silent:
      "For columns and tables that the same migration creates, and foreign tables; where the column is known to be nullable, or a valid CHECK or its domain goes on to " +
      "refuse NULL; and when the same file makes it NOT NULL again, or drops it.",
    references: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-NOT-NULL"],
  },
  messages: {
    dropped: "without NOT NULL, {column} of {table} may hold NULL, which running code that reads it has never met",
  },
  operations: ["drop not null"],
  *check(statement, context) {
    if (statement.effects.unsupported !== null || statement.effects.fails !== null) return
    for (const operation of operationsOf(statement, "drop not null")) {
      if (!isKnownColumn(operation, context) || !lets(operation, context) || isReplacedBy(operation, ["set not null", "drop column"], context)) continue
      yield {
        span: operation.span,
        message: "dropped",
        data: { column: written(operation.column, context), table: written(operation.relation, context) },
        locks: [],
        stepsOf: later,
        replaces: [operation],
      }
    }
  },
})

/** Whether the column may hold NULL from here on, and could not before. */
function lets({ relation, column }: OperationOf<"drop not null">, { catalog }: RuleContext): boolean {
  const table = catalog.relation(relation)
  const found = table && catalog.column(table, column.name)
  if (table === undefined || found === undefined) return true
  if (!found.notNull && !found.notNullNotValid) return false
  const type = catalog.type(found.type)
  if (type?.kind === "domain" && type.notNull) return false
  return !provesNotNull(catalog.constraintsOf(table.id), column.name, holdsRows(found.type, catalog))
}

function later(operations: readonly Operation[], context: RuleContext): readonly Step[] {
  const drops = operations.filter((operation) => operation.op === "drop not null")
  const [first] = drops
  if (first === undefined) return []
  const { relation: table, only } = first
  return changeLater(
    {
      table,
      only,
      actions: drops.map(({ column }) => `ALTER COLUMN ${quoteIdent(column.name)} DROP NOT NULL`),
      title: "Drop NOT NULL in a later deploy, once all running code copes with NULL",
      rule: "not-null-drop-breaks-readers",
      reason: "all running code copes with NULL",
    },
    context,
  )
}
