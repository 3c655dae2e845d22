import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { Name } from "../../parse/name.ts"
import type { LockMode } from "../../parse/operation.ts"
import type { Constraint, ObjectId, Relation } from "../../schema/catalog.ts"
import { affected, fail, isSystem, lock, refuseAbsent, unlisted, type Draft } from "../draft.ts"
import { partitionTree } from "../dependents.ts"

type ForeignKey = Extract<ConstraintDefinition, { kind: "foreign key" }>

/**
 * Locks the table that a new foreign key references. `self` is the referencing table, which an own reference does not
 * lock again.
 */
export function lockNewReference(
  draft: Draft,
  constraint: ForeignKey,
  self: Name,
  mode: LockMode = "SHARE ROW EXCLUSIVE",
): Relation | undefined {
  const { catalog } = draft
  const why =
    constraint.name === null
      ? "referenced by the new foreign key"
      : `referenced by the foreign key ${constraint.name.name}`
  const referenced = catalog.relation(constraint.references)
  const own = catalog.relation(self)
  if (referenced === undefined) {
    if (
      constraint.references.name === self.name &&
      (self.schema ?? constraint.references.schema) === (constraint.references.schema ?? self.schema)
    )
      return undefined
    if (isSystem(constraint.references)) return undefined
    if (!refuseAbsent(draft, constraint.references, "table")) lock(draft, unlisted(draft, constraint.references), mode, why)
    return undefined
  }
  if (referenced.kind === "partitioned table" && draft.pgVersion < 12) {
    draft.unsupported ??= "foreign keys that reference a partitioned table are supported from PostgreSQL 12 on"
  }
  if (own?.id === referenced.id) return referenced
  for (const member of partitionTree(draft, referenced)) lock(draft, affected(member), mode, why)
  requireUnique(draft, constraint, referenced)
  return referenced
}

/** The referenced columns must be the key of a unique index. */
function requireUnique(draft: Draft, constraint: ForeignKey, referenced: Relation): void {
  if (!referenced.known || draft.statement.operations.length > 1) return
  const keys = draft.catalog.indexesOf(referenced.id).filter((index) => index.unique && index.predicate === null)
  if (constraint.referencedColumns.length === 0) {
    const primary = draft.catalog.constraintsOf(referenced.id).some((one) => one.kind === "primary key")
    if (!primary) fail(draft, "42704", `there is no primary key for referenced table "${referenced.name}"`)
    return
  }
  const wanted = constraint.referencedColumns.map((column) => column.name)
  const found = keys.some(
    (index) => index.columns.length === wanted.length && wanted.every((column) => index.columns.includes(column)),
  )
  if (!found)
    fail(
      draft,
      "42830",
      `there is no unique constraint matching given keys for referenced table "${referenced.name}"`,
    )
}

/**
 * The partitions of a table, with all beneath them, that have the same foreign key already: it becomes a part of the new
 * one, and no row is verified.
 */
export function adoptedKeys(draft: Draft, relation: Relation, constraint: ForeignKey): readonly ObjectId[] {
  const referenced = draft.catalog.relation(constraint.references)
  if (relation.kind !== "partitioned table" || referenced === undefined || constraint.notValid) return []
  return draft.catalog.children(relation.id).flatMap((child) => {
    if (child.partition === null) return []
    const adopts = draft.catalog.constraintsOf(child.id).some((own) => isSameKey(draft, own, constraint, referenced))
    return adopts ? partitionTree(draft, child).map(({ id }) => id) : adoptedKeys(draft, child, constraint)
  })
}

function isSameKey(draft: Draft, own: Constraint, wanted: ForeignKey, referenced: Relation): boolean {
  const { references } = own
  if (references?.table !== referenced.id || !own.validated || !own.enforced || own.inherited) return false
  const primary = draft.catalog.constraintsOf(referenced.id).find(({ kind }) => kind === "primary key")?.columns ?? []
  const columns = (names: readonly string[]): readonly string[] => (names.length === 0 ? primary : names)
  return (
    isSame(own.columns, wanted.columns.map(({ name }) => name)) &&
    isSame(columns(references.columns), columns(wanted.referencedColumns.map(({ name }) => name))) &&
    references.onDelete === wanted.onDelete &&
    references.onUpdate === wanted.onUpdate &&
    references.match === wanted.match &&
    own.deferrable === wanted.deferrable
  )
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, position) => name === right[position])
}
