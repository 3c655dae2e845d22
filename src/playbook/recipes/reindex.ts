import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type ReindexParameters = Readonly<OperationOf<"reindex">>

/** REINDEX of an index, table, schema or database. */
export function reindex(parameters: ReindexParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

