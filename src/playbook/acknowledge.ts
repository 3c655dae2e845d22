/**
 * Rules that speak of every removal or renaming, because only a person can know that nothing uses the old shape any
 * more, one that speaks of what PostgreSQL 11 cannot do in another way, one that speaks of what is locked for an instant
 * anyway, one that speaks of partitions which nobody has listed, and those that speak of constraints which are as little checked as what they
 * are copied from.
 */
export type AcknowledgedRule =
  | "column-drop-breaks-code"
  | "column-rename-breaks-code"
  | "default-change-breaks-writers"
  | "not-null-drop-breaks-readers"
  | "constraint-never-validated"
  | "constraint-not-enforced"
  | "foreign-key-blocks-writes"
  | "index-drop-blocks-queries"
  | "not-null-scans-table"
  | "object-drop-breaks-code"
  | "table-drop-loses-data"
  | "table-rename-breaks-code"

/** The statement with the comment by which its author vouches for it; the rule then keeps silent. */
export function acknowledged(rule: AcknowledgedRule, reason: string, statement: string): string {
  return `-- pgsafe-ignore ${rule} -- ${reason}\n${statement}`
}
