import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type TruncateParameters = Readonly<OperationOf<"truncate">>

/** TRUNCATE of existing tables: DELETE in batches. */
export function truncate(parameters: TruncateParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

