import type { ConstraintDefinition, ConstraintKind } from "../../parse/constraint.ts"
import type { Expression } from "../../parse/expression.ts"
import type { LockMode, OperationOf } from "../../parse/operation.ts"
import type { Constraint, Index, Relation } from "../../schema/catalog.ts"
import { build, fail, lock, lockIndex, scan, uncertain, type Draft } from "../draft.ts"
import { strongest } from "../modes.ts"
import type { WantedIndex } from "../../schema/index-match.ts"
import { mergesCheck, saysTheSame } from "../../schema/inheritance.ts"
import { matchingIndex } from "../index-match.ts"
import { adoptedKeys, lockNewReference } from "./foreign-key.ts"
import { isNotValid, requireInPartitions, scanForNulls } from "./not-null.ts"
import { eachStored, lockBeneath, lockTarget, requireColumn, siblings, strongestLock, type Target } from "./target.ts"

type AddConstraint = OperationOf<"add constraint">
type Kind<K extends ConstraintKind> = Extract<ConstraintDefinition, { kind: K }>
type Keyed = Kind<"unique" | "primary key">

/** A child's constraint of that name has to say the same (MergeWithExistingConstraint). */
function refuseInChildren(draft: Draft, relation: Relation, name: string, { span }: Expression): void {
  for (const child of draft.catalog.tree(relation.id)) {
    const own = child.id === relation.id || !child.known ? undefined : draft.catalog.constraint(child.id, name)
    if (own !== undefined && (own.expression === null || !saysTheSame(own.expression.text, draft.text(span))))
      fail(draft, "42710", `constraint "${name}" for relation "${child.name}" already exists`)
  }
}

/** Effects of `ADD CONSTRAINT`. */
/** Effects of `ADD CONSTRAINT`. */
export function addConstraint(action: AddConstraint, draft: Draft): void {
  const { constraint } = action
  const mode: LockMode = constraint.kind === "foreign key" ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE"
  const target = lockTarget(draft, action, mode, "self")
  if (target.kind === "index" || (target.kind === "unlisted" && target.relation === null)) return
  const relation = target.kind === "relation" ? target.relation : null
  let merged = false
  if (relation !== null) {
    requireColumns(draft, relation, constraint)
    merged = takesName(action, relation, draft)
    // From 18 on every descendant is locked before anything else is looked at.
    if (draft.pgVersion >= 18) lockBeneath(draft, relation, action.only, strongest([mode, strongestLock(draft)]) ?? mode, "children")
  }
  switch (constraint.kind) {
    case "check":
      return addCheck(action, constraint, merged, target, draft)
    case "not null":
      if (!verifies(constraint)) return
      return scanForNulls(draft, target, action.only, [constraint.column.name], `NOT NULL on ${constraint.column.name} is verified for every row`)
    case "foreign key":
      return addForeignKey(action, constraint, mode, target, draft)
    case "unique":
    case "primary key":
      return addKey(action, constraint, target, draft)
    case "exclude":
      return addExclusion(action, constraint, target, draft)
  }
}

/** Whether rows that are there are looked at. */
function verifies(constraint: ConstraintDefinition): boolean {
  return !constraint.notValid && !constraint.notEnforced
}

/** Whether the statement drops a constraint of that name. */
function isReplaced({ name }: ConstraintDefinition, draft: Draft): boolean {
  return siblings(draft, "drop constraint").some((drop) => drop.constraint.name === name?.name)
}

