import type { ConstraintDefinition } from "../parse/constraint.ts"
import type { OperationOf } from "../parse/operation.ts"
import type { Constraint, ObjectId, Relation } from "./catalog.ts"
import { columnOf, columnsRead, isSolid, markNotNull, needColumn, treeOf, updateColumn, updateRelation } from "./columns.ts"
import { chooseName, joinColumns, truncateIdentifier } from "./derived-names.ts"
import { isFullyListed, keyOver, makeIndex, needIndexedColumn, newConstraint, planElements, type IndexPlan } from "./indexes.ts"
import { needRelation } from "./names.ts"
import { removeConstraint, vacate } from "./remove.ts"
import { addConstraint, isSure, putName, refuse, setConstraint, setIndex, type Store } from "./store.ts"

type Definition<K extends ConstraintDefinition["kind"]> = Extract<ConstraintDefinition, { kind: K }>

/** Adds a constraint to the table, and to what inherits from it as far as the kind is inherited. */
export function defineConstraint(store: Store, table: Relation, definition: ConstraintDefinition, only: boolean): void {
  if (definition.name !== null && !constraintNameIsFree(store, table, definition.name)) return
  switch (definition.kind) {
    case "check":
      return defineCheck(store, table, definition, only)
    case "not null":
      return defineNotNull(store, table, definition, only)
    case "foreign key":
      return defineForeignKey(store, table, definition)
    case "unique":
    case "primary key":
      return definition.usingIndex === null
        ? defineKey(store, table, definition, only)
        : promoteIndex(store, table, definition, definition.usingIndex)
    case "exclude":
      return defineExclusion(store, table, definition, only)
  }
}

function constraintNameIsFree(store: Store, table: Relation, name: NonNullable<ConstraintDefinition["name"]>): boolean {
  if (constraintOf(store, table.id, name.name) === undefined) return true
  if (isSolid(store, table, name.name)) {
    refuse("42710", `constraint "${name.name}" for relation "${table.name}" already exists`, name.span)
  }
  return false
}

export function constraintOf(store: Store, table: ObjectId, name: string): Constraint | undefined {
  return store.constraintsByTable.get(table)?.find((constraint) => constraint.name === name)
}

/** The name written, or the one ChooseConstraintName derives: free among the schema's constraints. */
function nameOf(store: Store, table: Relation, written: ConstraintDefinition["name"], columns: string | null, label: string): string {
  if (written !== null) return truncateIdentifier(written.name)
  const taken = store.constraintNames.get(table.schema)
  return chooseName(table.name, columns, label, (name) => taken?.has(name) === true)
}

// ---------------------------------------------------------------------------------------------------------------------
// CHECK and NOT NULL

function defineCheck(store: Store, table: Relation, definition: Definition<"check">, only: boolean): void {
  const { expression } = definition
  const columns = columnsRead(expression)
  const [single] = columns
  const base: Constraint = {
    ...newConstraint(store, table.id, nameOf(store, table, definition.name, columns.length === 1 ? (single ?? null) : null, "check"), "check"),
    columns,
    validated: !definition.notValid && !definition.notEnforced,
    enforced: !definition.notEnforced,
    noInherit: definition.noInherit,
    expression: {
      text: store.now.text(expression.span),
      conjuncts: expression.conjuncts,
      functions: expression.functions.map(({ name }) => name),
    },
  }
  addConstraint(store, table.schema, base)
  if (only || definition.noInherit) return
  for (const child of treeOf(store, table.id).slice(1)) inheritCheck(store, child, base)
}

/** A child's own CHECK of the same name is merged; otherwise it gets a copy. */
export function inheritCheck(store: Store, child: ObjectId, check: Constraint): void {
  const relation = store.relations.get(child)
  if (relation === undefined) return
  const own = constraintOf(store, child, check.name)
  if (own === undefined) addConstraint(store, relation.schema, { ...check, id: store.nextId++, table: child, inherited: true })
  else setConstraint(store, { ...own, inherited: true })
}

