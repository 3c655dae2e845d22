import type { ColumnReference, Expression, FunctionCall } from "../../parse/expression.ts"
import type { ColumnDefinition, Identifier, OperationOf, TableOperation } from "../../parse/operation.ts"
import { extensionFunctions } from "../../schema/builtin-functions.ts"
import type { Catalog, Column, ColumnType, Relation } from "../../schema/catalog.ts"
import { formatType } from "../../schema/format.ts"
import { integerTypeOf } from "../../schema/types.ts"
import { assignmentCast, explicitCast } from "../casts.ts"
import { fail, treeOf, type Draft } from "../draft.ts"
import { columnType, isBuiltinType } from "../type-change.ts"
import { builtinSince, builtinVolatility } from "../volatility.ts"
import { refuseSecondKey } from "../alter/add-constraint.ts"
import { dropsColumn } from "../alter/not-null.ts"
import { refuseNotImmutable, refuseForeignKey, refuseUnpartitionedKey } from "./constraints.ts"
import type { Refusals } from "./index.ts"
import { refuseMixedInColumn, refuseMixedNotNull, refuseNoInherit } from "./not-null.ts"
import { refuseOldComparisons, refuseOldDefault } from "./old-type.ts"

/** An action on a column that exists. */
type ColumnAction = Extract<TableOperation, { readonly column: Identifier }>

/** The relation an action names, when the catalog knows all of it. */
export function knownRelation(
  draft: Draft,
  action: { readonly relation: { readonly schema: string | null; readonly name: string } },
): Relation | null {
  const relation = draft.catalog.relation(action.relation)
  return relation?.known === true ? relation : null
}

/** The columns that every table has (pg_attribute, attnum below 0), `oid` left out, which only up to 11 some have. */
export function isSystemColumn(name: string): boolean {
  return /^(?:tableoid|xmin|xmax|cmin|cmax|ctid)$/.test(name)
}

/** An expression over one table can only read its columns, or the table's name, which is a whole row. */
export function refuseMissing(relation: Relation, columns: readonly ColumnReference[], draft: Draft): void {
  if (relation.kind !== "table" && relation.kind !== "partitioned table") return
  for (const { table, column } of columns) {
    const own = table === null ? column !== relation.name : table === relation.name
    if (own && !isSystemColumn(column) && draft.catalog.column(relation, column) === undefined)
      fail(draft, "42703", `column "${column}" does not exist`)
  }
}

function find(draft: Draft, action: ColumnAction): { relation: Relation; column: Column } | null {
  const relation = knownRelation(draft, action)
  const column = relation === null ? undefined : draft.catalog.column(relation, action.column.name)
  return relation === null || column === undefined ? null : { relation, column }
}

