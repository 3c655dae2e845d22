import type { Operation } from "../parse/operation.ts"
import type { Step } from "../playbook/step.ts"
import type { Problem, RuleContext, StepsOf } from "./rule.ts"
import type { ActiveRule } from "./select.ts"

/** A problem, and the rule that has found it. */
export interface Found {
  readonly active: ActiveRule
  readonly problem: Problem
}

/** Steps, and all the operations that they replace. */
export interface Plan {
  readonly steps: readonly Step[]
  readonly replaces: readonly Operation[]
}

const NO_PLANS: ReadonlyMap<StepsOf, Plan> = new Map()

/**
 * Problems of one statement whose steps come from one recipe get the same steps, made for all operations that they replace: one plan, one
 * pass over the rows. What is said more than once is left out later (`withRest`), when it is known which findings stay.
 */
export function plansOf(found: readonly Found[], context: RuleContext): ReadonlyMap<StepsOf, Plan> {
  let replaced: Map<StepsOf, Operation[]> | null = null
  for (const { problem } of found) {
    const { stepsOf, replaces = [] } = problem
    if (stepsOf === undefined) continue
    replaced ??= new Map()
    const some = replaced.get(stepsOf)
    if (some === undefined) replaced.set(stepsOf, [...replaces])
    else some.push(...replaces)
  }
  if (replaced === null) return NO_PLANS
  const plans = new Map<StepsOf, Plan>()
  for (const [stepsOf, some] of replaced) {
    const replaces = context.current.statement.operations.filter((operation) => some.includes(operation))
    plans.set(stepsOf, { steps: stepsOf(replaces, context), replaces })
  }
  return plans
}
