import type { ConstraintDefinition } from "../parse/constraint.ts"
import type { Constraint, ObjectId, Relation } from "./catalog.ts"
import { columnOf, needColumn } from "./columns.ts"
import { constraintOf, nameOf, primaryKeyOf } from "./constraint-names.ts"
import { joinColumns, makeObjectName } from "./derived-names.ts"
import { becomesPart } from "./foreign-key-match.ts"
import { isFullyListed, keyOver, newConstraint } from "./indexes.ts"
import { needRelation } from "./names.ts"
import { addConstraint, refuse, setConstraint, type Store } from "./store.ts"

type Definition = Extract<ConstraintDefinition, { kind: "foreign key" }>

export function defineForeignKey(store: Store, table: Relation, definition: Definition): void {
  const target = needRelation(store, definition.references, "table", false)
  if (target === undefined) return
  for (const column of definition.columns) needColumn(store, table, column)
  const columns = definition.columns.map(({ name }) => name)
  const foreignKey: Constraint = {
    ...newConstraint(
      store,
      table.id,
      nameOf(store, table, definition.name, foreignKeyColumns(store, columns), "fkey"),
      "foreign key",
    ),
    columns,
    validated: !definition.notValid && !definition.notEnforced,
    enforced: !definition.notEnforced,
    deferrable: definition.deferrable,
    initiallyDeferred: definition.initiallyDeferred,
    references: {
      table: target.id,
      columns: referencedColumns(store, target, definition),
      primary: definition.referencedColumns.length === 0,
      onDelete: definition.onDelete,
      onDeleteColumns: definition.onDeleteColumns,
      onUpdate: definition.onUpdate,
      match: definition.match,
      period: definition.period,
    },
  }
  addConstraint(store, table.schema, foreignKey)
  if (table.kind === "partitioned table") {
    for (const partition of store.children.get(table.id) ?? []) inheritForeignKey(store, partition, foreignKey)
  }
}

/** Before 12 only the first column was part of the derived name. */
function foreignKeyColumns(store: Store, columns: readonly string[]): string {
  return store.pgVersion < 12 ? (columns[0] ?? "") : joinColumns(columns)
}

/** A partition takes over its parent's foreign key: its own equal one is adopted, otherwise it and its partitions get copies. */
export function inheritForeignKey(store: Store, partition: ObjectId, parent: Constraint): void {
  const relation = store.relations.get(partition)
  if (relation === undefined || relation.kind === "foreign table") return
  const own = store.constraintsByTable
    .get(partition)
    ?.find((candidate) => !candidate.inherited && becomesPart(candidate, parent) && isAdopted(store, candidate, parent))
  if (own !== undefined) {
    setConstraint(store, { ...own, inherited: true, local: false, validated: own.validated || parent.validated })
    return
  }
  const name = constraintOf(store, partition, parent.name) === undefined ? parent.name : nameBeside(store, relation, parent)
  const copy = { ...parent, id: store.nextId++, name, table: partition, inherited: true, local: false }
  addConstraint(store, relation.schema, copy)
  for (const child of store.children.get(partition) ?? []) inheritForeignKey(store, child, copy)
}

/** What a partition's foreign key is called where its parent's name is taken; from 18 on after the parent's, with the first free number. */
function nameBeside(store: Store, partition: Relation, { name, columns }: Constraint): string {
  if (store.pgVersion < 18) return nameOf(store, partition, null, joinColumns(columns), "fkey")
  const taken = store.constraintNames.get(partition.schema)
  for (let number = 1; ; number++) {
    const numbered = makeObjectName(name, null, String(number))
    if (taken?.has(numbered) !== true) return numbered
  }
}

/** Before 18 a key that is not validated is left alone beside a new one; from 18 on it is adopted, and validated. */
function isAdopted(store: Store, own: Constraint, parent: Constraint): boolean {
  return store.pgVersion >= 18 || own.validated === parent.validated
}

function referencedColumns(store: Store, target: Relation, definition: Definition): readonly string[] {
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
