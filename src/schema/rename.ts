import type { Conjunct } from "../parse/expression.ts"
import type { OperationOf } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"
import type { Column, Constraint, Index, ObjectId, Relation } from "./catalog.ts"
import { bareColumn, columnOf, isSolid, needColumn, treeOf, updateRelation } from "./columns.ts"
import { giveConstraintName } from "./alter-constraint.ts"
import { constraintOf } from "./constraint-names.ts"
import { truncateIdentifier } from "./derived-names.ts"
import { quoteIdent } from "./format.ts"
import { usesColumn } from "./index-columns.ts"
import { find, isSystemName, needRelation, needSchema } from "./names.ts"
import { refuseTypeName } from "./new-names.ts"
import { columnRecord } from "./records.ts"
import { vacate } from "./remove.ts"
import { followTypeName } from "./type-names.ts"
import {
  countConstraintName,
  freeName,
  isComplete,
  isSure,
  put,
  putName,
  refuse,
  setConstraint,
  setIndex,
  setRelation,
  type Store,
} from "./store.ts"

// ---------------------------------------------------------------------------------------------------------------------
// Relations

export function renameRelation(store: Store, op: OperationOf<"rename relation">): void {
  const name = truncateIdentifier(op.newName.name)
  const id = find(store, store.names, op.relation)
  const index = id === undefined ? undefined : store.indexes.get(id)
  if (index !== undefined) {
    if (nameIsTaken(store, index.schema, name, op.newName.span)) return
    if (index.constraint !== null && constraintOf(store, index.table, name) !== undefined && isSure(store, name, index.name))
      refuse("42710", `constraint "${name}" for relation "${store.relations.get(index.table)?.name ?? ""}" already exists`, op.newName.span)
    renameIndex(store, index, name)
    return
  }
  if (id === undefined && op.keyword === "index") {
    const written = op.relation
    if (op.missingOk || !isComplete(store) || isSystemName(written) || !isSure(store, written.name)) return
    return refuse("42P01", `relation "${written.name}" does not exist`, written.span)
  }
  if (id === undefined && op.keyword === "sequence" && op.missingOk) {
    // Few would look for one that nobody has made; it is not listed for that.
    for (const maybe of isComplete(store) ? [] : [op.relation.name, name]) put(store, store.doubtful, maybe, true)
    return
  }
  const relation = needRelation(store, op.relation, op.keyword, op.missingOk)
  if (relation === undefined || nameIsTaken(store, relation.schema, name, op.newName.span)) return
  if (relation.kind !== "sequence" || store.pgVersion < 14) refuseTypeName(store, relation.schema, { name, span: op.newName.span })
  moveRelation(store, relation, relation.schema, name)
}

function nameIsTaken(store: Store, schema: string, name: string, span: Span): boolean {
  const taken = store.names.get(schema)?.get(name)
  if (taken === undefined) return false
  const relation = store.relations.get(taken)
  const made = relation === undefined || relation.known || (relation.kind !== "table" && relation.created !== null)
  if (isSure(store, name) && made && relation?.maybeOlder !== true) {
    refuse("42P07", `relation "${name}" already exists`, span)
  }
  return relation === undefined
}

function moveRelation(store: Store, relation: Relation, schema: string, name: string): void {
  if (schema === relation.schema && name === relation.name) return
  vacate(store, schema, name)
  const current = store.relations.get(relation.id)
  if (current === undefined) return
  freeName(store, relation.schema, relation.name)
  putName(store, store.names, schema, name, relation.id)
  setRelation(store, { ...current, schema, name })
  followTypeName(store, relation.id, relation, { schema, name })
}

export function renameIndex(store: Store, index: Index, name: string): void {
  const constraint = index.constraint === null ? undefined : store.constraints.get(index.constraint)
  if (constraint !== undefined) return giveConstraintName(store, constraint, name)
  if (index.name === name) return
  vacate(store, index.schema, name)
  freeName(store, index.schema, index.name)
  putName(store, store.names, index.schema, name, index.id)
  setIndex(store, { ...index, name })
}

