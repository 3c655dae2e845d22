import type { Constraint, ObjectId, Relation } from "./catalog.ts"
import { columnOf, updateRelation } from "./columns.ts"
import { columnRecord } from "./records.ts"
import { setConstraint, setIndex, type Store } from "./store.ts"

/** The tables that a relation inherits from, or that it is a partition of. */
function parentsOf({ inherits, partition }: Relation): readonly ObjectId[] {
  return partition === null ? inherits : [...inherits, partition.parent]
}

/** Whether a parent has the column. */
export function inheritsColumn(store: Store, relation: Relation, name: string): boolean {
  return parentsOf(relation).some((parent) => {
    const other = store.relations.get(parent)
    return other !== undefined && columnOf(other, name) !== undefined
  })
}

/** Whether a constraint is a copy of another one, of a parent. */
export function isCopy(own: Constraint, parent: Constraint): boolean {
  if (own.kind !== parent.kind) return false
  if (own.kind === "foreign key") {
    return own.references?.table === parent.references?.table && own.columns.join() === parent.columns.join()
  }
  if (own.kind === "not null") return own.columns[0] === parent.columns[0]
  return own.kind === "check" && own.name === parent.name
}

/**
 * Whether a CHECK that is written under the name of an inherited one is merged with it: it has to say the same, and partitions have nothing
 * of their own (MergeWithExistingConstraint).
 */
export function mergesCheck(own: Constraint, text: string, { partition }: Pick<Relation, "partition">): boolean {
  if (own.kind !== "check" || !own.inherited || own.local || own.noInherit || partition !== null) return false
  return own.expression !== null && saysTheSame(own.expression.text, text)
}

/** Whether two expressions are the same but for blanks, brackets and case. */
export function saysTheSame(a: string, b: string): boolean {
  return plain(a) === plain(b)
}

/** Without blanks and brackets, and in lower case what no quotes are around. */
function plain(text: string): string {
  return text.replaceAll(/'(?:[^']|'')*'|"[^"]*"|[\s()]+|[^'"\s()]+/g, (part) => (/^['"]/.test(part) ? part : part.replaceAll(/[\s()]+/g, "").toLowerCase()))
}

/** Whether a parent has a constraint that this is the copy of. */
export function inheritsConstraint(store: Store, own: Constraint): boolean {
  const relation = store.relations.get(own.table)
  if (relation === undefined) return false
  return parentsOf(relation).some((parent) => (store.constraintsByTable.get(parent) ?? []).some((other) => !other.noInherit && isCopy(own, other)))
}

/** After a parent is gone: what no other parent has is the table's own from then on (RemoveInheritance). */
export function cutTies(store: Store, child: ObjectId): void {
  updateRelation(store, child, (relation) => ({
    ...relation,
    columns: relation.columns.map((column) =>
      column.inherited && !inheritsColumn(store, relation, column.name) ? columnRecord({ ...column, inherited: false, local: true }) : column,
    ),
  }))
  for (const constraint of store.constraintsByTable.get(child) ?? []) {
    if (constraint.inherited && !inheritsConstraint(store, constraint)) setConstraint(store, { ...constraint, inherited: false, local: true })
  }
  for (const index of store.indexesByTable.get(child) ?? []) {
    if (index.parent !== null) setIndex(store, { ...index, parent: null })
  }
}
