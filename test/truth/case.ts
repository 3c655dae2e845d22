import type { Major } from "./versions.ts"

/** A database to start from. Every case names one; cases of one schema share its database on the server. */
export interface CaseSchema {
  readonly sql: string
  /** The first major that accepts the schema's own SQL; the schema's cases are skipped before. */
  readonly since?: Major
}

/** One statement form whose effects are proven. */
export interface Case {
  /** Unique, in words: "add column: constant default". */
  readonly id: string
  /** Key of `schemas`. */
  readonly schema: string
  readonly sql: string
  /** Session settings in force: `SET timezone = 'UTC'`. */
  readonly session?: string
  /** Undoes what outlives the case's database: other databases, roles, server settings. */
  readonly cleanup?: string
  /** The statement's outcome depends on the machine (another server, a directory): only whether a transaction is allowed counts. */
  readonly transactionOnly?: true
}
