import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { acknowledged, type AcknowledgedRule } from "../acknowledge.ts"
import { qualifiedName } from "../qualified.ts"
import { alterTable } from "../sql.ts"
import { brief, recipe } from "../steps.ts"

export type ChangeLaterParameters = Readonly<{
  table: Name
  only: boolean
  /** As SQL: `ALTER COLUMN region DROP NOT NULL`. */
  actions: readonly string[]
  /** What they do, and when: "Drop NOT NULL in a later deploy, once ...". */
  title: string
  /** By what comment the author vouches for it. */
  rule: AcknowledgedRule
  reason: string
}>

/** Actions of an ALTER TABLE that take an instant, as a contract step: when the code that is running is ready for them. */
export function changeLater({ table: given, only, actions, title, rule, reason }: ChangeLaterParameters, context: RecipeContext): Step[] {
  const table = qualifiedName(given, context)
  return recipe([brief({ deploy: "contract", title }, table, "ACCESS EXCLUSIVE", acknowledged(rule, reason, alterTable(table, actions, only)))])
}

export type DropDefaultsParameters = Readonly<{ table: Name; only: boolean; columns: readonly Identifier[] }>

/** DROP DEFAULT as a contract step: until then the defaults serve INSERTs of code that does not name the columns. */
export function dropDefaults({ table, only, columns }: DropDefaultsParameters, context: RecipeContext): Step[] {
  const one = columns.length === 1
  const actions = columns.map(({ name }) => `ALTER COLUMN ${quoteIdent(name)} DROP DEFAULT`)
  const title = `Drop the ${one ? "default" : "defaults"} in a later deploy, once all running code writes the ${one ? "column" : "columns"}`
  const reason = `all running code writes the ${one ? "column" : "columns"}`
  return changeLater({ table, only, actions, title, rule: "default-change-breaks-writers", reason }, context)
}
