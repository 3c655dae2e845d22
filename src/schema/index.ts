import type { EmbeddedStatement, FunctionCall, Operation, Statement } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"
import { enterBranches } from "./branches.ts"
import type { Catalog, Origin } from "./catalog.ts"
import { Refusal, type Conflict } from "./conflict.ts"
import { doubtBlock, doubtCode, doubtNamesakes, doubtRelations } from "./doubt.ts"
import { foldStatement, runEmbedded } from "./fold.ts"
import { freeze, thaw, type FrozenCatalog, type FrozenHead } from "./frozen.ts"
import { StoreCatalog, type Elsewhere } from "./read.ts"
import { begin, beginWith, commit, endSession, rollback, runCode } from "./session.ts"
import { createStore, NO_START, setRelation, undoTo, type SessionStart, type Store } from "./store.ts"
import { removeRelation } from "./remove.ts"
import { takeBack } from "./take-back.ts"
import { nameMade, unmake } from "./unmake.ts"

/** A catalog that statements are replayed into. */
export interface MutableCatalog extends Catalog {
  /**
   * Replays one statement: its operations in the server's order, transaction statements included. A statement that would
   * certainly fail changes nothing and is reported; the transaction goes on without it, since what is replayed did run, and one
   * misreading must not hide everything behind it. Never throws.
   * @param text the source text of a span of the statement, kept for defaults, checks and index expressions
   */
  apply(statement: Statement, origin: Origin, text?: (span: Span) => string): readonly Conflict[]
  /**
   * Replays one statement of a DO block or function body that is being run. What may not have run, or may have been rolled back,
   * makes what it touches uncertain.
   */
  applyEmbedded(statement: EmbeddedStatement, origin: Origin, text?: (span: Span) => string): void
  /** The next statement of the code stands in these branches: see `EmbeddedStatement`. What others have made may be older from here on. */
  enterBranches(branches: readonly number[]): void
  /** Replays what the code of a block does, or of a function with that SET clause: what SET LOCAL and the clause set ends with it. */
  runCode(clause: Readonly<Record<string, string>>, run: () => void): void
  /**
   * Something ran that could not be read. Nothing unlisted can be ruled out any more, and nothing is known of the relations whose
   * names are among the words of it.
   *
   * @param columns Those that it may have changed; other ones, at most, were added. Without it, it may have changed all of them.
   */
  doubt(words: readonly string[], columns?: readonly string[]): void
  /**
   * Code runs whose text does not tell all that it does: what it may have changed is not known any more.
   *
   * @param call the call of the function whose body it is; null for a DO block
   */
  doubtCode(code: string, call: FunctionCall | null): void
  /** What operations would have made that seem to fail: whether it is there or not, nothing is certain of it any more. */
  suspect(operations: readonly Operation[]): void
  /**
   * Forgets what the operations are about to make. `dump`: only when it comes from that file, a dump that was taken after they ran;
   * null: wherever it comes from.
   */
  unmake(operations: readonly Operation[], dump: string | null): void
  /** Forgets what the operations are about to change as far as that dump, which may have been taken after they ran, shows it as changed. */
  takeBack(operations: readonly Operation[], dump: string): void
  /**
   * Says what is known of the files to come. `ordered`: they run one after the other, on one database. `whole`: what is there by now is
   * all that there is.
   */
  trust(known: { readonly ordered: boolean; readonly whole: boolean }): void
  /**
   * What was replayed is a dump, which may leave the rows out: any table may hold some, and materialized views, which `pg_dump
   * --schema-only` makes WITH NO DATA, may be populated.
   */
  supposeRows(): void
  /** Opens a transaction that no BEGIN in the text opens (tools wrap files). In an open one it does nothing, like BEGIN. */
  begin(): void
  /** Ends the transaction, whoever opened it; without one it does nothing. */
  commit(): void
  /** Undoes the open transaction; without one it does nothing. */
  rollback(): void
  /** The connection ends: an open transaction is rolled back, temporary tables and settings (search_path, TimeZone) are gone. */
  endSession(): void
  /** What it knows, to be kept (see frozen.ts). */
  freeze(write: (text: string) => void): FrozenHead | null
}

const NONE: readonly Conflict[] = []
const NO_BRANCHES: readonly number[] = []
const noText = (): string => ""
const NOTHING_ELSEWHERE: Elsewhere = { makes: () => false, adds: () => false }

interface CatalogOptions {
  readonly complete: boolean
  readonly pgVersion: number
  readonly from?: FrozenCatalog | undefined
  readonly elsewhere?: Elsewhere | undefined
  readonly start?: SessionStart | undefined
}

