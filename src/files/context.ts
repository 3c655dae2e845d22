/** What a unit means for the transaction of the statements in it. */
import type { Unit } from "./types.ts"

/** The transaction that a statement gets from its tool, before BEGIN and COMMIT in the SQL itself count. */
export interface ToolTransaction {
  /**
   * - `autocommit`: each statement is a transaction of its own.
   * - `file`: the tool wraps the unit in BEGIN and COMMIT.
   * - `all pending files`: the tool wraps all files that are not applied yet.
   * - `implicit (one message)`: the server treats the statements of one simple query as one transaction.
   * - `pipeline`: as above, for a pipeline of the extended protocol.
   * - `unknown`: nobody can tell.
   */
  readonly kind: "autocommit" | "file" | "all pending files" | "implicit (one message)" | "pipeline" | "unknown"
  /** A whole sentence without its period. */
  readonly why: string
  /** What shares the transaction. */
  readonly extent: "statement" | "unit" | "all pending"
}

/**
 * The transaction of the statements in a unit.
 *
 * @param statements How many statements the unit has. A statement alone in its message has no implicit transaction
 * (PostgreSQL documentation, "Multiple Statements in a Simple Query").
 */
export function contextOf(unit: Pick<Unit, "wrap" | "send" | "why">, statements: number): ToolTransaction {
  const { why } = unit
  switch (unit.wrap) {
    case "file":
    case "section":
    case "changeset":
      return { kind: "file", why, extent: "unit" }
    case "all pending":
      return { kind: "all pending files", why, extent: "all pending" }
    case "unknown":
      if (statements <= 1) return { kind: "autocommit", why, extent: "statement" }
      return { kind: "unknown", why, extent: "unit" }
    case "none":
      return unwrapped(unit, statements)
  }
}

function unwrapped({ send, why }: Pick<Unit, "send" | "why">, statements: number): ToolTransaction {
  if (statements <= 1 || send === "split" || send === "calls" || send === "psql") return { kind: "autocommit", why, extent: "statement" }
  return { kind: send === "pipeline" ? "pipeline" : "implicit (one message)", why, extent: "unit" }
}
