import { LOCK_MODES, type LockMode } from "../parse/operation.ts"

const rank: Readonly<Record<LockMode, number>> = Object.fromEntries(
  LOCK_MODES.map((mode, position) => [mode, position]),
) as Record<LockMode, number>

/** Whether `a` is at least as strong as `b` in the order of PostgreSQL's documentation, section 13.3.1. */
export function atLeast(a: LockMode, b: LockMode): boolean {
  return rank[a] >= rank[b]
}

/** The strongest of some modes; null for none. */
export function strongest(modes: Iterable<LockMode>): LockMode | null {
  let result: LockMode | null = null
  for (const mode of modes) if (result === null || rank[mode] > rank[result]) result = mode
  return result
}

type Blocked = readonly ("reads" | "writes")[]
const nothing: Blocked = []
const writes: Blocked = ["writes"]
const readsAndWrites: Blocked = ["reads", "writes"]

/**
 * Which of an application's everyday statements wait for a lock: SELECT (ACCESS SHARE) and INSERT, UPDATE, DELETE (ROW
 * EXCLUSIVE). From the conflict table of PostgreSQL's documentation, table 13.2.
 */
export function conflicts(mode: LockMode): Blocked {
  if (mode === "ACCESS EXCLUSIVE") return readsAndWrites
  return rank[mode] >= rank.SHARE ? writes : nothing
}
