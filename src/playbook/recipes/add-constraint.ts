import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type AddConstraintParameters = Readonly<{ table: Name; constraint: ConstraintDefinition }>

/** ADD CONSTRAINT of any kind: check, not null, foreign key, unique, primary key, exclude. */
export function addConstraint(parameters: AddConstraintParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

