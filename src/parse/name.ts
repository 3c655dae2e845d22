import type { Span } from "../source/span.ts"

/** An identifier as PostgreSQL sees it: unquoted ones folded to lower case, quoted ones verbatim, quotes removed. */
export interface Identifier {
  readonly name: string
  readonly span: Span
}

/** A possibly schema-qualified name. */
export interface Name {
  /** null when not qualified. */
  readonly schema: string | null
  readonly name: string
  readonly span: Span
}

/** A type as written, with PostgreSQL's internal name for built-in types. */
export interface TypeName {
  /** `pg_catalog` for the grammar's own spellings (INTEGER, VARCHAR(10)); null when not qualified. */
  readonly schema: string | null
  /** The internal name: `int4`, `varchar`, `bpchar`, `timestamptz`, `numeric`, or a user's type. */
  readonly name: string
  /** `varchar(50)` -> [50], `numeric(10,2)` -> [10, 2], `interval day` -> its mask; empty when there is none. */
  readonly modifiers: readonly number[]
  /** Number of array dimensions; `text[]` -> 1. */
  readonly dimensions: number
  /** `%TYPE`. */
  readonly percentType: boolean
  readonly span: Span
}