function defineNotNull(store: Store, table: Relation, definition: Definition<"not null">, only: boolean): void {
  if (needColumn(store, table, definition.column) === undefined) return
  const { name } = definition.column
  setNotNull(store, table, name, {
    constraintName: definition.name === null ? null : truncateIdentifier(definition.name.name),
    notValid: definition.notValid,
    noInherit: definition.noInherit,
    only: only || definition.noInherit,
  })
}

export interface NotNullOptions {
  readonly constraintName: string | null
  readonly notValid: boolean
  readonly noInherit: boolean
  readonly only: boolean
}

export const PLAIN_NOT_NULL: NotNullOptions = { constraintName: null, notValid: false, noInherit: false, only: false }

/** Makes the column NOT NULL; from 18 on with a constraint of a name of its own (`table_column_not_null`). */
export function setNotNull(store: Store, table: Relation, column: string, options: NotNullOptions): void {
  for (const id of options.only ? [table.id] : treeOf(store, table.id)) {
    if (options.notValid) updateColumn(store, id, column, (old) => (old.notNull ? old : { ...old, notNullNotValid: true }))
    else markNotNull(store, id, [column])
    const relation = store.relations.get(id)
    if (relation === undefined) continue
    // Children take over the name.
    const constraintName = id === table.id ? options.constraintName : (notNullConstraint(store, table.id, column)?.name ?? null)
    recordNotNull(store, relation, column, { ...options, constraintName }, id !== table.id)
  }
}

/** The pg_constraint row that 18 keeps for each NOT NULL. */
export function recordNotNull(store: Store, table: Relation, column: string, options: NotNullOptions, inherited: boolean): void {
  if (store.pgVersion < 18) return
  const existing = notNullConstraint(store, table.id, column)
  if (existing !== undefined) {
    if (!options.notValid && !existing.validated) setConstraint(store, { ...existing, validated: true })
    return
  }
  addConstraint(store, table.schema, {
    ...newConstraint(store, table.id, options.constraintName ?? nameOf(store, table, null, column, "not_null"), "not null"),
    columns: [column],
    validated: !options.notValid,
    noInherit: options.noInherit,
    inherited,
  })
}

export function notNullConstraint(store: Store, table: ObjectId, column: string): Constraint | undefined {
  return store.constraintsByTable.get(table)?.find(({ kind, columns }) => kind === "not null" && columns[0] === column)
}

// ---------------------------------------------------------------------------------------------------------------------
// Keys

type KeyDefinition = Extract<ConstraintDefinition, { usingIndex: unknown }>

function defineKey(store: Store, table: Relation, definition: KeyDefinition, only: boolean): void {
  const kind = definition.kind
  if (kind === "primary key") refuseSecondPrimaryKey(store, table, definition)
  for (const column of definition.columns) {
    if (table.known) needIndexedColumn(store, table, column.name, column.span)
    else needColumn(store, table, column)
  }
  const columns = definition.columns.map(({ name }) => name)
  if (kind === "primary key") for (const column of columns) setNotNull(store, table, column, { ...PLAIN_NOT_NULL, only })
  const plan: IndexPlan = {
    name: definition.name === null ? null : freeIndexName(store, table, definition.name),
    unique: true,
    method: definition.withoutOverlaps ? "gist" : "btree",
    columns,
    labels: columns,
    include: definition.include.map(({ name }) => name),
    expressionColumns: [],
    clauses: [],
    expressions: [],
    predicate: null,
    nullsNotDistinct: definition.nullsNotDistinct,
    constraint: { kind, deferrable: definition.deferrable },
  }
  makeIndex(store, store.relations.get(table.id) ?? table, plan, null, only)
}