/**
 * An empty catalog. `complete`: the first statement replayed meets an empty database (only the schema `public`), so what is not
 * listed does not exist; otherwise anything may exist, and relations that statements name are listed as found.
 *
 * `from`: a catalog that was frozen before, instead of an empty one. `elsewhere`: what something that is not replayed may have
 * made. `start`: how every session begins.
 */
export function createCatalog(options: CatalogOptions): MutableCatalog {
  const { elsewhere = NOTHING_ELSEWHERE, from, start = NO_START } = options
  const store = from === undefined ? createStore(options) : thaw(from)
  // What was frozen has them, or has dropped them.
  if (from === undefined) for (const schema of start.makes) store.schemas.set(schema, null)
  beginWith(store, start)
  return new ReplayedCatalog(store, elsewhere)
}

class ReplayedCatalog extends StoreCatalog implements MutableCatalog {
  apply(statement: Statement, origin: Origin, text: (span: Span) => string = noText) {
    return applyStatement(this.store, statement, origin, text)
  }
  applyEmbedded(statement: EmbeddedStatement, origin: Origin, text: (span: Span) => string = noText) {
    guarded(this.store, origin, text, false, () => {
      runEmbedded(this.store, statement)
    })
  }
  enterBranches(branches: readonly number[]) {
    enterBranches(this.store, branches)
  }
  runCode(clause: Readonly<Record<string, string>>, run: () => void) {
    runCode(this.store, clause, run)
  }
  doubt(words: readonly string[], columns?: readonly string[]) {
    doubtRelations(this.store, words, columns)
  }
  doubtCode(code: string, call: FunctionCall | null) {
    if (call === null) doubtBlock(this.store, code)
    else doubtCode(this.store, code, call.arguments)
  }
  suspect(operations: readonly Operation[]) {
    for (const operation of operations) {
      const made = nameMade(operation)
      if (made !== null) this.store.doubtful.set(made, true)
    }
  }
  unmake(operations: readonly Operation[], dump: string | null) {
    for (const operation of operations) unmake(this.store, operation, dump)
  }
  takeBack(operations: readonly Operation[], dump: string) {
    for (const operation of operations) takeBack(this.store, operation, dump)
  }
  trust({ ordered, whole }: { readonly ordered: boolean; readonly whole: boolean }) {
    const { flags } = this.store
    if (ordered) flags.set("ordered", true)
    else flags.delete("ordered")
    if (whole) flags.set("whole", true)
  }
  supposeRows() {
    for (const relation of [...this.store.relations.values()]) {
      setRelation(this.store, { ...relation, populated: true, materialized: relation.kind === "materialized view" })
    }
  }
  begin() {
    begin(this.store)
  }
  commit() {
    commit(this.store)
  }
  rollback() {
    rollback(this.store)
  }
  endSession() {
    endSession(this.store)
  }
  freeze(write: (text: string) => void) {
    return freeze(this.store, write)
  }
}

function applyStatement(
  store: Store,
  statement: Statement,
  origin: Origin,
  text: (span: Span) => string,
): readonly Conflict[] {
  return guarded(store, origin, text, statement.holes.length > 0, () => {
    if (statement.holes.length > 0) for (const operation of statement.operations) if ("relation" in operation && operation.relation !== null) doubtNamesakes(store, operation.relation, statement.holes)
    foldStatement(store, statement.operations)
  })
}

function guarded(
  store: Store,
  origin: Origin,
  text: (span: Span) => string,
  guessed: boolean,
  replay: () => void,
): readonly Conflict[] {
  const mark = store.undo.length
  store.now = { origin, text, conditional: false, branches: NO_BRANCHES, guessed, depth: 0 }
  try {
    replay()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    undoTo(store, mark)
    return [error.conflict]
  } finally {
    if (!store.transaction.open) endStatement(store)
  }
  return NONE
}

/** Outside a transaction each statement commits. */
function endStatement(store: Store): void {
  const { transaction } = store
  for (const id of transaction.dropAtCommit) removeRelation(store, id)
  transaction.dropAtCommit.length = 0
  store.undo.length = 0
}

export type { Conflict } from "./conflict.ts"
export type { FrozenCatalog, FrozenHead } from "./frozen.ts"
export { formatType, quoteIdent } from "./format.ts"
export { deriveName, makeObjectName } from "./derived-names.ts"
export { isNarrowerInteger, isUnknownType, resolveWrittenType, sameType, widerSequenceType } from "./types.ts"
export { snapshot, type Snapshot, type TableSnapshot } from "./snapshot.ts"
