/** What columns can be looked up in, level by level. */
import type { Node, RangeVar } from "@pgsql/types"
import type { ScopedTable } from "../expression.ts"
import type { Collected, Level } from "./collected.ts"
import type { Context } from "./context.ts"
import { added, NOWHERE } from "./collected.ts"
import { EMPTY } from "./context.ts"
import { isCte } from "./from-items.ts"
import { lowerRelation } from "./names.ts"
import { stringsOf } from "./nodes.ts"

/**
 * The level of FROM `items` (or UPDATE's FROM, DELETE's USING), with the statement's target in front. `rows`: what only qualified columns
 * are of.
 */
export function levelOf(
  into: Collected,
  context: Context,
  items: readonly Node[] | undefined,
  target: readonly ScopedTable[] = EMPTY,
  rows: readonly ScopedTable[] = EMPTY,
): Level {
  const around = into.level
  let tables: ScopedTable[] | readonly never[] = target.length === 0 ? EMPTY : [...target]
  let complete = true
  for (const item of items ?? EMPTY) {
    const found: ScopedTable[] = []
    // What hides names makes all of FROM doubtful.
    const understood = addTables(found, into, context, item)
    if (understood === null) return { tables: EMPTY, own: 0, merged: null, complete: false, columns: EMPTY, stars: EMPTY, around }
    complete &&= understood === "all"
    if (found.length > 0) tables = tables.length === 0 ? found : [...tables, ...found]
  }
  const own = tables.length
  const merged = mergedBy(items ?? EMPTY)
  if (rows.length > 0) tables = [...tables, ...rows]
  // A name may be that of something in FROM that is not listed, before it is that of a table around.
  if (!complete || around === null) return { tables, own, merged, complete: false, columns: EMPTY, stars: EMPTY, around }
  if (around.tables.length > 0) tables = [...tables, ...around.tables]
  return { tables, own, merged, complete: around.complete, columns: EMPTY, stars: EMPTY, around }
}

/** The tables of a FROM item. "some": there is more than tables in it; null: what is in it goes by other names outside. */
function addTables(found: ScopedTable[], into: Collected, context: Context, item: Node | undefined): "all" | "some" | null {
  if (item === undefined) return "some"
  if ("RangeVar" in item) {
    const { alias } = item.RangeVar
    if (alias?.colnames !== undefined) return null
    if (isCte(into, item.RangeVar)) return "some"
    found.push(scoped(context, item.RangeVar))
    return "all"
  }
  if ("JoinExpr" in item) {
    const { larg, rarg, alias, join_using_alias: usingAlias } = item.JoinExpr
    if (alias !== undefined || usingAlias !== undefined) return null
    const left = addTables(found, into, context, larg)
    const right = addTables(found, into, context, rarg)
    if (left === null || right === null) return null
    return left === "all" && right === "all" ? "all" : "some"
  }
  return "some"
}

/** The columns that joins of the items make one; null: those of a NATURAL JOIN, which are not written. */
function mergedBy(items: readonly (Node | undefined)[]): readonly string[] | null {
  let merged: readonly string[] = EMPTY
  for (const item of items) {
    if (item === undefined || !("JoinExpr" in item)) continue
    const { larg, rarg, isNatural, usingClause } = item.JoinExpr
    const within = isNatural === true ? null : mergedBy([larg, rarg])
    if (within === null) return null
    if (usingClause !== undefined || within.length > 0) merged = [...merged, ...within, ...stringsOf(usingClause)]
  }
  return merged
}

/** The level of an expression about the rows of a table. */
export function ofTable(table: ScopedTable): Level {
  return { tables: [table], own: 1, merged: EMPTY, complete: true, columns: EMPTY, stars: EMPTY, around: NOWHERE }
}

/** The relation by the name it goes by. */
export function scoped(context: Context, relation: RangeVar): ScopedTable {
  return { alias: relation.alias?.aliasname ?? relation.relname ?? "", table: lowerRelation(context, relation) }
}

/** Ends the walk of a level. */
export function leave(into: Collected, level: Level, outer: Level | null): void {
  into.level = outer
  if (level.columns.length === 0 && level.stars.length === 0) return
  const { tables, own, merged, complete, columns, stars } = level
  into.scopes = added(into.scopes, { tables, own: merged === null ? 0 : own, merged: merged ?? EMPTY, complete, columns, stars })
}

/**
 * Notes that the level reads all columns of its tables, or of the one that goes by the qualifier. False where these may not be all that
 * the star reads.
 */
export function takeStar(level: Level, qualifier: string | null): boolean {
  const at = level.tables.findIndex(({ alias }) => alias === qualifier)
  const named = qualifier === null ? level.tables.slice(0, level.own) : at < 0 ? EMPTY : level.tables.slice(at, at + 1)
  for (const table of named) level.stars = added(level.stars, table)
  return qualifier === null ? level.complete : at >= 0
}
