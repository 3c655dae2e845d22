import type { OperationOf } from "../../parse/operation.ts"
import type { Constraint, Index, Relation } from "../../schema/catalog.ts"
import { quoteIdent } from "../../schema/format.ts"
import { affected, affectedIndex, childWhy, fail, lock, lockIndex, scan, uncertain, type Draft } from "../draft.ts"
import { dropViewsCountingOn, indexTree, lockDroppedReference, lockReferenced, lockReferencing, partitionTree, referencesThrough } from "../dependents.ts"
import { scanForNulls } from "./not-null.ts"
import { eachStored, lockBeneath, lockChildren, lockTarget, siblings, strongestLock } from "./target.ts"

/** Finds a constraint of the table; a constraint that certainly is missing makes the statement fail. */
function findConstraint(draft: Draft, relation: Relation, name: string, missingOk: boolean): Constraint | undefined {
  const constraint = draft.catalog.constraint(relation.id, name)
  if (
    constraint === undefined &&
    relation.known &&
    !missingOk &&
    !isAddedHere(draft, name)
  ) {
    fail(draft, "42704", `constraint "${name}" of relation "${relation.name}" does not exist`)
  }
  return constraint
}

function isAddedHere(draft: Draft, name: string): boolean {
  return (
    siblings(draft, "add constraint").some(
      (action) => action.constraint.name === null || action.constraint.name.name === name,
    ) || siblings(draft, "add column").length > 0
  )
}

/** Effects of `DROP CONSTRAINT`. */
export function dropConstraint(action: OperationOf<"drop constraint">, draft: Draft): void {
  const target = lockTarget(draft, action, "ACCESS EXCLUSIVE", "self")
  const relation = target.kind === "relation" ? target.relation : null
  // Before anything else is looked at (ATCheckPartitionsNotInUse).
  if (relation !== null) lockBeneath(draft, relation, false, "ACCESS EXCLUSIVE", "partitions")
  const constraint =
    relation === null ? undefined : findConstraint(draft, relation, action.constraint.name, action.ifExists)
  if (relation === null || constraint === undefined) {
    if (relation === null ? target.kind === "unlisted" && target.relation !== null : !relation.known) {
      uncertain(
        draft,
        `whether ${action.constraint.name} is a foreign key: the table it references is then locked ACCESS EXCLUSIVE`,
      )
    }
    return
  }
  if (constraint.kind === "check" || constraint.kind === "not null") {
    if (!constraint.noInherit) lockHeirs(draft, relation, action.only)
    return
  }
  if (constraint.kind === "foreign key") {
    lockDroppedReference(draft, constraint)
    const referenced = draft.catalog.relationById(constraint.references?.table ?? relation.id)
    if (referenced !== undefined && referenced.id !== relation.id)
      lock(draft, affected(referenced), "ACCESS EXCLUSIVE", `referenced by the foreign key ${constraint.name}`)
    return
  }
  const index = constraint.index === null ? undefined : draft.catalog.indexById(constraint.index)
  if (index === undefined) return
  dropIndexOf(draft, index, `index of the constraint ${constraint.name}`)
  const counting = dropViewsCountingOn(draft, index, action.cascade)
  if (counting !== null && !action.cascade)
    fail(draft, "2BP01", `cannot drop constraint ${quoteIdent(constraint.name)} because the ${counting}`)
  for (const reference of referencesThrough(draft.catalog, index)) {
    lockReferencing(draft, reference, "ACCESS EXCLUSIVE")
    if (!action.cascade && !isDroppedBefore(draft, reference, action)) {
      fail(
        draft,
        "2BP01",
        `cannot drop constraint ${quoteIdent(constraint.name)} because the foreign key ${quoteIdent(reference.name)} depends on it`,
      )
    }
  }
}

/** Whether an earlier action of the statement takes a foreign key of the same table away: constraints go in the order written (ATRewriteCatalogs). */
function isDroppedBefore(draft: Draft, { table, name }: Constraint, action: OperationOf<"drop constraint">): boolean {
  const drops = siblings(draft, "drop constraint")
  const earlier = drops.slice(0, drops.findIndex(({ constraint }) => constraint.span.start === action.constraint.span.start))
  return earlier.some(({ constraint, relation }) => constraint.name === name && draft.catalog.relation(relation)?.id === table)
}

/** With ONLY the children are told that the constraint is theirs now; of partitions all are. */
function lockHeirs(draft: Draft, relation: Relation, only: boolean): void {
  if (!only || relation.kind === "partitioned table") return lockBeneath(draft, relation, false, "ACCESS EXCLUSIVE", "children")
  lockChildren(draft, relation)
}

/** Locks an index that goes away, with the partitions' indexes attached to it. */
function dropIndexOf(draft: Draft, index: Index, why: string): void {
  for (const part of indexTree(draft, index)) {
    lock(draft, affectedIndex(part.index), "ACCESS EXCLUSIVE", why)
    if (part.table !== undefined && part.index.id !== index.id) {
      lock(draft, affected(part.table), "ACCESS EXCLUSIVE", `its index belongs to ${index.name}`)
    }
  }
}

/** Effects of `VALIDATE CONSTRAINT`. */
/** The constraint as a heir has it: a NOT NULL may be called otherwise there. */
function sameIn({ catalog }: Draft, heir: Relation, { kind, name, columns }: Constraint): Constraint | undefined {
  if (kind !== "not null") return catalog.constraint(heir.id, name)
  return catalog.constraintsOf(heir.id).find((own) => own.kind === kind && own.columns[0] === columns[0])
}

