import type { Operation, TableOperation } from "../parse/operation.ts"
import type { Column, Relation } from "./catalog.ts"
import { alterColumn } from "./alter-column.ts"
import { alterConstraint, dropConstraint, renameConstraint, validateConstraint } from "./alter-constraint.ts"
import {
  addColumnToTree,
  columnOf,
  isSolid,
  makeColumn,
  makeOwnedSequence,
  serialDefault,
  updateRelation,
} from "./columns.ts"
import { defineConstraint, PLAIN_NOT_NULL, setNotNull } from "./constraints.ts"
import { quoteIdent } from "./format.ts"
import { findIndex, needRelation } from "./names.ts"
import { attachIndexPartition, attachPartition, detachPartition, inherit } from "./partitions.ts"
import { renameColumn, renameRelation, setRelationSchema } from "./rename.ts"
import { put, refuse, setIndex, type Store } from "./store.ts"
import { addKeys } from "./tables.ts"
import { switchTriggers } from "./triggers.ts"
import { findType } from "./types.ts"

type ActionOf<K extends TableOperation["op"]> = Extract<TableOperation, { op: K }>

/** One action of ALTER TABLE (or INDEX, VIEW, SEQUENCE ...). */
export function alterTable(store: Store, op: TableOperation): void {
  if (op.op === "move all to tablespace") return
  if (op.op === "rename relation") return renameRelation(store, op)
  if (op.op === "attach index partition") return attachIndexPartition(store, op)
  if (op.op === "set tablespace") moveIndex(store, op)
  const table = needRelation(store, op.relation, op.keyword, op.missingOk)
  if (table !== undefined) alterRelation(store, table, op)
}

function moveIndex(store: Store, { relation, tablespace }: ActionOf<"set tablespace">): void {
  const index = findIndex(store, relation)
  if (index === undefined) return
  setIndex(store, { ...index, storage: { parameters: index.storage?.parameters ?? "", tablespace: ` TABLESPACE ${quoteIdent(tablespace)}` } })
}

function alterRelation(store: Store, table: Relation, op: TableOperation): void {
  const update = (change: Partial<Relation>): void => {
    updateRelation(store, table.id, (relation) => ({ ...relation, ...change }))
  }
  switch (op.op) {
    case "add column":
      return addColumn(store, table, op)
    case "drop column":
    case "set default":
    case "drop default":
    case "set not null":
    case "drop not null":
    case "alter column type":
    case "add identity":
    case "set identity":
    case "drop identity":
    case "set expression":
    case "drop expression":
      return alterColumn(store, table, op)
    case "rename column":
      return renameColumn(store, table, op)
    case "add constraint":
      return defineConstraint(store, table, op.constraint, op.only)
    case "drop constraint":
      return dropConstraint(store, table, op)
    case "validate constraint":
      return validateConstraint(store, table, op)
    case "alter constraint":
      return alterConstraint(store, table, op)
    case "rename constraint":
      return renameConstraint(store, table, op)
    case "set logged":
      // A partitioned table stores nothing; up to 17 the words do nothing there, from 18 on they are an error.
      if (table.kind === "partitioned table") return
      return update({ persistence: op.logged ? "permanent" : "unlogged" })
    case "set tablespace":
      return update({ tablespace: op.tablespace })
    case "set access method":
      return update({ accessMethod: op.accessMethod })
    case "cluster on":
      return update({ clusteredOn: findIndex(store, { schema: table.schema, name: op.index.name })?.id ?? null })
    case "set without cluster":
      return update({ clusteredOn: null })
    case "replica identity":
      return update({ replicaIdentity: op.identity, identityIndex: op.index === null ? null : (findIndex(store, { schema: table.schema, name: op.index.name })?.id ?? null) })
    case "owner to":
      return update({ owner: op.owner })
    case "row level security":
      return update(rowSecurity(op.action))
    case "of type":
      return update({ ofType: findType(store, op.type)?.id ?? null })
    case "not of type":
      return update({ ofType: null })
    case "inherit":
    case "no inherit":
      return inherit(store, table, op)
    case "attach partition":
      return attachPartition(store, table, op)
    case "detach partition":
      return detachPartition(store, table, op)
    case "set schema":
      return setRelationSchema(store, table, op)
    case "enable trigger":
    case "disable trigger":
      return switchTriggers(store, table, op)
    case "enable rule":
    case "disable rule":
      return switchRule(store, table, op)
    case "set statistics":
    case "set storage":
    case "set compression":
    case "set column options":
    case "set storage parameters":
    case "set without oids":
    case "other table action":
    case "move all to tablespace":
    case "attach index partition":
    case "rename relation":
      return
  }
}

