import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type DropIndexParameters = Readonly<OperationOf<"drop">>

/** DROP INDEX, one statement for each index. */
export function dropIndex(parameters: DropIndexParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

