import type { DropOperation } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { referencesThrough } from "../../effects/dependents.ts"
import { beside, quoteName } from "../sql.ts"
import { alone, brief, lockOn, recipe } from "../steps.ts"
import { dropReference } from "./drop-reference.ts"

export type DropIndexParameters = Readonly<Pick<DropOperation, "objects" | "ifExists" | "cascade">>

/** DROP INDEX, one statement for each index; before it the foreign keys that CASCADE takes along, which CONCURRENTLY does not know. */
export function dropIndex({ objects, ifExists, cascade }: DropIndexParameters, context: RecipeContext): Step[] {
  const { catalog } = context
  const exists = ifExists ? "IF EXISTS " : ""
  return recipe(
    objects.flatMap(({ name }) => {
      const index = catalog.index(name)
      const relation = index && catalog.relationById(index.table)
      const table = relation === undefined ? name : beside(name, relation.name)
      const title = `Drop ${quoteName(name)}`
      if (relation?.kind === "partitioned table") {
        const note =
          "An index of a partitioned table cannot be dropped concurrently: all partitions are locked for " +
          "an instant."
        return [
          brief(
            { deploy: "contract", title, note },
            table,
            "ACCESS EXCLUSIVE",
            `DROP INDEX ${exists}${quoteName(name)}${cascade ? " CASCADE" : ""};`,
          ),
        ]
      }
      const drop = alone(
        {
          deploy: "contract",
          title: `${title} while reads and writes go on`,
          note: "Alone in its file, outside a transaction. If it fails, the index stays behind INVALID: run it again.",
        },
        lockOn(table, "SHARE UPDATE EXCLUSIVE", "instant"),
        `DROP INDEX CONCURRENTLY ${exists}${quoteName(name)};`,
      )
      const references = cascade && index !== undefined ? referencesThrough(catalog, index) : []
      return [...references.flatMap((reference) => dropReference(reference, table, `stands on ${quoteName(name)}`, context)), drop]
    }),
  )
}