/** Refuses a name that is taken. Returns whether the constraint becomes one with an inherited one. */
function takesName({ constraint, only }: AddConstraint, relation: Relation, draft: Draft): boolean {
  const namesake = constraint.name === null ? undefined : draft.catalog.constraint(relation.id, constraint.name.name)
  const merged = namesake !== undefined && constraint.kind === "check" && mergesCheck(namesake, draft.text(constraint.expression.span), relation)
  const exists = namesake !== undefined && !merged && !isSameNotNull(namesake, constraint)
  const replaced = isReplaced(constraint, draft)
  if (exists && !replaced) fail(draft, "42710", `constraint "${constraint.name?.name ?? ""}" for relation "${relation.name}" already exists`)
  if (constraint.kind === "check" && constraint.name !== null && !constraint.noInherit && !only && !replaced)
    refuseInChildren(draft, relation, constraint.name.name, constraint.expression)
  return merged
}

function addCheck({ only }: AddConstraint, constraint: Kind<"check">, merged: boolean, target: Target, draft: Draft): void {
  const relation = target.kind === "relation" ? target.relation : null
  if (relation !== null && !constraint.noInherit) lockBeneath(draft, relation, only, "ACCESS EXCLUSIVE", "children")
  if (!verifies(constraint) || merged) return
  eachStored(draft, target, only || constraint.noInherit, "children", (member, listed) => {
    // A child that has it already is not looked at.
    const name = isReplaced(constraint, draft) ? null : constraint.name
    if (listed !== null && listed.id !== relation?.id && name !== null && draft.catalog.constraint(listed.id, name.name) !== undefined) return
    scan(draft, member, `the new CHECK${named(constraint)} is verified for every row`)
  })
}

function addForeignKey({ only, relation: written }: AddConstraint, constraint: Kind<"foreign key">, mode: LockMode, target: Target, draft: Draft): void {
  const relation = target.kind === "relation" ? target.relation : null
  if (relation !== null) lockBeneath(draft, relation, only, strongest([mode, strongestLock(draft)]) ?? mode, "partitions")
  // In 11 partitions of partitions are locked with more.
  if (relation?.kind === "partitioned table" && draft.pgVersion < 12) {
    for (const child of draft.catalog.children(relation.id)) lockBeneath(draft, child, only, "ACCESS EXCLUSIVE", "partitions")
  }
  const adopted = relation === null ? [] : adoptedKeys(draft, relation, constraint)
  // The triggers of an adopted key on the referenced table go.
  lockNewReference(draft, constraint, written, adopted.length > 0 ? "ACCESS EXCLUSIVE" : mode)
  if (relation?.kind === "partitioned table" && draft.pgVersion < 18 && constraint.notValid) {
    draft.unsupported ??= "a NOT VALID foreign key of a partitioned table is supported from PostgreSQL 18 on"
  }
  if (!verifies(constraint)) return
  eachStored(draft, target, only, "partitions", (member) => {
    if (member.id !== null && adopted.includes(member.id)) return
    scan(draft, member, `the new foreign key${named(constraint)} is verified for every row`)
  })
}

function addExclusion({ only }: AddConstraint, constraint: Kind<"exclude">, target: Target, draft: Draft): void {
  const relation = target.kind === "relation" ? target.relation : null
  if (relation?.kind === "partitioned table" && draft.pgVersion < 17) {
    draft.unsupported ??= "exclusion constraints on partitioned tables are supported from PostgreSQL 17 on"
  }
  lockPartitionsForBuild(draft, target, only)
  if (skipsBuilds(draft, relation)) return
  eachStored(draft, target, only, "partitions", (member) => {
    build(draft, member, `the index of the exclusion constraint${named(constraint)} is built`)
  })
}

/** A NOT NULL that is asked for again under its name is left as it is. */
function isSameNotNull(existing: Constraint, added: ConstraintDefinition): boolean {
  return existing.kind === "not null" && added.kind === "not null" && existing.columns[0] === added.column.name
}

function named(constraint: ConstraintDefinition): string {
  return constraint.name === null ? "" : ` ${constraint.name.name}`
}

