import type { SessionOperation, TransactionOperation } from "../parse/operation.ts"
import { settingList } from "../source/setting-list.ts"
import { leaveBranches } from "./branches.ts"
import { DEFAULT_PATH, TEMP_SCHEMA } from "./names.ts"
import { removeRelation } from "./remove.ts"
import { put, undoTo, type SessionStart, type Store } from "./store.ts"

// ---------------------------------------------------------------------------------------------------------------------
// Transactions

/** Opens a transaction; in an open one the server only warns. */
export function begin(store: Store): void {
  const { transaction } = store
  if (transaction.open) return
  store.undo.length = 0
  transaction.open = true
}

export function commit(store: Store): void {
  const { transaction } = store
  if (!transaction.open) return
  for (const id of transaction.dropAtCommit) removeRelation(store, id)
  restoreLocals(store)
  close(store)
}

export function rollback(store: Store): void {
  if (!store.transaction.open) return
  undoTo(store, 0)
  close(store)
}

function close(store: Store): void {
  const { transaction } = store
  transaction.open = false
  transaction.savepoints = []
  transaction.locals = new Map()
  transaction.dropAtCommit = []
  store.undo.length = 0
}

/** What SET LOCAL changed ends with the transaction. */
function restoreLocals(store: Store): void {
  for (const [setting, value] of store.transaction.locals) put(store, store.settings, setting, value)
  store.path = null
}

export function control(store: Store, op: TransactionOperation): void {
  const { transaction } = store
  switch (op.op) {
    case "begin":
      return begin(store)
    case "commit":
      commit(store)
      if (op.chain) begin(store)
      return
    // What another session will commit or roll back later counts as committed: it is what the author expects.
    case "prepare transaction":
      return commit(store)
    case "rollback":
      rollback(store)
      if (op.chain) begin(store)
      return
    case "savepoint":
      if (transaction.open) {
        transaction.savepoints.push({
          name: op.savepoint,
          mark: store.undo.length,
          locals: new Map(transaction.locals),
        })
      }
      return
    case "release savepoint":
      return closeSavepoint(store, op.savepoint, false)
    case "rollback to savepoint":
      return closeSavepoint(store, op.savepoint, true)
    case "commit prepared":
    case "rollback prepared":
      return
  }
}

function closeSavepoint(store: Store, name: string, undo: boolean): void {
  const { transaction } = store
  const position = transaction.savepoints.findLastIndex((savepoint) => savepoint.name === name)
  const savepoint = transaction.savepoints[position]
  if (savepoint === undefined) return
  // ROLLBACK TO keeps the savepoint, RELEASE forgets it with all later ones.
  transaction.savepoints.length = undo ? position + 1 : position
  if (!undo) return
  undoTo(store, savepoint.mark)
  transaction.locals = new Map(savepoint.locals)
}

/** Says how sessions begin, before the first of them. */
export function beginWith(store: Store, start: SessionStart): void {
  const { searchPath } = start
  const schemas = searchPath?.open === true ? [...searchPath.schemas, ...DEFAULT_PATH] : searchPath?.schemas
  store.start = searchPath === null || schemas === undefined ? start : { ...start, searchPath: { ...searchPath, schemas } }
  startSession(store)
}

function startSession({ settings, start: { searchPath } }: Store): void {
  if (searchPath !== null) settings.set("search_path", searchPath.schemas)
}

/** The connection ends: an open transaction is rolled back, temporary tables and settings are gone, and the next session begins. */
export function endSession(store: Store): void {
  rollback(store)
  store.undo.length = 0
  for (const id of [...(store.names.get(TEMP_SCHEMA)?.values() ?? [])]) removeRelation(store, id)
  store.names.delete(TEMP_SCHEMA)
  store.functions.delete(TEMP_SCHEMA)
  store.settings.clear()
  startSession(store)
  store.path = null
  store.undo.length = 0
}

// ---------------------------------------------------------------------------------------------------------------------
// Settings

/** Settings that change what later statements mean. */
const FOLLOWED: ReadonlySet<string> = new Set(["search_path", "timezone", "default_tablespace", "check_function_bodies"])

export function changeSetting(store: Store, op: SessionOperation): void {
  switch (op.op) {
    case "set":
      return setSetting(store, op.setting, op.value === null ? undefined : op.values, op.local)
    case "reset":
      if (op.setting !== null) return setSetting(store, op.setting, undefined, false)
      for (const setting of FOLLOWED) setSetting(store, setting, undefined, false)
      return
    case "set constraints":
      return
  }
}

/** What the SET clause of a function says of the settings that matter here; null when it is nothing. */
export function settingsOf(clause: Readonly<Record<string, string>>): readonly (readonly [string, readonly string[]])[] | null {
  const found = [...FOLLOWED].flatMap((setting) => {
    const value = clause[setting]
    return value === undefined ? [] : [[setting, setting === "search_path" ? settingList(value) : [value]] as const]
  })
  return found.length === 0 ? null : found
}

/**
 * Runs the code of a block, or of a function with the SET clause given. What that sets, and what SET LOCAL sets there again, ends with the
 * function, while a plain SET outlives it (docs: CREATE FUNCTION). Other SET LOCAL ends with the transaction, which code always has.
 */
export function runCode(store: Store, clause: Readonly<Record<string, string>>, run: () => void): void {
  const { transaction } = store
  const isOwn = !transaction.open
  transaction.open = true
  const before: { readonly setting: string; readonly value: readonly string[] | undefined; readonly isLocal: boolean }[] = []
  for (const [setting, value] of settingsOf(clause) ?? []) {
    before.push({ setting, value: store.settings.get(setting), isLocal: transaction.locals.has(setting) })
    setSetting(store, setting, value, true)
  }
  const { made } = store
  store.made = new Map()
  try {
    run()
  } finally {
    leaveBranches(store)
    store.made = made
    for (const { setting, value, isLocal } of before) {
      // A plain SET has taken it from here.
      if (!transaction.locals.has(setting)) continue
      put(store, store.settings, setting, value)
      if (!isLocal) transaction.locals.delete(setting)
    }
    store.path = null
    if (isOwn) endImplicit(store)
  }
}

/** The transaction of a statement alone, whose changes can still be undone when the statement fails. */
function endImplicit(store: Store): void {
  const { transaction } = store
  for (const id of transaction.dropAtCommit) removeRelation(store, id)
  restoreLocals(store)
  transaction.open = false
  transaction.savepoints = []
  transaction.locals = new Map()
  transaction.dropAtCommit = []
}

/** `given` undefined: back to what the connection or the server has. */
export function setSetting(store: Store, setting: string, given: readonly string[] | undefined, local: boolean): void {
  const name = setting.toLowerCase().replaceAll(" ", "")
  if (!FOLLOWED.has(name)) return
  const { searchPath } = store.start
  const values = given === undefined && name === "search_path" && searchPath?.ofConnection === true ? searchPath.schemas : given
  const { transaction } = store
  if (local) {
    // Outside a transaction SET LOCAL has no effect.
    if (!transaction.open) return
    if (!transaction.locals.has(name)) transaction.locals.set(name, store.settings.get(name))
  } else transaction.locals.delete(name)
  put(store, store.settings, name, values)
  store.path = null
}