/** SET SCHEMA takes along indexes, constraints and owned sequences. */
export function setRelationSchema(store: Store, relation: Relation, op: OperationOf<"set schema">): void {
  const schema = op.schema.name
  needSchema(store, schema, op.schema.span)
  if (relation.ownedBy !== null && isSure(store, relation.name, ...ownerNames(store, relation.ownedBy.relation)))
    refuse("0A000", "cannot move an owned sequence into another schema", op.relation.span)
  if (schema === relation.schema || nameIsTaken(store, schema, relation.name, op.schema.span)) return
  if (relation.kind !== "sequence" || store.pgVersion < 14) refuseTypeName(store, schema, { name: relation.name, span: op.schema.span })
  moveToSchema(store, relation, schema, relation.schema)
}

function ownerNames(store: Store, owner: ObjectId): readonly string[] {
  const table = store.relations.get(owner)
  return table === undefined ? [] : [table.name]
}

/** Moves a relation and what belongs to it. */
export function moveToSchema(store: Store, relation: Relation, schema: string, from: string): void {
  moveRelation(store, relation, schema, relation.name)
  for (const index of store.indexesByTable.get(relation.id) ?? []) {
    vacate(store, schema, index.name)
    freeName(store, from, index.name)
    putName(store, store.names, schema, index.name, index.id)
    setIndex(store, { ...index, schema })
  }
  for (const { name } of store.constraintsByTable.get(relation.id) ?? []) {
    countConstraintName(store, from, name, -1)
    countConstraintName(store, schema, name, 1)
  }
  for (const id of store.ownedSequences.get(relation.id) ?? []) {
    const sequence = store.relations.get(id)
    if (sequence !== undefined) moveRelation(store, sequence, schema, sequence.name)
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Columns

export function renameColumn(store: Store, table: Relation, op: OperationOf<"rename column">): void {
  const to = truncateIdentifier(op.newName.name)
  const from = op.column.name
  const column = needColumn(store, table, op.column, `column "${from}" does not exist`)
  if (columnOf(table, to) !== undefined && isSolid(store, table, to, from)) {
    refuse("42701", `column "${to}" of relation "${table.name}" already exists`, op.newName.span)
  }
  // Where it is not listed it was added in a way that was not seen: indexes and constraints that name it have its new name, too.
  if (column === undefined) updateRelation(store, table.id, (relation) => ({ ...relation, columns: [...relation.columns, bareColumn(from)] }))
  for (const id of op.only ? [table.id] : treeOf(store, table.id)) renameInRelation(store, id, from, to)
}

type Rename = (name: string) => string

/** Renames a column of one relation, and everywhere it is used. */
export function renameInRelation(store: Store, id: ObjectId, from: string, to: string): void {
  const rename: Rename = (name) => (name === from ? to : name)
  updateRelation(store, id, (relation) => ({
    ...relation,
    columns: relation.columns.map((column) => renamedColumn(column, from, to)),
    partitionBy:
      relation.partitionBy === null
        ? null
        : { ...relation.partitionBy, columns: relation.partitionBy.columns.map(rename), text: renamedText(relation.partitionBy.text, from, to) },
  }))
  for (const index of store.indexesByTable.get(id) ?? []) {
    const renamed = renamedIndex(index, from, to)
    if (renamed !== index) setIndex(store, renamed)
  }
  for (const constraint of store.constraintsByTable.get(id) ?? []) {
    if (constraint.columns.includes(from)) setConstraint(store, renamedConstraint(constraint, from, to))
  }
  for (const key of store.referencing.get(id) ?? []) {
    const foreignKey = store.constraints.get(key)
    if (foreignKey?.references?.columns.includes(from) !== true) continue
    const references = { ...foreignKey.references, columns: foreignKey.references.columns.map(rename) }
    setConstraint(store, { ...foreignKey, references })
  }
  for (const sequenceId of store.ownedSequences.get(id) ?? []) {
    const sequence = store.relations.get(sequenceId)
    if (sequence?.ownedBy?.column === from)
      setRelation(store, { ...sequence, ownedBy: { ...sequence.ownedBy, column: to } })
  }
  renameInReaders(store, id, rename)
  renameInParts(store, id, from, rename)
  renamePublished(store, id, from, rename)
}

function renameInReaders(store: Store, id: ObjectId, rename: Rename): void {
  for (const reader of store.dependents.get(id) ?? []) {
    updateRelation(store, reader, (view) => ({
      ...view,
      dependencies: view.dependencies.map((dependency) =>
        dependency.relation === id
          ? { ...dependency, columns: dependency.columns?.map(rename) ?? null, certain: dependency.certain.map(rename) }
          : dependency,
      ),
    }))
  }
}

function renameInParts(store: Store, id: ObjectId, from: string, rename: Rename): void {
  const triggers = store.triggers.get(id)
  if (triggers?.some(({ columns }) => columns.includes(from)) === true) {
    put(
      store,
      store.triggers,
      id,
      triggers.map((trigger) => ({ ...trigger, columns: trigger.columns.map(rename) })),
    )
  }
  const rules = store.rules.get(id)
  if (rules?.some(({ columns }) => columns?.includes(from) === true) === true) {
    put(
      store,
      store.rules,
      id,
      rules.map((rule) => ({ ...rule, columns: rule.columns?.map(rename) ?? null })),
    )
  }
  const policies = store.policies.get(id)
  if (policies?.some(({ columns }) => columns.includes(from)) === true) {
    put(
      store,
      store.policies,
      id,
      policies.map(({ columns, using, check, ...policy }) => ({
        ...policy,
        columns: columns.map(rename),
        using: { ...using, columns: using.columns.map(rename) },
        check: { ...check, columns: check.columns.map(rename) },
      })),
    )
  }
  const statistics = store.statisticsByTable.get(id)
  if (statistics?.some(({ columns, expressionColumns }) => columns.includes(from) || expressionColumns.includes(from)) === true) {
    const renamed = statistics.map(({ columns, expressionColumns, ...object }) => ({
      ...object,
      columns: columns.map((column) => (column === null ? null : rename(column))),
      expressionColumns: expressionColumns.map(rename),
    }))
    put(store, store.statisticsByTable, id, renamed)
    for (const object of renamed) putName(store, store.statisticsNames, object.schema, object.name, object)
  }
}

function renamePublished(store: Store, id: ObjectId, from: string, rename: Rename): void {
  for (const publication of store.publications.values()) {
    const uses = publication.tables.some((one) => one.table === id && (one.columns.includes(from) || one.where.includes(from)))
    if (!uses) continue
    const tables = publication.tables.map((one) => (one.table === id ? { ...one, columns: one.columns.map(rename), where: one.where.map(rename) } : one))
    put(store, store.publications, publication.name, { ...publication, tables })
  }
}

function renamedColumn(column: Column, from: string, to: string): Column {
  if (column.name === from) return columnRecord({ ...column, name: to })
  const { generated } = column
  if (generated?.columns.includes(from) !== true) return column
  const columns = generated.columns.map((name) => (name === from ? to : name))
  return columnRecord({ ...column, generated: { ...generated, columns, text: renamedText(generated.text, from, to) } })
}

function renamedIndex(index: Index, from: string, to: string): Index {
  if (!usesColumn(index, from)) return index
  const rename: Rename = (name) => (name === from ? to : name)
  return {
    ...index,
    columns: index.columns.map((name) => (name === from ? to : name)),
    include: index.include.map(rename),
    expressionColumns: index.expressionColumns.map(rename),
    expressions: index.expressions.map((text) => renamedText(text, from, to)),
    predicate:
      index.predicate === null
        ? null
        : {
            text: renamedText(index.predicate.text, from, to),
            conjuncts: renamedConjuncts(index.predicate.conjuncts, from, to),
          },
  }
}

function renamedConstraint(constraint: Constraint, from: string, to: string): Constraint {
  const { expression, references } = constraint
  const rename: Rename = (name) => (name === from ? to : name)
  return {
    ...constraint,
    columns: constraint.columns.map(rename),
    references: references === null ? null : { ...references, onDeleteColumns: references.onDeleteColumns.map(rename) },
    expression:
      expression === null
        ? null
        : {
            ...expression,
            text: renamedText(expression.text, from, to),
            conjuncts: renamedConjuncts(expression.conjuncts, from, to),
          },
  }
}

function renamedConjuncts(conjuncts: readonly Conjunct[], from: string, to: string): readonly Conjunct[] {
  return conjuncts.map((conjunct) => {
    if (conjunct.kind === "or") return { ...conjunct, branches: conjunct.branches.map((branch) => renamedConjuncts(branch, from, to)) }
    return conjunct.kind !== "other" && conjunct.column === from ? { ...conjunct, column: to } : conjunct
  })
}

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g

/** The expression's text with the column's new name; strings are left alone. */
function renamedText(text: string, from: string, to: string): string {
  return text.replace(TOKEN, (token) => {
    if (token.startsWith("'")) return token
    const name = token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token.toLowerCase()
    return name === from ? quoteIdent(to) : token
  })
}
