import type { Case, CaseSchema } from "./case.ts"
import type { Inspect } from "./database.ts"
import { replay } from "./engine.ts"
import { readSnapshot, snapshotDifferences } from "./server-snapshot.ts"
import type { Major } from "./versions.ts"

/** Where our catalog after a case's statement is not the server's. */
export interface CatalogDifference {
  readonly case: Case
  readonly major: Major
  readonly differences: readonly string[]
}

/** Compares our fold with the server's catalog after every case that works, while the cases are observed. */
export function catalogInspector(
  major: Major,
  schemas: Readonly<Record<string, CaseSchema>>,
  found: CatalogDifference[],
): Inspect {
  return async (one, session) => {
    const schema = schemas[one.schema]
    if (schema === undefined || one.transactionOnly === true) return
    const theirs = await readSnapshot(session, major)
    const replayed = replay(`${schema.sql}\n${one.session ?? ""};`, major)
    replayed.claim(one.sql)
    // After what it cannot follow (a procedure, DROP EXTENSION) the fold says so, and claims nothing.
    if (!replayed.isComplete()) return
    const differences = snapshotDifferences(replayed.catalog(), theirs)
    if (differences.length > 0) found.push({ case: one, major, differences })
  }
}
