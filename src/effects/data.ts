import type { DataOperation, OperationOf } from "../parse/operation.ts"
import type { Name } from "../parse/name.ts"
import type { Relation } from "../schema/catalog.ts"
import type { Span } from "../source/span.ts"
import { ancestorsOf, partitionTree, referencesTo, refuseSeveralSequences } from "./dependents.ts"
import {
  affected,
  childWhy,
  fail,
  isSystem,
  lock,
  lockIndexes,
  refuseAbsent,
  storesRows,
  treeOf,
  uncertain,
  unlisted,
  type Draft,
} from "./draft.ts"
import type { Handlers } from "./handler.ts"
import { lockQuery, lockRead } from "./read.ts"
import { requireKind, TABLES } from "./refusals/kinds.ts"

/** Effects of statements that read and write rows. */
export const dataHandlers: Handlers<DataOperation["op"]> = {
  insert,
  update,
  delete: deleteRows,
  merge,
  select,
  copy,
  truncate,
}

function insert(operation: OperationOf<"insert">, draft: Draft): void {
  lockQuery(draft, operation.query)
  const relation = lockWritten(draft, operation, "insert")
  if (relation === undefined) return
  const { columns, defaults, fromSelect, overriding, rows } = operation
  const given = (column: string): boolean => {
    if (overriding === "user" && draft.catalog.column(relation, column)?.identity != null) return false
    const place = (columns.length === 0 ? relation.columns : columns).findIndex(({ name }) => name === column)
    return (columns.length === 0 ? rows > 0 || fromSelect : place >= 0) && !defaults.includes(place)
  }
  fillDefaults(draft, relation, given)
  const filled = (name: string): boolean => {
    const column = given(name) ? null : draft.catalog.column(relation, name)
    return column === null || (column !== undefined && (column.default !== null || column.identity !== null))
  }
  for (const constraint of draft.catalog.constraintsOf(relation.id)) {
    if (constraint.kind === "foreign key" && constraint.columns.every(filled))
      lockForCheck(draft, constraint.references?.table, constraint.name)
  }
}

/** Sequences that defaults of columns without a given value call. */
function fillDefaults(draft: Draft, relation: Relation, given: (column: string) => boolean): void {
  for (const column of relation.columns) {
    const drawn = column.default?.sequence ?? null
    if ((drawn === null && column.identity === null) || given(column.name)) continue
    refuseSeveralSequences(draft, relation, column)
    const called = drawn === null ? undefined : draft.catalog.relationById(drawn)
    // Partitions draw from the sequence of the table above them (17).
    const owned = (): Relation | undefined =>
      [relation, ...ancestorsOf(draft, relation)]
        .flatMap(({ id }) => draft.catalog.ownedSequences(id))
        .find((sequence) => sequence.ownedBy?.identity === true && sequence.ownedBy.column === column.name)
    const sequence = called ?? (column.identity === null ? undefined : owned())
    if (sequence !== undefined)
      lock(draft, affected(sequence), "ROW EXCLUSIVE", `the default of ${relation.name}.${column.name}`)
  }
}

function lockForCheck(draft: Draft, id: number | undefined, constraint: string): void {
  const referenced = id === undefined ? undefined : draft.catalog.relationById(id)
  if (referenced === undefined) return
  for (const member of partitionTree(draft, referenced))
    lock(draft, affected(member), "ROW SHARE", `the foreign key ${constraint} is checked`)
}

function update(operation: OperationOf<"update">, draft: Draft): void {
  lockQuery(draft, operation.query)
  for (const name of operation.from) lockRead(draft, name, "ACCESS SHARE")
  const relation = lockWritten(draft, operation, "update")
  if (relation === undefined) return
  const toDefault = operation.columns.filter(({ span }) => /^\s*=\s*default\b/i.test(draft.text({ start: span.end, end: operation.span.end }))).map(({ name }) => name)
  if (toDefault.length > 0) fillDefaults(draft, relation, (column) => !toDefault.includes(column))
  const set = operation.columns.map((column) => column.name)
  for (const constraint of draft.catalog.constraintsOf(relation.id)) {
    if (constraint.kind === "foreign key" && constraint.columns.some((column) => set.includes(column))) {
      lockForCheck(draft, constraint.references?.table, constraint.name)
    }
  }
  lockReferrers(draft, relation, (columns) => columns.some((column) => set.includes(column)), "onUpdate")
}