export const columnRefusals: Refusals = {
  "create table"(operation, draft) {
    const { columns, partitionBy, persistence } = operation
    if (partitionBy !== null && persistence === "unlogged" && draft.pgVersion >= 18) fail(draft, "0A000", "partitioned tables cannot be unlogged")
    refuseMixedNotNull(operation, draft)
    refuseUnreadInTable(operation, draft)
    const isGenerated = (name: string): boolean => columns.some((column) => column.name.name === name && column.generated !== null)
    for (const column of columns) {
      refuseGeneration(column, isGenerated, draft)
      refuseContradictions(column, draft)
    }
  },
  "add column"(action, draft) {
    const relation = knownRelation(draft, action)
    if (relation?.partition != null) fail(draft, "42809", "cannot add column to a partition")
    if (relation?.ofType != null) fail(draft, "42809", "cannot add column to typed table")
    refuseSystemName(action.column.name.name, draft)
    const there = relation !== null && action.ifNotExists && draft.catalog.column(relation, action.column.name.name) !== undefined
    if (relation !== null && action.only && !there && draft.catalog.children(relation.id).length > 0) {
      fail(draft, "42P16", "column must be added to child tables too")
    }
    // Up to 12 they are added to the column that is there.
    for (const constraint of there && draft.pgVersion >= 13 ? [] : action.column.constraints) {
      if (relation === null) continue
      if (constraint.kind === "primary key") refuseSecondKey(relation, draft)
      if (constraint.kind === "unique" || constraint.kind === "primary key") refuseUnpartitionedKey(relation, [action.column.name.name], draft, action.only)
      if (constraint.kind === "foreign key") refuseForeignKey(relation, [action.column], constraint, draft)
    }
    if (relation !== null && action.column.identity !== null && !action.only) {
      const shared = relation.kind === "partitioned table" && draft.pgVersion >= 17
      if (!shared && draft.catalog.children(relation.id).length > 0)
        fail(draft, "42P16", "cannot recursively add identity column to table that has child tables")
    }
    if (relation !== null && action.column.generated !== null) refuseUnread(relation, action.column.generated.expression, draft)
    refuseContradictions(action.column, draft)
    refuseGeneration(action.column, (name) => name === action.column.name.name || (relation !== null && draft.catalog.column(relation, name)?.generated != null), draft)
    for (const child of relation === null || action.only ? [] : draft.catalog.children(relation.id)) {
      const own = draft.catalog.column(child, action.column.name.name)
      // An earlier action drops it in the children, too, that do not have it from elsewhere.
      if (own?.local === false && dropsColumn(draft, own.name)) continue
      const type = columnType(action.column.type, draft.catalog)
      if (!there && own !== undefined && own.type.schema !== null && type.schema !== null && formatType(own.type) !== formatType(type))
        fail(draft, "42804", `child table "${child.name}" has different type for column "${own.name}"`)
    }
    if (relation?.kind === "partitioned table" && action.column.notNull?.noInherit === true) refuseNoInherit(draft)
    if (!there) refuseMixedInColumn(action.column, draft)
    if (action.column.default !== null) refuseUnknownFunctions(action.column.default.functions, draft)
    const { default: given, generated, identity, serial } = action.column
    const isComputed = serial || identity !== null || generated?.stored === true || (given !== null && !/^null\b/i.test(draft.text(given.span)))
    if (relation !== null && !there && isComputed) refuseHeldRows(relation, action.only, draft)
  },
  "drop column"(action, draft) {
    const found = find(draft, action)
    if (found?.column.inherited === true) fail(draft, "42P16", `cannot drop inherited column "${found.column.name}"`)
    // With IF EXISTS also for a column that is not there.
    if (knownRelation(draft, action)?.ofType != null) fail(draft, "42809", "cannot drop column from typed table")
  },
  "rename column"(action, draft) {
    const found = find(draft, action)
    if (found?.column.inherited === true)
      fail(draft, "42P16", `cannot rename inherited column "${found.column.name}"`)
    if (found?.relation.ofType != null) fail(draft, "42809", "cannot rename column of typed table")
    refuseSystemName(action.newName.name, draft)
    if (found !== null && hasFromElsewhere(draft, found.relation, found.column.name) !== null)
      fail(draft, "42P16", `cannot rename inherited column "${found.column.name}"`)
    if (
      found !== null &&
      action.only &&
      found.relation.kind !== "view" &&
      draft.catalog.children(found.relation.id).length > 0
    ) {
      fail(draft, "42P16", `inherited column "${found.column.name}" must be renamed in child tables too`)
    }
  },
  "alter column type"(action, draft) {
    const found = find(draft, action)
    if (found === null) return
    const { relation, column } = found
    if (relation.ofType !== null) fail(draft, "42809", "cannot alter column type of typed table")
    if (column.inherited) fail(draft, "42P16", `cannot alter inherited column "${column.name}"`)
    const elsewhere = action.only ? null : hasFromElsewhere(draft, relation, column.name)
    if (elsewhere !== null) fail(draft, "42P16", `cannot alter inherited column "${column.name}" of relation "${elsewhere.name}"`)
    if (action.only && draft.catalog.children(relation.id).length > 0) {
      fail(draft, "42P16", `type of inherited column "${column.name}" must be changed in child tables too`)
    }
    const stays = (other: string): boolean =>
      !draft.statement.operations.some((one) => (one.op === "drop column" || one.op === "drop expression") && one.column.name === other)
    if (relation.columns.some((other) => other.generated?.columns.includes(column.name) === true && stays(other.name))) {
      // The code changed with 15.
      fail(
        draft,
        draft.pgVersion >= 15 ? "0A000" : "42601",
        "cannot alter type of a column used by a generated column",
      )
    }
    if (column.identity !== null) refuseIdentityType(columnType(action.type, draft.catalog), draft)
    refuseDropped(action, draft)
    const first = draft.statement.operations.find((one) => one.op === "alter column type" && one.column.name === column.name)
    if (first !== undefined && first !== action && first.span.start < action.span.start)
      fail(draft, "0A000", `cannot alter type of column "${column.name}" twice`)
    if (column.generated !== null && action.using !== null) fail(draft, "42611", "cannot specify USING when altering type of generated column")
    refuseMissingCast(action, column, draft)
    if (action.using?.relations.length === 0) refuseMissing(relation, action.using.columns, draft)
    refuseHeldRows(relation, action.only, draft)
    for (const member of action.only ? [relation] : draft.catalog.tree(relation.id)) {
      const own = draft.catalog.column(member, column.name)
      if (own === undefined) continue
      refuseOldDefault(own, columnType(action.type, draft.catalog), draft)
      refuseOldComparisons(member, own, columnType(action.type, draft.catalog), draft)
    }
  },
  "set default"(action, draft) {
    refuseDefault(action, draft)
    refuseDropped(action, draft)
    if (draft.statement.operations.some((one) => one.op === "add identity" && one.column.name === action.column.name))
      fail(draft, "42601", `column "${action.column.name}" of relation "${action.relation.name}" is an identity column`)
  },
  "set identity"(action, draft) {
    refuseDropped(action, draft)
    refuseIdentityOfPartition(action, draft)
  },
  "drop identity": refuseIdentityOfPartition,
  "set column options": (action: OperationOf<"set column options">, draft) => {
    refuseDropped(action, draft)
  },
  "add identity"(action, draft) {
    refuseDropped(action, draft)
    refuseIdentityOfPartition(action, draft)
    const found = find(draft, action)
    if (found === null) return
    const of = `column "${found.column.name}" of relation "${found.relation.name}"`
    // Up to 12 the type that the column has before the statement counts.
    const change = draft.statement.operations.find((one) => one.op === "alter column type" && one.column.name === found.column.name)
    refuseIdentityType(change?.op === "alter column type" && draft.pgVersion >= 13 ? columnType(change.type, draft.catalog) : found.column.type, draft)
    const again = draft.statement.operations.some(
      (one) => one.op === "add identity" && one.column.name === found.column.name && one.span.start < action.span.start,
    )
    const freed = draft.statement.operations.some((one) => one.op === "drop identity" && one.column.name === found.column.name)
    if ((found.column.identity !== null && !freed) || again) fail(draft, "55000", `${of} is already an identity column`)
    const dropped = draft.statement.operations.some((one) => one.op === "drop default" && one.column.name === found.column.name)
    if (found.column.default !== null && !dropped) fail(draft, "55000", `${of} already has a default value`)
    // The partitions get it, too; before 17 they do not.
    if (draft.pgVersion < 17 || found.relation.kind !== "partitioned table") return
    for (const partition of treeOf(draft, found.relation, false).slice(1)) {
      if (draft.catalog.column(partition, found.column.name)?.default != null)
        fail(draft, "55000", `column "${found.column.name}" of relation "${partition.name}" already has a default value`)
    }
  },
  "drop default": refuseDefault,
  "set not null"(action, draft) {
    refuseDropped(action, draft)
    const found = find(draft, action)
    const own = found === null || action.only ? undefined : draft.catalog.constraintsOf(found.relation.id).find((one) => one.kind === "not null" && one.columns[0] === found.column.name)
    if (own?.noInherit === true)
      fail(draft, "0A000", `cannot change NO INHERIT status of NOT NULL constraint "${own.name}" on relation "${action.relation.name}"`)
    // 11 does not look whether the column is NOT NULL already; from 12 to 17 it is enough that the partitions' is (requireInPartitions).
    if (found?.relation.kind !== "partitioned table" || (draft.pgVersion >= 12 && (found.column.notNull || draft.pgVersion < 18)) || !action.only) return
    if (draft.catalog.children(found.relation.id).length > 0)
      fail(draft, "42P16", "constraint must be added to child tables too")
  },
  "drop not null"(action, draft) {
    const found = find(draft, action)
    const own = found === null ? undefined : draft.catalog.constraintsOf(found.relation.id).find((one) => one.kind === "not null" && one.columns[0] === found.column.name)
    if (own !== undefined && found !== null && own.inherited) fail(draft, "42P16", `cannot drop inherited constraint "${own.name}" of relation "${found.relation.name}"`)
    if (found?.relation.kind === "partitioned table" && action.only && draft.pgVersion < 18 && draft.catalog.children(found.relation.id).length > 0)
      fail(draft, "42P16", "cannot remove constraint from only the partitioned table when partitions exist")
    if (found !== null) refuseIdentityIndex(found.relation, found.column.name, draft)
    if (found !== null && !action.only) refuseGoneInChildren(found.relation, found.column.name, draft)
    const parent =
      found?.relation.partition == null ? undefined : draft.catalog.relationById(found.relation.partition.parent)
    if (parent === undefined || found === null) return
    if (draft.catalog.column(parent, found.column.name)?.notNull === true) {
      fail(draft, "42P16", `column "${found.column.name}" is marked NOT NULL in parent table`)
    }
  },
  "set statistics": (action: OperationOf<"set statistics" | "set storage" | "set compression">, draft) => {
    refuseDropped(action, draft)
    if (find(draft, action)?.column.generated?.stored === false)
      fail(draft, "0A000", `cannot alter statistics on virtual generated column "${action.column.name}"`)
    if (/^\s*(alter\s+)?(column\s+)?\d+\s+set\b/i.test(draft.text(action.span)) && action.keyword !== "index") {
      fail(draft, "0A000", "cannot refer to non-index column by number")
    }
  },
  "set storage": (action: OperationOf<"set statistics" | "set storage" | "set compression">, draft) => {
    refuseDropped(action, draft)
  },
  "set compression": (action: OperationOf<"set statistics" | "set storage" | "set compression">, draft) => {
    refuseDropped(action, draft)
  },
  "drop expression"(action, draft) {
    const relation = knownRelation(draft, action)
    // Whatever the column is, and with IF EXISTS (ATPrepDropExpression).
    if (action.only && relation !== null && draft.catalog.children(relation.id).length > 0)
      fail(draft, draft.pgVersion >= 14 ? "0A000" : "42P16", "ALTER TABLE / DROP EXPRESSION must be applied to child tables too")
    const found = find(draft, action)
    if (found === null) return
    if (found.column.inherited) fail(draft, "42P16", "cannot drop generation expression from inherited column")
    if (found.column.generated === null) {
      if (!action.ifExists)
        fail(
          draft,
          "55000",
          `column "${found.column.name}" of relation "${found.relation.name}" is not a generated column`,
        )
    } else if (!found.column.generated.stored) {
      fail(draft, "0A000", "ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns")
    }
  },
  "set expression"(action, draft) {
    const found = find(draft, action)
    if (found?.column.generated?.stored !== false) return
    if (draft.catalog.constraintsOf(found.relation.id).some((constraint) => constraint.kind === "check")) {
      fail(
        draft,
        "0A000",
        "ALTER TABLE / SET EXPRESSION is not supported for virtual generated columns in tables with check constraints",
      )
    }
  },
}