/** The constraint's name is also its index's: it must be free among the schema's relations. */
function freeIndexName(store: Store, table: Relation, { name, span }: NonNullable<ConstraintDefinition["name"]>): string {
  const cut = truncateIdentifier(name)
  const taken = store.names.get(table.schema)?.get(cut)
  if (taken !== undefined && isSure(store, cut)) {
    const relation = store.relations.get(taken)
    if (relation === undefined || isSolid(store, relation)) refuse("42P07", `relation "${cut}" already exists`, span)
  }
  vacate(store, table.schema, cut)
  return cut
}

function refuseSecondPrimaryKey(store: Store, table: Relation, definition: KeyDefinition): void {
  const first = primaryKeyOf(store, table.id)
  if (first === undefined || !isSolid(store, table, first.name)) return
  refuse("42P16", `multiple primary keys for table "${table.name}" are not allowed`, definition.span)
}

export function primaryKeyOf(store: Store, table: ObjectId): Constraint | undefined {
  return store.constraintsByTable.get(table)?.find(({ kind }) => kind === "primary key")
}

/** UNIQUE | PRIMARY KEY USING INDEX: the index becomes the constraint's and takes its name. */
function promoteIndex(store: Store, table: Relation, definition: KeyDefinition, usingIndex: NonNullable<KeyDefinition["usingIndex"]>): void {
  const { kind } = definition
  if (kind === "primary key") refuseSecondPrimaryKey(store, table, definition)
  const id = store.names.get(table.schema)?.get(usingIndex.name)
  const index = id === undefined ? undefined : store.indexes.get(id)
  if (index === undefined || index.table !== table.id) {
    if (isFullyListed(store, table) && isSure(store, usingIndex.name)) {
      refuse("42704", `index "${usingIndex.name}" does not exist`, usingIndex.span)
    }
    return
  }
  const columns = index.columns.filter((column) => column !== null)
  if (kind === "primary key") for (const column of columns) setNotNull(store, table, column, PLAIN_NOT_NULL)
  const name = definition.name === null ? index.name : truncateIdentifier(definition.name.name)
  const constraint = addConstraint(store, table.schema, {
    ...newConstraint(store, table.id, name, kind),
    columns,
    deferrable: definition.deferrable,
    index: index.id,
  })
  if (name !== index.name) {
    vacate(store, index.schema, name)
    putName(store, store.names, index.schema, index.name, undefined)
    putName(store, store.names, index.schema, name, index.id)
  }
  setIndex(store, { ...index, name, constraint: constraint.id })
}

function defineExclusion(store: Store, table: Relation, definition: Definition<"exclude">, only: boolean): void {
  const plan: IndexPlan = {
    name: definition.name === null ? null : freeIndexName(store, table, definition.name),
    unique: false,
    method: definition.method,
    include: [],
    nullsNotDistinct: false,
    constraint: { kind: "exclude", deferrable: definition.deferrable },
    ...planElements(store, definition.elements, definition.predicate),
  }
  makeIndex(store, table, plan, null, only)
}

// ---------------------------------------------------------------------------------------------------------------------
// Foreign keys

function defineForeignKey(store: Store, table: Relation, definition: Definition<"foreign key">): void {
  const target = needRelation(store, definition.references, "table", false)
  if (target === undefined) return
  for (const column of definition.columns) needColumn(store, table, column)
  const columns = definition.columns.map(({ name }) => name)
  const foreignKey: Constraint = {
    ...newConstraint(store, table.id, nameOf(store, table, definition.name, foreignKeyColumns(store, columns), "fkey"), "foreign key"),
    columns,
    validated: !definition.notValid && !definition.notEnforced,
    enforced: !definition.notEnforced,
    deferrable: definition.deferrable,
    references: {
      table: target.id,
      columns: referencedColumns(store, target, definition),
      onDelete: definition.onDelete,
      onUpdate: definition.onUpdate,
      match: definition.match,
    },
  }
  addConstraint(store, table.schema, foreignKey)
  if (table.kind === "partitioned table") {
    for (const partition of treeOf(store, table.id).slice(1)) inheritForeignKey(store, partition, foreignKey)
  }
}

