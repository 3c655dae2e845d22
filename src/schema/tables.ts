import type { ConstraintDefinition } from "../parse/constraint.ts"
import type { ColumnDefinition, OperationOf } from "../parse/operation.ts"
import type { Column, Constraint, ObjectId, Relation, UserType } from "./catalog.ts"
import { isMaybeOlder, noteMade } from "./branches.ts"
import {
  bareColumn,
  columnOf,
  columnsRead,
  makeColumn,
  makeDefault,
  makeOwnedSequence,
  noteColumns,
  noteDefault,
  serialDefault,
  updateColumn,
  updateRelation,
} from "./columns.ts"
import { defineConstraint, inheritCheck, notNullConstraint, PLAIN_NOT_NULL, recordNotNull } from "./constraints.ts"
import { constraintOf } from "./constraint-names.ts"
import { truncateIdentifier } from "./derived-names.ts"
import { makeIndex, planOf } from "./indexes.ts"
import { mergesCheck } from "./inheritance.ts"
import { findRelation, needRelation, newRelation, targetSchema, TEMP_SCHEMA } from "./names.ts"
import { mergeKeys } from "./merged-keys.ts"
import { takeRelationName } from "./new-names.ts"
import { inheritFromPartitioned } from "./partitions.ts"
import { columnRecord, constraintRecord } from "./records.ts"
import { copyStatistics } from "./routines.ts"
import { addRelation, isSure, link, put, refuse, setConstraint, type Store } from "./store.ts"
import { findType, isUnknownType } from "./types.ts"
import { listColumns } from "./views.ts"

type CreateTable = OperationOf<"create table">

export function createTable(store: Store, op: CreateTable): void {
  const schema = op.persistence === "temporary" ? TEMP_SCHEMA : targetSchema(store, op.table)
  const name = truncateIdentifier(op.table.name)
  if (!takeRelationName(store, schema, { name, span: op.table.span }, op.ifNotExists)) return

  const parents = parentsOf(store, op)
  const id = store.nextId++
  const primaryKey = primaryKeyColumns(op)
  const columns = inheritedColumns(store, op, parents)
  for (const source of columnSources(op)) {
    if ("like" in source) addLikeColumns(store, columns, source.like)
    else addOwnColumn(store, columns, op, source.column, primaryKey)
  }
  for (const key of primaryKey) makeNotNull(columns, key)
  const relation = addRelation(store, {
    ...newRelation(id, schema, name, kindOf(op)),
    persistence: schema === TEMP_SCHEMA ? "temporary" : op.persistence,
    created: store.now.origin,
    maybeOlder: isMaybeOlder(store, op),
    known: parents.every((parent) => parent.known) && op.like.every(({ table }) => isKnown(store, table)),
    columns,
    partition:
      op.partitionOf === null || parents[0] === undefined
        ? null
        : { parent: parents[0].id, bound: op.partitionOf.bound, since: store.nextId },
    partitionBy: partitionKey(store, op),
    inherits: op.partitionOf === null ? parents.map((parent) => parent.id) : [],
    ofType: op.ofType === null ? null : (findType(store, op.ofType)?.id ?? null),
    accessMethod: op.accessMethod,
    tablespace: op.tablespace ?? defaultTablespace(store, op, parents),
  })
  noteMade(store, id)
  for (const parent of parents) link(store, store.children, parent.id, id)
  noteColumns(store, id, columns)
  makeSequences(store, relation, op.columns)
  addConstraints(store, relation, op, parents)
  if (op.onCommitDrop) store.transaction.dropAtCommit.push(id)
}

/** Where a table without TABLESPACE goes: a partition to its parent's, others to `default_tablespace`, by which pg_dump says it. */
function defaultTablespace(store: Store, { partitionOf, persistence }: CreateTable, [parent]: readonly Relation[]): string | null {
  if (persistence === "temporary") return null
  // Partitioned tables have none before 12.
  const inherited = partitionOf === null || store.pgVersion < 12 ? null : (parent?.tablespace ?? null)
  const usual = store.settings.get("default_tablespace")?.[0] ?? ""
  return inherited ?? (usual === "" ? null : usual)
}

