/** Which transaction a statement runs in. */
export interface TransactionContext {
  readonly kind:
    /** Its own transaction: the statement commits at once. */
    | "autocommit"
    /** Between BEGIN and COMMIT written in the file. */
    | "explicit block"
    /** The tool wraps the file (or section, or changeset). */
    | "wrapped"
    /** One transaction for all pending files. */
    | "all pending files"
    /** Several statements in one simple query message: an implicit transaction. */
    | "implicit"
    /** Not known; the file alone does not tell. */
    | "unknown"
  /** In words for a finding: "Flyway wraps each file in a transaction". */
  readonly why: string
  /** How to switch it off for this file, in words; null when there is no switch. */
  readonly offSwitch: string | null
  /** Statements with the same number share the transaction. */
  readonly id: number
}

/** Whether locks outlive the statement. */
export function holdsLocks(context: TransactionContext): boolean {
  return context.kind !== "autocommit" && context.kind !== "unknown"
}
