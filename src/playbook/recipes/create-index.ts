import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type CreateIndexParameters = Readonly<OperationOf<"create index">>

/** CREATE INDEX on an ordinary or partitioned table, or a concurrent one with IF NOT EXISTS. `statement` is the whole statement, which is edited, so that every clause stays as written. */
export function createIndex(parameters: CreateIndexParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

