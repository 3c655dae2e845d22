/** Items of a FROM clause, and the names that they go by. */
import type { Node, RangeVar } from "@pgsql/types"
import type { Collected } from "./collected.ts"
import { EMPTY } from "./context.ts"

/** Whether `*`, or `qualifier.*`, takes columns of a table; those of a sub-query are named in it. */
export function starReadsTable(into: Collected, qualifier: string | null): boolean {
  if (into.from === undefined) return true
  const found = into.from.map((item) => starOf(into, item, qualifier))
  return found.includes(true) || (qualifier !== null && !found.includes(false))
}

/** The same for one FROM item; null: the qualifier does not mean it. */
function starOf(into: Collected, item: Node, qualifier: string | null): boolean | null {
  const named = (alias: string | undefined): boolean => qualifier === null || alias === qualifier
  if ("JoinExpr" in item) {
    const { larg, rarg, alias } = item.JoinExpr
    const within = alias === undefined ? qualifier : null
    if (!named(alias?.aliasname) && alias !== undefined) return null
    const sides = [larg, rarg].map((side) => (side === undefined ? null : starOf(into, side, within)))
    return sides.includes(true) ? true : sides.includes(false) ? false : null
  }
  if ("RangeVar" in item) {
    return named(item.RangeVar.alias?.aliasname ?? item.RangeVar.relname) ? !isCte(into, item.RangeVar) : null
  }
  if ("RangeSubselect" in item) return named(item.RangeSubselect.alias?.aliasname) ? false : null
  if ("RangeFunction" in item) return named(item.RangeFunction.alias?.aliasname) ? false : null
  return true
}

/** Whether a relation is a CTE in scope. */
export function isCte(into: { readonly ctes: readonly string[] }, relation: RangeVar): boolean {
  return into.ctes.length > 0 && relation.schemaname === undefined && into.ctes.includes(relation.relname ?? "")
}

/** Visits the relations of a FROM item with the names they go by there; those of a sub-query go by its alias. */
export function eachFromItem(
  item: Node | undefined,
  visit: (relation: RangeVar, alias: string) => void,
  alias?: string,
): void {
  if (item === undefined) return
  if ("RangeVar" in item) {
    visit(item.RangeVar, alias ?? item.RangeVar.alias?.aliasname ?? item.RangeVar.relname ?? "")
  } else if ("JoinExpr" in item) {
    eachFromItem(item.JoinExpr.larg, visit, alias)
    eachFromItem(item.JoinExpr.rarg, visit, alias)
  } else if ("RangeTableSample" in item) eachFromItem(item.RangeTableSample.relation, visit, alias)
  else if ("RangeSubselect" in item) {
    const { subquery, alias: own } = item.RangeSubselect
    if (subquery === undefined || !("SelectStmt" in subquery)) return
    const name = alias ?? own?.aliasname ?? ""
    for (const inner of subquery.SelectStmt.fromClause ?? EMPTY) eachFromItem(inner, visit, name)
  }
}
