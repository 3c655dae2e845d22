import type { OperationOf } from "../../parse/operation.ts"
import type { Relation } from "../../schema/catalog.ts"
import { formatType } from "../../schema/index.ts"
import { saysTheSame } from "../../schema/inheritance.ts"
import { fail, failAt, type Draft } from "../draft.ts"
import { columnType } from "../type-change.ts"
import { knownRelation } from "./columns.ts"
import type { Refusals } from "./index.ts"

type Inheritance = OperationOf<"inherit" | "no inherit">

/** What keeps a table from becoming the child of another (ATPrepAddInherit, MergeAttributesIntoExisting). */
export const inheritanceRefusals: Refusals = {
  "create table"(operation, draft) {
    refuseOwnValues(operation, draft)
    const seen = new Map<string, string>()
    const checks = new Map<string, string>()
    const enforced = new Set<string>()
    const parents: Relation[] = []
    for (const name of operation.inherits) {
      const parent = draft.catalog.relation(name)
      if (parent?.known !== true) return
      refuseTemporary(operation, parent, draft)
      if (parents.includes(parent)) failAt(draft, name.span, "42P07", `relation "${parent.name}" would be inherited from more than once`)
      parents.push(parent)
      for (const { kind, name: own, noInherit, expression, enforced: isEnforced } of draft.catalog.constraintsOf(parent.id)) {
        if (kind !== "check" || noInherit || expression === null) continue
        if (!saysTheSame(checks.get(own) ?? expression.text, expression.text))
          fail(draft, "42710", `check constraint name "${own}" appears multiple times but with different expressions`)
        checks.set(own, expression.text)
        if (isEnforced) enforced.add(own)
      }
      for (const column of parent.columns) {
        const type = column.type.schema === null ? null : formatType(column.type)
        if (type === null) continue
        if ((seen.get(column.name) ?? type) !== type) fail(draft, "42804", `inherited column "${column.name}" has a type conflict`)
        seen.set(column.name, type)
      }
    }
    for (const constraint of [...operation.constraints, ...operation.columns.flatMap((column) => column.constraints)]) {
      if (constraint.kind === "check" && constraint.notEnforced && constraint.name !== null && enforced.has(constraint.name.name))
        fail(draft, "42P17", `constraint "${constraint.name.name}" conflicts with NOT ENFORCED constraint on relation "${operation.table.name}"`)
    }
    refuseDefaults(operation, parents, draft)
    refuseCollations(operation, parents, draft)
    for (const { name, type } of operation.inherits.length === 0 ? [] : operation.columns) {
      const own = columnType(type, draft.catalog)
      const inherited = seen.get(name.name)
      if (own.schema !== null && inherited !== undefined && formatType(own) !== inherited)
        fail(draft, "42804", `column "${name.name}" has a type conflict`)
    }
  },
  inherit: (action: Inheritance, draft) => {
    const child = knownRelation(draft, action)
    const parent = draft.catalog.relation(action.parent)
    if (child === null || parent?.known !== true) return
    if (child.kind === "partitioned table") fail(draft, "42809", "cannot change inheritance of partitioned table")
    if (child.partition !== null) fail(draft, "42809", "cannot change inheritance of a partition")
    if (child.ofType !== null) fail(draft, "42809", "cannot change inheritance of typed table")
    if (parent.kind === "partitioned table") fail(draft, "42809", `cannot inherit from partitioned table "${parent.name}"`)
    if (parent.partition !== null) fail(draft, "42809", "cannot inherit from a partition")
    refuseTemporary(child, parent, draft)
    if (child.inherits.includes(parent.id))
      fail(draft, "42P07", `relation "${parent.name}" would be inherited from more than once`)
    if (draft.catalog.tree(child.id).includes(parent)) fail(draft, "42P07", "circular inheritance not allowed")
    refuseMismatch(child, parent, draft)
  },
  "no inherit": (action: Inheritance, draft) => {
    const child = knownRelation(draft, action)
    const parent = draft.catalog.relation(action.parent)
    if (child === null || parent === undefined) return
    if (child.partition !== null) fail(draft, "42809", "cannot change inheritance of a partition")
    if (!child.inherits.includes(parent.id))
      fail(draft, "42P01", `relation "${parent.name}" is not a parent of relation "${child.name}"`)
  },
  "attach partition"(action, draft) {
    const parent = knownRelation(draft, action)
    const child = draft.catalog.relation(action.partition)
    if (parent?.kind !== "partitioned table" || child?.known !== true || child.partition !== null) return
    if (child.ofType !== null) fail(draft, "42809", "cannot attach a typed table as partition")
    if (child.inherits.length > 0) fail(draft, "42809", "cannot attach inheritance child as partition")
    if (child.kind === "table" && draft.catalog.children(child.id).length > 0)
      fail(draft, "42809", "cannot attach inheritance parent as partition")
    if (draft.catalog.tree(child.id).includes(parent)) fail(draft, "42P07", "circular inheritance not allowed")
    refuseTemporary(child, parent, draft)
    for (const { name, identity } of child.columns) {
      if (draft.catalog.column(parent, name) === undefined)
        fail(draft, "42804", `table "${child.name}" contains column "${name}" not found in parent "${parent.name}"`)
      if (identity !== null && draft.pgVersion >= 17)
        fail(draft, "0A000", `table "${child.name}" being attached contains an identity column "${name}"`)
    }
    refuseMismatch(child, parent, draft)
    for (const { name, forEachRow } of draft.catalog.triggersOf(parent.id))
      if (forEachRow && draft.catalog.triggersOf(child.id).some((own) => own.name === name)) fail(draft, "42710", `trigger "${name}" for relation "${child.name}" already exists`)
  },
}

