import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { ColumnDefinition } from "../../parse/operation.ts"
import type { Column, ColumnType, Relation } from "../../schema/catalog.ts"
import { comparableKeys } from "../casts.ts"
import { fail, type Draft } from "../draft.ts"
import { columnType } from "../type-change.ts"
import { knownRelation } from "./columns.ts"
import { dropsColumn } from "../alter/not-null.ts"
import type { Refusals } from "./index.ts"

/** Built-in types without an order (no default operator class for btree). */
const unordered: ReadonlySet<string> = new Set(
  "json xml point box lseg line polygon path circle xid cid aclitem txid_snapshot pg_snapshot gtsvector jsonpath".split(" "),
)

/** Types that an index, or a comparison of keys, cannot work with. */
export const keyRefusals: Refusals = {
  "create table"({ columns, constraints, partitionBy }, draft) {
    const typeOf = (name: string): ColumnType | undefined => {
      const definition = columns.find((column) => column.name.name === name)
      return definition === undefined ? undefined : columnType(definition.type, draft.catalog)
    }
    for (const column of columns) refuseVirtualType(column, typeOf, draft)
    const virtual = columns.filter(isVirtual).map((column) => column.name.name)
    for (const constraint of [...columns.flatMap((column) => column.constraints), ...constraints]) {
      refuseKey(constraint, typeOf, draft)
      refuseVirtualKey(constraint, virtual, draft)
    }
    for (const { column } of partitionBy?.strategy === "hash" ? [] : (partitionBy?.elements ?? []))
      if (column !== null) refuseUnordered(typeOf(column.name), draft)
  },
  "add column"(action, draft) {
    const relation = knownRelation(draft, action)
    if (relation !== null) refuseVirtualType(action.column, (name) => typeAfter(draft, relation, name), draft)
    const virtual = isVirtual(action.column) ? [action.column.name.name] : []
    for (const constraint of action.column.constraints) {
      refuseKey(constraint, () => columnType(action.column.type, draft.catalog), draft)
      refuseVirtualKey(constraint, virtual, draft)
    }
  },
  "add constraint"(action, draft) {
    const relation = knownRelation(draft, action)
    if (relation === null) return
    refuseKey(action.constraint, (name) => typeAfter(draft, relation, name), draft)
    if ((action.constraint.kind !== "unique" && action.constraint.kind !== "primary key") || action.constraint.usingIndex === null) return
    const index = draft.catalog.index({ schema: relation.schema, name: action.constraint.usingIndex.name })
    if (index !== undefined) refuseTwice(action.constraint.kind, index.columns, draft)
  },
  "create index"(operation, draft) {
    const relation = draft.catalog.relation(operation.table)
    if (relation?.known !== true || operation.method !== "btree") return
    for (const { column, operatorClass } of operation.elements) {
      const own = column === null || operatorClass !== null ? undefined : draft.catalog.column(relation, column.name)
      refuseUnordered(own?.type, draft)
    }
  },
  "create statistics"(operation, draft) {
    const relation = draft.catalog.relation(operation.table)
    if (relation?.known !== true) return
    const { columns, expressionColumns } = operation
    if (columns.length === 1 && columns[0] !== null) fail(draft, "42P17", "extended statistics require at least 2 columns")
    const named = columns.filter((name) => name !== null)
    if (new Set(named).size < named.length) fail(draft, "42701", "duplicate column name in statistics definition")
    const virtual = (name: string | null): boolean => name !== null && draft.catalog.column(relation, name)?.generated?.stored === false
    if (columns.some(virtual) || expressionColumns.some(virtual))
      fail(draft, "0A000", "statistics creation on virtual generated columns is not supported")
    for (const name of columns) if (name !== null) refuseWithoutOrder(name, draft.catalog.column(relation, name)?.type, draft)
  },
  "alter column type"(action, draft) {
    const relation = knownRelation(draft, action)
    const column = relation === null ? undefined : draft.catalog.column(relation, action.column.name)
    if (relation === null || column === undefined) return
    const wanted = columnType(action.type, draft.catalog)
    const dropped = (name: string): boolean =>
      draft.statement.operations.some((one) => one.op === "drop constraint" && one.constraint.name === name)
    for (const member of action.only ? [relation] : draft.catalog.tree(relation.id)) {
      const indexes = draft.catalog.indexesOf(member.id).filter((index) => index.method === "btree" && !dropped(index.name))
      if (indexes.some((index) => index.columns.includes(column.name))) refuseUnordered(wanted, draft)
      refuseStatistics(member, column.name, wanted, draft)
    }
    refuseComparisons(relation, column, wanted, dropped, draft)
  },
}

/** Virtual columns, computed when they are read, use no types of users (18). */
function refuseVirtualType(column: ColumnDefinition, typeOf: (name: string) => ColumnType | undefined, draft: Draft): void {
  if (column.generated === null || column.generated.stored) return
  const used = [columnType(column.type, draft.catalog), ...column.generated.expression.columns.map((read) => typeOf(read.column))]
  if (used.some((type) => type !== undefined && type.schema !== null && type.schema !== "pg_catalog"))
    fail(draft, "0A000", "generation expression uses user-defined type")
}

/** The column's type once the statement's own type changes ran. */
export function typeAfter(draft: Draft, relation: Relation, name: string): ColumnType | undefined {
  for (const one of draft.statement.operations) {
    if (one.op === "alter column type" && one.column.name === name) return columnType(one.type, draft.catalog)
    const there = one.op === "add column" && one.ifNotExists && draft.catalog.column(relation, name) !== undefined
    if (one.op === "add column" && one.column.name.name === name && !there) return columnType(one.column.type, draft.catalog)
  }
  return draft.catalog.column(relation, name)?.type
}

