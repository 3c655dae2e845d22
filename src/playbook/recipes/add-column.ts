import type { Name } from "../../parse/name.ts"
import type { ColumnDefinition } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type AddColumnParameters = Readonly<{ table: Name; column: ColumnDefinition }>

/** ADD COLUMN whose definition rewrites, scans, builds an index or fails: volatile default, serial, identity, stored generated, constrained domain, NOT NULL without default, inline constraints. */
export function addColumn(parameters: AddColumnParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

