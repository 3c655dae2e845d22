import type { LockMode } from "../parse/operation.ts"
import type { PlainName } from "./sql.ts"
import type { Duration, Step } from "./step.ts"
import { listed } from "./dependents.ts"
import { LOCK_TIMEOUT, NO_LOCK_TIMEOUT, quoteName } from "./sql.ts"

/** The parts that every step has. */
interface Part {
  readonly deploy: Step["deploy"]
  readonly title: string
  readonly note?: string | null
}

/**
 * A strong lock for an instant: catalog changes only. The statements share one transaction, and lock_timeout bounds the
 * wait.
 */
export function brief(part: Part, relation: PlainName, mode: LockMode, ...statements: readonly string[]): Step {
  return inTransaction(part, lockOn(relation, mode, "instant"), LOCK_TIMEOUT, ...statements, NO_LOCK_TIMEOUT)
}

/** Statements that may share a transaction and wait for nobody. */
export function inTransaction(part: Part, lock: Step["lock"], ...statements: readonly string[]): Step {
  return stepOf(part, statements.join("\n"), true, lock)
}

/** One statement that cannot run in a transaction. */
export function alone(part: Part, lock: Step["lock"], statement: string): Step {
  return stepOf(part, statement, false, lock)
}

/** What only a person can do. */
export function byHand(part: Part): Step {
  return stepOf(part, "", true, null)
}

export function lockOn(relation: PlainName, mode: LockMode, duration: Duration): Step["lock"] {
  return { relation: quoteName(relation), mode, duration }
}

/** The recipe as it is handed out: the first step that can give up on a lock says what to do then. */
export function recipe(steps: readonly Step[]): Step[] {
  const first = steps.findIndex((step) => step.sql.startsWith(LOCK_TIMEOUT))
  return steps.map((step, position) => (position === first ? { ...step, note: joinNotes(step.note, RETRY) } : step))
}

const RETRY = "If it cannot get its lock within 5 seconds it fails and nothing has changed: run it again."

/**
 * The note on other tables that a statement of an instant locks.
 *
 * @param mode null: the same as that of the step's own table
 */
export function alsoLocked(tables: readonly string[], mode: LockMode | null = null): string | null {
  if (tables.length === 0) return null
  return `${listed(tables)} ${tables.length === 1 ? "is" : "are"} locked in ${mode ?? "the same"} mode for the same instant.`
}

/** Notes one behind the other, code in lines of its own. */
export function joinNotes(...notes: readonly (string | null | undefined)[]): string | null {
  let text: string | null = null
  for (const note of notes) {
    if (note === null || note === undefined || note === "") continue
    text = text === null ? note : `${text}${note.startsWith("  ") || endsInCode(text) ? "\n" : " "}${note}`
  }
  return text
}

/** Code in a note: a line that is indented, so that it is printed as it is. */
export function codeLine(code: string): string {
  return `  ${code}`
}

function endsInCode(note: string): boolean {
  return note.slice(note.lastIndexOf("\n") + 1).startsWith("  ")
}

function stepOf({ deploy, title, note = null }: Part, sql: string, transaction: boolean, lock: Step["lock"]): Step {
  return { deploy, title, note, sql, transaction, lock }
}
