import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { Expression } from "../../parse/expression.ts"
import type { Name } from "../../parse/name.ts"
import type { ColumnDefinition } from "../../parse/operation.ts"
import type { Constraint, Relation } from "../../schema/catalog.ts"
import { collationOf, sortingOf, sortsPlainly } from "../../schema/index-sorting.ts"
import { dropsColumn } from "../alter/not-null.ts"
import { comparableKeys } from "../casts.ts"
import { fail, type Draft } from "../draft.ts"
import { columnType } from "../type-change.ts"
import { builtinVolatility } from "../volatility.ts"
import { typeAfter } from "./keys.ts"
import { isSystemColumn, knownRelation, refuseIdentityIndex, refuseMissing } from "./columns.ts"
import { refuseDeferrableKey, refuseGeneratedAction, refusePeriodAction, refuseSetColumns } from "./foreign-keys.ts"
import type { Refusals } from "./index.ts"
import { requireKind, TABLES } from "./kinds.ts"
import { refuseLooseKey, refuseNotNull } from "./not-null.ts"

export const constraintRefusals: Refusals = {
  "add constraint"(action, draft) {
    const relation = knownRelation(draft, action)
    if (relation === null) return
    const { constraint } = action
    if (relation.kind === "foreign table" && constraint.kind !== "check" && constraint.kind !== "not null")
      fail(draft, "0A000", `${constraint.kind === "exclude" ? "exclusion" : constraint.kind} constraints are not supported on foreign tables`)
    const used =
      constraint.kind === "exclude" ? constraint.elements.flatMap(({ column }) => column ?? []) : "columns" in constraint ? constraint.columns : []
    for (const { name } of used) {
      const again = draft.statement.operations.some((one) => one.op === "add column" && one.column.name.name === name)
      if (dropsColumn(draft, name) && !again) fail(draft, "42703", `column "${name}" does not exist`)
    }
    if (constraint.kind === "check") refuseCheck(relation, constraint, action.only, draft)
    else if (constraint.kind === "not null") refuseNotNull(relation, constraint, action.only, draft)
    else if (constraint.kind === "foreign key") {
      refuseForeignKey(relation, [], constraint, draft)
      if (action.only && relation.kind === "partitioned table")
        fail(draft, "42809", `cannot use ONLY for foreign key on partitioned table "${relation.name}"`)
    }
    else if (constraint.kind === "unique" || constraint.kind === "primary key") {
      const columns = constraint.columns.map((column) => column.name)
      refuseVirtual(relation, [...columns, ...constraint.include.map((column) => column.name)], `${constraint.kind} constraints`, draft)
      if (constraint.usingIndex === null) refuseUnpartitionedKey(relation, columns, draft, action.only)
      else refuseOrderedIndex(relation, constraint.usingIndex.name, draft)
      if (constraint.kind === "primary key") refuseLooseKey(relation, constraint, draft)
    } else if (constraint.kind === "exclude") {
      const columns = constraint.elements.flatMap((element) => (element.column === null ? [] : [element.column.name]))
      refuseVirtual(relation, columns, "exclusion constraints", draft)
      refuseUnpartitionedKey(relation, columns, draft, action.only)
    }
  },
  "alter constraint"(action, draft) {
    const relation = knownRelation(draft, action)
    const constraint = relation === null ? undefined : draft.catalog.constraint(relation.id, action.constraint.name)
    if (constraint === undefined) return
    const { operations } = draft.statement
    if (operations.some((one) => one.op === "drop constraint" && one.constraint.name === constraint.name)) {
      // It runs behind what drops the constraint and what adds another one of its name.
      const again = operations.find((one) => one.op === "add constraint" && one.constraint.name?.name === constraint.name)
      const kind = again?.op === "add constraint" ? again.constraint.kind : null
      if (kind === null) fail(draft, "42704", `constraint "${constraint.name}" of relation "${relation?.name ?? ""}" does not exist`)
      else if (kind !== (action.noInherit === null ? "foreign key" : "not null")) fail(draft, "42809", `constraint "${constraint.name}" of relation "${relation?.name ?? ""}" is of another kind`)
      return
    }
    if (action.only && relation?.kind === "partitioned table" && draft.pgVersion >= 18)
      fail(draft, "42P16", "constraint must be altered in child tables too")
    if (constraint.kind === "foreign key" && constraint.inherited)
      fail(draft, draft.pgVersion >= 18 ? "55000" : "XX000", `cannot alter constraint "${constraint.name}" on relation "${relation?.name ?? ""}"`)
    const of = `constraint "${constraint.name}" of relation "${relation?.name ?? ""}"`
    if (action.noInherit !== null && constraint.kind === "not null" && constraint.inherited && constraint.noInherit !== action.noInherit)
      fail(draft, "55000", `cannot alter inherited constraint "${constraint.name}" on relation "${relation?.name ?? ""}"`)
    if (action.noInherit !== null && constraint.kind !== "not null") fail(draft, "42809", `${of} is not a not-null constraint`)
    if (constraint.kind === "foreign key") return
    if (action.deferrable !== null || action.initiallyDeferred !== null) {
      fail(draft, "42809", `${of} is not a foreign key constraint`)
    }
  },
  "validate constraint"(action, draft) {
    const relation = knownRelation(draft, action)
    const constraint = relation === null ? undefined : draft.catalog.constraint(relation.id, action.constraint.name)
    if (constraint?.kind === "unique" || constraint?.kind === "primary key" || constraint?.kind === "exclude") {
      fail(draft, "42809", `cannot validate constraint "${constraint.name}" of relation "${relation?.name ?? ""}"`)
    }
  },
  "drop constraint"(action, draft) {
    const relation = knownRelation(draft, action)
    const constraint = relation === null ? undefined : draft.catalog.constraint(relation.id, action.constraint.name)
    if (constraint?.inherited === true) {
      fail(
        draft,
        "42P16",
        `cannot drop inherited constraint "${constraint.name}" of relation "${relation?.name ?? ""}"`,
      )
    }
    // From 18 on the partitions keep it as their own.
    const alone = action.only && relation?.kind === "partitioned table" && draft.pgVersion < 18
    if (alone && constraint?.kind === "check" && !constraint.noInherit && draft.catalog.children(relation.id).length > 0)
      fail(draft, "42P16", "cannot remove constraint from only the partitioned table when partitions exist")
    if (constraint?.kind === "not null" && relation !== null) refuseNeededNotNull(relation, constraint, draft)
  },
  "rename constraint"(action, draft) {
    const relation = knownRelation(draft, action)
    const constraint = relation === null ? undefined : draft.catalog.constraint(relation.id, action.constraint.name)
    if (relation === null || constraint === undefined) return
    if (relation.ofType !== null) fail(draft, "42809", "cannot rename column of typed table")
    if (draft.catalog.constraint(relation.id, action.newName.name) !== undefined)
      fail(draft, "42710", `constraint "${action.newName.name}" for relation "${relation.name}" already exists`)
    if (constraint.noInherit) return
    if (constraint.kind !== "check" && constraint.kind !== "not null") return
    if (constraint.inherited) fail(draft, "42P16", `cannot rename inherited constraint "${constraint.name}"`)
    if (action.only && draft.catalog.children(relation.id).length > 0)
      fail(draft, "42P16", `inherited constraint "${constraint.name}" must be renamed in child tables too`)
  },
  "create index"(operation, draft) {
    const relation = draft.catalog.relation(operation.table)
    for (const { expression } of operation.elements)
      if (expression !== null) refuseNotImmutable(expression, "index expression", draft)
    if (operation.predicate !== null) refuseNotImmutable(operation.predicate, "index predicate", draft)
    if (relation?.known !== true) return
    for (const { expression } of [...operation.elements, { expression: operation.predicate }])
      if (expression !== null) refuseMissing(relation, expression.columns, draft)
    const columns = operation.elements.flatMap((element) => element.column?.name ?? [])
    const expressions = [...operation.elements, { expression: operation.predicate }].flatMap(({ expression }) => expression?.columns ?? [])
    const read = [...expressions.map(({ column }) => column), ...operation.include.map(({ name }) => name)]
    refuseVirtual(relation, [...columns, ...read], "indexes", draft)
    if (operation.unique && !operation.concurrently) refuseUnpartitionedKey(relation, columns, draft, operation.only)
  },
  "create table"(operation, draft) {
    const all = [...operation.constraints, ...operation.columns.flatMap((column) => column.constraints)]
    if (operation.partitionBy !== null && all.some((constraint) => constraint.kind === "check" && constraint.noInherit))
      fail(draft, "42P16", `cannot add NO INHERIT constraint to partitioned table "${operation.table.name}"`)
    const partitionedBy = operation.partitionBy?.elements.map((element) => element.column?.name ?? null) ?? []
    const refuseKey = (columns: readonly (string | null)[]): void => {
      if (partitionedBy.some((column) => column !== null && !columns.includes(column)))
        fail(draft, "0A000", "unique constraint on partitioned table must include all partitioning columns")
    }
    const parent = operation.partitionOf === null || operation.partitionBy === null ? undefined : draft.catalog.relation(operation.partitionOf.parent)
    for (const index of parent === undefined ? [] : draft.catalog.indexesOf(parent.id)) if (index.unique) refuseKey(index.columns)
    for (const { table, including } of operation.like) {
      const source = including.includes("indexes") || including.includes("all") ? draft.catalog.relation(table) : undefined
      for (const index of source === undefined ? [] : draft.catalog.indexesOf(source.id)) if (index.unique) refuseKey(index.columns)
    }
    for (const constraint of all) {
      if (constraint.kind === "unique" || constraint.kind === "primary key") refuseKey(constraint.columns.map((column) => column.name))
      if (constraint.kind !== "foreign key") continue
      refuseGeneratedAction(null, operation.columns, constraint, draft)
      refusePeriodAction(constraint, draft)
      refuseSetColumns(constraint, draft)
      const parent = draft.catalog.relation(constraint.references)
      if (parent === undefined) continue
      refusePersistence(operation.persistence, parent.persistence, draft)
      refuseDeferrableKey(null, constraint, parent, draft)
      refuseComparison(null, operation.columns, constraint, parent, draft)
    }
  },
}

