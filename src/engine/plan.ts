import type { Runner, Unit } from "../files/types.ts"
import type { Statement } from "../parse/operation.ts"
import { firstIndex } from "../source/first-index.ts"
import type { Span } from "../source/span.ts"
import type { TransactionContext } from "./transaction.ts"
import { transactionsOf, type Left } from "./transactions.ts"

/** The direction that is asked for. */
export type Direction = "up" | "down" | "both"

/** A statement that runs, with the transaction that it runs in. */
export interface Planned {
  readonly statement: Statement
  readonly transaction: TransactionContext
}

/** Gives transactions their identities. `shared` is the one of tools that run all files of a deploy in a single one. */
export interface TransactionIds {
  readonly shared: number
  next(): number
}

/** The statements of a file that run in the direction asked for, each with its transaction. */
export function plan(
  statements: readonly Statement[],
  units: readonly Unit[],
  runner: Runner | null,
  direction: Direction,
  text: (span: Span) => string,
  ids: TransactionIds,
): readonly Planned[] {
  const planned: Planned[] = []
  let together = ids.shared
  let open: Left | undefined
  for (const unit of units) {
    if (!runsIn(unit, direction)) continue
    // What runs outside the transaction of all files ends that one; another one follows.
    if (unit.wrap === "none") {
      together = ids.next()
      open = undefined
    }
    const inside = statements.slice(firstFrom(statements, unit.start), firstFrom(statements, unit.end))
    const before = unit.wrap === "all pending" ? open : undefined
    const { contexts, left } = transactionsOf(unit, inside, runner, (statement) => text(statement.span), ids.next, together, before)
    if (unit.wrap === "all pending") open = left
    for (const [index, statement] of inside.entries()) {
      const transaction = contexts[index]
      if (transaction !== undefined) planned.push({ statement, transaction })
    }
  }
  return planned
}

/** The first statement that starts there or later. */
function firstFrom(statements: readonly Statement[], offset: number): number {
  return firstIndex(statements.length, (index) => (statements[index]?.span.start ?? offset) >= offset)
}

export function runsIn(unit: Unit, direction: Direction): boolean {
  return direction === "both" || unit.direction === "both" || unit.direction === direction
}
