import type { Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { plainColumns } from "../facts.ts"
import { LOCK_TIMEOUT, NO_LOCK_TIMEOUT, quoteName } from "../sql.ts"
import { byHand, inTransaction, lockOn, recipe } from "../steps.ts"

export type RefreshMaterializedViewParameters = Readonly<{ view: Name }>

/**
 * REFRESH MATERIALIZED VIEW CONCURRENTLY. It needs a unique index over columns of all rows, and a view that holds data
 * (docs: REFRESH MATERIALIZED VIEW).
 */
export function refreshMaterializedView({ view }: RefreshMaterializedViewParameters, context: RecipeContext): Step[] {
  const { catalog } = context
  const relation = catalog.relation(view)
  const indexes = relation === undefined ? [] : catalog.indexesOf(relation.id)
  const usable = indexes.some((index) => index.unique && index.predicate === null && plainColumns(index) !== null)
  const refresh = inTransaction(
    {
      deploy: "migrate",
      title: "Refresh row by row, while the view is read",
      note: usable
        ? null
        : "It needs a unique index over plain columns, without WHERE, and a view that has been filled once.",
    },
    lockOn(view, "EXCLUSIVE", "transaction"),
    LOCK_TIMEOUT,
    `REFRESH MATERIALIZED VIEW CONCURRENTLY ${quoteName(view)};`,
    NO_LOCK_TIMEOUT,
  )
  if (usable || relation === undefined || relation.created === null) return recipe([refresh])
  const index = byHand({
    deploy: "expand",
    title: "Build a unique index on the view",
    note:
      `Which columns identify a row of ${quoteName(view)} only its author knows. Build it with CREATE UNIQUE ` +
      "INDEX CONCURRENTLY.",
  })
  return recipe([index, refresh])
}
