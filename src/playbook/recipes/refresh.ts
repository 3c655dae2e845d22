import type { Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type RefreshMaterializedViewParameters = Readonly<{ view: Name }>

/** REFRESH MATERIALIZED VIEW CONCURRENTLY. */
export function refreshMaterializedView(parameters: RefreshMaterializedViewParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

