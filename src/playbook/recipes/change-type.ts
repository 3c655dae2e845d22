import type { Expression } from "../../parse/expression.ts"
import type { Identifier, Name, TypeName } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type ChangeColumnTypeParameters = Readonly<{ table: Name; column: Identifier; type: TypeName; collation: Name | null; using: Expression | null }>

/** ALTER COLUMN TYPE that rewrites. */
export function changeColumnType(parameters: ChangeColumnTypeParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

