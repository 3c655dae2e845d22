import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { acknowledged } from "../acknowledge.ts"
import { quoteIdent } from "../../schema/format.ts"
import { columnDependents, listed, type Dependents } from "../dependents.ts"
import { alterTable } from "../sql.ts"
import { brief, byHand, joinNotes, recipe } from "../steps.ts"

export type DropColumnsParameters = Readonly<{
  table: Name
  /** ONLY: inheriting tables keep the columns. */
  only?: boolean
  columns: readonly Readonly<{ column: Identifier; ifExists: boolean }>[]
}>

/** DROP COLUMN of one or several columns of a table as a contract step, with what still depends on them. */
export function dropColumns(parameters: DropColumnsParameters, context: RecipeContext): Step[] {
  return recipe(dropSteps(parameters, context))
}

/** @param more What else to say to whoever ships code that does without the columns. */
export function dropSteps({ table, only = false, columns }: DropColumnsParameters, context: RecipeContext, more: string | null = null): Step[] {
  const { catalog } = context
  const relation = catalog.relation(table)
  const names = columns.map(({ column }) => quoteIdent(column.name))
  const dependents = columns.map(({ column }): Dependents | null =>
    relation === undefined ? null : columnDependents(context, relation, column.name),
  )
  const blocking = [...new Set(dependents.flatMap((one) => one?.blocking ?? []))]
  const dropped = [...new Set(dependents.flatMap((one) => one?.dropped ?? []))]
  const unused = byHand({
    deploy: "migrate",
    title: `Ship code that neither reads nor writes ${listed(names)}`,
    note: joinNotes(
      "Also SELECT * with fixed result columns, reports, and replication subscribers.",
      blocking.length > 0 ? `These still use ${it(names)} and have to be changed first: ${listed(blocking)}.` : null,
      more,
    ),
  })
  const required = columns.flatMap(({ column }) => {
    const found = relation === undefined ? undefined : catalog.column(relation, column.name)
    return found?.notNull === true && found.default === null && found.identity === null ? [quoteIdent(column.name)] : []
  })
  const optional =
    required.length === 0
      ? []
      : [
          brief(
            {
              deploy: "migrate",
              title: `Let rows be written without ${listed(required)}`,
              note: `Before the code that no longer writes ${it(required)} is shipped.`,
            },
            table,
            "ACCESS EXCLUSIVE",
            alterTable(
              table,
              required.map((name) => `ALTER COLUMN ${name} DROP NOT NULL`),
              only,
            ),
          ),
        ]
  const drops = columns.map(({ ifExists }, position) => `DROP COLUMN ${ifExists ? "IF EXISTS " : ""}${names[position] ?? ""}`)
  const drop = brief(
    {
      deploy: "contract",
      title: `Drop ${listed(names)}, in a later deploy`,
      note: dropped.length > 0 ? `Dropped with ${it(names)}: ${listed(dropped)}.` : null,
    },
    table,
    "ACCESS EXCLUSIVE",
    acknowledged("column-drop-breaks-code", `no running code uses ${it(names)} any more`, alterTable(table, drops, only)),
  )
  return [...optional, unused, drop]
}

function it(names: readonly string[]): string {
  return names.length === 1 ? "it" : "them"
}