/** A new row of a partition is checked against its bounds, which the tables above define. */
function lockAncestors(draft: Draft, partition: Relation): void {
  const parent = partition.partition === null ? undefined : draft.catalog.relationById(partition.partition.parent)
  if (parent === undefined) return
  lock(draft, affected(parent), "ACCESS SHARE", `${partition.name} is its partition`)
  lockAncestors(draft, parent)
}

function deleteRows(operation: OperationOf<"delete">, draft: Draft): void {
  lockQuery(draft, operation.query)
  for (const name of operation.using) lockRead(draft, name, "ACCESS SHARE")
  const relation = lockWritten(draft, operation, "delete")
  if (relation !== undefined) lockReferrers(draft, relation, () => true, "onDelete")
}

/** Tables that reference a changed row are searched, or changed along with it. */
function lockReferrers(
  draft: Draft,
  relation: Relation,
  concerns: (columns: readonly string[]) => boolean,
  action: "onDelete" | "onUpdate",
): void {
  for (const constraint of draft.catalog.referencing(relation.id)) {
    const { references } = constraint
    const table = draft.catalog.relationById(constraint.table)
    if (references === null || table === undefined || !constraint.enforced || !concerns(references.columns)) continue
    const mild = references[action] === "no action" || references[action] === "restrict"
    uncertain(draft, `whether rows of ${relation.name} that other tables reference change`)
    lock(
      draft,
      affected(table),
      mild ? "ROW SHARE" : "ROW EXCLUSIVE",
      `its foreign key ${constraint.name} references the table`,
    )
  }
}

function merge(operation: OperationOf<"merge">, draft: Draft): void {
  lockQuery(draft, operation.query)
  const relation = lockWritten(draft, operation, "merge")
  if (relation === undefined) return
  if (relation.kind === "view" && draft.pgVersion < 17) fail(draft, "0A000", `cannot execute MERGE on the view "${relation.name}"`)
  // Up to 16 those that are disabled count.
  if (draft.catalog.rulesOf(relation.id).some(({ enabled }) => enabled || draft.pgVersion < 17))
    fail(draft, "0A000", `cannot execute MERGE on relation "${relation.name}", which has rules`)
}

function select(operation: OperationOf<"select">, draft: Draft): void {
  lockQuery(draft, operation.query)
}

/** An operation on a table, which may have been prepared by another statement. */
interface Written {
  readonly table: Name
  readonly span: Span
}

/** Locks the table that rows are written to, the partitions they may be in, or the table behind a view. */
function lockWritten(
  draft: Draft,
  { table, span }: Written,
  how: "insert" | "update" | "delete" | "merge" | "copy",
): Relation | undefined {
  const inserts = how === "insert" || how === "copy"
  const relation = inserts ? lockSelf(draft, table) : lockTree(draft, { table, span })
  if (relation === undefined) return undefined
  requireKind(draft, relation, [...TABLES, "view"], "a table")
  if (relation.kind === "view" && how !== "merge") refuseReadOnly(draft, relation, how)
  // Up to 13 deletes prepare the check like updates.
  const checked = how !== "delete" || draft.pgVersion < 14 || relation.kind === "partitioned table"
  if (checked) lockAncestors(draft, relation)
  return relation
}

const THROUGH = { insert: "insert into", update: "update", delete: "delete from" }

/** A view that only a rule or trigger could change rows of; and COPY minds no rule (CopyFrom). */
function refuseReadOnly(draft: Draft, view: Relation, how: "insert" | "update" | "delete" | "copy"): void {
  const { catalog } = draft
  const event = how === "copy" ? "insert" : how
  if (view.created === null || !catalog.isCertain(view)) return
  if (catalog.triggersOf(view.id).some(({ timing, events }) => timing === "instead of" && events.includes(event))) return
  if (how === "copy") return fail(draft, "42809", `cannot copy to view "${view.name}"`)
  if (catalog.rulesOf(view.id).length > 0) return
  // What it reads may be a view as well; of several relations all but one are in sub-queries.
  const [only, ...others] = view.dependencies
  const source = only === undefined || others.length > 0 ? undefined : catalog.relationById(only.relation)
  if (view.readOnly || source?.kind === "materialized view") fail(draft, "55000", `cannot ${THROUGH[how]} view "${view.name}"`)
  if (source?.kind === "view") refuseReadOnly(draft, source, how)
}

/** `UPDATE ONLY`, `DELETE FROM ONLY`, `MERGE INTO ONLY`: operations do not carry the word. */
const ONLY = /^\s*(?:with\b.*\b)?(?:update|delete\s+from|merge\s+into)\s+only\b/is

