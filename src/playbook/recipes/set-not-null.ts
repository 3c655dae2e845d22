import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type SetNotNullParameters = Readonly<{ table: Name; column: Identifier }>

/** SET NOT NULL on a column whose rows must be checked. */
export function setNotNull(parameters: SetNotNullParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

