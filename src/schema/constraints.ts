import type { ConstraintDefinition } from "../parse/constraint.ts"
import type { Constraint, ObjectId, Relation } from "./catalog.ts"
import { castTypes, columnOf, columnsRead, isSolid, markNotNull, needColumn, treeOf, updateColumn, updateRelation } from "./columns.ts"
import { constraintOf, nameOf, primaryKeyOf } from "./constraint-names.ts"
import { truncateIdentifier } from "./derived-names.ts"
import { defineForeignKey } from "./foreign-keys.ts"
import { mergesCheck } from "./inheritance.ts"
import { indexStorage } from "./index-storage.ts"
import { isFullyListed, makeIndex, needIndexedColumn, newConstraint, planElements, withIncluded, type IndexPlan } from "./indexes.ts"
import { removeConstraint, vacate } from "./remove.ts"
import { addConstraint, freeName, isSure, putName, refuse, setConstraint, setIndex, type Store } from "./store.ts"

type Definition<K extends ConstraintDefinition["kind"]> = Extract<ConstraintDefinition, { kind: K }>

/** Adds a constraint to the table, and to what inherits from it as far as the kind is inherited. */
export function defineConstraint(store: Store, table: Relation, definition: ConstraintDefinition, only: boolean): void {
  if (definition.name !== null && !isRepeated(store, table, definition) && !constraintNameIsFree(store, table, definition.name)) return
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

/** A NOT NULL that is asked for again under its name, or a CHECK that the table has from its parent. */
function isRepeated(store: Store, table: Relation, definition: ConstraintDefinition): boolean {
  if (definition.kind === "check") return mergedCheck(store, table, definition) !== undefined
  if (definition.kind !== "not null") return false
  return notNullConstraint(store, table.id, definition.column.name)?.name === definition.name?.name
}

function constraintNameIsFree(store: Store, table: Relation, name: NonNullable<ConstraintDefinition["name"]>): boolean {
  if (constraintOf(store, table.id, name.name) === undefined) return true
  if (isSolid(store, table, name.name)) {
    refuse("42710", `constraint "${name.name}" for relation "${table.name}" already exists`, name.span)
  }
  return false
}

// ---------------------------------------------------------------------------------------------------------------------
// CHECK and NOT NULL

/** The parent's CHECK that the definition makes the table's own as well. */
function mergedCheck(store: Store, table: Relation, { name, expression }: Definition<"check">): Constraint | undefined {
  const own = name === null ? undefined : constraintOf(store, table.id, name.name)
  return own !== undefined && mergesCheck(own, store.now.text(expression.span), table) ? own : undefined
}

function defineCheck(store: Store, table: Relation, definition: Definition<"check">, only: boolean): void {
  const { expression } = definition
  const merged = mergedCheck(store, table, definition)
  if (merged !== undefined) {
    // What one of the two enforces holds for both, and is taken to be checked.
    setConstraint(store, { ...merged, local: true, ...(!definition.notEnforced && !merged.enforced && { enforced: true, validated: true }) })
    return
  }
  // The table's own name means a whole row.
  const columns = columnsRead(expression).filter((name) => name !== table.name || columnOf(table, name) !== undefined)
  const [single] = columns
  const base: Constraint = {
    ...newConstraint(
      store,
      table.id,
      nameOf(store, table, definition.name, columns.length === 1 ? (single ?? null) : null, "check"),
      "check",
    ),
    columns,
    validated: !definition.notValid && !definition.notEnforced,
    enforced: !definition.notEnforced,
    noInherit: definition.noInherit,
    expression: {
      text: store.now.text(expression.span),
      conjuncts: expression.conjuncts,
      functions: expression.functions.map(({ name }) => name),
      types: castTypes(store, expression),
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
  if (own === undefined)
    addConstraint(store, relation.schema, { ...check, id: store.nextId++, table: child, inherited: true, local: false })
  else setConstraint(store, { ...own, inherited: true, local: own.local && relation.partition === null })
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
  if (!options.notValid && notNullConstraint(store, table.id, column)?.validated === false) validateNotNull(store, treeOf(store, table.id), column)
  for (const id of options.only ? [table.id] : treeOf(store, table.id)) {
    if (options.notValid)
      updateColumn(store, id, column, (old) => (old.notNull ? old : { ...old, notNullNotValid: true }))
    // What a child has NOT VALID stays so.
    else if (id === table.id || notNullConstraint(store, id, column)?.validated !== false) markNotNull(store, id, [column])
    const relation = store.relations.get(id)
    if (relation === undefined) continue
    // Children take over the name.
    const constraintName =
      id === table.id ? options.constraintName : (notNullConstraint(store, table.id, column)?.name ?? null)
    recordNotNull(store, relation, column, { ...options, constraintName }, { inherited: id !== table.id, local: id === table.id })
  }
}

/** A NOT NULL that is validated takes along all beneath that are NOT VALID, whatever they are called (QueueNNConstraintValidation). */
export function validateNotNull(store: Store, tables: readonly ObjectId[], column: string): void {
  for (const id of tables) {
    const own = notNullConstraint(store, id, column)
    if (own === undefined || own.validated) continue
    setConstraint(store, { ...own, validated: true })
    markNotNull(store, id, [column])
  }
}

/** The pg_constraint row that 18 keeps for each NOT NULL. */
export function recordNotNull(
  store: Store,
  table: Relation,
  column: string,
  options: NotNullOptions,
  { inherited, local }: Pick<Constraint, "inherited" | "local">,
): void {
  if (store.pgVersion < 18) return
  const existing = notNullConstraint(store, table.id, column)
  if (existing !== undefined) {
    setConstraint(store, {
      ...existing,
      validated: existing.validated || (!options.notValid && local),
      inherited: existing.inherited || inherited,
      // Asked for on the table itself it is the table's own from then on, and outlives the parent's.
      local: existing.local || local,
    })
    return
  }
  addConstraint(store, table.schema, {
    ...newConstraint(
      store,
      table.id,
      options.constraintName ?? nameOf(store, table, null, column, "not_null"),
      "not null",
    ),
    columns: [column],
    validated: !options.notValid,
    noInherit: options.noInherit,
    inherited,
    local,
  })
}

export function notNullConstraint(store: Store, table: ObjectId, column: string): Constraint | undefined {
  return store.constraintsByTable.get(table)?.find(({ kind, columns }) => kind === "not null" && columns[0] === column)
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
  if (kind === "primary key")
    requireNotNull(store, table, columns, only && !(table.kind === "partitioned table" && reachesPartitions(store)))
  const plan: IndexPlan = {
    name: definition.name === null ? null : freeIndexName(store, table, definition.name),
    unique: true,
    method: definition.withoutOverlaps ? "gist" : "btree",
    columns,
    labels: [...columns, ...definition.include.map(({ name }) => name)],
    include: definition.include.map(({ name }) => name),
    expressionColumns: [],
    clauses: [],
    expressions: [],
    functions: [],
    predicate: null,
    nullsNotDistinct: definition.nullsNotDistinct,
    storage: indexStorage(store.now.text(definition.span)),
    constraint: { kind, deferrable: definition.deferrable, initiallyDeferred: definition.initiallyDeferred },
  }
  const index = makeIndex(store, store.relations.get(table.id) ?? table, plan, null, only)
  const partitions = store.children.get(table.id)?.length ?? 0
  if (only && table.kind === "partitioned table" && partitions > 0) setIndex(store, { ...index, valid: false })
}

/** From 12 to 17 ONLY leaves the columns of partitions as they are: they have to be NOT NULL already. */
function reachesPartitions({ pgVersion }: Store): boolean {
  return pgVersion < 12 || pgVersion >= 18
}

/** What a primary key's columns are made; constraints that are there stay as they are. */
function requireNotNull(store: Store, table: Relation, columns: readonly string[], only: boolean): void {
  for (const column of columns)
    if (notNullConstraint(store, table.id, column) === undefined) setNotNull(store, table, column, { ...PLAIN_NOT_NULL, only })
}

/** The constraint's name is also its index's: it must be free among the schema's relations. */
function freeIndexName(
  store: Store,
  table: Relation,
  { name, span }: NonNullable<ConstraintDefinition["name"]>,
): string {
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

/** UNIQUE | PRIMARY KEY USING INDEX: the index becomes the constraint's and takes its name. */
function promoteIndex(
  store: Store,
  table: Relation,
  definition: KeyDefinition,
  usingIndex: NonNullable<KeyDefinition["usingIndex"]>,
): void {
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
  if (kind === "primary key") requireNotNull(store, table, columns, false)
  const name = definition.name === null ? index.name : truncateIdentifier(definition.name.name)
  const constraint = addConstraint(store, table.schema, {
    ...newConstraint(store, table.id, name, kind),
    columns,
    deferrable: definition.deferrable,
    initiallyDeferred: definition.initiallyDeferred,
    index: index.id,
  })
  if (name !== index.name) {
    vacate(store, index.schema, name)
    freeName(store, index.schema, index.name)
    putName(store, store.names, index.schema, name, index.id)
  }
  setIndex(store, { ...index, name, constraint: constraint.id })
}

function defineExclusion(store: Store, table: Relation, definition: Definition<"exclude">, only: boolean): void {
  const plan: IndexPlan = {
    name: definition.name === null ? null : freeIndexName(store, table, definition.name),
    unique: false,
    method: definition.method,
    include: definition.include.map(({ name }) => name),
    nullsNotDistinct: false,
    storage: indexStorage(store.now.text(definition.span)),
    constraint: { kind: "exclude", deferrable: definition.deferrable, initiallyDeferred: definition.initiallyDeferred },
    ...withIncluded(planElements(store.now.text, definition.elements, definition.predicate), definition.include),
  }
  makeIndex(store, table, plan, null, only)
}
