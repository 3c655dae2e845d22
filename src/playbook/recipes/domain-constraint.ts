import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type AddDomainConstraintParameters = Readonly<OperationOf<"alter domain">>

/** ALTER DOMAIN ADD CONSTRAINT or SET NOT NULL. */
export function addDomainConstraint(parameters: AddDomainConstraintParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

