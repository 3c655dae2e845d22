import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { acknowledged } from "../acknowledge.ts"
import { quoteIdent } from "../../schema/format.ts"
import { columnDependents, listed } from "../dependents.ts"
import { quoteName } from "../sql.ts"
import { brief, byHand, joinNotes, recipe } from "../steps.ts"

export type DropColumnParameters = Readonly<{ table: Name; column: Identifier; ifExists: boolean }>

/** DROP COLUMN as a contract step, with what still depends on the column. */
export function dropColumn({ table, column, ifExists }: DropColumnParameters, context: RecipeContext): Step[] {
  const { catalog } = context
  const name = quoteIdent(column.name)
  const relation = catalog.relation(table)
  const dependents = relation === undefined ? null : columnDependents(catalog, relation, column.name)
  const found = relation === undefined ? undefined : catalog.column(relation, column.name)
  const unused = byHand({
    deploy: "migrate",
    title: `Ship code that neither reads nor writes ${name}`,
    note: joinNotes(
      "Also SELECT * with fixed result columns, reports, and replication subscribers.",
      dependents !== null && dependents.blocking.length > 0
        ? `These still use it and have to be changed first: ${listed(dependents.blocking)}.`
        : null,
    ),
  })
  const optional =
    found?.notNull === true && found.default === null && found.identity === null
      ? [
          brief(
            {
              deploy: "migrate",
              title: `Let rows be written without ${name}`,
              note: "Before the code that no longer writes it is shipped.",
            },
            table,
            "ACCESS EXCLUSIVE",
            `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${name} DROP NOT NULL;`,
          ),
        ]
      : []
  const drop = brief(
    {
      deploy: "contract",
      title: `Drop ${name}, in a later deploy`,
      note:
        dependents !== null && dependents.dropped.length > 0 ? `Dropped with it: ${listed(dependents.dropped)}.` : null,
    },
    table,
    "ACCESS EXCLUSIVE",
    acknowledged(
      "column-drop-breaks-code",
      "no running code uses it any more",
      `ALTER TABLE ${quoteName(table)} DROP COLUMN ${ifExists ? "IF EXISTS " : ""}${name};`,
    ),
  )
  return recipe([...optional, unused, drop])
}