function requireColumns(draft: Draft, relation: Relation, constraint: ConstraintDefinition): void {
  if (constraint.kind === "not null") requireColumn(draft, relation, constraint.column.name)
  if (constraint.kind === "exclude") {
    for (const { column } of constraint.elements) if (column !== null) requireColumn(draft, relation, column.name)
  }
  if (constraint.kind !== "foreign key" && constraint.kind !== "unique" && constraint.kind !== "primary key") return
  const included = constraint.kind === "foreign key" ? [] : constraint.include
  for (const column of [...constraint.columns, ...included]) requireColumn(draft, relation, column.name)
}

/** A table has one primary key; one that the same statement drops, with its column too, makes room. */
export function refuseSecondKey(relation: Relation, draft: Draft): void {
  const existing = draft.catalog.constraintsOf(relation.id).find((one) => one.kind === "primary key")
  const replaced =
    siblings(draft, "drop constraint").some((drop) => drop.constraint.name === existing?.name) ||
    siblings(draft, "drop column").some((drop) => existing?.columns.includes(drop.column.name) === true)
  if (existing !== undefined && !replaced)
    fail(draft, "42P16", `multiple primary keys for table "${relation.name}" are not allowed`)
}

function addKey(action: AddConstraint, constraint: Keyed, target: Target, draft: Draft): void {
  const relation = target.kind === "relation" ? target.relation : null
  if (constraint.kind === "primary key" && relation !== null) refuseSecondKey(relation, draft)
  if (constraint.usingIndex === null) return addKeyWithIndex(action, constraint, target, draft)
  const index = draft.catalog.index({ schema: relation?.schema ?? action.relation.schema, name: constraint.usingIndex.name })
  if (index === undefined) addKeyOnUnlisted(action, constraint, constraint.usingIndex.name, target, draft)
  else addKeyOnIndex(action, constraint, index, target, draft)
}

/** A key that builds its index. */
function addKeyWithIndex(action: AddConstraint, constraint: Keyed, target: Target, draft: Draft): void {
  const relation = target.kind === "relation" ? target.relation : null
  const primary = constraint.kind === "primary key"
  const built = !skipsBuilds(draft, relation)
  // The trigger of a deferrable one is made on each partition.
  lockPartitionsForBuild(draft, target, action.only, constraint.deferrable ? "SHARE ROW EXCLUSIVE" : "SHARE")
  eachStored(draft, target, action.only, "partitions", (member, listed) => {
    const wanted: WantedIndex = {
      columns: constraint.columns.map((column) => column.name),
      unique: true,
      method: constraint.withoutOverlaps ? "gist" : "btree",
      include: constraint.include.map((column) => column.name),
      expressions: [],
      clauses: [],
      predicate: null,
      nullsNotDistinct: constraint.nullsNotDistinct,
      constraint,
    }
    const own = listed === null || listed.id === relation?.id ? undefined : matchingIndex(draft, listed, wanted)
    if (own !== undefined) {
      lockIndex(draft, own, "SHARE", "becomes part of the new index")
      return
    }
    if (built) build(draft, member, `the unique index of the ${primary ? "primary key" : "unique constraint"}${named(constraint)} is built`)
  })
  if (primary) notNullForKey(action, constraint.columns.map((column) => column.name), target, draft)
}

/** A key that takes over an index which is not listed. */
function addKeyOnUnlisted(action: AddConstraint, constraint: Keyed, name: string, target: Target, draft: Draft): void {
  const { catalog } = draft
  const relation = target.kind === "relation" ? target.relation : null
  if (catalog.complete || (relation?.known === true && catalog.isCertain(relation))) fail(draft, "42704", `index "${name}" does not exist`)
  else if (isRenamed(constraint)) {
    const schema = target.kind === "unlisted" ? target.relation?.schema : relation?.schema
    const index = { id: null, schema: schema ?? catalog.creationSchema, name, kind: "index" } as const
    lock(draft, index, renameLock(draft), RENAMED)
  }
  if (constraint.kind !== "primary key") return
  uncertain(draft, `whether the columns of ${name} are NOT NULL`)
  eachStored(draft, target, action.only, "children", (member) => {
    scan(draft, member, "the key's columns must hold no NULL", true)
  })
}