function rowSecurity(action: ActionOf<"row level security">["action"]): Partial<Relation> {
  if (action === "enable" || action === "disable") return { rowSecurity: action === "enable" }
  return { forceRowSecurity: action === "force" }
}

function switchRule(store: Store, table: Relation, op: ActionOf<"enable rule" | "disable rule">): void {
  const rules = store.rules.get(table.id)
  if (rules === undefined) return
  const enabled = op.op === "enable rule"
  put(
    store,
    store.rules,
    table.id,
    rules.map((old) => (old.name === op.rule.name ? { ...old, enabled } : old)),
  )
}

function addColumn(store: Store, table: Relation, op: ActionOf<"add column">): void {
  const { column: definition } = op
  const { name, span } = definition.name
  const existing = columnOf(table, name)
  if (existing !== undefined) {
    if (op.ifNotExists || store.now.conditional) return
    if (isSolid(store, table, name))
      refuse("42701", `column "${name}" of relation "${table.name}" already exists`, span)
  }
  const primary = definition.constraints.some(({ kind }) => kind === "primary key")
  let column: Column = makeColumn(store, definition, primary)
  // Over a table that is not known the column may have been there already.
  if (op.ifNotExists && !table.known) column = { ...column, created: null, typed: null }
  if (definition.serial || definition.identity !== null) {
    const sequence = makeOwnedSequence(store, table, column, definition.identity !== null, definition.identity?.sequence)
    if (definition.serial) column = { ...column, default: serialDefault(sequence) }
  }
  addColumnToTree(store, table.id, column, op.only)
  const current = (): Relation => store.relations.get(table.id) ?? table
  if (column.notNull || column.notNullNotValid) {
    const constraintName = definition.notNull?.name?.name ?? null
    setNotNull(store, current(), name, {
      ...PLAIN_NOT_NULL,
      constraintName,
      notValid: column.notNullNotValid,
      noInherit: definition.notNull?.noInherit === true,
      // The children's columns are NOT NULL all the same, without a constraint that says so.
      only: op.only || definition.notNull?.noInherit === true,
    })
  }
  addKeys(store, current, definition.constraints)
  for (const constraint of definition.constraints) {
    const { kind } = constraint
    if (kind === "check" || kind === "foreign key" || kind === "not null")
      defineConstraint(store, current(), constraint, op.only)
  }
}

/**
 * The order in which the server runs the actions of one ALTER TABLE: drops, type changes, new columns, column
 * attributes and NOT NULL, keys, other constraints, the rest (the passes of src/backend/commands/tablecmds.c).
 */
const PASS: Partial<Readonly<Record<TableOperation["op"], number>>> = {
  "drop column": 0,
  "drop constraint": 0,
  "drop not null": 0,
  "drop identity": 0,
  "drop expression": 0,
  "drop default": 0,
  "alter column type": 1,
  "add column": 2,
  "set expression": 3,
  "set not null": 4,
  "add constraint": 7,
  "set default": 8,
  "add identity": 8,
}
const LAST_PASS = 9

/** The operations of one statement in the order in which the server runs them. */
export function inServerOrder(operations: readonly Operation[]): readonly Operation[] {
  if (operations.length < 2) return operations
  const passes = operations.map(passOf)
  if (passes.every((pass, position) => position === 0 || pass >= (passes[position - 1] ?? 0))) return operations
  return operations
    .map((operation, position) => ({ operation, pass: passes[position] ?? LAST_PASS }))
    .sort((a, b) => a.pass - b.pass)
    .map(({ operation }) => operation)
}

function passOf(operation: Operation): number {
  if (operation.op === "add constraint") {
    const { kind } = operation.constraint
    if (kind === "not null") return 5
    return kind === "unique" || kind === "primary key" || kind === "exclude" ? 6 : 7
  }
  return isTableAction(operation) ? (PASS[operation.op] ?? LAST_PASS) : LAST_PASS
}

export function isTableAction(operation: Operation): operation is TableOperation {
  return "relation" in operation || operation.op === "move all to tablespace"
}
