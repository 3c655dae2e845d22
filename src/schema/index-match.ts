import type { Column, Constraint, Index } from "./catalog.ts"
import type { IndexPlan } from "./indexes.ts"
import { sortAlike } from "./index-sorting.ts"

/** What decides whether a partition's own index can serve as its part of a partitioned one. */
export type WantedIndex = Pick<IndexPlan, "columns" | "unique" | "method" | "include" | "expressions" | "clauses" | "nullsNotDistinct"> & {
  readonly predicate: { readonly text: string } | null
  /** What a constraint of the partitioned table needs: a constraint behind the partition's index as well. */
  readonly constraint: { readonly kind: Constraint["kind"] } | null
  /** That constraint has to be of the same kind. */
  readonly sameKind?: boolean
  /** ATTACH PARTITION passes over INVALID indexes; an index that is made takes them, and is INVALID then (DefineIndex). */
  readonly onlyValid?: boolean
}

/**
 * Whether an index can serve as a part of the wanted one (CompareIndexInfo): the order does not matter, and one of an exclusion never
 * does.
 * @param behind the constraint that the index stands behind
 * @param columns those of the index's table
 */
export function canServe(index: Index, behind: Constraint | undefined, wanted: WantedIndex, columns: readonly Column[]): boolean {
  return (
    behind?.kind !== "exclude" &&
    (index.valid || wanted.onlyValid !== true) &&
    index.unique === wanted.unique &&
    index.method === wanted.method &&
    index.nullsNotDistinct === wanted.nullsNotDistinct &&
    (wanted.constraint === null || (behind !== undefined && (wanted.sameKind !== true || behind.kind === wanted.constraint.kind))) &&
    sameList(index.columns, wanted.columns) &&
    sameList(index.include, wanted.include) &&
    sameList(index.expressions.map(plainly), wanted.expressions.map(plainly)) &&
    (index.predicate === null) === (wanted.predicate === null) &&
    plainly(index.predicate?.text ?? "") === plainly(wanted.predicate?.text ?? "") &&
    sortAlike(index, wanted, columns)
  )
}

/** An index as far as queries can use it. */
export type IndexShape = Pick<Index, "columns" | "unique" | "method" | "include" | "expressions" | "clauses" | "nullsNotDistinct"> & {
  readonly predicate: { readonly text: string } | null
}

/**
 * Whether queries can use an index wherever they can use the other one: it begins with the other's key columns, in their order, and
 * has no rows less.
 *
 * @param columns those of the indexes' table
 */
export function leadsLike(index: IndexShape, other: IndexShape, columns: readonly Column[]): boolean {
  const length = other.columns.length
  const leading = { columns: index.columns.slice(0, length), clauses: index.clauses.slice(0, length) }
  const expressions = index.expressions.slice(0, other.expressions.length)
  return (
    index.method === other.method &&
    sameList(leading.columns, other.columns) &&
    sameList(expressions.map(plainly), other.expressions.map(plainly)) &&
    (index.predicate === null || (other.predicate !== null && plainly(index.predicate.text) === plainly(other.predicate.text))) &&
    sortAlike(leading, other, columns)
  )
}

/** Whether two indexes of one table are defined alike, but for their names. */
export function isSameIndex(index: IndexShape, other: IndexShape): boolean {
  return (
    index.method === other.method &&
    index.unique === other.unique &&
    index.nullsNotDistinct === other.nullsNotDistinct &&
    sameList(index.columns, other.columns) &&
    sameList(index.include, other.include) &&
    sameList(index.expressions.map(plainly), other.expressions.map(plainly)) &&
    sameList(index.clauses.map(plainly), other.clauses.map(plainly)) &&
    (index.predicate === null) === (other.predicate === null) &&
    plainly(index.predicate?.text ?? "") === plainly(other.predicate?.text ?? "")
  )
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, position) => item === b[position])
}

/** An expression without what makes no difference: brackets around it, blanks and, where nothing is quoted, capitals. */
function plainly(text: string): string {
  let rest = text.trim()
  while (rest.startsWith("(") && closing(rest) === rest.length - 1) rest = rest.slice(1, -1).trim()
  return /['"$]/.test(rest) ? rest : rest.replaceAll(/\s+/g, " ").replaceAll(/ ?([^\w ]) ?/g, "$1").toLowerCase()
}

/** Where the bracket that the text begins with is closed. */
function closing(text: string): number {
  let open = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") open += 1
    else if (text[at] === ")" && --open === 0) return at
  }
  return -1
}
