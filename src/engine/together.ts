import type { Operation } from "../parse/operation.ts"
import type { Problem, RuleContext, StepsOf } from "./rule.ts"
import type { ActiveRule } from "./select.ts"

/** A problem, and the rule that has found it. */
export interface Found {
  readonly active: ActiveRule
  readonly problem: Problem
}

/**
 * Problems of one statement whose steps come from one recipe get the same steps, made for all operations that they replace: one plan, one
 * pass over the rows. What is said more than once is left out later (`withRest`), when it is known which findings stay.
 */
export function together(found: readonly Found[], context: RuleContext): readonly Found[] {
  if (found.every(({ problem }) => problem.stepsOf === undefined)) return found
  const replaced = new Map<StepsOf, Operation[]>()
  for (const { stepsOf, replaces = [] } of found.map(({ problem }) => problem)) {
    if (stepsOf !== undefined) replaced.set(stepsOf, [...(replaced.get(stepsOf) ?? []), ...replaces])
  }
  const plans = new Map([...replaced].map(([stepsOf, some]) => {
    const operations = context.current.statement.operations.filter((operation) => some.includes(operation))
    return [stepsOf, { steps: stepsOf(operations, context), replaces: operations }]
  }))
  return found.map(({ active, problem }) => {
    const plan = problem.stepsOf === undefined ? undefined : plans.get(problem.stepsOf)
    return plan === undefined ? { active, problem } : { active, problem: { ...problem, ...plan } }
  })
}
