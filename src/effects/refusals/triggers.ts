import type { Expression } from "../../parse/expression.ts"
import type { OperationOf } from "../../parse/operation.ts"
import { fail, failAt, type Draft } from "../draft.ts"

type Trigger = OperationOf<"create trigger">

/** What a trigger cannot be, whatever it is of (CreateTriggerFiringOn). */
export function refuseTiming(trigger: Trigger, draft: Draft): void {
  const { timing, events, forEachRow, updateOf, when, transitions } = trigger
  if (transitions.length > 0) refuseTransitions(trigger, draft)
  if (forEachRow && events.includes("truncate")) fail(draft, "0A000", "TRUNCATE FOR EACH ROW triggers are not supported")
  if (timing !== "instead of") {
    if (when !== null) refuseRows(trigger, when, draft)
    if (when !== null && timing === "before") refuseGenerated(trigger, when, draft)
    return
  }
  if (!forEachRow) fail(draft, "0A000", "INSTEAD OF triggers must be FOR EACH ROW")
  if (when !== null) fail(draft, "0A000", "INSTEAD OF triggers cannot have WHEN conditions")
  if (updateOf.length > 0) fail(draft, "0A000", "INSTEAD OF triggers cannot have column lists")
}

/** REFERENCING. */
function refuseTransitions({ table, timing, events, updateOf, forEachRow, transitions }: Trigger, draft: Draft): void {
  const relation = forEachRow ? draft.catalog.relation(table) : undefined
  if (relation?.kind === "partitioned table") fail(draft, "0A000", `"${relation.name}" is a partitioned table: ROW triggers with transition tables are not supported there`)
  if (relation?.known === true && relation.partition !== null) fail(draft, "0A000", "ROW triggers with transition tables are not supported on partitions")
  if (relation?.known === true && relation.inherits.length > 0) fail(draft, "0A000", "ROW triggers with transition tables are not supported on inheritance children")
  if (timing !== "after") fail(draft, "42P17", "transition table name can only be specified for an AFTER trigger")
  if (events.includes("truncate")) fail(draft, "42P17", "TRUNCATE triggers with transition tables are not supported")
  if (events.length > 1) fail(draft, "0A000", "transition tables cannot be specified for triggers with more than one event")
  if (updateOf.length > 0) fail(draft, "0A000", "transition tables cannot be specified for triggers with column lists")
  if (transitions.includes("new") && events.includes("delete")) fail(draft, "42P17", "NEW TABLE can only be specified for an INSERT or UPDATE trigger")
  if (transitions.includes("old") && events.includes("insert")) fail(draft, "42P17", "OLD TABLE can only be specified for a DELETE or UPDATE trigger")
}

/** What is generated is not there yet before the row is written. */
function refuseGenerated({ table }: Trigger, when: Expression, draft: Draft): void {
  const relation = draft.catalog.relation(table)
  const read = relation === undefined ? undefined : when.columns.find((one) => one.table === "new" && draft.catalog.column(relation, one.column)?.generated != null)
  if (read !== undefined) failAt(draft, read.span, "42P17", "BEFORE trigger's WHEN condition cannot reference NEW generated columns")
}

/** Rows that there are none of when the trigger fires. */
function refuseRows({ events, forEachRow }: Trigger, when: Expression, draft: Draft): void {
  const rows = rowsRead(when, draft)
  if (rows.size === 0) return
  if (!forEachRow) failAt(draft, when.span, "42P17", "statement trigger's WHEN condition cannot reference column values")
  if (rows.has("old") && events.includes("insert")) failAt(draft, when.span, "42P17", "INSERT trigger's WHEN condition cannot reference OLD values")
  if (rows.has("new") && events.includes("delete")) failAt(draft, when.span, "42P17", "DELETE trigger's WHEN condition cannot reference NEW values")
}

/** Which of OLD and NEW a condition reads, as a whole (`OLD.*`) or in part. */
function rowsRead({ columns, span }: Expression, { text }: Draft): ReadonlySet<string> {
  const whole = text(span).replaceAll(/'[^']*'/g, "").matchAll(/\b(old|new)\s*\.\s*\*/gi)
  const rows = [...columns.map(({ table }) => table), ...[...whole].map(([, row = ""]) => row.toLowerCase())]
  return new Set(rows.filter((row) => row === "old" || row === "new"))
}
