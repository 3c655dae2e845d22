/**
 * What a branch of code makes is new to the rest of that branch, although nobody knows whether the branch runs; behind it, it may be older.
 */
import type { OperationOf } from "../parse/operation.ts"
import type { ObjectId } from "./catalog.ts"
import { updateRelation } from "./columns.ts"
import { isComplete, type Store } from "./store.ts"

type Makes = Pick<OperationOf<"create table"> | OperationOf<"create table as">, "ifNotExists">

/** Whether a table that is made now may have been there: IF NOT EXISTS over an uncertain catalog, or under a condition. */
export function isMaybeOlder(store: Store, { ifNotExists }: Makes): boolean {
  return ifNotExists && (store.now.conditional || !isComplete(store))
}

/** Remembers a table that a statement has made which may not run. */
export function noteMade({ made, now }: Store, id: ObjectId): void {
  if (now.conditional) made.set(id, now.branches)
}

/** To be called before a statement of code: these are the branches that it stands in. */
export function enterBranches(store: Store, branches: readonly number[]): void {
  for (const [id, around] of store.made) if (!around.every((branch, depth) => branches[depth] === branch)) doubtAge(store, id)
}

/** The code ends. */
export function leaveBranches(store: Store): void {
  for (const id of store.made.keys()) doubtAge(store, id)
}

function doubtAge(store: Store, id: ObjectId): void {
  store.made.delete(id)
  updateRelation(store, id, (relation) => ({ ...relation, maybeOlder: true }))
}
