import type { Constraint } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { nameNear } from "../near.ts"
import { alterTable, quoteName } from "../sql.ts"
import { alsoLocked, brief } from "../steps.ts"

/**
 * Drops a foreign key that CASCADE would take along.
 *
 * @param table The table that it references.
 * @param why What it does with what goes: `references orders`.
 */
export function dropReference(reference: Constraint, table: PlainName, why: string, context: RecipeContext): Step[] {
  const child = context.catalog.relationById(reference.table)
  if (child === undefined) return []
  const name = nameNear(child, table, context)
  const part = {
    deploy: "contract",
    title: `Drop foreign key ${quoteIdent(reference.name)}, which ${why}`,
    note: alsoLocked(child.id === reference.references?.table ? [] : [quoteName(table)]),
  } as const
  return [brief(part, name, "ACCESS EXCLUSIVE", alterTable(name, [`DROP CONSTRAINT ${quoteIdent(reference.name)}`]))]
}
