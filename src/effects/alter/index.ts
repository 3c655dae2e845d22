import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { OperationOf, TableOperation } from "../../parse/operation.ts"
import type { Index, Relation } from "../../schema/catalog.ts"
import { quoteIdent } from "../../schema/format.ts"
import { isUnknownType } from "../../schema/types.ts"
import {
  affected,
  affectedType,
  childWhy,
  fail,
  lock,
  lockIndex,
  lockNamed,
  uncertain,
  type Draft,
} from "../draft.ts"
import { usesColumn } from "../../schema/index-columns.ts"
import { dropColumn, refuseSeveralSequences } from "../dependents.ts"
import type { Handlers } from "../handler.ts"
import { addColumn } from "./add-column.ts"
import { alterColumnType } from "./column-type.ts"
import { addConstraint } from "./add-constraint.ts"
import { alterConstraint, dropConstraint, renameConstraint, validateConstraint } from "./constraints.ts"
import { lockNotNull, losesNotNull, setNotNull } from "./not-null.ts"
import { attachIndexPartition, attachPartition, detachPartition } from "./partitions.ts"
import { moveAll, ownerTo, setAccessMethod, setLogged, setParameters, setTablespace } from "./storage.ts"
import { eachStored, lockAction, lockBeneath, lockTarget, requireColumn, rewriteTable, siblings, strongestLock, type Target } from "./target.ts"
import { copiesOf } from "../triggers.ts"

/** Effects of each action of ALTER TABLE and its kin. */
export const tableHandlers: Handlers<TableOperation["op"]> = {
  "add column": addColumn,
  "drop column": dropColumnAction,
  "set default": columnAction,
  "drop default": columnAction,
  "set not null": setNotNull,
  "drop not null": dropNotNull,
  "alter column type": alterColumnType,
  "set statistics": columnAction,
  "set storage": columnAction,
  "set compression": columnAction,
  "set column options": columnAction,
  "add identity": addIdentity,
  "set identity": identity,
  "drop identity": identity,
  "set expression": setExpression,
  "drop expression": columnAction,
  "add constraint": addConstraint,
  "drop constraint": dropConstraint,
  "validate constraint": validateConstraint,
  "alter constraint": alterConstraint,
  "set logged": setLogged,
  "set tablespace": setTablespace,
  "move all to tablespace": moveAll,
  "set access method": setAccessMethod,
  "set storage parameters": setParameters,
  "cluster on": clusterOn,
  "set without cluster": lockOnly,
  "set without oids": lockOnly,
  "not of type": lockOnly,
  inherit,
  "no inherit": noInherit,
  "of type": ofType,
  "owner to": ownerTo,
  "replica identity": replicaIdentity,
  "enable trigger": switchTrigger,
  "disable trigger": switchTrigger,
  "enable rule": lockOnly,
  "disable rule": lockOnly,
  "row level security": lockOnly,
  "attach partition": attachPartition,
  "detach partition": detachPartition,
  "attach index partition": attachIndexPartition,
  "rename column": columnAction,
  "rename relation": renameRelation,
  "rename constraint": renameConstraint,
  "set schema": setSchema,
  "other table action": lockOnly,
}

type LockOnly =
  | "set without cluster"
  | "set without oids"
  | "not of type"
  | "enable rule"
  | "disable rule"
  | "row level security"
  | "other table action"

/** Partitions are looked at for the row triggers that they have from their parent. */
function switchTrigger(action: OperationOf<"enable trigger" | "disable trigger">, draft: Draft): void {
  const target = lockAction(draft, action)
  if (target.kind !== "relation" || target.relation.kind !== "partitioned table") return
  const { relation } = target
  const { trigger } = action
  const own = draft.catalog.triggersOf(relation.id).filter((one) => typeof trigger === "string" || one.name === trigger.name)
  const rows = own.some((one) => one.forEachRow)
  const [partition] = draft.catalog.children(relation.id)
  if (rows && trigger === "user" && draft.pgVersion < 13 && partition !== undefined) {
    // Up to 12 a partition's copy counts as internal, and is not found among the user's triggers.
    fail(draft, "42704", `trigger "${own[0]?.name ?? ""}" for table "${partition.name}" does not exist`)
  }
  // Up to 14 copies are looked for under the name of their table's trigger, which that may have got later.
  for (const [partition, copy] of typeof trigger === "string" || action.only || draft.pgVersion >= 15 ? [] : copiesOf(draft.catalog, relation, trigger.name))
    if (copy.name !== copy.copyOf) fail(draft, "42704", `trigger "${copy.copyOf ?? ""}" for table "${partition.name}" does not exist`)
  const foreignKeys = draft.catalog.constraintsOf(relation.id).some((one) => one.kind === "foreign key")
  if (rows || (trigger === "all" && foreignKeys && draft.pgVersion >= 15)) {
    lockBeneath(draft, relation, action.only, strongestLock(draft), "partitions")
  }
}