/** The columns of REPLICA IDENTITY USING INDEX stay NOT NULL. */
export function refuseIdentityIndex(relation: Relation, column: string, draft: Draft): void {
  const index = relation.identityIndex === null ? undefined : draft.catalog.indexById(relation.identityIndex)
  if (index?.columns.includes(column) === true) fail(draft, "42P16", `column "${column}" is in index used as replica identity`)
}

export function refuseSystemName(name: string, draft: Draft): void {
  if (isSystemColumn(name)) fail(draft, "42701", `column name "${name}" conflicts with a system column name`)
}

function refuseDefault(action: OperationOf<"set default"> | OperationOf<"drop default">, draft: Draft): void {
  const found = find(draft, action)
  if (found === null) return
  const of = `column "${found.column.name}" of relation "${found.relation.name}"`
  const freed = draft.statement.operations.some((one) => one.op === "drop identity" && one.column.name === found.column.name)
  if (found.column.identity !== null && !freed) fail(draft, "42601", `${of} is an identity column`)
  for (const member of action.only ? [] : draft.catalog.tree(found.relation.id).slice(1)) {
    if (draft.catalog.column(member, found.column.name)?.identity != null)
      fail(draft, "42601", `column "${found.column.name}" of relation "${member.name}" is an identity column`)
  }
  const dropped = draft.statement.operations.some((one) => one.op === "drop expression" && one.column.name === found.column.name)
  if (found.column.generated !== null && !dropped) fail(draft, "42601", `${of} is a generated column`)
}

