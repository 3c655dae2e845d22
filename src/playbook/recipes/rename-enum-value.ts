import type { Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type RenameEnumValueParameters = Readonly<{ type: Name; value: { text: string }; newValue: { text: string } }>

/** ALTER TYPE ... RENAME VALUE. */
export function renameEnumValue(parameters: RenameEnumValueParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