/** Before 12 only the first column was part of the derived name. */
function foreignKeyColumns(store: Store, columns: readonly string[]): string {
  return store.pgVersion < 12 ? (columns[0] ?? "") : joinColumns(columns)
}

/** A partition takes over its parent's foreign key: its own equal one is adopted, otherwise it gets a copy. */
export function inheritForeignKey(store: Store, partition: ObjectId, parent: Constraint): void {
  const relation = store.relations.get(partition)
  if (relation === undefined || relation.kind === "foreign table") return
  const own = store.constraintsByTable.get(partition)?.find((candidate) => !candidate.inherited && sameForeignKey(candidate, parent))
  if (own !== undefined) {
    setConstraint(store, { ...own, inherited: true })
    return
  }
  const name = constraintOf(store, partition, parent.name) === undefined ? parent.name : nameOf(store, relation, null, joinColumns(parent.columns), "fkey")
  addConstraint(store, relation.schema, { ...parent, id: store.nextId++, name, table: partition, inherited: true })
}

function sameForeignKey(a: Constraint, b: Constraint): boolean {
  return (
    a.kind === "foreign key" &&
    a.references?.table === b.references?.table &&
    a.columns.join() === b.columns.join() &&
    a.references?.columns.join() === b.references?.columns.join() &&
    a.references?.onDelete === b.references?.onDelete &&
    a.references?.onUpdate === b.references?.onUpdate
  )
}

function referencedColumns(store: Store, target: Relation, definition: Definition<"foreign key">): readonly string[] {
  const certain = isFullyListed(store, target)
  if (definition.referencedColumns.length === 0) {
    const key = primaryKeyOf(store, target.id)
    if (key === undefined && certain) {
      refuse("42704", `there is no primary key for referenced table "${target.name}"`, definition.references.span)
    }
    return key?.columns ?? []
  }
  const columns = definition.referencedColumns.map(({ name }) => name)
  if (!certain) return columns
  for (const { name, span } of definition.referencedColumns) {
    if (columnOf(target, name) === undefined) {
      refuse("42703", `column "${name}" referenced in foreign key constraint does not exist`, span)
    }
  }
  if (keyOver(store, target.id, columns) === undefined) {
    const message = `there is no unique constraint matching given keys for referenced table "${target.name}"`
    refuse("42830", message, definition.references.span)
  }
  return columns
}

// ---------------------------------------------------------------------------------------------------------------------
// ALTER TABLE ... CONSTRAINT

export function dropConstraint(store: Store, table: Relation, op: OperationOf<"drop constraint">): void {
  const constraint = constraintOf(store, table.id, op.constraint.name)
  if (constraint === undefined) {
    if (op.ifExists || !isFullyListed(store, table) || !isSure(store, op.constraint.name)) return
    const message = `constraint "${op.constraint.name}" of relation "${table.name}" does not exist`
    return refuse("42704", message, op.constraint.span)
  }
  if (!op.cascade && constraint.index !== null) {
    const user = foreignKeyOver(store, constraint)
    if (user !== undefined && isSure(store, table.name, user.name, constraint.name)) {
      const message = `cannot drop constraint ${constraint.name} on table ${table.name} because other objects depend on it`
      return refuse("2BP01", message, op.constraint.span)
    }
  }
  removeConstraint(store, constraint)
}

function foreignKeyOver(store: Store, key: Constraint): Constraint | undefined {
  for (const id of store.referencing.get(key.table) ?? []) {
    const foreignKey = store.constraints.get(id)
    if (foreignKey === undefined || foreignKey.references === null) continue
    const { columns } = foreignKey.references
    if (columns.length !== key.columns.length || !columns.every((column) => key.columns.includes(column))) continue
    // Another key over the same columns may be the one it stands on.
    const keys = (store.indexesByTable.get(key.table) ?? []).filter((index) => index.unique && index.predicate === null)
    const others = keys.filter((index) => index.id !== key.index && index.columns.length === columns.length)
    if (!others.some((index) => columns.every((column) => index.columns.includes(column)))) return foreignKey
  }
  return undefined
}

