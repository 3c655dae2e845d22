import type { Claim } from "./engine.ts"
import { lockModes, type Observation } from "./observation.ts"

/** How a statement that failed on one major must be described: by what the other majors did with it. */
export type Failure = "unsupported" | "fails" | "either"

/** What differs between claim and observation, in words; empty when they agree. */
export function disagreements(claim: Claim, observed: Observation, failure: Failure): string[] {
  const found: string[] = []
  // A form that the major does not know fails before the transaction matters.
  if (claim.transaction !== observed.transaction && (observed.fails === undefined || claim.unsupported === undefined)) {
    found.push(`transaction: ${claim.transaction} claimed, ${observed.transaction} observed`)
  }
  if (observed.fails !== undefined) return [...found, ...failureDisagreements(claim, observed.fails, failure)]
  if (claim.unsupported !== undefined) return [...found, `works, but was claimed unsupported: ${claim.unsupported}`]
  if (claim.fails !== undefined) return [...found, `works, but was claimed to fail: ${claim.fails.code} ${claim.fails.why}`]
  found.push(...lockDisagreements(claim, observed))
  for (const field of ["rewrites", "scans", "builds"] as const) {
    const missing = observed[field].filter((name) => !claim[field].includes(name))
    const extra = claim[field].filter((name) => !observed[field].includes(name))
    if (missing.length > 0) found.push(`${field}: ${missing.join(", ")} not claimed`)
    if (extra.length > 0) found.push(`${field}: ${extra.join(", ")} claimed, not observed`)
    if (new Set(claim[field]).size !== claim[field].length) found.push(`${field}: claimed twice`)
  }
  return found
}

function failureDisagreements(
  claim: Claim,
  error: { readonly code: string; readonly message: string },
  failure: Failure,
): string[] {
  const observed = `${error.code} ${error.message}`
  if (claim.unsupported === undefined && claim.fails === undefined) return [`not claimed to fail: ${observed}`]
  // What no major's grammar accepts is a syntax error, not a matter of versions.
  const unknown = claim.unsupported !== undefined || claim.fails?.code === "42601"
  if (failure === "unsupported" && !unknown) return [`unsupported here: ${observed}`]
  if (failure === "fails" && claim.unsupported !== undefined) return [`fails everywhere: ${observed}`]
  if (claim.fails !== undefined && claim.unsupported === undefined && claim.fails.code !== error.code) {
    return [`claimed to fail with ${claim.fails.code}: ${observed}`]
  }
  return []
}

function lockDisagreements(claim: Claim, observed: Observation): string[] {
  const found: string[] = []
  const claimed = new Map(claim.locks.map((lock) => [lock.relation, lock]))
  if (claimed.size !== claim.locks.length) found.push("locks: a relation is claimed twice")
  for (const lock of observed.locks) {
    const mine = claimed.get(lock.relation)
    if (mine === undefined) found.push(`lock: ${lock.mode} on ${lock.kind} ${lock.relation} not claimed`)
    else if (mine.mode !== lock.mode) {
      const how = lockModes.indexOf(mine.mode) > lockModes.indexOf(lock.mode) ? "too strong" : "too weak"
      found.push(`lock: ${mine.mode} on ${lock.relation} is ${how}, ${lock.mode} observed`)
    } else if (mine.kind !== lock.kind) found.push(`lock: ${lock.relation} is a ${lock.kind}, ${mine.kind} claimed`)
    claimed.delete(lock.relation)
  }
  for (const lock of claimed.values()) found.push(`lock: ${lock.mode} on ${lock.kind} ${lock.relation} not observed`)
  return found
}
