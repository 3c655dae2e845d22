import type { NamedColumns } from "../../parse/operations/maintenance.ts"
import type { Identifier, Name, OperationOf } from "../../parse/operation.ts"
import { fail, failAt, failWithout, failWithoutColumn, isSystem, type Draft } from "../draft.ts"
import { isSystemColumn } from "./columns.ts"
import type { Refusals } from "./index.ts"
import { listedRelation } from "./queries.ts"

/** What GRANT, COMMENT and ANALYZE name and is not there. */
export const namedRefusals: Refusals = {
  grant: refuseGranted,
  revoke: refuseGranted,
  analyze({ columns }, draft) {
    refuseAnalyzed(columns, draft)
  },
  vacuum({ columns, analyze }, draft) {
    if (columns.length > 0 && !analyze) fail(draft, "0A000", "ANALYZE option must be specified when a column list is provided")
    refuseAnalyzed(columns, draft)
  },
  comment(operation, draft) {
    const { kind, object } = operation
    if (kind === "trigger" || kind === "policy" || kind === "rule") refusePart(operation, kind, draft)
    if ((kind === "type" || kind === "domain") && isNoType(object, draft)) failWithout(draft, "type", object, "42704", `type "${object.name}" does not exist`)
  },
}

function refuseGranted({ kind, objects, columns }: OperationOf<"grant" | "revoke">, draft: Draft): void {
  for (const object of objects) {
    if (kind === "type" || kind === "domain") {
      if (isNoType(object, draft)) failWithout(draft, "type", object, "42704", `type "${object.name}" does not exist`)
    } else if (kind === "sequence") {
      const relation = draft.catalog.relation(object)
      if (relation !== undefined && relation.created !== null && relation.kind !== "sequence") failAt(draft, object.span, "42809", `"${relation.name}" is not a sequence`)
    } else if (columns.length > 0) refuseColumns(object, columns.filter(({ name }) => !isSystemColumn(name)), draft)
  }
}

function refuseAnalyzed(named: readonly NamedColumns[], draft: Draft): void {
  for (const { table, columns } of named) {
    // Others are skipped.
    const kind = draft.catalog.relation(table)?.kind
    if (kind === "view" || kind === "sequence") continue
    refuseColumns(table, columns, draft)
    const twice = columns.find(({ name }, at) => columns.findIndex((one) => one.name === name) < at)
    if (twice !== undefined) failAt(draft, twice.span, "42701", `column "${twice.name}" of relation "${table.name}" appears more than once`)
  }
}

function refuseColumns(table: Name, columns: readonly Identifier[], draft: Draft): void {
  const relation = listedRelation(draft, table)
  if (relation === undefined) return
  for (const column of columns)
    if (draft.catalog.column(relation, column.name) === undefined)
      failWithoutColumn(draft, column, [relation], `column "${column.name}" of relation "${relation.name}" does not exist`)
}

function refusePart({ object, table }: OperationOf<"comment">, kind: "trigger" | "policy" | "rule", draft: Draft): void {
  const { catalog } = draft
  const relation = table === null ? undefined : catalog.relation(table)
  if (relation?.known !== true || !catalog.isCertain(relation)) return
  const parts = kind === "trigger" ? catalog.triggersOf(relation.id) : kind === "policy" ? catalog.policiesOf(relation.id) : catalog.rulesOf(relation.id)
  if (parts.some(({ name }) => name === object.name)) return
  fail(draft, "42704", `${kind} "${object.name}" for ${kind === "rule" ? "relation" : "table"} "${relation.name}" does not exist`)
}

function isNoType(name: Name, { catalog }: Draft): boolean {
  return !isSystem(name) && catalog.type(name) === undefined && catalog.relation(name) === undefined && catalog.rulesOutType(name)
}
