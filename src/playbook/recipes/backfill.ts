import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type BatchUpdateParameters = Readonly<OperationOf<"update">>

/** An UPDATE of many rows, cut into batches. */
export function batchUpdate(parameters: BatchUpdateParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

export type BatchDeleteParameters = Readonly<OperationOf<"delete">>

/** A DELETE of many rows, cut into batches. */
export function batchDelete(parameters: BatchDeleteParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