/** A key that takes over an index. */
function addKeyOnIndex(action: AddConstraint, constraint: Keyed, index: Index, target: Target, draft: Draft): void {
  if (target.kind === "relation" && target.relation.kind === "partitioned table") {
    fail(draft, "0A000", "ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables")
  } else if (!index.unique || !index.valid || index.predicate !== null || index.expressions.length > 0) {
    fail(draft, "42809", `"${index.name}" is not a valid unique index on plain columns`)
  }
  // 15 still takes such an index.
  if (constraint.kind === "primary key" && index.nullsNotDistinct && draft.pgVersion >= 16) fail(draft, "42P16", "primary keys cannot use NULLS NOT DISTINCT indexes")
  if (isRenamed(constraint)) lockIndex(draft, index, renameLock(draft), RENAMED)
  if (constraint.kind === "primary key") notNullForKey(action, index.columns.filter((column) => column !== null), target, draft)
}

/** The index takes the constraint's name. */
function isRenamed({ name, usingIndex }: Keyed): boolean {
  return name !== null && usingIndex !== null && name.name !== usingIndex.name
}

const RENAMED = "renamed to the constraint's name"

/** ALTER INDEX RENAME needs less from 12 on. */
function renameLock({ pgVersion }: Draft): LockMode {
  return pgVersion >= 12 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE"
}

/** A primary key makes its columns NOT NULL, in children too, as SET NOT NULL does. */
function notNullForKey(action: AddConstraint, columns: readonly string[], target: Target, draft: Draft): void {
  if (target.kind === "relation") {
    const { relation } = target
    const nullable = columns.some((column) => draft.catalog.column(relation, column)?.notNull === false)
    // From 12 on inheritance children are looked at even when there is nothing to change.
    const looks = draft.pgVersion >= 12 && relation.kind === "table"
    const partitioned = relation.kind === "partitioned table"
    if (nullable || looks) lockBeneath(draft, relation, action.only && !partitioned, "ACCESS EXCLUSIVE", "children")
    if (nullable && partitioned && action.only) for (const column of columns) requireInPartitions(draft, relation, column)
    const added = siblings(draft, "add constraint").flatMap(({ constraint }) =>
      constraint.kind === "not null" && constraint.notValid ? [constraint.column.name] : [],
    )
    const unvalidated = columns.find((name) => {
      const column = draft.catalog.column(relation, name)
      return column?.notNullNotValid === true || (column?.notNull === false && added.includes(name))
    })
    if (unvalidated !== undefined) {
      fail(
        draft,
        "55000",
        `cannot create primary key on column "${unvalidated}": its NOT NULL constraint is NOT VALID`,
      )
    }
  }
  const left = (member: Relation): boolean => target.kind === "relation" && member.id !== target.relation.id && columns.some((name) => isNotValid(draft, member, name))
  const only = action.only && !(draft.pgVersion < 12 && target.kind === "relation" && target.relation.kind === "partitioned table")
  scanForNulls(draft, target, only, columns, "the primary key's columns must hold no NULL", left)
}

/** Up to 17 SET LOGGED counts as a rewrite of a partitioned table, which would build its indexes; but no partition is rewritten. */
function skipsBuilds(draft: Draft, relation: Relation | null): boolean {
  if (relation?.kind !== "partitioned table" || draft.pgVersion >= 18) return false
  return siblings(draft, "set logged").some(({ logged }) => logged !== (relation.persistence === "permanent"))
}

/** Up to 17 the partitions are only locked against writes while their indexes are built. */
function lockPartitionsForBuild(draft: Draft, target: Target, only: boolean, mode: LockMode = "SHARE"): void {
  if (target.kind === "relation" && draft.pgVersion < 18) lockBeneath(draft, target.relation, only, mode, "partitions")
}