function lockOnly(action: OperationOf<LockOnly>, draft: Draft): void {
  lockAction(draft, action)
}

function ofType(action: OperationOf<"of type">, draft: Draft): void {
  lockAction(draft, action)
  const type = draft.catalog.type(action.type)
  if (type?.kind === "composite") lock(draft, affectedType(type), "ACCESS SHARE")
}

type ColumnOnly =
  | "set default"
  | "drop default"
  | "set statistics"
  | "set storage"
  | "set compression"
  | "set column options"
  | "drop expression"
  | "rename column"

function columnAction(action: OperationOf<ColumnOnly>, draft: Draft): void {
  const target = lockAction(draft, action)
  if (target.kind === "relation" && target.relation.kind !== "view")
    requireColumn(draft, target.relation, action.column.name)
}

function dropNotNull(action: OperationOf<"drop not null">, draft: Draft): void {
  const target = lockNotNull(action, draft, (column) => column.notNull)
  if (target.kind !== "relation") return
  const { relation } = target
  const column = requireColumn(draft, relation, action.column.name)
  // Both are drops, which run in the order in which they are written.
  const freed = siblings(draft, "drop identity").some((one) => one.column.name === action.column.name && one.span.start < action.span.start)
  if (column?.identity != null && !freed)
    fail(draft, "42601", `column "${column.name}" of relation "${relation.name}" is an identity column`)
  const primary = draft.catalog
    .constraintsOf(relation.id)
    .find((one) => one.kind === "primary key" && one.columns.includes(action.column.name))
  const dropped = draft.statement.operations.some(
    (one) => one.op === "drop constraint" && one.constraint.name === primary?.name,
  )
  if (primary !== undefined && !dropped) fail(draft, "42P16", `column "${action.column.name}" is in a primary key`)
}

function dropColumnAction(action: OperationOf<"drop column">, draft: Draft): void {
  const target = lockTarget(draft, action, "ACCESS EXCLUSIVE", "self")
  if (target.kind !== "relation") return
  const { relation } = target
  const name = action.column.name
  const column = action.ifExists ? draft.catalog.column(relation, name) : requireColumn(draft, relation, name)
  if (column === undefined && relation.known) return
  if (action.only && relation.kind === "partitioned table" && draft.catalog.children(relation.id).length > 0)
    fail(draft, "42P16", "cannot drop column from only the partitioned table when partitions exist")
  // Without recursion the children keep the column as their own, which changes them too.
  if (action.only)
    for (const child of draft.catalog.children(relation.id))
      lock(draft, affected(child), "ACCESS EXCLUSIVE", childWhy(relation, child))
  lockBeneath(draft, relation, action.only, "ACCESS EXCLUSIVE", "children")
  for (const member of action.only ? [relation] : draft.catalog.tree(relation.id)) {
    if (member.id !== relation.id && keepsColumn(draft, relation, member, name)) continue
    const blocker = dropColumn(draft, member, name, action.cascade)
    if (blocker !== null && !action.cascade && draft.statement.operations.length === 1) {
      fail(draft, "2BP01", `cannot drop column ${quoteIdent(name)} of table ${quoteIdent(member.name)}: ${blocker}`)
    }
  }
}

