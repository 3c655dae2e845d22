import { conflicts } from "../effects/index.ts"
import type { AffectedRelation, Effects, Lock } from "../effects/types.ts"
import { LOCK_MODES } from "../parse/operation.ts"
import type { Duration } from "../playbook/step.ts"
import type { Catalog } from "../schema/catalog.ts"
import type { ReportedLock } from "./finding.ts"
import type { AnalyzedStatement } from "./rule.ts"

/**
 * The locks of a statement that hurt: those that block reads or writes on relations that others can see, worst first.
 *
 * @param lasts The locks are kept after the statement: other statements follow in its transaction.
 */
export function hurtingLocks(
  { effects, exposed }: Pick<AnalyzedStatement, "effects" | "exposed">,
  catalog: Catalog,
  display: (relation: AffectedRelation) => string,
  lasts: boolean,
): ReportedLock[] {
  const hurting: Lock[] = []
  for (const lock of exposed) if (conflicts(lock.mode).length > 0 && counts(lock, effects, catalog)) hurting.push(lock)
  if (hurting.length > 1) hurting.sort((left, right) => LOCK_MODES.indexOf(right.mode) - LOCK_MODES.indexOf(left.mode))
  const duration = durationOf(effects, lasts)
  return hurting.map((lock) => ({ relation: display(lock.relation), mode: lock.mode, blocks: conflicts(lock.mode), duration }))
}

/** How long the statement keeps its locks. */
function durationOf(effects: Effects, lasts: boolean): Duration {
  if (effects.rewrites.length > 0) return "rewrite"
  if (effects.builds.length > 0) return "build"
  if (effects.scans.length > 0) return "scan"
  return lasts ? "transaction" : "instant"
}

/** A lock on an index or sequence says nothing when its table is locked as strongly; others stop the same queries. */
function counts(lock: Lock, effects: Effects, catalog: Catalog): boolean {
  const { kind, id } = lock.relation
  if (kind === "sequence") return effects.locks.every((other) => other === lock || other.relation.kind === "sequence")
  if (kind !== "index" || id === null) return kind !== "composite type"
  // At the end of the file an index that went with its table is not listed any more.
  const table = catalog.indexById(id)?.table
  const isItsTable = ({ id: other, kind: of }: AffectedRelation): boolean => (table === undefined ? of !== "index" : other === table)
  return !effects.locks.some((other) => isItsTable(other.relation) && LOCK_MODES.indexOf(other.mode) >= LOCK_MODES.indexOf(lock.mode))
}
