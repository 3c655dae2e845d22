import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { qualifiedName } from "../qualified.ts"
import { alterTable } from "../sql.ts"
import { brief, recipe } from "../steps.ts"

export type DropDefaultsParameters = Readonly<{ table: Name; columns: readonly Identifier[] }>

/** DROP DEFAULT of NOT NULL columns as a contract step: until then it serves INSERTs of code that does not know the columns. */
export function dropDefaults({ table: given, columns }: DropDefaultsParameters, context: RecipeContext): Step[] {
  const table = qualifiedName(given, context)
  const actions = columns.map(({ name }) => `ALTER COLUMN ${quoteIdent(name)} DROP DEFAULT`)
  const title = `Drop the ${columns.length === 1 ? "default" : "defaults"} in a later deploy, once all running code writes the ${columns.length === 1 ? "column" : "columns"}`
  return recipe([brief({ deploy: "contract", title }, table, "ACCESS EXCLUSIVE", alterTable(table, actions))])
}
