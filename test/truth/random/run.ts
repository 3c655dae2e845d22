import fc from "fast-check"
import { startServer } from "../server.ts"
import type { Major } from "../versions.ts"
import { openWorkbench } from "../workbench.ts"
import type { Outcome } from "../program.ts"
import { kindOf, reduceProgram, runDecisions } from "./program.ts"

export interface RandomResult {
  readonly programs: number
  readonly statements: number
  /** Statements that the server refused. */
  readonly refused: number
  readonly disagreements: readonly Outcome[]
}

/** One program: decisions for each of its statements. */
const program = fc.array(fc.array(fc.noBias(fc.nat(9999)), { minLength: 24, maxLength: 24 }), { minLength: 10, maxLength: 50, size: "max" })

/**
 * Runs random programs on one major. A program that shows a difference is reduced; of each kind of difference one is kept, and
 * after ten kinds it stops.
 */
export async function runRandom(major: Major, seed: number, runs: number): Promise<RandomResult> {
  const server = await startServer(major)
  let programs = 0
  let statements = 0
  let refused = 0
  const found = new Map<string, Outcome>()
  try {
    const bench = await openWorkbench(server)
    for (const decisions of fc.sample(program, { seed, numRuns: runs })) {
      const outcome = await runDecisions(bench, decisions)
      programs += 1
      statements += outcome.statements
      refused += outcome.refused
      if (outcome.differences.length === 0 || found.has(kindOf(outcome))) continue
      found.set(kindOf(outcome), await reduceProgram(bench, outcome))
      if (found.size >= 10) break
    }
    await bench.close()
  } finally {
    await server.stop()
  }
  return { programs, statements, refused, disagreements: [...found.values()] }
}
