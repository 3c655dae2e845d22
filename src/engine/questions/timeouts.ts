import { milliseconds } from "../../effects/duration.ts"
import type { FunctionCall, Operation } from "../../parse/operation.ts"
import type { AnalyzedStatement, RuleContext } from "../rule.ts"
import { holdsLocks, type TransactionContext } from "../transaction.ts"

/** What a setting such as lock_timeout is at some place of a file. */
export interface TimeoutValue {
  /** 0: none. null: something that the file does not tell, such as a variable. */
  readonly milliseconds: number | null
  /** As the file has it: `5s`; null for the server's default. */
  readonly written: string | null
  /** The statement that set it; null for the server's default. */
  readonly by: AnalyzedStatement | null
}

type Setting = "lock_timeout" | "statement_timeout"

/**
 * A setting, followed through the session of one file (docs: SET): what a transaction sets is undone by ROLLBACK, ROLLBACK TO goes back
 * to the savepoint, and SET LOCAL ends with the transaction.
 */
export interface Timeout {
  readonly setting: Setting
  value: Value
  /** The transaction of the latest statement. */
  transaction: number | null
  /** What ROLLBACK goes back to. */
  before: TimeoutValue
  savepoints: { readonly name: string; readonly value: Value }[]
}

interface Value {
  readonly session: TimeoutValue
  /** By SET LOCAL, in the current transaction. */
  readonly local: TimeoutValue | null
}

const SERVER_DEFAULT: TimeoutValue = { milliseconds: 0, written: null, by: null }

export function createTimeout(setting: Setting): Timeout {
  return { setting, value: { session: SERVER_DEFAULT, local: null }, transaction: null, before: SERVER_DEFAULT, savepoints: [] }
}

/** What is in force for a statement: what its function sets, or else what the session has. */
export function inForceFor(timeout: Timeout, analyzed: AnalyzedStatement): TimeoutValue {
  const written = analyzed.settings[timeout.setting]
  return written === undefined ? inForce(timeout, analyzed.transaction) : valueOf(written, analyzed)
}

/** What is in force for the next statement, when that runs in the given transaction. */
export function inForce({ value, transaction }: Timeout, { id }: TransactionContext): TimeoutValue {
  return (transaction === id ? value.local : null) ?? value.session
}

const memories = new WeakMap<readonly AnalyzedStatement[], Map<Setting, { seen: number; file: string; timeout: Timeout }>>()

/** What is in force when the current statement starts. */
export function timeoutBefore(setting: Setting, { earlier, file, current }: RuleContext): TimeoutValue {
  const memory = memories.get(earlier) ?? new Map<Setting, { seen: number; file: string; timeout: Timeout }>()
  memories.set(earlier, memory)
  const known = memory.get(setting) ?? { seen: 0, file, timeout: createTimeout(setting) }
  memory.set(setting, known)
  for (; known.seen < earlier.length; known.seen += 1) {
    const statement = earlier[known.seen]
    if (statement === undefined) continue
    enterFile(known, statement.file)
    followTimeout(known.timeout, statement)
  }
  enterFile(known, file)
  return inForce(known.timeout, current.transaction)
}

/** Most tools open a new connection, or reset it, for each file. */
function enterFile(known: { file: string; timeout: Timeout }, file: string): void {
  if (known.file === file) return
  known.file = file
  known.timeout = createTimeout(known.timeout.setting)
}

export function followTimeout(timeout: Timeout, analyzed: AnalyzedStatement): void {
  const { id } = analyzed.transaction
  if (timeout.transaction !== id) {
    timeout.transaction = id
    timeout.before = timeout.value.session
    timeout.savepoints = []
    if (timeout.value.local !== null) timeout.value = { session: timeout.value.session, local: null }
  }
  for (const operation of analyzed.statement.operations) followOperation(timeout, operation, analyzed)
  if (analyzed.unread.some((body) => body.toLowerCase().includes(timeout.setting))) change(timeout, valueOf("", analyzed), false, analyzed)
}

function followOperation(timeout: Timeout, operation: Operation, analyzed: AnalyzedStatement): void {
  switch (operation.op) {
    case "set":
      if (operation.setting === timeout.setting) change(timeout, valueOf(operation.value, analyzed), operation.local, analyzed)
      return
    case "reset":
      if (operation.setting === null || operation.setting === timeout.setting) change(timeout, SERVER_DEFAULT, false, analyzed)
      return
    case "other":
      if (operation.command === "discard all") change(timeout, SERVER_DEFAULT, false, analyzed)
      return
    case "select":
      for (const call of operation.query.functions) {
        if (maySet(call, timeout.setting)) change(timeout, valueOf(givenTo(call), analyzed), call.arguments[2] === "true", analyzed)
      }
      return
    case "rollback":
      timeout.value = { session: timeout.before, local: null }
      return
    case "savepoint":
      timeout.savepoints.push({ name: operation.savepoint, value: timeout.value })
      return
    case "rollback to savepoint":
    case "release savepoint":
      return leaveSavepoint(timeout, operation.savepoint, operation.op === "rollback to savepoint")
    default:
  }
}

/** ROLLBACK TO keeps the savepoint, RELEASE forgets it with all later ones. */
function leaveSavepoint(timeout: Timeout, savepoint: string, isUndone: boolean): void {
  const position = timeout.savepoints.findLastIndex(({ name }) => name === savepoint)
  const found = timeout.savepoints[position]
  if (found === undefined) return
  timeout.savepoints.length = isUndone ? position + 1 : position
  if (isUndone) timeout.value = found.value
}

function change(timeout: Timeout, value: TimeoutValue, local: boolean, { transaction, conditional, guarded, settings }: AnalyzedStatement): void {
  // With the end of a function that has the setting in its SET clause SET LOCAL ends too (docs: CREATE FUNCTION).
  if (local && settings[timeout.setting] !== undefined) return
  const known = conditional || guarded ? { ...value, milliseconds: null } : value
  if (!local) timeout.value = { session: known, local: null }
  // Outside a transaction SET LOCAL does nothing, not even to the next statement.
  else if (holdsLocks(transaction)) timeout.value = { session: timeout.value.session, local: known }
  else if (transaction.kind === "unknown") timeout.value = { session: timeout.value.session, local: { ...known, milliseconds: null } }
}

/** Whether the operation may give the setting another value. */
export function maySetTimeout(setting: Setting, operation: Operation): boolean {
  switch (operation.op) {
    case "set":
      return operation.setting === setting
    case "reset":
      return operation.setting === null || operation.setting === setting
    case "other":
      return operation.command === "discard all"
    case "select":
      return operation.query.functions.some((call) => maySet(call, setting))
    default:
      return false
  }
}

/** set_config with the setting, or with one that is not written there, whose value then is not written either. */
function maySet({ name, arguments: [written] }: FunctionCall, setting: Setting): boolean {
  return name === "set_config" && (written ?? setting).toLowerCase() === setting
}

/** What cannot be read is no duration either. */
function givenTo({ arguments: [setting = null, value = null] }: FunctionCall): string {
  return setting === null || value === null ? "" : value
}

/** `written` null: DEFAULT. */
function valueOf(written: string | null, by: AnalyzedStatement): TimeoutValue {
  return written === null ? SERVER_DEFAULT : { milliseconds: milliseconds(written), written, by }
}