function kindOf(op: CreateTable): Relation["kind"] {
  return op.partitionBy !== null ? "partitioned table" : op.keyword
}

/** LIKE takes composite types as well. */
function compositeOf(store: Store, name: CreateTable["table"]): Extract<UserType, { kind: "composite" }> | undefined {
  const type = findRelation(store, name) === undefined ? findType(store, name) : undefined
  return type?.kind === "composite" ? type : undefined
}

function isKnown(store: Store, name: CreateTable["table"]): boolean {
  if (compositeOf(store, name) !== undefined) return true
  const source = needRelation(store, name, "table", false)
  if (source?.known !== true) return false
  // What a view computes may be of any type.
  return (source.kind !== "view" && source.kind !== "materialized view") || !source.columns.some(({ type }) => isUnknownType(type))
}

function parentsOf(store: Store, op: CreateTable): readonly Relation[] {
  const names = op.partitionOf === null ? op.inherits : [op.partitionOf.parent]
  if (names.length === 0) return []
  return names.map((name) => needRelation(store, name, "table", false)).filter((parent) => parent !== undefined)
}

/** The columns of PRIMARY KEY constraints, which makes them NOT NULL. */
function primaryKeyColumns(op: CreateTable): readonly string[] {
  const keys = (constraints: readonly ConstraintDefinition[]): readonly string[] =>
    constraints.flatMap((constraint) =>
      constraint.kind === "primary key" ? constraint.columns.map(({ name }) => name) : [],
    )
  const own = op.columns
    .filter(({ constraints }) => constraints.length > 0)
    .flatMap(({ constraints }) => keys(constraints))
  return op.constraints.length === 0 ? own : [...own, ...keys(op.constraints)]
}

function makeNotNull(columns: Column[], name: string): void {
  const position = columns.findIndex((column) => column.name === name)
  const column = columns[position]
  if (column !== undefined && !column.notNull) {
    columns[position] = columnRecord({ ...column, notNull: true, notNullNotValid: false })
  }
}

type Source = { readonly column: ColumnDefinition } | { readonly like: CreateTable["like"][number] }

/** Columns and LIKE clauses in the order written. */
function columnSources(op: CreateTable): readonly Source[] {
  if (op.like.length === 0) return op.columns.map((column) => ({ column }))
  const place = (source: Source): number => ("like" in source ? source.like.table.span.start : source.column.span.start)
  const sources: Source[] = [...op.columns.map((column) => ({ column })), ...op.like.map((like) => ({ like }))]
  return sources.sort((a, b) => place(a) - place(b))
}

function addMissing(columns: Column[], more: readonly Column[]): void {
  for (const column of more) if (!columns.some(({ name }) => name === column.name)) columns.push(column)
}

function addLikeColumns(store: Store, columns: Column[], like: CreateTable["like"][number]): void {
  const more = likeColumns(store, like)
  const twice = more.find(({ name }) => columns.some((column) => column.name === name && !column.inherited))
  if (twice !== undefined && isSure(store)) refuse("42701", `column "${twice.name}" specified more than once`, like.table.span)
  for (const [position, column] of columns.entries()) {
    const copy = column.inherited ? more.find(({ name }) => name === column.name) : undefined
    // What a parent has as well is the table's own, too.
    if (copy !== undefined) columns[position] = columnRecord({ ...column, notNull: column.notNull || copy.notNull, default: copy.default ?? column.default, local: true })
  }
  addMissing(columns, more)
}

function addOwnColumn(
  store: Store,
  columns: Column[],
  op: CreateTable,
  definition: ColumnDefinition,
  primaryKey: readonly string[],
): void {
  const { name, span } = definition.name
  const position = columns.findIndex((column) => column.name === name)
  const inherited = columns[position]
  if (inherited === undefined) {
    columns.push(makeColumn(store, definition, primaryKey.includes(name)))
    return
  }
  const again = op.columns.some((other) => other.name.name === name && other.span.start < definition.span.start)
  if (again || (!inherited.inherited && op.ofType === null)) {
    if (isSure(store)) refuse("42701", `column "${name}" specified more than once`, span)
    return
  }
  // Column options of a partition or typed table, or a column merged with the parent's of the same name.
  const own = op.partitionOf === null && op.ofType === null ? makeColumn(store, definition, false) : null
  columns[position] = columnRecord({
    ...inherited,
    local: op.partitionOf === null,
    notNull: inherited.notNull || definition.notNull !== null || own?.notNull === true,
    default: definition.default === null ? inherited.default : makeDefault(store, definition.default, inherited.type),
    identity: definition.identity?.kind ?? inherited.identity,
  })
}

