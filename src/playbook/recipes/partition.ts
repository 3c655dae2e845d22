import type { Name } from "../../parse/name.ts"
import type { OperationOf, PartitionBound } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type AttachPartitionParameters = Readonly<{ parent: Name; partition: Name; bound: PartitionBound }>

/** ATTACH PARTITION without a scan. */
export function attachPartition(parameters: AttachPartitionParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

export type DetachPartitionParameters = Readonly<{ parent: Name; partition: Name }>

/** DETACH PARTITION CONCURRENTLY. */
export function detachPartition(parameters: DetachPartitionParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

export type CreatePartitionParameters = Readonly<OperationOf<"create table">>

/** CREATE TABLE ... PARTITION OF: create it alone, then attach. */
export function createPartition(parameters: CreatePartitionParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

