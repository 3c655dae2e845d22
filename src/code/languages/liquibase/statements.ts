/** What changes are made into. */
import type { Part } from "../made.ts"

/** `isDerived`: it has names that Liquibase looks up in the database. */
export interface Statement {
  readonly parts: readonly Part[]
  readonly isDerived?: true
}

/** Null for a change that lacks something, or has what is not read. */
export type Made = readonly Statement[] | null

export function one(...parts: readonly Part[]): readonly Statement[] {
  return [{ parts }]
}
