import type { DropOperation } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { beside, quoteName } from "../sql.ts"
import { alone, brief, lockOn, recipe } from "../steps.ts"

export type DropIndexParameters = Readonly<Pick<DropOperation, "objects" | "ifExists">>

/** DROP INDEX, one statement for each index. */
export function dropIndex({ objects, ifExists }: DropIndexParameters, context: RecipeContext): Step[] {
  const { catalog } = context
  const exists = ifExists ? "IF EXISTS " : ""
  return recipe(
    objects.map(({ name }) => {
      const index = catalog.index(name)
      const relation = index && catalog.relationById(index.table)
      const table = relation === undefined ? name : beside(name, relation.name)
      const title = `Drop ${quoteName(name)}`
      if (relation?.kind === "partitioned table") {
        const note =
          "An index of a partitioned table cannot be dropped concurrently: all partitions are locked for " +
          "an instant."
        return brief(
          { deploy: "contract", title, note },
          table,
          "ACCESS EXCLUSIVE",
          `DROP INDEX ` + `${exists}${quoteName(name)};`,
        )
      }
      return alone(
        {
          deploy: "contract",
          title: `${title} while reads and writes go on`,
          note: "Alone in its file, outside a transaction. If it fails, the index stays behind INVALID: run it again.",
        },
        lockOn(table, "SHARE UPDATE EXCLUSIVE", "instant"),
        `DROP INDEX CONCURRENTLY ${exists}${quoteName(name)};`,
      )
    }),
  )
}