/** A child keeps a column that is its own, too, or that another parent has. */
function keepsColumn(draft: Draft, relation: Relation, child: Relation, name: string): boolean {
  const column = draft.catalog.column(child, name)
  if (column === undefined || !column.inherited || column.local) return true
  const having = child.inherits.filter((id) => {
    const parent = draft.catalog.relationById(id)
    return parent !== undefined && draft.catalog.column(parent, name) !== undefined && !draft.catalog.tree(relation.id).includes(parent)
  })
  return having.length > 0
}

function addIdentity(action: OperationOf<"add identity">, draft: Draft): void {
  const target = lockAction(draft, action)
  if (target.kind !== "relation") return
  const column = requireColumn(draft, target.relation, action.column.name)
  const madeNotNull = draft.statement.operations.some(
    (one) =>
      (one.op === "set not null" && one.column.name === column?.name && (draft.pgVersion >= 12 || one.span.start < action.span.start)) ||
      (one.op === "add constraint" && column !== undefined && makesNotNull(draft, target.relation, one.constraint, column.name)),
  )
  const nullable = column !== undefined && (!column.notNull || losesNotNull(draft, target.relation, column.name))
  if (nullable && !madeNotNull) {
    fail(
      draft,
      "55000",
      `column "${column.name}" of "${target.relation.name}" must be declared NOT NULL before identity can be added`,
    )
  }
}

/** The server adds primary keys and NOT NULL before identities. */
function makesNotNull(draft: Draft, { schema }: Relation, constraint: ConstraintDefinition, column: string): boolean {
  if (constraint.kind === "not null") return constraint.column.name === column
  if (constraint.kind !== "primary key") return false
  if (constraint.usingIndex === null) return constraint.columns.some(({ name }) => name === column)
  // In 11 an index makes its columns NOT NULL too late.
  const index = draft.catalog.index({ schema, name: constraint.usingIndex.name })
  return draft.pgVersion >= 12 && index?.columns.includes(column) === true
}

/** The options live in the column's sequence. */
function identity(action: OperationOf<"set identity" | "drop identity">, draft: Draft): void {
  const listed = draft.catalog.relation(action.relation)
  const nothing = listed?.known === true && draft.catalog.column(listed, action.column.name)?.identity === null
  const target = nothing ? lockTarget(draft, action, "ACCESS EXCLUSIVE", "self") : lockAction(draft, action)
  if (target.kind !== "relation") return
  const { relation } = target
  const column = requireColumn(draft, relation, action.column.name)
  // Of a column that is known by its name alone nobody knows whether it is one.
  if (column === undefined || isUnknownType(column.type)) return
  // It is set last, up to 12 before another one can be added.
  const sets = action.op === "set identity"
  const added = sets && draft.pgVersion >= 13 && siblings(draft, "add identity").some((one) => one.column.name === column.name)
  if (added) return
  const dropped = sets && siblings(draft, "drop identity").some((one) => one.column.name === column.name)
  if (column.identity === null || dropped) {
    if (sets || !action.ifExists) {
      fail(draft, "55000", `column "${column.name}" of relation "${relation.name}" is not an identity column`)
    }
    return
  }
  const owned = draft.catalog.ownedSequences(relation.id).filter((sequence) => sequence.ownedBy?.column === column.name)
  if (action.op === "drop identity") refuseSeveralSequences(draft, relation, column)
  // Up to 12 the options go to the first sequence that the column owns, in 11 to the last.
  const first = draft.pgVersion < 12 ? owned.slice(-1) : owned.slice(0, 1)
  const changed = draft.pgVersion < 13 ? first : owned.filter((sequence) => sequence.ownedBy?.identity === true)
  for (const sequence of changed) {
    const mode = action.op === "set identity" ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE"
    lock(draft, affected(sequence), mode, `identity sequence of ${relation.name}.${column.name}`)
  }
}

function setExpression(action: OperationOf<"set expression">, draft: Draft): void {
  const target = lockAction(draft, action)
  const column = target.kind === "relation" ? requireColumn(draft, target.relation, action.column.name) : undefined
  // Of a column that is known by its name alone nobody knows what computes it.
  const assumed = column === undefined || isUnknownType(column.type)
  if (target.kind === "relation" && !assumed && column.generated === null) {
    fail(draft, "55000", `column "${column.name}" of relation "${target.relation.name}" is not a generated column`)
    return
  }
  if (column?.generated?.stored === false) return
  if (assumed) uncertain(draft, `whether the generated column ${action.column.name} is stored`)
  eachStored(draft, target, action.only, "children", (member, listed) => {
    rewriteTable(
      draft,
      member,
      listed,
      `the stored generated column ${action.column.name} is computed for every row`,
      assumed,
    )
  })
}

