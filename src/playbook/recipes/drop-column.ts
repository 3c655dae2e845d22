import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type DropColumnParameters = Readonly<{ table: Name; column: Identifier; ifExists: boolean }>

/** DROP COLUMN as a contract step, with what still depends on the column. */
export function dropColumn(parameters: DropColumnParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