function inheritedColumns(store: Store, op: CreateTable, parents: readonly Relation[]): Column[] {
  const { origin } = store.now
  const columns: Column[] = []
  for (const parent of parents) {
    const current = store.relations.get(parent.id) ?? parent
    const identity = op.partitionOf !== null && store.pgVersion >= 17
    for (const column of current.columns) {
      // The new table has no rows that a NOT NULL could have missed.
      const notNull = (column.notNull || column.notNullNotValid) && notNullConstraint(store, parent.id, column.name)?.noInherit !== true
      const position = columns.findIndex(({ name }) => name === column.name)
      const other = columns[position]
      // Another parent has it, too (MergeAttributes).
      if (other !== undefined) columns[position] = columnRecord({ ...other, notNull: other.notNull || notNull, default: other.default ?? column.default })
      else columns.push(columnRecord({ ...column, notNull, notNullNotValid: false, inherited: true, local: false, created: origin, identity: identity ? column.identity : null }))
    }
  }
  const type = op.ofType === null ? undefined : findType(store, op.ofType)
  if (type?.kind !== "composite") return columns
  for (const attribute of type.attributes) {
    columns.push(bareColumn(attribute.name, attribute.type, store.now.origin, store.now.origin))
  }
  return columns
}

/** LIKE copies names, types and NOT NULL; the rest as far as it is included. */
function likeColumns(store: Store, like: CreateTable["like"][number]): readonly Column[] {
  const composite = compositeOf(store, like.table)
  if (composite !== undefined) return composite.attributes.map(({ name, type }) => bareColumn(name, type, store.now.origin, store.now.origin))
  const source = needRelation(store, like.table, "table", false)
  if (source === undefined) return []
  const { origin } = store.now
  return source.columns.map((column) => ({
    ...column,
    // The new table has no rows that a NOT NULL could have missed.
    notNull: column.notNull || column.notNullNotValid,
    notNullNotValid: false,
    inherited: false,
    local: true,
    created: origin,
    default: includes(like, "defaults") ? column.default : null,
    identity: includes(like, "identity") ? column.identity : null,
    generated: includes(like, "generated") ? column.generated : null,
  }))
}

function includes(like: CreateTable["like"][number], what: string): boolean {
  return like.including.includes(what) || like.including.includes("all")
}

/** serial and identity columns own a sequence. */
function makeSequences(store: Store, table: Relation, definitions: readonly ColumnDefinition[]): void {
  for (const { serial, identity, name } of definitions) {
    if (!serial && identity === null) continue
    const made = columnOf(table, name.name)
    if (made === undefined) continue
    const sequence = makeOwnedSequence(store, table, made, identity !== null, identity?.sequence)
    if (serial) updateColumn(store, table.id, name.name, (column) => ({ ...column, default: serialDefault(sequence) }))
  }
  for (const { name, default: expression } of definitions) {
    // Other defaults may draw from these sequences, too.
    if (expression?.functions.some((call) => call.name === "nextval") !== true) continue
    updateColumn(store, table.id, name.name, (column) => ({ ...column, default: makeDefault(store, expression, column.type) }))
    noteDefault(store, table.id, columnOf(store.relations.get(table.id) ?? table, name.name)?.default ?? null)
  }
}