function refuseCheck(
  relation: Relation,
  constraint: Extract<ConstraintDefinition, { kind: "check" }>,
  only: boolean,
  draft: Draft,
): void {
  const added = draft.statement.operations.flatMap((one) => (one.op === "add column" ? [one.column.name.name] : []))
  for (const { table, column } of constraint.expression.columns) {
    if (
      table === null &&
      !isSystemColumn(column) &&
      column !== relation.name &&
      (draft.catalog.column(relation, column) === undefined || dropsColumn(draft, column)) &&
      !added.includes(column)
    ) {
      fail(draft, "42703", `column "${column}" does not exist`)
    }
  }
  if (relation.kind === "partitioned table" && constraint.noInherit) {
    fail(draft, "42P16", `cannot add NO INHERIT constraint to partitioned table "${relation.name}"`)
  }
  if (only && !constraint.noInherit && draft.catalog.children(relation.id).length > 0) {
    fail(draft, "42P16", "constraint must be added to child tables too")
  }
  if (constraint.name === null) return
  for (const member of only || constraint.noInherit ? [relation] : draft.catalog.tree(relation.id)) {
    const own = draft.catalog.constraint(member.id, constraint.name.name)
    if (own?.kind === "check" && own.enforced !== !constraint.notEnforced && own.enforced === (member === relation) && !isDroppedConstraint(draft, own, relation))
      fail(draft, "42P17", `constraint "${own.name}" conflicts with NOT ENFORCED constraint on relation "${member.name}"`)
  }
}

