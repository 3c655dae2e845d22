import type pg from "pg"
import { disagreements } from "./compare.ts"
import { replay, type Claim } from "./engine.ts"
import type { Observation } from "./observation.ts"
import { observeInTransaction, readRelations, serverError } from "./observe.ts"
import { notePrepared } from "./prepared.ts"
import { readSnapshot, snapshotDifferences } from "./server-snapshot.ts"
import type { Workbench } from "./workbench.ts"

/** How a program ended: where pgsafe and the server first differ, if they do. */
export interface Outcome {
  /** The statements up to the one that differs, without those that failed. */
  readonly program: readonly string[]
  readonly differences: readonly string[]
  /** Statements that the server was asked to run. */
  readonly statements: number
  /** Statements that it refused. */
  readonly refused: number
}

/** Gives the next statement over the catalog so far, null to skip a turn, undefined at the end. */
export type Next = (ours: ReturnType<typeof replay>) => string | null | undefined

export function statementsOf(program: readonly string[]): Next {
  let at = 0
  return () => program[at++]
}

/** How a program is run. */
export interface Course {
  /** SQL that runs before it, of which pgsafe is not told. */
  readonly setup?: string
  /** Is told where effects and failures differ, and the program goes on; catalogs are then not compared. */
  readonly report?: (sql: string, differences: readonly string[]) => void
}

/**
 * Runs a program on the server and through pgsafe, from an empty database, and compares the two after each statement: effects,
 * failures and catalog. Statements that fail are undone on both sides.
 */
export async function runProgram(bench: Workbench, next: Next, { setup = "", report }: Course = {}): Promise<Outcome> {
  const { major } = bench.server
  await bench.reset(`SELECT;${setup}`)
  const session = await bench.enter()
  // The program may set the search path, by which the server writes the names of types.
  const reader = await bench.borrow()
  const accepted: string[] = []
  let ours = replay("", major)
  let statements = 0
  let refused = 0
  const stop = (program: readonly string[], differences: readonly string[]): Outcome => ({ program, differences, statements, refused })
  try {
    for (let sql = next(ours); sql !== undefined; sql = next(ours)) {
      if (sql === null) continue
      statements += 1
      const observed = await observe(session, sql)
      const isComplete = ours.isComplete()
      const claim = ours.claim(sql)[0]
      if (claim === undefined) throw new Error(`not one statement: ${sql}`)
      const wrong = differencesOf(sql, claim, observed)
      if (wrong.length > 0) {
        if (report === undefined) return stop([...accepted, sql], wrong)
        const certain = isComplete ? wrong : wrong.filter((line) => !HANGS_ON_REST.test(line))
        if (certain.length > 0) report(sql, certain)
      }
      if (observed.fails !== undefined) {
        refused += 1
        // Rows that stop a concurrent build leave an INVALID index behind: what follows hangs on them.
        if (observed.alone && hangsOnRows(observed.fails.code)) break
        if (claim.unsupported === undefined && claim.fails === undefined) {
          ours = replay(accepted.map((one) => `${one};`).join("\n"), major)
        }
        continue
      }
      // Afterwards the catalogs differ, too.
      if (report !== undefined && (claim.unsupported ?? claim.fails) !== undefined) break
      accepted.push(sql)
      if (report !== undefined) continue
      if (!ours.isComplete()) break
      const catalogs = snapshotDifferences(ours.catalog(), await readSnapshot(reader, major))
      if (catalogs.length > 0) return stop(accepted, catalogs.map((line) => `catalog after it: ${line}`))
    }
    return stop(accepted, [])
  } finally {
    await bench.leave(session)
    bench.giveBack(reader)
  }
}

/** What is right when there is something that could not be read, and nothing else is known. */
const HANGS_ON_REST = /^not claimed to fail|not observed$/

const NOTHING: Observation = { locks: [], rewrites: [], scans: [], builds: [], transaction: "allowed" }

/** Runs a statement in a transaction or, when no transaction may hold it, on its own; its locks are then not seen. */
async function observe(session: pg.Client, sql: string): Promise<Observation & { readonly alone: boolean }> {
  const before = await readRelations(session)
  const observed = await observeInTransaction(session, before, sql, { ending: "commit" }).catch(
    // A deferred check can still refuse the commit.
    (error: unknown): Observation => ({ ...NOTHING, fails: serverError(error) }),
  )
  if (observed.transaction === "allowed") return { ...observed, alone: false }
  try {
    await session.query(sql)
    notePrepared(session, sql)
    return { ...NOTHING, transaction: "forbidden", alone: true }
  } catch (error) {
    return { ...observed, fails: serverError(error), alone: true }
  }
}

function differencesOf(sql: string, claim: Claim, observed: Observation & { readonly alone: boolean }): readonly string[] {
  const claimed = claim.unsupported !== undefined || claim.fails !== undefined
  // What code does in vain may be caught: little of it is predicted.
  if (observed.fails !== undefined && !claimed && /^do\b/i.test(sql)) return []
  if (observed.fails !== undefined && !claimed && (hangsOnRows(observed.fails.code) || isUndecidable(observed.fails.message))) return []
  const found = disagreements(claim, observed, "either")
  // Of several faults the server may find another one first.
  if (observed.fails !== undefined && claimed) return found.filter((line) => !line.startsWith("claimed to fail with"))
  if (observed.alone && observed.fails === undefined && !claimed) return found.filter((line) => line.startsWith("transaction"))
  return found.filter((line) => !locksHangOnRows(sql, line))
}

/** Violated constraints (23), values that do not fit a type (22), a transaction's own pending triggers (55006). */
function hangsOnRows(code: string): boolean {
  return code.startsWith("23") || code.startsWith("22")
}

/** Errors that hang on what the catalog does not keep, with the reason. */
const undecidable: readonly (readonly [RegExp, string])[] = [
  [/^default for column .* cannot be cast automatically/, "What type a function in a default returns is not resolved."],
  [/^functions in index (expression|predicate) must/, "Which function is called hangs on the types of its arguments."],
  [/^(function \w+\(.+\)|operator) does not exist/, "Which function is called hangs on the types of its arguments."],
  [/has no default operator class for access method "(?!btree)/, "Only the types that btree cannot order are known."],
  [/^cannot (update|delete from) table /, "Which operations a publication publishes is not kept."],
  [/can only have storage PLAIN$/, "Which types can be stored out of line is not kept."],
  [/^cannot (change name of view column|drop columns from view|change data type of view column)/, "What columns a view has is its query's business."],
  [/^permission denied for /, "Owners and their rights are not tracked."],
  [/^unsupported sequence type /, "12 gives an identity to a column whose type the same ALTER TABLE changes to one that has none."],
  [/^(sequence must have same owner as table|cannot change owner of sequence)/, "Owners are not tracked."],
]

function isUndecidable(message: string): boolean {
  return undecidable.some(([pattern]) => pattern.test(message))
}

/**
 * Which partitions and referenced tables a change of rows locks hangs on the rows; more, or a stronger one, may be claimed than is seen. So
 * does whether a new column's default draws from its sequence.
 */
function locksHangOnRows(sql: string, difference: string): boolean {
  if (/ default nextval\(/i.test(sql) && /^lock: ROW EXCLUSIVE on sequence .* not observed$/.test(difference)) return true
  return /^(insert|update|delete|merge|select|truncate|with|execute)\b/i.test(sql) && (difference.endsWith("not observed") || difference.includes(" is too strong, "))
}
