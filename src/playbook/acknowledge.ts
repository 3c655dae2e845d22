/**
 * Rules that speak of every removal or renaming, because only a person can know that nothing uses the old shape any
 * more.
 */
export type RemovalRule =
  | "column-drop-breaks-code"
  | "column-rename-breaks-code"
  | "object-drop-breaks-code"
  | "table-drop-loses-data"
  | "table-rename-breaks-code"

/** The statement with the comment by which its author vouches for it; the rule then keeps silent. */
export function acknowledged(rule: RemovalRule, reason: string, statement: string): string {
  return `-- pgsafe-ignore ${rule} -- ${reason}\n${statement}`
}