function isDroppedConstraint(draft: Draft, { name, table }: Constraint, relation: Relation): boolean {
  return table === relation.id && draft.statement.operations.some((one) => one.op === "drop constraint" && one.constraint.name === name)
}

/** Primary keys and identity columns keep their NOT NULL (18). */
function refuseNeededNotNull(relation: Relation, constraint: Constraint, draft: Draft): void {
  const [column = ""] = constraint.columns
  // What is dropped behind it is still there.
  const drops = draft.statement.operations.flatMap((one) => (one.op === "drop constraint" ? [one.constraint.name] : []))
  const gone = (name: string): boolean => drops.slice(0, drops.indexOf(constraint.name)).includes(name)
  const key = draft.catalog.constraintsOf(relation.id).find((one) => one.kind === "primary key" && one.columns.includes(column))
  if (key !== undefined && !gone(key.name)) fail(draft, "42P16", `column "${column}" is in a primary key`)
  refuseIdentityIndex(relation, column, draft)
  if (draft.catalog.column(relation, column)?.identity != null)
    fail(draft, "42601", `column "${column}" of relation "${relation.name}" is an identity column`)
}

/** The index of a key is sorted as a plain one is (transformIndexConstraint); up to 12 its collation does not matter. */
function refuseOrderedIndex(relation: Relation, name: string, draft: Draft): void {
  const index = draft.catalog.index({ schema: relation.schema, name })
  if (index === undefined) return
  if (index.constraint !== null) fail(draft, "55000", `index "${name}" is already associated with a constraint`)
  const position = index.clauses.findIndex(
    (clause, at) => !sortsPlainly(sortingOf(clause), draft.pgVersion >= 13 ? collationOf(index.columns[at] ?? null, relation.columns) : null),
  )
  if (position >= 0) fail(draft, "42809", `index "${name}" column number ${String(position + 1)} does not have default sorting behavior`)
}

