import type { ColumnType, Relation } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { formatType } from "../../schema/format.ts"
import { nameNear } from "../near.ts"
import { fit, quoteName, type PlainName } from "../sql.ts"
import { brief, recipe } from "../steps.ts"

export type WidenSequenceParameters = Readonly<{ sequence: Relation; type: ColumnType; /** The table whose column draws from it. */ table: PlainName }>

/** ALTER SEQUENCE ... AS: its limit becomes that of the new type, unless it has one of its own (docs: ALTER SEQUENCE). */
export function widenSequence({ sequence, type, table }: WidenSequenceParameters, context: RecipeContext): Step[] {
  const near = nameNear(sequence, table, context)
  const name = quoteName(near)
  return recipe([
    brief(
      {
        deploy: "expand",
        title: `Let ${name} count as far as ${formatType(type)} goes`,
        note: "Nothing is rewritten. Sessions that want the next value wait until it commits.",
      },
      near,
      "SHARE ROW EXCLUSIVE",
      fit(`ALTER SEQUENCE ${name}`, `AS ${formatType(type)};`),
    ),
  ])
}
