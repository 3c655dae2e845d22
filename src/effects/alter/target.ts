import type { LockMode, OperationKind, OperationOf, TableOperation } from "../../parse/operation.ts"
import type { Column, Index, Relation } from "../../schema/catalog.ts"
import { actionLocks, rowFor, type Reach, type SpecialAction } from "../actions.ts"
import {
  affected,
  childWhy,
  fail,
  isSystem,
  lock,
  lockIndex,
  lockIndexes,
  lockNamed,
  rewrite,
  standsForPartitions,
  storesRows,
  treeOf,
  unlisted,
  type Draft,
} from "../draft.ts"
import { partitionTree } from "../dependents.ts"
import { strongest } from "../modes.ts"
import { refuseIndexAction, refuseKind } from "../refusals/kinds.ts"
import type { AffectedRelation } from "../types.ts"

/** An action of ALTER TABLE and its kin that names a relation. */
export type TableAction = Exclude<TableOperation, { op: "move all to tablespace" }>

/** The relation an action names: a relation of the catalog, an index, or a name that the catalog does not list. */
export type Target =
  | { readonly kind: "relation"; readonly relation: Relation }
  | { readonly kind: "index"; readonly index: Index }
  /** Not listed; `relation` is null when it is a system catalog or certainly missing. */
  | { readonly kind: "unlisted"; readonly relation: AffectedRelation | null }

/** Finds and locks the relation that an action names. */
export function lockTarget(draft: Draft, action: TableAction, mode: LockMode, reach: Reach): Target {
  const { catalog } = draft
  const relation = catalog.relation(action.relation)
  if (relation === undefined) {
    const index = catalog.index(action.relation)
    if (index !== undefined) {
      lockIndex(draft, index, mode)
      refuseIndexAction(draft, action.op, index.name)
      return { kind: "index", index }
    }
    lockNamed(draft, action.relation, mode, action.keyword, action.missingOk)
    const ruledOut = isSystem(action.relation) || catalog.rulesOut(action.relation)
    return { kind: "unlisted", relation: ruledOut ? null : unlisted(draft, action.relation, action.keyword) }
  }
  if (relation.kind !== "table" || action.keyword !== "table") refuseKind(draft, action, relation)
  lock(draft, affected(relation), mode)
  const beneath = reach === "self" ? mode : (strongest([mode, strongestLock(draft)]) ?? mode)
  lockBeneath(draft, relation, action.only, beneath, reach)
  return { kind: "relation", relation }
}

const WEAK: ReadonlySet<OperationKind> = new Set(["cluster on", "set without cluster", "set statistics", "set column options", "validate constraint"])
const MEDIUM: ReadonlySet<OperationKind> = new Set(["enable trigger", "disable trigger"])

/** The mode that the whole ALTER TABLE needs: its weaker actions open children and indexes in it as well. */
export function strongestLock(draft: Draft): LockMode {
  let mode: LockMode = "SHARE UPDATE EXCLUSIVE"
  for (const operation of draft.statement.operations) {
    if (WEAK.has(operation.op)) continue
    if (operation.op === "set storage parameters" && !("user_catalog_table" in operation.parameters)) continue
    const foreignKey = operation.op === "add constraint" && operation.constraint.kind === "foreign key"
    if (!MEDIUM.has(operation.op) && !foreignKey) return "ACCESS EXCLUSIVE"
    mode = "SHARE ROW EXCLUSIVE"
  }
  return mode
}

/** Locks the children or partitions of a relation. */
export function lockBeneath(draft: Draft, relation: Relation, only: boolean, mode: LockMode, reach: Reach): void {
  if (only || reach === "self") return
  const members = reach === "children" ? draft.catalog.tree(relation.id) : partitionTree(draft, relation)
  for (const member of members)
    if (member.id !== relation.id) lock(draft, affected(member), mode, childWhy(relation, member))
}

/** Locks the direct children alone. */
export function lockChildren(draft: Draft, relation: Relation): void {
  for (const child of draft.catalog.children(relation.id)) lock(draft, affected(child), "ACCESS EXCLUSIVE", childWhy(relation, child))
}

/** As `lockTarget`, for an action whose lock is a row of the table of actions. */
export function lockAction(draft: Draft, action: Exclude<TableAction, { op: SpecialAction }>): Target {
  const row = rowFor(actionLocks[action.op], draft.pgVersion)
  return lockTarget(draft, action, row?.mode ?? "ACCESS EXCLUSIVE", row?.reach ?? "self")
}

/**
 * Calls back for each table that an action works through: the stored members of the relation's tree, or the unlisted
 * name itself.
 */
export function eachStored(
  draft: Draft,
  target: Target,
  only: boolean,
  reach: Reach,
  work: (relation: AffectedRelation, listed: Relation | null) => void,
): void {
  if (target.kind === "index") return
  if (target.kind === "unlisted") {
    if (target.relation !== null) work(target.relation, null)
    return
  }
  const { relation } = target
  const alone = only || reach === "self"
  const members = alone
    ? [relation]
    : reach === "children"
      ? treeOf(draft, relation, false)
      : partitionTree(draft, relation)
  if (!alone && standsForPartitions(draft, relation)) work(affected(relation), relation)
  for (const member of members) if (storesRows(member)) work(affected(member), member)
}

/** Records the rewrite of one table: its indexes are built anew and locked as well. */
export function rewriteTable(
  draft: Draft,
  relation: AffectedRelation,
  listed: Relation | null,
  why: string,
  assumed = false,
): void {
  rewrite(draft, relation, why, assumed)
  if (listed !== null) lockIndexes(draft, listed, "ACCESS EXCLUSIVE", `rebuilt with ${listed.name}`)
}

/**
 * The column, or undefined when the catalog does not list it; a column that certainly is missing makes the statement
 * fail.
 */
export function requireColumn(draft: Draft, relation: Relation, name: string): Column | undefined {
  const column = draft.catalog.column(relation, name)
  if (column === undefined && relation.known && !isAdded(draft, name)) {
    fail(draft, "42703", `column "${name}" of relation "${relation.name}" does not exist`)
  }
  return column
}

/** Whether an earlier action of the same statement adds the column. */
function isAdded(draft: Draft, column: string): boolean {
  return siblings(draft, "add column").some((action) => action.column.name.name === column)
}

/** The actions of one kind in the same statement. */
export function siblings<K extends OperationKind>(draft: Draft, kind: K): readonly OperationOf<K>[] {
  const is = (operation: { readonly op: string }): operation is OperationOf<K> => operation.op === kind
  return draft.statement.operations.filter(is)
}
