import type { Identifier, LockMode, Name } from "../parse/operation.ts"
import type { ObjectId } from "../schema/catalog.ts"
import type { Span } from "../source/span.ts"

/** What an effect speaks of. `id` is null for a relation the catalog does not list. */
export interface AffectedRelation {
  readonly id: ObjectId | null
  readonly schema: string
  readonly name: string
  readonly kind:
    | "table"
    | "partitioned table"
    | "foreign table"
    | "view"
    | "materialized view"
    | "sequence"
    | "index"
    | "composite type"
}

/** A lock that a statement takes. */
export interface Lock {
  readonly relation: AffectedRelation
  readonly mode: LockMode
  /** Why a relation the statement does not name is locked: "referenced by the foreign key orders_customer_fk". */
  readonly why: string | null
}

/** Why a table is rewritten, scanned or indexed: one clause, for the finding's text. */
export interface Work {
  readonly relation: AffectedRelation
  readonly why: string
  /** Claimed only because something is not known (`uncertain` says what): the statement may well do without. */
  readonly assumed: boolean
}

/** Why a statement cannot succeed. */
export interface Failure {
  /** SQLSTATE (PostgreSQL docs, appendix A). */
  readonly code: string
  readonly why: string
  /** What is not there, when that is why. */
  readonly missing?: { readonly kind: "relation" | "index" | "type" | "function"; readonly name: Name }
  /** The column that is not there, when that is why, and the relations that could have it. */
  readonly column?: { readonly name: Identifier; readonly among: readonly ObjectId[] }
  /** The word that is wrong; left out: the statement, or what is not there. */
  readonly span?: Span
}

/**
 * What one statement does on one PostgreSQL major, given the catalog before it. Only relations that existed before
 * the statement; system catalogs left out. Proven on real servers by the cases of test/truth.
 */
export interface Effects {
  /**
   * Strongest lock per relation held at the end of the statement (or taken at any point, when it cannot run in a
   * transaction).
   */
  readonly locks: readonly Lock[]
  /** Heaps rewritten (or copied). A rewritten relation is not also listed in scans or builds. */
  readonly rewrites: readonly Work[]
  /** Tables read in full to validate something. */
  readonly scans: readonly Work[]
  /** Tables on which an index is built or rebuilt. */
  readonly builds: readonly Work[]
  readonly transaction: "allowed" | "forbidden"
  /** The words for `forbidden`: "CREATE INDEX CONCURRENTLY cannot run inside a transaction block". */
  readonly forbidden: string | null
  /** Why this major rejects the statement; null when it is supported. */
  readonly unsupported: string | null
  /** It cannot succeed on this catalog. */
  readonly fails: Failure | null
  /** What would have to be known; the effects then claim the more dangerous side. */
  readonly uncertain: readonly string[]
}