function lockTree(draft: Draft, { table: name, span }: Written): Relation | undefined {
  const relation = draft.catalog.relation(name)
  if (relation === undefined || draft.catalog.children(relation.id).length === 0)
    return lockRead(draft, name, "ROW EXCLUSIVE")
  if (ONLY.test(draft.text(span))) {
    lock(draft, affected(relation), "ROW EXCLUSIVE")
    return relation
  }
  if (draft.pgVersion >= 12 && relation.kind === "partitioned table") {
    uncertain(draft, `which partitions of ${relation.name} the conditions leave`)
  }
  return lockRead(draft, name, "ROW EXCLUSIVE")
}

function lockSelf(draft: Draft, name: Name): Relation | undefined {
  const relation = draft.catalog.relation(name)
  if (relation?.kind !== "partitioned table") return lockReadOnce(draft, name)
  uncertain(draft, `which partitions of ${relation.name} the rows belong to`)
  return lockRead(draft, name, "ROW EXCLUSIVE")
}

/** Inserting does not open inheritance children. */
function lockReadOnce(draft: Draft, name: Name): Relation | undefined {
  const relation = draft.catalog.relation(name)
  if (relation === undefined || relation.kind === "view") return lockRead(draft, name, "ROW EXCLUSIVE")
  lock(draft, affected(relation), "ROW EXCLUSIVE")
  return relation
}

function copy(operation: OperationOf<"copy">, draft: Draft): void {
  if (operation.query !== null) lockQuery(draft, operation.query)
  if (operation.table === null) return
  if (operation.direction === "from") {
    lockWritten(draft, { table: operation.table, span: operation.span }, "copy")
    return
  }
  const relation = draft.catalog.relation(operation.table)
  if (relation?.kind === "partitioned table" && draft.pgVersion < 19) {
    fail(draft, "42809", `cannot copy from partitioned table "${relation.name}"`)
  } else if (relation === undefined) {
    lockRead(draft, operation.table, "ACCESS SHARE")
  } else if (draft.pgVersion >= 13) {
    // Up to 12 the lock ends with the statement.
    lock(draft, affected(relation), "ACCESS SHARE")
  }
}

function truncate(operation: OperationOf<"truncate">, draft: Draft): void {
  const { catalog } = draft
  const named: Relation[] = []
  for (const { table, only } of operation.tables) {
    const relation = catalog.relation(table)
    if (relation !== undefined) {
      for (const member of treeOf(draft, relation, only)) {
        lock(draft, affected(member), "ACCESS EXCLUSIVE", childWhy(relation, member))
        named.push(member)
      }
      lockParentOf(draft, relation)
    } else if (!isSystem(table) && !refuseAbsent(draft, table, "relation")) {
      lock(draft, unlisted(draft, table), "ACCESS EXCLUSIVE")
      if (operation.cascade)
        uncertain(draft, `the tables that reference ${table.name}: TRUNCATE CASCADE empties them as well`)
    }
  }
  const truncated = new Set(named.map((relation) => relation.id))
  // The list grows while it is read: tables that reference an emptied one are emptied as well.
  for (const relation of named) {
    if (storesRows(relation)) lockIndexes(draft, relation, "ACCESS EXCLUSIVE", `index of ${relation.name}`)
    if (operation.restartIdentity) {
      for (const sequence of catalog.ownedSequences(relation.id))
        lock(draft, affected(sequence), "ACCESS EXCLUSIVE", `owned by ${relation.name}`)
    }
    for (const constraint of referencesTo(draft, relation)) {
      const child = catalog.relationById(constraint.table)
      if (child === undefined || truncated.has(child.id)) continue
      if (!operation.cascade) {
        // Without triggers nothing tells the server of the foreign key (18).
        if (!constraint.enforced) continue
        fail(
          draft,
          "0A000",
          `cannot truncate ${relation.name}: ${child.name} references it by the foreign key ${constraint.name}`,
        )
        continue
      }
      for (const member of catalog.tree(child.id)) {
        if (truncated.has(member.id)) continue
        truncated.add(member.id)
        named.push(member)
        lock(
          draft,
          affected(member),
          "ACCESS EXCLUSIVE",
          `its foreign key ${constraint.name} references ${relation.name}`,
        )
      }
    }
  }
}

/** Up to 13 the server reads the keys of the tables above the partition it empties. */
function lockParentOf(draft: Draft, relation: Relation): void {
  if (relation.partition === null || draft.pgVersion > 13) return
  const parent = draft.catalog.relationById(relation.partition.parent)
  if (parent === undefined) return
  lock(draft, affected(parent), "ACCESS SHARE", `${relation.name} is its partition`)
  lockParentOf(draft, parent)
}