const REPEATED = { default: "default values", identity: "identity specifications", generated: "generation clauses" }

/** What the parts of a column's definition do not leave room for (transformColumnDefinition). */
function refuseContradictions(column: ColumnDefinition, draft: Draft): void {
  const { name, type, serial, identity, nullable, notNull } = column
  if (column.repeated !== undefined) fail(draft, "42601", `multiple ${REPEATED[column.repeated]} specified for column "${name.name}"`)
  if (serial && column.default !== null) fail(draft, "42601", `multiple ${REPEATED.default} specified for column "${name.name}"`)
  if (identity !== null && (serial || column.default !== null)) fail(draft, "42601", `both default and identity specified for column "${name.name}"`)
  // Before 18 a primary key on the column was no contradiction.
  const keyed = draft.pgVersion >= 18 && column.constraints.some(({ kind }) => kind === "primary key")
  if (nullable && (notNull !== null || serial || identity !== null || keyed)) fail(draft, "42601", `conflicting NULL/NOT NULL declarations for column "${name.name}"`)
  if (identity !== null) refuseIdentityType(columnType(type, draft.catalog), draft)
}

/** A sequence counts in whole numbers, of no domain over them. */
function refuseIdentityType(type: ColumnType, draft: Draft): void {
  if (type.schema !== null && integerTypeOf(type) === null) fail(draft, "22023", "identity column type must be smallint, integer, or bigint")
}