function clusterOn(action: OperationOf<"cluster on">, draft: Draft): void {
  const target = lockAction(draft, action)
  const schema = target.kind === "relation" ? target.relation.schema : action.relation.schema
  const index = draft.catalog.index({ schema, name: action.index.name })
  if (index !== undefined && isDroppedHere(draft, index)) fail(draft, "42704", `index "${index.name}" does not exist`)
  if (index !== undefined) lockIndex(draft, index, strongestLock(draft))
  else if (hasAllIndexes(draft, target)) fail(draft, "42704", `index "${action.index.name}" does not exist`)
}

/** Whether an index that is not listed is not there when the action runs: those that the statement makes are made before. */
function hasAllIndexes(draft: Draft, target: Target): boolean {
  if (draft.statement.operations.some(({ op }) => op === "add constraint" || op === "add column")) return false
  return draft.catalog.complete || (target.kind === "relation" && target.relation.known && draft.catalog.isCertain(target.relation))
}

/** The index goes with its constraint or a column before the action runs, and no new key can have taken its name. */
function isDroppedHere(draft: Draft, index: Index): boolean {
  const { name } = index
  const again = siblings(draft, "add constraint").some(
    ({ constraint }) =>
      (constraint.kind === "primary key" || constraint.kind === "unique") &&
      (constraint.name === null ? DERIVED_NAME[constraint.kind].test(name) : constraint.name.name === name),
  )
  if (again) return false
  return (
    siblings(draft, "drop constraint").some((one) => one.constraint.name === name) ||
    siblings(draft, "drop column").some((one) => usesColumn(index, one.column.name))
  )
}

/** What a key without a name may be called. */
const DERIVED_NAME = { "primary key": /_pkey\d*$/, unique: /_key\d*$/ }

function replicaIdentity(action: OperationOf<"replica identity">, draft: Draft): void {
  const target = lockAction(draft, action)
  if (action.index === null) return
  const schema = target.kind === "relation" ? target.relation.schema : action.relation.schema
  const index = draft.catalog.index({ schema, name: action.index.name })
  if (index !== undefined && isDroppedHere(draft, index)) fail(draft, "42704", `index "${index.name}" does not exist`)
  if (index !== undefined) lockIndex(draft, index, "SHARE")
  else if (hasAllIndexes(draft, target)) fail(draft, "42704", `index "${action.index.name}" does not exist`)
}

function inherit(action: OperationOf<"inherit" | "no inherit">, draft: Draft): void {
  const target = lockAction(draft, action)
  lockNamed(draft, action.parent, "SHARE UPDATE EXCLUSIVE")
  // Its own children must not be among its parents.
  if (target.kind === "relation") lockBeneath(draft, target.relation, false, "ACCESS SHARE", "children")
}

function noInherit(action: OperationOf<"inherit" | "no inherit">, draft: Draft): void {
  lockAction(draft, action)
  lockNamed(draft, action.parent, "ACCESS SHARE")
}

/** ALTER INDEX ... RENAME needs less from 12 on; the same by ALTER TABLE does not. */
function renameRelation(action: OperationOf<"rename relation">, draft: Draft): void {
  const isIndex = action.keyword === "index" && draft.catalog.relation(action.relation) === undefined
  const mode = isIndex && draft.pgVersion >= 12 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE"
  lockTarget(draft, action, mode, "self")
}

function setSchema(action: OperationOf<"set schema">, draft: Draft): void {
  const target = lockAction(draft, action)
  if (target.kind !== "relation") return
  const { relation } = target
  for (const sequence of draft.catalog.ownedSequences(relation.id))
    lock(draft, affected(sequence), "ACCESS EXCLUSIVE", `owned by ${relation.name}`)
}
