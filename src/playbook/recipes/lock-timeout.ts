import type { LockMode } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type WithLockTimeoutParameters = Readonly<{ sql: string; relation: string; mode: LockMode }>

/** A statement with a strong but short lock: lock_timeout before it, and retry. */
export function withLockTimeout(parameters: WithLockTimeoutParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