/** @param added columns that the statement adds to the relation */
export function refuseForeignKey(
  relation: Relation,
  added: readonly ColumnDefinition[],
  constraint: Extract<ConstraintDefinition, { kind: "foreign key" }>,
  draft: Draft,
): void {
  const { catalog } = draft
  const columns = constraint.columns.map((column) => column.name)
  refuseVirtual(relation, columns, "foreign key constraints", draft)
  refuseGeneratedAction(relation, added, constraint, draft)
  refusePeriodAction(constraint, draft)
  refuseSetColumns(constraint, draft)
  const parent = catalog.relation(constraint.references)
  if (parent === undefined) return
  requireKind(draft, parent, TABLES, "a table")
  refusePersistence(relation.persistence, parent.persistence, draft)
  if (!parent.known) return
  if (relation.kind === "partitioned table" && parent.id !== relation.id && catalog.tree(relation.id).includes(parent)) {
    fail(draft, "55006", `cannot ALTER TABLE "${parent.name}" because it is being used by active queries in this session`)
  }
  refuseDeferrableKey(relation, constraint, parent, draft)
  refuseComparison(relation, added, constraint, parent, draft)
}

/** Each column must be comparable with the one that it references. */
function refuseComparison(
  relation: Relation | null,
  added: readonly ColumnDefinition[],
  constraint: Extract<ConstraintDefinition, { kind: "foreign key" }>,
  parent: Relation,
  draft: Draft,
): void {
  const { catalog } = draft
  if (!parent.known) return
  const named = constraint.referencedColumns.map((column) => column.name)
  const key =
    named.length > 0
      ? named
      : (catalog.constraintsOf(parent.id).find((one) => one.kind === "primary key")?.columns ?? [])
  if (named.length === 0 && key.length > 0 && key.length !== constraint.columns.length)
    fail(draft, "42830", "number of referencing and referenced columns for foreign key disagree")
  for (const [at, { name }] of constraint.columns.entries()) {
    const definition = added.find((column) => column.name.name === name)
    const child =
      definition !== undefined ? columnType(definition.type, catalog) : relation === null ? undefined : typeAfter(draft, relation, name)
    const referenced = parent.id === relation?.id ? typeAfter(draft, parent, key[at] ?? "") : catalog.column(parent, key[at] ?? "")?.type
    if (child === undefined || referenced === undefined) continue
    if (comparableKeys(child, referenced, catalog, draft.pgVersion) === false) {
      fail(draft, "42804", `a foreign key on ${name} cannot compare ${child.name} with ${referenced.name}`)
    }
  }
}

/** A foreign key may reference only tables that live at least as long as the referencing one. */
function refusePersistence(child: Relation["persistence"], parent: Relation["persistence"], draft: Draft): void {
  if (child === "temporary" && parent !== "temporary") {
    fail(draft, "42P16", "constraints on temporary tables may reference only temporary tables")
  } else if (child === "permanent" && parent !== "permanent") {
    fail(draft, "42P16", "constraints on permanent tables may reference only permanent tables")
  } else if (child === "unlogged" && parent === "temporary") {
    fail(draft, "42P16", "constraints on unlogged tables may reference only permanent or unlogged tables")
  }
}

function refuseVirtual(relation: Relation, columns: readonly string[], what: string, draft: Draft): void {
  if (columns.some((name) => draft.catalog.column(relation, name)?.generated?.stored === false)) {
    fail(draft, "0A000", `${what} on virtual generated columns are not supported`)
  }
}

/** A key has to have what the table and its partitions are partitioned by. */
export function refuseUnpartitionedKey(relation: Relation, columns: readonly (string | null)[], draft: Draft, only: boolean): void {
  const isForeign = ({ kind }: Relation): boolean => kind === "foreign table"
  if (!only && relation.kind === "partitioned table" && draft.catalog.tree(relation.id).some(isForeign))
    fail(draft, "42809", `cannot create unique index on partitioned table "${relation.name}": it has partitions that are foreign tables`)
  for (const { partitionBy } of only ? [relation] : draft.catalog.tree(relation.id)) {
    if (partitionBy === null) continue
    if (partitionBy.expressions) fail(draft, "0A000", "unsupported unique constraint with partition key definition")
    if (partitionBy.columns.some((column) => !columns.includes(column)))
      fail(draft, "0A000", "unique constraint on partitioned table must include all partitioning columns")
  }
}

export function refuseNotImmutable(expression: Expression, where: string, draft: Draft): void {
  for (const call of expression.functions) {
    const own = draft.catalog.functions(call as Pick<Name, "schema" | "name">)
    // A function of another schema is not the built-in one of its name.
    if (own.length > 0 || (call.schema !== null && call.schema !== "pg_catalog")) continue
    const volatility = builtinVolatility(call.name, call.arguments.length, draft.pgVersion)
    if (volatility === "stable" || volatility === "volatile") {
      fail(draft, "42P17", `functions in ${where} must be marked IMMUTABLE, and ${call.name}() is ${volatility}`)
    }
  }
}