/** A column sorts as its parents' does (MergeAttributes). */
function refuseCollations({ columns }: OperationOf<"create table">, parents: readonly Relation[], draft: Draft): void {
  const seen = new Map<string, string | null>()
  for (const { name, collation } of parents.flatMap((parent) => parent.columns)) {
    const other = seen.get(name)
    if (other !== undefined && other !== collation) fail(draft, "42P21", `inherited column "${name}" has a collation conflict`)
    seen.set(name, collation)
  }
  for (const { name, type, collation } of columns) {
    const inherited = seen.get(name.name)
    const own = columnType(type, draft.catalog).schema === "pg_catalog" ? (collation?.name ?? null) : inherited
    if (inherited !== undefined && own !== inherited) failAt(draft, name.span, "42P21", `column "${name.name}" has a collation conflict`)
  }
}

/** Which of several parents' defaults is meant, the table has to say (MergeAttributes). */
function refuseDefaults({ columns }: OperationOf<"create table">, parents: readonly Relation[], draft: Draft): void {
  const seen = new Map<string, string>()
  for (const { name, default: value } of parents.flatMap((parent) => parent.columns)) {
    if (value === null) continue
    const other = seen.get(name)
    if (other !== undefined && !saysTheSame(other, value.text) && !columns.some((own) => own.name.name === name && own.default !== null))
      fail(draft, "42611", `column "${name}" inherits conflicting default values`)
    seen.set(name, value.text)
  }
}

/** What a table cannot say of a column that its parent generates (MergeAttributes). */
function refuseOwnValues({ columns, inherits, partitionOf }: OperationOf<"create table">, draft: Draft): void {
  const parents = (partitionOf === null ? inherits : [partitionOf.parent]).flatMap((name) => draft.catalog.relation(name) ?? [])
  for (const { name, default: value, generated } of parents.length === 0 ? [] : columns) {
    if (!parents.some((parent) => draft.catalog.column(parent, name.name)?.generated != null)) continue
    // Before 16 only partitions could have a default.
    if (value !== null && (partitionOf === null || draft.pgVersion >= 16)) fail(draft, "42611", `column "${name.name}" inherits from generated column but specifies default`)
    if (generated === null || draft.pgVersion >= 16) continue
    if (partitionOf === null) fail(draft, "42611", `child column "${name.name}" specifies generation expression`)
    else fail(draft, "0A000", "generated columns are not supported on partitions")
  }
}

function refuseTemporary(child: Pick<Relation, "persistence">, parent: Relation, draft: Draft): void {
  if (parent.persistence === "temporary" && child.persistence !== "temporary")
    fail(draft, "42809", `cannot inherit from temporary relation "${parent.name}"`)
}

/** The child needs the parent's columns, as they are, and its CHECK constraints. */
function refuseMismatch(child: Relation, parent: Relation, draft: Draft): void {
  for (const column of parent.columns) {
    const own = draft.catalog.column(child, column.name)
    if (own === undefined) {
      fail(draft, "42804", `child table is missing column "${column.name}"`)
      continue
    }
    if (own.type.schema !== null && column.type.schema !== null && formatType(own.type) !== formatType(column.type))
      fail(draft, "42804", `child table "${child.name}" has different type for column "${column.name}"`)
    const noInherit = draft.catalog.constraintsOf(parent.id).some((one) => one.kind === "not null" && one.columns[0] === column.name && one.noInherit)
    if (column.notNull && !noInherit && !own.notNull && !own.notNullNotValid)
      fail(draft, "42804", `column "${column.name}" in child table "${child.name}" must be marked NOT NULL`)
    if (column.notNull && !column.notNullNotValid && own.notNullNotValid && !noInherit)
      fail(draft, "42P17", `the NOT NULL of "${column.name}" conflicts with the NOT VALID one of child table "${child.name}"`)
    // Only from 16 on the child may not compute what its parent stores.
    if (column.generated === null ? own.generated !== null && draft.pgVersion >= 16 : own.generated === null && draft.pgVersion >= 12)
      fail(draft, "42804", `column "${column.name}" is generated in only one of "${child.name}" and "${parent.name}"`)
    else if (draft.pgVersion >= 12 && draft.pgVersion < 16 && column.generated !== null && own.generated !== null && !saysTheSame(own.generated.text, column.generated.text))
      fail(draft, "42804", `column "${column.name}" in child table has a conflicting generation expression`)
    else if (column.generated !== null && own.generated !== null && column.generated.stored !== own.generated.stored)
      fail(draft, "42804", `column "${column.name}" inherits from generated column of different kind`)
  }
  for (const check of draft.catalog.constraintsOf(parent.id)) {
    if (check.kind !== "check" || check.noInherit) continue
    const own = draft.catalog.constraint(child.id, check.name)
    if (own?.kind !== "check") fail(draft, "42804", `child table is missing constraint "${check.name}"`)
    else if (own.noInherit) fail(draft, "42P17", `constraint "${check.name}" conflicts with non-inherited constraint on child table "${child.name}"`)
    else if (check.validated && !own.validated) fail(draft, "42P17", `constraint "${check.name}" conflicts with NOT VALID constraint on child table "${child.name}"`)
  }
}
