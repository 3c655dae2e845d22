import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { quoteName } from "../sql.ts"
import { joinNotes, recipe } from "../steps.ts"
import { deleteAll } from "./backfill.ts"

export type TruncateParameters = Readonly<OperationOf<"truncate">>

/** TRUNCATE of existing tables: DELETE in batches, tables that reference others first. */
export function truncate(operation: TruncateParameters, context: RecipeContext): Step[] {
  const { catalog } = context
  const order = [...operation.tables]
  order.sort((a, b) => references(b.table, a.table) - references(a.table, b.table))
  function references(from: (typeof order)[number]["table"], to: (typeof order)[number]["table"]): number {
    const child = catalog.relation(from)
    const parent = catalog.relation(to)
    if (child === undefined || parent === undefined || child === parent) return 0
    return catalog.referencing(parent.id).some((constraint) => constraint.table === child.id) ? 1 : 0
  }
  return recipe(
    order.map(({ table }) => {
      const step = deleteAll(table, context)
      return {
        ...step,
        note: joinNotes(
          step.note,
          operation.cascade ? `Rows of tables that reference ${quoteName(table)} have to go first.` : null,
          operation.restartIdentity
            ? "Its sequences go on where they are: restart them by themselves if that " + "matters."
            : null,
        ),
      }
    }),
  )
}
