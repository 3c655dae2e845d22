import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type RenameColumnParameters = Readonly<{ table: Name; column: Identifier; newName: Identifier }>

/** RENAME COLUMN in four deploys. */
export function renameColumn(parameters: RenameColumnParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

