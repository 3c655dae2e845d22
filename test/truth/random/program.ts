import type pg from "pg"
import { disagreements } from "../compare.ts"
import { replay } from "../engine.ts"
import { observeInTransaction, readRelations, serverError } from "../observe.ts"
import { readSnapshot, snapshotDifferences } from "../server-snapshot.ts"
import type { Workbench } from "../workbench.ts"
import { createChooser } from "./chooser.ts"
import { writers } from "./statements.ts"

/** How a program ended: where pgsafe and the server first differ, if they do. */
export interface Outcome {
  /** The statements up to the one that differs. */
  readonly program: readonly string[]
  readonly differences: readonly string[]
  /** Statements that the server ran. */
  readonly statements: number
}

/** Gives the next statement over the catalog so far, null to skip a turn, undefined at the end. */
type Next = (ours: ReturnType<typeof replay>) => string | null | undefined

/**
 * Writes a program statement by statement, each over the catalog that the ones before it made, and runs it on the server and through
 * pgsafe. Statements that fail are undone on both sides.
 */
export async function runProgram(bench: Workbench, decisions: readonly (readonly number[])[]): Promise<Outcome> {
  let at = 0
  let names = 0
  return run(bench, (ours) => {
    const numbers = decisions[at]
    at += 1
    if (numbers === undefined) return undefined
    const choose = createChooser(numbers)
    const fresh = (prefix: string): string => `${prefix}${String((names += 1))}`
    return choose.pick(writers)?.({ catalog: ours.catalog(), choose, major: bench.server.major, fresh }) ?? null
  })
}

/** The smallest program that still ends in the same kind of difference: statements are left out one at a time. */
export async function reduceProgram(bench: Workbench, outcome: Outcome): Promise<Outcome> {
  let best = outcome
  for (let drop = outcome.program.length - 2; drop >= 0; drop -= 1) {
    const shorter = best.program.filter((_, at) => at !== drop)
    const tried = await run(bench, statementsOf(shorter))
    if (tried.program.length === shorter.length && kindOf(tried) === kindOf(best)) best = tried
  }
  return best
}

function statementsOf(program: readonly string[]): Next {
  let at = 0
  return () => program[at++]
}

/** Names and numbers left out: what kind of difference it is. */
export function kindOf(outcome: Outcome): string {
  return (outcome.differences[0] ?? "").replaceAll(/"[^"]*"|[a-z]+\d+\w*|\d+/g, "_")
}

async function run(bench: Workbench, next: Next): Promise<Outcome> {
  const { major } = bench.server
  await bench.reset("SELECT")
  const session = await bench.connect()
  const accepted: string[] = []
  let ours = replay("", major)
  let statements = 0
  try {
    for (let sql = next(ours); sql !== undefined; sql = next(ours)) {
      if (sql === null) continue
      statements += 1
      const step = sql
      const stop = (differences: readonly string[]): Outcome => ({ program: [...accepted, step], differences, statements })
      const before = await readRelations(session)
      const observed = await observeInTransaction(session, before, sql, { ending: "commit" })
      const claim = ours.claim(sql)[0]
      if (claim === undefined) throw new Error(`not one statement: ${sql}`)
      const failed = observed.transaction === "forbidden" ? await failsOutside(session, sql) : observed.fails !== undefined
      if (failed && claim.unsupported === undefined && claim.fails === undefined) {
        // Whether a statement fails often hangs on rows; a form that the major does not know does not.
        if (observed.fails?.code === "42601" && /syntax error/.test(observed.fails.message)) return stop([observed.fails.message])
        ours = replay(accepted.map((one) => `${one};`).join("\n"), major)
      }
      if (failed) continue
      const wrong =
        observed.transaction === claim.transaction && claim.transaction === "forbidden"
          ? []
          : disagreements(claim, observed, "either").filter((line) => !dependsOnRows(step, line))
      if (wrong.length > 0) return stop(wrong)
      accepted.push(sql)
      if (!ours.isComplete()) break
      const differences = snapshotDifferences(ours.catalog(), await readSnapshot(session, major))
      if (differences.length > 0) {
        return { program: accepted, differences: differences.map((line) => `catalog after it: ${line}`), statements }
      }
    }
    return { program: accepted, differences: [], statements }
  } catch (error) {
    // A deferred check can still refuse the commit; anything else is a fault of the harness.
    serverError(error)
    return { program: accepted, differences: [], statements }
  } finally {
    await session.end()
  }
}

/** Which partitions and referenced tables a change of rows locks hangs on the rows; more may be claimed than is seen. */
function dependsOnRows(sql: string, difference: string): boolean {
  return /^(insert|update|delete|select|truncate)/i.test(sql) && difference.endsWith("not observed")
}

/** Runs a statement that no transaction may hold. */
async function failsOutside(session: pg.Client, sql: string): Promise<boolean> {
  try {
    await session.query(sql)
    return false
  } catch (error) {
    serverError(error)
    return true
  }
}