function isVirtual({ generated }: ColumnDefinition): boolean {
  return generated?.stored === false
}

/** A key over a column that is made with it and that nothing stores. */
function refuseVirtualKey(constraint: ConstraintDefinition, virtual: readonly string[], draft: Draft): void {
  if (constraint.kind !== "unique" && constraint.kind !== "primary key" && constraint.kind !== "foreign key") return
  if (!constraint.columns.some(({ name }) => virtual.includes(name))) return
  const what = constraint.kind === "primary key" ? "primary keys" : `${constraint.kind} constraints`
  fail(draft, "0A000", `${what} on virtual generated columns are not supported`)
}

function refuseKey(constraint: ConstraintDefinition, typeOf: (name: string) => ColumnType | undefined, draft: Draft): void {
  if (constraint.kind === "unique" || constraint.kind === "primary key") {
    refuseTwice(constraint.kind, constraint.columns.map((column) => column.name), draft)
    if (constraint.withoutOverlaps) {
      if (constraint.columns.length < 2) fail(draft, "42601", "constraint using WITHOUT OVERLAPS needs at least two columns")
      const last = typeOf(constraint.columns.at(-1)?.name ?? "")
      if (last?.schema === "pg_catalog" && (last.dimensions > 0 || !/range$/.test(last.name)))
        fail(draft, "42804", `column "${constraint.columns.at(-1)?.name ?? ""}" in WITHOUT OVERLAPS is not a range or multirange type`)
    } else if (constraint.usingIndex === null)
      for (const column of constraint.columns) refuseUnordered(typeOf(column.name), draft)
  } else if (constraint.kind === "exclude" && constraint.method === "btree") {
    for (const { column } of constraint.elements) if (column !== null) refuseUnordered(typeOf(column.name), draft)
  }
}

/** An index may name a column twice, a key may not. */
function refuseTwice(kind: "unique" | "primary key", columns: readonly (string | null)[], draft: Draft): void {
  const named = columns.filter((column) => column !== null)
  const twice = named.find((column, position) => named.indexOf(column) < position)
  if (twice !== undefined) fail(draft, "42701", `column "${twice}" appears twice in ${kind} constraint`)
}

function refuseUnordered(type: ColumnType | undefined, draft: Draft, code = "42704"): void {
  if (type === undefined || type.dimensions > 0) return
  if (type.schema === "pg_catalog") {
    if (unordered.has(type.name)) fail(draft, code, `data type ${type.name} has no default operator class for access method "btree"`)
    return
  }
  const user = draft.catalog.type(type)
  if (user?.kind === "domain") refuseUnordered(user.base, draft, code)
}

/** Statistics over a column are made anew with its new type (RememberStatisticsForRebuilding, since 14). */
export function refuseStatistics(relation: Relation, column: string, wanted: ColumnType, draft: Draft): void {
  if (draft.pgVersion < 14) return
  const goes = (name: string | null): boolean => name !== null && dropsColumn(draft, name)
  const kept = draft.catalog.statisticsOf(relation.id).filter(({ columns, expressionColumns }) => !columns.some(goes) && !expressionColumns.some(goes))
  if (kept.some(({ columns }) => columns.includes(column))) refuseWithoutOrder(column, wanted, draft)
}

function refuseWithoutOrder(column: string, type: ColumnType | undefined, draft: Draft): void {
  if (type !== undefined && !isOrdered(type, draft))
    fail(draft, "0A000", `column "${column}" cannot be used in statistics because its type ${type.name} has no default btree operator class`)
}

/** Whether values of the type can be ordered: arrays and composite types when what they are made of can (lookup_type_cache, TYPECACHE_LT_OPR). */
function isOrdered(type: ColumnType, draft: Draft): boolean {
  if (type.schema === "pg_catalog") return !unordered.has(type.name)
  const user = draft.catalog.type(type)
  if (user?.kind === "domain") return isOrdered(user.base, draft)
  if (user?.kind === "composite") return user.attributes.every((attribute) => isOrdered(attribute.type, draft))
  return true
}

/** Foreign keys on both sides of the column are made anew with the new type. */
function refuseComparisons(
  relation: Relation,
  column: Column,
  wanted: ColumnType,
  dropped: (name: string) => boolean,
  draft: Draft,
): void {
  const { catalog, pgVersion } = draft
  const refuse = (name: string, child: ColumnType | undefined, parent: ColumnType | undefined): void => {
    if (child !== undefined && parent !== undefined && comparableKeys(child, parent, catalog, pgVersion) === false)
      fail(draft, "42804", `foreign key constraint "${name}" cannot be implemented`)
  }
  const typeIn = (id: number | undefined, name: string | undefined): ColumnType | undefined => {
    const other = id === undefined ? undefined : catalog.relationById(id)
    if (other === undefined || name === undefined) return undefined
    if (other.id !== relation.id) return catalog.column(other, name)?.type
    return name === column.name ? wanted : typeAfter(draft, other, name)
  }
  for (const { kind, name, columns, references } of catalog.constraintsOf(relation.id)) {
    const position = columns.indexOf(column.name)
    if (kind !== "foreign key" || position < 0 || dropped(name)) continue
    refuse(name, wanted, typeIn(references?.table, references?.columns[position]))
  }
  for (const { name, table, columns, references } of catalog.referencing(relation.id)) {
    const position = references?.columns.indexOf(column.name) ?? -1
    if (position >= 0 && !dropped(name)) refuse(name, typeIn(table, columns[position]), wanted)
  }
}
