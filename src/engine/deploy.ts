import type { AffectedRelation, Effects, Lock } from "../effects/types.ts"
import type { Name } from "../parse/name.ts"
import type { Statement } from "../parse/operation.ts"
import type { Catalog, Relation } from "../schema/catalog.ts"
import { makesRoom, makesRoomForIndex, type Statements } from "./questions/makes-room.ts"
import { isReached, type Reach } from "./reach.ts"
import type { AnalyzedStatement } from "./rule.ts"
import type { TransactionContext } from "./transaction.ts"

/** What goes out together: one file, or all files that are pending. */
export interface Deploy {
  /** As in `Origin.deploy`. */
  readonly number: number
  /** Its statements so far. */
  readonly analyzed: AnalyzedStatement[]
  readonly reach: Reach
  /** The transaction of tools that run all files of a deploy in a single one. */
  readonly transaction: number
}

/** A deploy of which nothing was analyzed yet. */
export function createDeploy(number: number, transaction: number): Deploy {
  return { number, analyzed: [], reach: { names: new Set(), triggers: false }, transaction }
}

/** A deploy on the database that it finds. */
export interface Deploying {
  readonly catalog: Catalog
  readonly deploy: Deploy
  /** The migrations that ran before it are known, or there are none. */
  readonly begun: boolean
}

/**
 * Whether a statement of the transaction may lock the relation freely: temporary, created in the same transaction, or created in the
 * same deploy and out of reach of the code that is running.
 */
export function isNewTo(transaction: TransactionContext, relation: Relation | AffectedRelation | undefined, { catalog, deploy, begun }: Deploying): boolean {
  const known = relation === undefined || relation.id === null ? undefined : relationOf(relation.id, catalog)
  if (known === undefined) return false
  if (known.persistence === "temporary") return true
  const { created } = known
  // After IF NOT EXISTS the table may be older, unless the earlier migrations are there and do not create it, or there are none.
  if (created === null || (known.maybeOlder && (!begun || created.deploy !== deploy.number))) return false
  if (created.transaction === transaction.id) return true
  if (created.deploy !== deploy.number) return false
  return !known.populated || transaction.kind === "unknown" || !isReached(deploy.reach, known.name)
}

/**
 * The locks of a statement that somebody else can run into.
 *
 * @param around the statements of its file, of the code that it is in, and of what calls that
 */
export function exposedLocks(
  { operations }: Statement,
  { locks }: Effects,
  transaction: TransactionContext,
  around: readonly Statements[],
  deploying: Deploying,
): Effects["locks"] {
  if (locks.length === 0) return locks
  const { catalog } = deploying
  const [first] = operations
  if (first?.op === "drop" && first.ifExists) {
    const isNew = (relation: Relation | undefined): boolean => isNewTo(transaction, relation, deploying)
    const isRoom = (name: Name): boolean => (first.kind === "index" ? makesRoomForIndex(name, catalog, around, isNew) : makesRoom(name, catalog, around))
    if (first.objects.every(({ name }) => isRoom(name))) return []
  }
  const isExposed = ({ relation }: Lock): boolean => !isNewTo(transaction, relation, deploying)
  return locks.every(isExposed) ? locks : locks.filter(isExposed)
}

/** The relation of that identity, or the one that the index belongs to. */
function relationOf(id: number, catalog: Catalog): Relation | undefined {
  const relation = catalog.relationById(id)
  if (relation !== undefined) return relation
  const index = catalog.indexById(id)
  return index === undefined ? undefined : catalog.relationById(index.table)
}
