/** DROP of anything. */
import type { Span } from "../../source/span.ts"
import type { Name } from "../name.ts"
import type { Base, ObjectKind, WrittenArguments } from "./base.ts"

export type DropOperation = Base & {
  readonly op: "drop"
  readonly kind: ObjectKind
  readonly objects: readonly DroppedObject[]
  readonly ifExists: boolean
  readonly cascade: boolean
  /** DROP INDEX CONCURRENTLY. */
  readonly concurrently: boolean
  /** The span of CONCURRENTLY, or the empty span where the keyword would go. */
  readonly concurrentlySpan: Span
}

/** One of the objects that a DROP names. */
export interface DroppedObject {
  readonly name: Name
  /** The table of a trigger, rule or policy. */
  readonly table: Name | null
  readonly arguments: WrittenArguments
  readonly span: Span
}
