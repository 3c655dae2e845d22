import type { Relation, RelationKind } from "../../schema/catalog.ts"
import { fail, type Draft } from "../draft.ts"
import type { TableAction } from "../alter/target.ts"

type Op = TableAction["op"]

const none: readonly RelationKind[] = []
const views: readonly RelationKind[] = ["view"]
const materialized: readonly RelationKind[] = ["materialized view"]

/** What an action works on beside tables and foreign tables (ATSimplePermissions); an action that is left out works on more, or says itself. */
const others: Readonly<Partial<Record<Op, readonly RelationKind[]>>> = {
  "add column": none,
  "drop column": none,
  "alter column type": none,
  "set default": views,
  "drop default": views,
  "set not null": none,
  "drop not null": none,
  "set statistics": materialized,
  "set column options": materialized,
  "set storage": materialized,
  "set compression": materialized,
  "add identity": views,
  "set identity": views,
  "drop identity": views,
  "set expression": none,
  "drop expression": none,
  "add constraint": none,
  "drop constraint": none,
  "validate constraint": none,
  "alter constraint": none,
  "cluster on": materialized,
  "set without cluster": materialized,
  "set access method": materialized,
  "set tablespace": materialized,
  "set storage parameters": ["view", "materialized view"],
  "replica identity": materialized,
  "enable trigger": none,
  "disable trigger": none,
  "enable rule": none,
  "disable rule": none,
  "row level security": none,
  inherit: none,
  "no inherit": none,
  "of type": none,
  "not of type": none,
  "attach partition": none,
  "detach partition": none,
}

/** Actions on columns and constraints, which indexes have none of; and they go where their table goes. */
const ofTables: ReadonlySet<Op> = new Set<Op>([
  "add column",
  "drop column",
  "alter column type",
  "set default",
  "drop default",
  "set not null",
  "drop not null",
  "add constraint",
  "drop constraint",
  "set schema",
])

/** Refuses what the relation's kind does not have, and ALTER VIEW (or SEQUENCE ...) of something else. */
export function refuseKind(draft: Draft, { op, keyword }: TableAction, relation: Relation): void {
  const { kind, name, created } = relation
  // A relation that was only named is of the kind that it was taken for.
  if (created === null) return
  if (keyword === "view" || keyword === "materialized view" || keyword === "sequence") {
    if (kind !== keyword) fail(draft, "42809", `"${name}" is not a ${keyword}`)
  } else if (keyword === "index" && op !== "rename relation") fail(draft, "42809", `"${name}" is not an index`)
  if (kind !== "view" && kind !== "materialized view" && kind !== "sequence") return
  if (others[op]?.includes(kind) === false) fail(draft, "42809", `ALTER action ${op.toUpperCase()} cannot be performed on the ${kind} "${name}"`)
}

/** The same for an index that ALTER TABLE names. */
export function refuseIndexAction(draft: Draft, op: Op, name: string): void {
  if (ofTables.has(op)) fail(draft, "42809", `ALTER action ${op.toUpperCase()} cannot be performed on the index "${name}"`)
}

/** Refuses a relation that certainly is not what a statement works on: `a table`. */
export function requireKind(draft: Draft, relation: Relation | undefined, kinds: readonly RelationKind[], what: string): void {
  if (relation === undefined || relation.created === null || kinds.includes(relation.kind)) return
  fail(draft, "42809", `"${relation.name}" is not ${what}`)
}

/** What can be referenced, inherited from, and written by rows. */
export const TABLES: readonly RelationKind[] = ["table", "partitioned table", "foreign table"]

/**
 * Whether DROP or CREATE OR REPLACE of a kind may find it. What statements merely named is taken for a table and may be something else:
 * ALTER TABLE also renames and moves views, sequences and indexes (PostgreSQL 18, ALTER TABLE, "name").
 */
export function mayBe({ kind, created }: Relation, wanted: RelationKind): boolean {
  return kind === wanted || (wanted === "table" && kind === "partitioned table") || (kind === "table" && created === null)
}