/** In the server's order, which decides the derived names: CHECK, NOT NULL, keys (primary first), foreign keys. */
function addConstraints(store: Store, table: Relation, op: CreateTable, parents: readonly Relation[]): void {
  const current = (): Relation => store.relations.get(table.id) ?? table
  for (const parent of parents) {
    for (const constraint of store.constraintsByTable.get(parent.id) ?? []) {
      if (constraint.kind !== "check" || constraint.noInherit) continue
      // The new table has no rows that a CHECK could have missed.
      inheritCheck(store, table.id, { ...constraint, validated: constraint.enforced })
    }
  }
  // NOT VALID means nothing where there are no rows.
  const written: ConstraintDefinition[] = []
  for (const { constraints } of op.columns) written.push(...constraints)
  written.push(...op.constraints)
  for (const definition of written)
    if (definition.kind === "check" && !isOfPartitioned(store, current(), definition)) defineConstraint(store, current(), { ...definition, notValid: false }, false)
  for (const like of op.like) copyLikeChecks(store, table.id, like)
  recordNotNulls(store, current(), op, parents)
  for (const definition of written) {
    if (definition.kind !== "not null" || notNullConstraint(store, table.id, definition.column.name) !== undefined) continue
    defineConstraint(store, current(), definition, false)
  }
  // Indexes of the partition's own are made behind the parts of its parent's, of which they never become one.
  const [parent] = parents
  if (op.partitionOf !== null && parent !== undefined) inheritFromPartitioned(store, parent.id, table.id)
  addKeys(store, current, written)
  for (const like of op.like) copyLikeIndexes(store, table.id, like)
  for (const definition of written)
    if (definition.kind === "foreign key") defineConstraint(store, current(), { ...definition, notValid: false }, false)
}

/** A CHECK of CREATE TABLE ... PARTITION OF that the partitioned table has as well stays the inherited one; ALTER TABLE refuses it. */
function isOfPartitioned(store: Store, { id, partition }: Relation, { name, expression }: Extract<ConstraintDefinition, { kind: "check" }>): boolean {
  const own = partition === null || name === null ? undefined : constraintOf(store, id, name.name)
  return own !== undefined && mergesCheck(own, store.now.text(expression.span), { partition: null })
}

/** Keys over the same columns become one index (transformIndexConstraints): `id int PRIMARY KEY UNIQUE`. */
export function addKeys(store: Store, table: () => Relation, written: readonly ConstraintDefinition[]): void {
  const merged = mergeKeys(written)
  const add = (definition: ConstraintDefinition): void => {
    const key = merged.get(definition)
    if (key !== null) defineConstraint(store, table(), key ?? definition, false)
  }
  for (const definition of written) if (definition.kind === "primary key") add(definition)
  for (const definition of written) if (definition.kind === "unique" || definition.kind === "exclude") add(definition)
}

/** Parents and LIKE hand down the names of their NOT NULL constraints. */
function nameTakenOver(store: Store, op: CreateTable, parents: readonly Relation[], column: string): string | null {
  for (const { id } of parents) {
    const constraint = notNullConstraint(store, id, column)
    if (constraint !== undefined) return constraint.name
  }
  if (op.columns.some(({ name }) => name.name === column)) return null
  return likeNotNull(store, op, column)?.name ?? null
}

/** The NOT NULL constraint that LIKE copies. */
function likeNotNull(store: Store, op: CreateTable, column: string): Constraint | undefined {
  for (const { table } of op.like) {
    const source = findRelation(store, table)
    const constraint = source === undefined ? undefined : notNullConstraint(store, source.id, column)
    if (constraint !== undefined) return constraint
  }
  return undefined
}

function recordNotNulls(store: Store, table: Relation, op: CreateTable, parents: readonly Relation[]): void {
  if (store.pgVersion < 18) return
  const primaryKey = primaryKeyColumns(op)
  for (const { name, notNull, notNullNotValid } of table.columns) {
    if (!notNull && !notNullNotValid) continue
    const definition = op.columns.find((column) => column.name.name === name)
    const listed = op.constraints.find((constraint) => constraint.kind === "not null" && constraint.column.name === name)
    const written = definition?.notNull ?? null
    const above = parents.flatMap(({ id }) => notNullConstraint(store, id, name) ?? []).filter(({ noInherit }) => !noInherit)
    const copied = definition === undefined ? likeNotNull(store, op, name) : undefined
    const asked = written !== null || listed !== undefined || primaryKey.includes(name) || definition?.serial === true || (definition?.identity ?? null) !== null
    const taken = listed === undefined ? copied?.name : undefined
    const constraintName = written?.name?.name ?? listed?.name?.name ?? taken ?? (asked ? null : nameTakenOver(store, op, parents, name))
    const noInherit = written?.noInherit === true || (listed?.kind === "not null" && listed.noInherit) || copied?.noInherit === true
    const options = { ...PLAIN_NOT_NULL, constraintName, notValid: notNullNotValid, noInherit }
    recordNotNull(store, table, name, options, { inherited: above.length > 0, local: asked || above.length === 0 || copied !== undefined })
  }
}

