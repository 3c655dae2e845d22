import type { Span } from "../source/span.ts"

/** A statement that the server would refuse on this catalog. Only reported when the catalog is sure of it. */
export interface Conflict {
  /** SQLSTATE (PostgreSQL docs, appendix A). */
  readonly code: string
  /** In the server's words. */
  readonly message: string
  readonly span: Span
}

/**
 * Unwinds a statement that would fail, so that `apply` can undo it; never leaves the fold. No Error: a history may have
 * thousands of them, and each would take a picture of the stack.
 */
export class Refusal {
  readonly conflict: Conflict

  constructor(conflict: Conflict) {
    this.conflict = conflict
  }
}
