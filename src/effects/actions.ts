import type { LockMode, TableOperation } from "../parse/operation.ts"

/** Which relations beneath the named one an action locks along with it. */
export type Reach =
  /** Partitions and inheritance children. */
  | "children"
  /** Partitions only. */
  | "partitions"
  /** The named relation alone. */
  | "self"

/** One row: what an action of ALTER TABLE locks, from one major on. */
export interface ActionLock {
  readonly mode: LockMode
  readonly reach: Reach
  /** First major; 11 when absent. */
  readonly since?: number
}

const exclusive: ActionLock = { mode: "ACCESS EXCLUSIVE", reach: "self" }
const exclusiveTree: ActionLock = { mode: "ACCESS EXCLUSIVE", reach: "children" }
const concurrent: ActionLock = { mode: "SHARE UPDATE EXCLUSIVE", reach: "self" }
const triggers: ActionLock = { mode: "SHARE ROW EXCLUSIVE", reach: "self" }

/** Actions whose lock depends on more than the action's name. */
export type SpecialAction =
  | "add constraint"
  | "drop constraint"
  | "validate constraint"
  | "alter constraint"
  | "rename constraint"
  | "set storage parameters"
  | "attach partition"
  | "detach partition"
  | "attach index partition"
  | "rename relation"
  | "move all to tablespace"

/** What each action locks on the relation it names (AlterTableGetLockLevel and ATPrepCmd), oldest major first. */
export const actionLocks: Readonly<Record<Exclude<TableOperation["op"], SpecialAction>, readonly ActionLock[]>> = {
  "add column": [exclusiveTree],
  "drop column": [exclusiveTree],
  "set default": [exclusiveTree],
  "drop default": [exclusiveTree],
  "set not null": [exclusiveTree],
  "drop not null": [exclusiveTree],
  "alter column type": [exclusiveTree],
  "set statistics": [{ mode: "SHARE UPDATE EXCLUSIVE", reach: "children" }],
  "set storage": [exclusiveTree],
  "set compression": [exclusive],
  "set column options": [concurrent],
  "add identity": [exclusive, { mode: "ACCESS EXCLUSIVE", reach: "partitions", since: 17 }],
  "set identity": [exclusive, { mode: "ACCESS EXCLUSIVE", reach: "partitions", since: 17 }],
  "drop identity": [exclusive, { mode: "ACCESS EXCLUSIVE", reach: "partitions", since: 17 }],
  "set expression": [exclusiveTree],
  "drop expression": [exclusiveTree],
  "set logged": [exclusive],
  "set tablespace": [exclusive],
  "set access method": [exclusive],
  "cluster on": [concurrent],
  "set without cluster": [concurrent],
  "set without oids": [exclusive],
  "not of type": [exclusive],
  "of type": [exclusive],
  inherit: [exclusive],
  "no inherit": [exclusive],
  "owner to": [exclusive],
  "replica identity": [exclusive],
  "enable trigger": [triggers],
  "disable trigger": [triggers],
  "enable rule": [exclusive],
  "disable rule": [exclusive],
  "row level security": [exclusive],
  "rename column": [exclusiveTree],
  "set schema": [exclusive],
  "other table action": [exclusive],
}

/** The row of a table with `since` columns that holds for a major. */
export function rowFor<R extends { readonly since?: number }>(rows: readonly R[], pgVersion: number): R | undefined {
  return rows.findLast((row) => (row.since ?? 0) <= pgVersion)
}

/** Storage parameters that need ACCESS EXCLUSIVE (relOptions of reloptions.c); all others SHARE UPDATE EXCLUSIVE. */
export const exclusiveParameters: ReadonlySet<string> = new Set([
  "user_catalog_table",
  "fastupdate",
  "gin_pending_list_limit",
  "autosummarize",
  "pages_per_range",
  "buffering",
  "length",
  "security_barrier",
  "security_invoker",
  "check_option",
])