/** A generated column has no default, calls nothing volatile, and reads no other generated column. */
function refuseGeneration(column: ColumnDefinition, isGenerated: (name: string) => boolean, draft: Draft): void {
  const { generated, name } = column
  if (generated === null) return
  if (column.default !== null) fail(draft, "42601", `both default and generation expression specified for column "${name.name}"`)
  if (column.identity !== null) fail(draft, "42601", `both identity and generation expression specified for column "${name.name}"`)
  refuseNotImmutable(generated.expression, "generation expression", draft)
  const read = generated.expression.columns.find((one) => one.table === null && isGenerated(one.column))
  if (read !== undefined) fail(draft, "42P17", `cannot use generated column "${read.column}" in column generation expression`)
}

/** A child that has the column also from a parent that is not among the relation's children; null when there is none. */
function hasFromElsewhere(draft: Draft, relation: Relation, column: string): Relation | null {
  const tree = draft.catalog.tree(relation.id)
  const others = (child: Relation): readonly Relation[] => child.inherits.flatMap((id) => (tree.some((member) => member.id === id) ? [] : (draft.catalog.relationById(id) ?? [])))
  return tree.slice(1).find((child) => others(child).some((parent) => draft.catalog.column(parent, column) !== undefined)) ?? null
}

/** What a generated column reads must be there once columns were dropped and before others are added behind it. */
function refuseUnread(relation: Relation, { columns }: Expression, draft: Draft): void {
  const { operations } = draft.statement
  for (const { table, column } of columns) {
    if (table !== null || operations.some((one) => one.op === "add column" && one.column.name.name === column)) continue
    const missing = draft.catalog.column(relation, column) === undefined && !isSystemColumn(column)
    if (dropsColumn(draft, column) || missing) fail(draft, "42703", `column "${column}" does not exist`)
  }
}

/** The same in a table of its own, whose columns are all written. */
function refuseUnreadInTable({ table, columns, constraints, inherits, like, ofType, partitionOf, ifNotExists }: OperationOf<"create table">, draft: Draft): void {
  if (inherits.length > 0 || like.length > 0 || ofType !== null || partitionOf !== null) return
  if (ifNotExists && (!draft.catalog.complete || draft.catalog.relation(table) !== undefined)) return
  const checks = [...constraints, ...columns.flatMap((column) => column.constraints)].flatMap((one) => (one.kind === "check" ? [one.expression] : []))
  for (const expression of [...columns.flatMap(({ generated }) => generated?.expression ?? []), ...checks]) {
    const missing = expression.columns.find(
      (read) => read.table === null && read.column !== table.name && !isSystemColumn(read.column) && !columns.some(({ name }) => name.name === read.column),
    )
    if (missing !== undefined && expression.relations.length === 0) fail(draft, "42703", `column "${missing.column}" does not exist`)
  }
}

