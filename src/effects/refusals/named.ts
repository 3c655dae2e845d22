import type { NamedColumns } from "../../parse/operations/maintenance.ts"
import type { Identifier, Name, OperationOf } from "../../parse/operation.ts"
import { fail, failAt, failWithout, failWithoutColumn, isSystem, type Draft } from "../draft.ts"
import { isSystemColumn } from "./columns.ts"
import { refuseMissingFunction } from "./functions.ts"
import type { Refusals } from "./index.ts"
import { listedRelation } from "./queries.ts"
import { rulesOutType } from "./types.ts"

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
    if (kind === "function" || kind === "procedure" || kind === "routine") refuseMissingFunction(object, operation.arguments, kind, draft)
    if (kind === "type" || kind === "domain") refuseMissingType(object, kind, draft)
    if (kind === "publication" || kind === "statistics" || kind === "extension") refuseMissingObject(object, kind, draft)
    if (kind === "domain constraint" && operation.table !== null) refuseMissingCheck(object, operation.table, draft)
  },
}

/** What may be granted on each kind of object (aclchk.c); tables and sequences share theirs, since both are written as tables. */
const PRIVILEGES: Readonly<Partial<Record<OperationOf<"grant" | "revoke">["kind"], readonly string[]>>> = {
  table: ["select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain", "usage"],
  function: ["execute"],
  procedure: ["execute"],
  routine: ["execute"],
  schema: ["usage", "create"],
  type: ["usage"],
  domain: ["usage"],
  database: ["create", "connect", "temp", "temporary"],
}

const OF_COLUMNS: readonly string[] = ["select", "insert", "update", "references"]

function refusePrivileges({ kind, columns, privileges }: OperationOf<"grant" | "revoke">, draft: Draft): void {
  const allowed = columns.length > 0 && privileges.length === 1 ? OF_COLUMNS : PRIVILEGES[kind]
  const other = privileges.find((privilege) => allowed?.includes(privilege) === false)
  if (other !== undefined) fail(draft, "0LP01", `invalid privilege type ${other.toUpperCase()} for ${columns.length > 0 ? "column" : kind}`)
}

function refuseGranted(operation: OperationOf<"grant" | "revoke">, draft: Draft): void {
  const { kind, objects, columns } = operation
  refusePrivileges(operation, draft)
  for (const [position, object] of objects.entries()) {
    if (kind === "function" || kind === "procedure" || kind === "routine") refuseMissingFunction(object, operation.arguments[position] ?? null, kind, draft)
    if (kind === "type" || kind === "domain") refuseMissingType(object, kind, draft)
    else if (kind === "sequence") {
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

function refuseMissingType(name: Name, kind: "type" | "domain", draft: Draft): void {
  const { catalog } = draft
  const type = catalog.type(name)
  if (!isSystem(name) && type === undefined && catalog.relation(name) === undefined && rulesOutType(name, catalog)) failWithout(draft, "type", name, "42704", `type "${name.name}" does not exist`)
  if (kind === "domain" && type !== undefined && type.kind !== "domain") failAt(draft, name.span, "42809", `"${type.name}" is not a domain`)
}

function refuseMissingObject(name: Name, kind: "publication" | "statistics" | "extension", draft: Draft): void {
  const { catalog } = draft
  if (!catalog.complete) return
  const isThere = {
    publication: () => catalog.publication(name.name) !== undefined,
    statistics: () => catalog.statistics(name) !== undefined,
    extension: () => name.name === "plpgsql" || catalog.hasExtension(name.name),
  }
  if (!isThere[kind]()) failAt(draft, name.span, "42704", `${kind === "statistics" ? "statistics object" : kind} "${name.name}" does not exist`)
}

function refuseMissingCheck(name: Name, domain: Name, draft: Draft): void {
  const { catalog } = draft
  const type = catalog.type(domain)
  if (type?.kind !== "domain" || !catalog.isCertain(type) || type.checks.some((check) => check.name === name.name)) return
  // From 17 on NOT NULL has a name as well, which is not kept.
  if (!type.notNull || draft.pgVersion < 17) failAt(draft, name.span, "42704", `constraint "${name.name}" for domain ${type.name} does not exist`)
}
