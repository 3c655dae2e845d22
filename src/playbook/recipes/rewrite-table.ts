import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type RepackTableParameters = Readonly<{ table: Name | null; index: Identifier | null; }>

/** VACUUM FULL and CLUSTER: pg_repack instead. `table` null: the whole database; `index` for CLUSTER ... USING. */
export function repackTable(parameters: RepackTableParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