/** From 17 on the partitions share the identity of their table. */
function refuseIdentityOfPartition(action: ColumnAction, draft: Draft): void {
  const relation = knownRelation(draft, action)
  if (draft.pgVersion < 17 || relation === null) return
  if (relation.partition !== null) fail(draft, "42P16", "cannot change the identity of a column of a partition")
  if (action.only && relation.kind === "partitioned table") fail(draft, "42P16", "cannot change the identity of a column of only the partitioned table")
}

/** What computes values for all rows does not reach the rows that columns of other tables hold (find_composite_type_dependencies). */
function refuseHeldRows(relation: Relation, only: boolean, draft: Draft): void {
  for (const member of treeOf(draft, relation, only)) {
    const holder = draft.catalog.usersOfType(member.id).find((user) => user.relation.kind !== "view")
    if (holder !== undefined)
      fail(draft, "0A000", `cannot alter table "${member.name}" because column "${holder.relation.name}.${holder.column.name}" uses its row type`)
  }
}

/** Columns are dropped before anything else in the statement happens, wherever it says so. */
function refuseDropped(action: ColumnAction, draft: Draft): void {
  if (!dropsColumn(draft, action.column.name) || draft.statement.operations.some((one) => one.op === "add column" && one.column.name.name === action.column.name)) return
  fail(draft, "42703", `column "${action.column.name}" of relation "${action.relation.name}" does not exist`)
}

/** What a column of a typed table refuses when its attribute gets another type. */
export function refuseTypedColumn(column: Column, wanted: ColumnType, draft: Draft): void {
  refuseNoAssignment(column, wanted, draft)
  refuseOldDefault(column, wanted, draft)
}

function refuseNoAssignment(column: Column, wanted: ColumnType, draft: Draft): void {
  if (assignmentCast(column.type, wanted, draft.catalog, draft.pgVersion) === false)
    fail(draft, "42804", `column "${column.name}" cannot be cast automatically to type ${wanted.name}`)
}

/** A function that this major does not have under that name, nor the schema, nor an extension. */
function refuseUnknownFunctions(calls: readonly FunctionCall[], draft: Draft): void {
  const { catalog, pgVersion } = draft
  if (!catalog.complete) return
  for (const call of calls) {
    if (call.schema !== null && call.schema !== "pg_catalog") continue
    if (builtinVolatility(call.name, call.arguments.length, pgVersion) !== null || catalog.functions(call).length > 0)
      continue
    // Ranges have functions of their names, and a call with one argument may be a cast to the type of that name.
    if (ofExtension(call.name, catalog) || catalog.type(call) !== undefined || isBuiltinType(call.name)) continue
    const since = builtinSince(call.name)
    if (since !== null && since > pgVersion) draft.unsupported ??= `${call.name}() came with PostgreSQL ${since}`
    else if (since === null) fail(draft, "42883", `function ${call.name} does not exist`)
  }
}

/** Whether an extension of the catalog brings the function, or may bring it. */
export function ofExtension(name: string, catalog: Catalog): boolean {
  if (catalog.hasExtension("vector")) return true
  return Object.entries(extensionFunctions).some(
    ([extension, functions]) =>
      catalog.hasExtension(extension) &&
      `${functions.immutable} ${functions.stable} ${functions.volatile}`
        .split(/\s+/)
        .some((word) => word.split("@")[0] === name),
  )
}

function refuseMissingCast(action: OperationOf<"alter column type">, column: Column, draft: Draft): void {
  const { catalog } = draft
  if (action.using === null) return refuseNoAssignment(column, columnType(action.type, catalog), draft)
  if (action.using.column !== column.name) return
  let type = column.type
  for (const cast of action.using.casts.toReversed()) {
    const next = columnType(cast.type, catalog)
    if (explicitCast(type, next, catalog, draft.pgVersion) === false)
      fail(draft, "42846", `cannot cast type ${type.name} to ${next.name}`)
    type = next
  }
}

/** Up to 17, DROP COLUMN of the parent takes the column out of the children before their turn of DROP NOT NULL comes. */
function refuseGoneInChildren(relation: Relation, column: string, draft: Draft): void {
  if (draft.pgVersion >= 18 || !dropsColumn(draft, column)) return
  const child = draft.catalog.children(relation.id).find((one) => draft.catalog.column(one, column)?.local === false)
  if (child !== undefined) fail(draft, "42703", `column "${column}" of relation "${child.name}" does not exist`)
}