function copyLikeChecks(store: Store, table: ObjectId, like: CreateTable["like"][number]): void {
  const source = findRelation(store, like.table)
  if (source === undefined || !includes(like, "constraints")) return
  for (const constraint of store.constraintsByTable.get(source.id) ?? []) {
    if (constraint.kind !== "check") continue
    const inherited = constraintOf(store, table, constraint.name)
    if (inherited !== undefined) {
      setConstraint(store, { ...inherited, local: true })
      continue
    }
    // Up to 12 the copy is inherited.
    const noInherit = constraint.noInherit && store.pgVersion >= 13
    inheritCheck(store, table, { ...constraint, noInherit, validated: constraint.enforced, created: store.now.origin })
    const copy = store.constraintsByTable.get(table)?.at(-1)
    if (copy !== undefined) replaceInherited(store, copy.id)
  }
}

function replaceInherited(store: Store, id: ObjectId): void {
  const constraint = store.constraints.get(id)
  if (constraint === undefined) return
  const own = constraintRecord({ ...constraint, inherited: false, local: true })
  put(store, store.constraints, id, own)
  const siblings = store.constraintsByTable.get(own.table) ?? []
  put(
    store,
    store.constraintsByTable,
    own.table,
    siblings.map((sibling) => (sibling.id === id ? own : sibling)),
  )
}

function copyLikeIndexes(store: Store, table: ObjectId, like: CreateTable["like"][number]): void {
  const source = findRelation(store, like.table)
  const target = store.relations.get(table)
  if (source === undefined || target === undefined) return
  if (includes(like, "indexes")) {
    for (const index of store.indexesByTable.get(source.id) ?? []) makeIndex(store, target, planOf(store, index), null)
  }
  if (includes(like, "statistics")) copyStatistics(store, source, target)
  if (includes(like, "identity")) {
    for (const column of source.columns) if (column.identity !== null) makeCopiedSequence(store, target, column)
  }
}

/** It has the options of the original's sequence, but not its type (expandTableLikeClause). */
function makeCopiedSequence(store: Store, table: Relation, column: Column): void {
  const sequence = makeOwnedSequence(store, table, column, true)
  updateRelation(store, sequence.id, (made) => ({ ...made, sequenceType: "int8" }))
}

function partitionKey(store: Store, op: CreateTable): Relation["partitionBy"] {
  if (op.partitionBy === null) return null
  const columns = op.partitionBy.elements.flatMap(({ column, expression }) =>
    column !== null ? [column.name] : expression === null ? [] : columnsRead(expression),
  )
  return {
    strategy: op.partitionBy.strategy,
    columns,
    expressions: op.partitionBy.elements.some(({ expression }) => expression !== null),
    text: op.partitionBy.elements.map(({ span }) => store.now.text(span)).join(", "),
  }
}

/** CREATE TABLE AS, SELECT INTO: the columns' types are the query's business. */
export function createTableAs(store: Store, op: OperationOf<"create table as">): void {
  const schema = op.persistence === "temporary" ? TEMP_SCHEMA : targetSchema(store, op.table)
  const name = truncateIdentifier(op.table.name)
  const listed = listColumns(store, op)
  if (!takeRelationName(store, schema, { name, span: op.table.span }, op.ifNotExists)) return
  const id = store.nextId++
  if (op.onCommitDrop) store.transaction.dropAtCommit.push(id)
  addRelation(store, {
    ...newRelation(id, schema, name, "table"),
    persistence: schema === TEMP_SCHEMA ? "temporary" : op.persistence,
    created: store.now.origin,
    maybeOlder: isMaybeOlder(store, op),
    ...listed,
    // What is not a column of another relation may have any type.
    known: listed.known && !listed.columns.some(({ type }) => isUnknownType(type)),
    accessMethod: op.accessMethod,
    populated: op.withData,
  })
  noteMade(store, id)
  noteColumns(store, id, listed.columns)
}
