/** The NOT NULL constraints of columns. In 18 one that is NO INHERIT has to be so wherever it is declared, and serves no key. */
import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { ColumnDefinition, Operation, OperationOf } from "../../parse/operation.ts"
import type { Relation } from "../../schema/catalog.ts"
import { comesNotNull, dropsColumn, losesNotNull } from "../alter/not-null.ts"
import { fail, type Draft } from "../draft.ts"

export function refuseNoInherit(draft: Draft): void {
  fail(draft, "0A000", "not-null constraints on partitioned tables cannot be NO INHERIT")
}

function refuseChange(draft: Draft, column: string): void {
  fail(draft, "0A000", `cannot change NO INHERIT status of the NOT NULL constraint on column "${column}"`)
}

/** What a new table's columns say of NOT NULL, and what its constraints say of them. */
export function refuseMixedNotNull({ columns, constraints, partitionBy }: OperationOf<"create table">, draft: Draft): void {
  for (const { name } of columns) {
    const own = columns.filter((column) => column.name.name === name.name).flatMap(notNullsOf)
    const declared = [...own, ...constraints.flatMap((constraint) => notNullBy(constraint, name.name))]
    if (partitionBy !== null && declared.includes("no inherit")) refuseNoInherit(draft)
    refuseMixed(declared, name.name, draft)
  }
}

type Declared = "inherit" | "no inherit"

/** What a new column's definition says, and a primary key that is added with it. */
export function refuseMixedInColumn(column: ColumnDefinition, draft: Draft): void {
  const { name } = column.name
  refuseMixed([...notNullsOf(column), ...(keyNeeds(draft, name) ? (["inherit"] as const) : [])], name, draft)
}

function refuseMixed(declared: readonly Declared[], column: string, draft: Draft): void {
  if (declared.includes("inherit") && declared.includes("no inherit"))
    fail(draft, "42601", `conflicting NO INHERIT declarations for not-null constraints on column "${column}"`)
}

/** How a column's own definition makes it NOT NULL, for each time that it does. */
function notNullsOf({ constraints, identity, name, notNull, serial }: ColumnDefinition): readonly Declared[] {
  const declared: Declared[] = notNull === null ? [] : [notNull.noInherit ? "no inherit" : "inherit"]
  if (serial || identity !== null) declared.push("inherit")
  return [...declared, ...constraints.flatMap((constraint) => notNullBy(constraint, name.name))]
}

function notNullBy(constraint: ConstraintDefinition, column: string): readonly Declared[] {
  if (constraint.kind === "not null") return constraint.column.name === column ? [constraint.noInherit ? "no inherit" : "inherit"] : []
  return constraint.kind === "primary key" && constraint.columns.some(({ name }) => name === column) ? ["inherit"] : []
}

/** Whether the statement adds a primary key over the column. */
function keyNeeds(draft: Draft, column: string): boolean {
  return draft.statement.operations.some(
    (one) => one.op === "add constraint" && one.constraint.kind === "primary key" && one.constraint.columns.some(({ name }) => name === column),
  )
}

/** A primary key over columns of which the NOT NULL is NO INHERIT, or goes with the same statement. */
export function refuseLooseKey(relation: Relation, key: Extract<ConstraintDefinition, { readonly usingIndex: unknown }>, draft: Draft): void {
  const index = key.usingIndex === null ? undefined : draft.catalog.index({ schema: relation.schema, name: key.usingIndex.name })
  const columns = index === undefined ? key.columns.map((column) => column.name) : index.columns.flatMap((column) => column ?? [])
  refuseDroppedNotNull(relation, columns, draft)
  const loose = draft.catalog.constraintsOf(relation.id).find((one) => one.kind === "not null" && one.noInherit && columns.includes(one.columns[0] ?? ""))
  const column = loose?.columns[0]
  if (column !== undefined && !dropsColumn(draft, column)) fail(draft, "55000", `cannot create primary key on column "${column}": its NOT NULL is NO INHERIT`)
}

/**
 * A new primary key counts on the NOT NULL that is there, although the same statement drops it before (18, and 12 for tables
 * with partitions).
 */
function refuseDroppedNotNull(relation: Relation, columns: readonly string[], draft: Draft): void {
  const { operations } = draft.statement
  for (const column of columns) {
    const partitioned = relation.kind === "partitioned table" && draft.catalog.children(relation.id).length > 0
    const trusted = draft.pgVersion === 12 && partitioned && draft.catalog.column(relation, column)?.notNull === true
    if (trusted && losesNotNull(draft, relation, column)) fail(draft, "42P16", `primary key column "${column}" is not marked NOT NULL`)
    const own = draft.catalog.constraintsOf(relation.id).find((one) => one.kind === "not null" && one.columns[0] === column)
    const again = operations.some(
      (one) =>
        (one.op === "set not null" && one.column.name === column) ||
        (one.op === "add column" && one.column.name.name === column && comesNotNull(one.column)) ||
        (one.op === "add constraint" && one.constraint.kind === "not null" && one.constraint.column.name === column),
    )
    if (own !== undefined && losesNotNull(draft, relation, column) && !again) fail(draft, "42P16", `primary key column "${column}" is not marked NOT NULL`)
  }
}

/** A column has one NOT NULL constraint; asking for a second name is an error. */
export function refuseNotNull(
  relation: Relation,
  constraint: Extract<ConstraintDefinition, { kind: "not null" }>,
  only: boolean,
  draft: Draft,
): void {
  const column = constraint.column.name
  if (constraint.noInherit && relation.kind === "partitioned table") refuseNoInherit(draft)
  const existing = draft.catalog.constraintsOf(relation.id).find((one) => one.kind === "not null" && one.columns.includes(column))
  if (!constraint.notValid) {
    for (const member of only || constraint.noInherit ? [relation] : draft.catalog.tree(relation.id)) {
      const own = draft.catalog.constraintsOf(member.id).find((one) => one.kind === "not null" && one.columns.includes(column))
      if (own?.validated === false && !losesNotNull(draft, member, column))
        fail(draft, "55000", `incompatible NOT VALID constraint "${own.name}" on relation "${member.name}"`)
    }
  }
  const kept = existing !== undefined && !losesNotNull(draft, relation, column)
  if (kept ? existing.noInherit !== constraint.noInherit : constraint.noInherit && keyNeeds(draft, column)) refuseChange(draft, column)
  if (only && !constraint.noInherit && !kept && draft.catalog.children(relation.id).length > 0) fail(draft, "42P16", "constraint must be added to child tables too")
  if (constraint.name === null) return
  const other =
    !kept
      ? draft.statement.operations.some((one) => comesFirst(one, constraint))
      : existing.name !== constraint.name.name
  if (other)
    fail(draft, "55000", `cannot create not-null constraint "${constraint.name.name}" on column "${column}"`)
}

/** SET NOT NULL comes before all constraints, and those come in the order written: the first one names the column's NOT NULL. */
function comesFirst(one: Operation, { column, span }: Extract<ConstraintDefinition, { kind: "not null" }>): boolean {
  if (one.op === "set not null") return one.column.name === column.name
  if (one.op === "add column") {
    const named = one.column.name.name === column.name
    return named && (one.column.notNull !== null || one.column.constraints.some(({ kind }) => kind === "primary key"))
  }
  if (one.op !== "add constraint" || one.constraint.span.start >= span.start) return false
  if (one.constraint.kind === "not null") return one.constraint.column.name === column.name
  return one.constraint.kind === "primary key" && one.constraint.columns.some(({ name }) => name === column.name)
}