export function validateConstraint(store: Store, table: Relation, op: OperationOf<"validate constraint">): void {
  const constraint = constraintOf(store, table.id, op.constraint.name)
  if (constraint === undefined) {
    if (!isFullyListed(store, table) || !isSure(store, op.constraint.name)) return
    const message = `constraint "${op.constraint.name}" of relation "${table.name}" does not exist`
    return refuse("42704", message, op.constraint.span)
  }
  const children = op.only ? [] : treeOf(store, table.id).slice(1)
  for (const id of [table.id, ...children]) {
    const own = constraintOf(store, id, constraint.name)
    if (own === undefined || own.validated) continue
    setConstraint(store, { ...own, validated: true })
    if (own.kind === "not null") markNotNull(store, id, own.columns)
  }
}

export function alterConstraint(store: Store, table: Relation, op: OperationOf<"alter constraint">): void {
  const constraint = constraintOf(store, table.id, op.constraint.name)
  if (constraint === undefined) {
    if (!isFullyListed(store, table) || !isSure(store, op.constraint.name)) return
    const message = `constraint "${op.constraint.name}" of relation "${table.name}" does not exist`
    return refuse("42704", message, op.constraint.span)
  }
  setConstraint(store, {
    ...constraint,
    deferrable: op.deferrable ?? constraint.deferrable,
    enforced: op.enforced ?? constraint.enforced,
    // ENFORCED checks the rows; NOT ENFORCED forgets that they were checked.
    validated: op.enforced ?? constraint.validated,
    noInherit: op.noInherit ?? constraint.noInherit,
  })
}

export function renameConstraint(store: Store, table: Relation, op: OperationOf<"rename constraint">): void {
  const constraint = constraintOf(store, table.id, op.constraint.name)
  if (constraint === undefined) {
    if (!isFullyListed(store, table) || !isSure(store, op.constraint.name)) return
    const message = `constraint "${op.constraint.name}" for table "${table.name}" does not exist`
    return refuse("42704", message, op.constraint.span)
  }
  const name = truncateIdentifier(op.newName.name)
  for (const id of constraint.kind === "check" && !op.only ? treeOf(store, table.id) : [table.id]) {
    const own = constraintOf(store, id, constraint.name)
    if (own !== undefined) giveConstraintName(store, own, name)
  }
}

/** Renames the constraint, and the index behind it, which has the same name. */
export function giveConstraintName(store: Store, constraint: Constraint, name: string): void {
  const schema = store.relations.get(constraint.table)?.schema
  if (schema === undefined) return
  const counts = store.constraintNames
  const left = (counts.get(schema)?.get(constraint.name) ?? 1) - 1
  putName(store, counts, schema, constraint.name, left === 0 ? undefined : left)
  putName(store, counts, schema, name, (counts.get(schema)?.get(name) ?? 0) + 1)
  setConstraint(store, { ...constraint, name })
  const index = constraint.index === null ? undefined : store.indexes.get(constraint.index)
  if (index === undefined || index.name === name) return
  vacate(store, index.schema, name)
  putName(store, store.names, index.schema, index.name, undefined)
  putName(store, store.names, index.schema, name, index.id)
  setIndex(store, { ...index, name })
}

/** Forgets what a dropped NOT NULL said. */
export function clearNotNull(store: Store, table: ObjectId, column: string): void {
  updateRelation(store, table, (relation) => ({
    ...relation,
    columns: relation.columns.map((old) =>
      old.name === column ? { ...old, notNull: false, notNullNotValid: false } : old,
    ),
  }))
  const constraint = notNullConstraint(store, table, column)
  if (constraint !== undefined) removeConstraint(store, constraint)
}

