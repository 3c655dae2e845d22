import { runProgram, statementsOf, type Outcome } from "../program.ts"
import type { Workbench } from "../workbench.ts"
import { createChooser } from "./chooser.ts"
import { anyStatement } from "./statements.ts"

/** Writes a program statement by statement, each over the catalog that the ones before it made, and runs it. */
export async function runDecisions(bench: Workbench, decisions: readonly (readonly number[])[]): Promise<Outcome> {
  let at = 0
  let names = 0
  const spent = new Set<string>()
  return runProgram(bench, (ours) => {
    const numbers = decisions[at]
    at += 1
    if (numbers === undefined) return undefined
    const choose = createChooser(numbers)
    const fresh = (prefix: string): string => `${prefix}${String((names += 1))}`
    return anyStatement({ catalog: ours.catalog(), choose, major: bench.server.major, fresh, spent })
  })
}

/** The smallest program that still ends in the same kind of difference: statements are left out one at a time. */
export async function reduceProgram(bench: Workbench, outcome: Outcome): Promise<Outcome> {
  let best = outcome
  for (let drop = outcome.program.length - 2; drop >= 0; drop -= 1) {
    const shorter = best.program.filter((_, at) => at !== drop)
    const tried = await runProgram(bench, statementsOf(shorter))
    if (tried.program.length === shorter.length && kindOf(tried) === kindOf(best)) best = tried
  }
  return best
}

/** Names and numbers left out: what kind of difference it is. */
export function kindOf(outcome: Outcome): string {
  return (outcome.differences[0] ?? "").replaceAll(/"[^"]*"|[a-z]+\d+\w*|\d+/g, "_")
}