export function validateConstraint(action: OperationOf<"validate constraint">, draft: Draft): void {
  const target = lockTarget(draft, action, "SHARE UPDATE EXCLUSIVE", "self")
  const name = action.constraint.name
  const relation = target.kind === "relation" ? target.relation : null
  const constraint = relation === null ? undefined : findConstraint(draft, relation, name, false)
  if (constraint === undefined) {
    const added = siblings(draft, "add constraint").find((one) => one.constraint.name?.name === name)
    const certain = added !== undefined
    if (!certain && (relation === null || !relation.known)) {
      uncertain(
        draft,
        `whether ${name} is valid already, and whether it is a foreign key, which locks the referenced table ROW SHARE`,
      )
    }
    if (relation === null || certain || !relation.known) {
      eachStored(draft, target, action.only, "children", (member) => {
        scan(draft, member, `the constraint ${name} is verified for every row`, !certain)
      })
    }
    return
  }
  if (!constraint.enforced) {
    fail(draft, "55000", `cannot validate NOT ENFORCED constraint "${name}"`)
    return
  }
  if (constraint.validated || relation === null) return
  const hasHeirs = constraint.kind !== "foreign key" && !constraint.noInherit && draft.catalog.children(relation.id).length > 0
  if (action.only && hasHeirs) {
    fail(draft, "42P16", "constraint must be validated on child tables too")
    return
  }
  const reach = constraint.kind === "foreign key" ? "partitions" : "children"
  if (constraint.kind === "foreign key") lockUnvalidated(draft, relation, name)
  else lockBeneath(draft, relation, action.only || constraint.noInherit, strongestLock(draft), reach)
  if (constraint.kind === "foreign key" && constraint.references !== null) {
    const referenced = draft.catalog.relationById(constraint.references.table)
    // A partitioned table without partitions has no rows to look up.
    const checked = partitionTree(draft, relation).some((member) => member.kind === "table")
    if (referenced !== undefined && checked) {
      for (const member of partitionTree(draft, referenced)) {
        // The query that looks for rows without a partner opens the partitions.
        const mode = member.id === referenced.id ? "ROW SHARE" : "ACCESS SHARE"
        lock(draft, affected(member), mode, childWhy(referenced, member) ?? `referenced by the foreign key ${name}`)
      }
    }
  }
  eachStored(draft, target, action.only || constraint.noInherit, reach, (member, listed) => {
    const own = listed === null ? constraint : sameIn(draft, listed, constraint)
    if (own?.validated !== true) scan(draft, member, `the constraint ${name} is verified for every row`)
  })
}

/** Partitions whose part of a foreign key is valid already are left alone. */
function lockUnvalidated(draft: Draft, relation: Relation, name: string): void {
  for (const member of partitionTree(draft, relation)) {
    const valid = draft.catalog.constraint(member.id, name)?.validated === true
    if (member.id !== relation.id && !valid) lock(draft, affected(member), "SHARE UPDATE EXCLUSIVE", childWhy(relation, member))
  }
}

/** Effects of `ALTER CONSTRAINT`. */
export function alterConstraint(action: OperationOf<"alter constraint">, draft: Draft): void {
  const target = lockTarget(draft, action, "ACCESS EXCLUSIVE", "self")
  const relation = target.kind === "relation" ? target.relation : null
  const constraint = relation === null ? undefined : findConstraint(draft, relation, action.constraint.name, false)
  // Up to 17 in spite of ONLY.
  const same = constraint?.kind === "not null" && constraint.noInherit === action.noInherit
  if (relation !== null && !same) lockBeneath(draft, relation, action.only && draft.pgVersion >= 18, "ACCESS EXCLUSIVE", "partitions")
  if (action.noInherit !== null && relation !== null && constraint?.kind === "not null" && constraint.noInherit !== action.noInherit) {
    if (action.noInherit) lockChildren(draft, relation)
    else {
      lockBeneath(draft, relation, false, "ACCESS EXCLUSIVE", "children")
      const left = (member: Relation): boolean => member.id === relation.id
      scanForNulls(draft, target, false, constraint.columns, `the NOT NULL ${constraint.name} is verified in the children`, left)
    }
  }
  if (action.enforced === null) return
  if (constraint === undefined) {
    uncertain(draft, `the foreign key ${action.constraint.name}: the table it references is locked as well`)
    if (action.enforced) {
      eachStored(draft, target, action.only, "partitions", (member) => {
        scan(draft, member, `the foreign key ${action.constraint.name} is verified for every row`, true)
      })
    }
    return
  }
  if (constraint.kind !== "foreign key") {
    fail(draft, "42809", `cannot alter enforceability of constraint "${constraint.name}"`)
    return
  }
  if (constraint.enforced === action.enforced) return
  lockReferenced(draft, constraint, action.enforced ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE")
  if (action.enforced) {
    eachStored(draft, target, action.only, "partitions", (member) => {
      scan(draft, member, `the foreign key ${constraint.name} is verified for every row`)
    })
  }
}

/** Effects of `RENAME CONSTRAINT`. */
export function renameConstraint(action: OperationOf<"rename constraint">, draft: Draft): void {
  const target = lockTarget(draft, action, "ACCESS EXCLUSIVE", "self")
  if (target.kind !== "relation") return
  const constraint = findConstraint(draft, target.relation, action.constraint.name, false)
  if (constraint === undefined) return
  if (constraint.kind === "check" || constraint.kind === "not null") {
    if (!constraint.noInherit) lockBeneath(draft, target.relation, action.only, "ACCESS EXCLUSIVE", "children")
    return
  }
  const index = constraint.index === null ? undefined : draft.catalog.indexById(constraint.index)
  if (index !== undefined) {
    lockIndex(
      draft,
      index,
      draft.pgVersion >= 12 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE",
      `index of the constraint ${constraint.name}`,
    )
  }
}
