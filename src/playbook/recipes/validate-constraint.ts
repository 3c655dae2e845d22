import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type ValidateLaterParameters = Readonly<{ table: Name; constraint: Identifier }>

/** NOT VALID and VALIDATE that share a transaction: the VALIDATE moved to a later one. */
export function validateLater(parameters: ValidateLaterParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

