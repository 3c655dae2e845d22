import type { Column, Index } from "./catalog.ts"

/** What an index's definition says behind a key column. */
export interface Sorting {
  /** As in the catalog, without its schema; null: the column's own. */
  readonly collation: string | null
  readonly operatorClass: string | null
  /** DESC or NULLS FIRST. */
  readonly otherOrder: boolean
}

const NAME = /^(?:(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\s*\.\s*)?("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\s*/u

/** Reads one of an index's `clauses`. */
export function sortingOf(clause: string): Sorting {
  let rest = clause
  const name = (): string | null => {
    const [all = "", last] = NAME.exec(rest) ?? []
    rest = rest.slice(all.length)
    if (last === undefined) return null
    return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last.toLowerCase()
  }
  const collate = /^collate\s+/i.exec(rest)
  if (collate !== null) rest = rest.slice(collate[0].length)
  const collation = collate === null ? null : name()
  const operatorClass = /^(?:asc|desc|nulls|with)\b/i.test(rest) ? null : name()
  const descending = /\bdesc\b/i.test(rest)
  return { collation, operatorClass, otherOrder: descending || /\bnulls\s+first\b/i.test(rest) }
}

type Sorted = Pick<Index, "columns" | "clauses">

/** Whether two indexes over the same columns have the same collations and operator families; ascending or descending is all the same. */
export function sortAlike(a: Sorted, b: Sorted, columns: readonly Column[]): boolean {
  if (a.clauses.length === 0 && b.clauses.length === 0) return true
  return a.columns.every((column, position) => {
    const [one, other] = [sortingOf(a.clauses[position] ?? ""), sortingOf(b.clauses[position] ?? "")]
    const own = collationOf(column, columns)
    return (one.collation ?? own) === (other.collation ?? own) && family(one.operatorClass) === family(other.operatorClass)
  })
}

/** The collation of an index's key column when its definition names none. */
export function collationOf(column: string | null, columns: readonly Column[]): string {
  return columns.find((one) => one.name === column)?.collation ?? "default"
}

/**
 * The operator family, "" for the one that the type has anyway. Classes named for one word (`text_ops`, `varchar_ops`) are of that
 * family (pg_opclass).
 */
function family(operatorClass: string | null): string {
  if (operatorClass === null || /^[a-z\d]+_ops$/.test(operatorClass)) return ""
  return operatorClass === "varchar_pattern_ops" ? "text_pattern_ops" : operatorClass
}

/**
 * Whether a key column is sorted as without any clauses.
 * @param own the collation that its table's column has; null: any will do
 */
export function sortsPlainly({ collation, operatorClass, otherOrder }: Sorting, own: string | null): boolean {
  // varchar and cidr use the classes of text and inet, and those of their own name only when told to.
  const plain = operatorClass !== "varchar_ops" && operatorClass !== "cidr_ops" && family(operatorClass) === ""
  return plain && !otherOrder && (collation === null || own === null || collation === own)
}
