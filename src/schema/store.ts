import type { Span } from "../source/span.ts"
import type {
  Constraint,
  FunctionInfo,
  Index,
  ObjectId,
  Origin,
  Policy,
  Publication,
  Relation,
  RewriteRule,
  StatisticsObject,
  Trigger,
  UserType,
} from "./catalog.ts"
import { Refusal } from "./conflict.ts"
import type { Vocabulary } from "./packed.ts"
import { constraintRecord, indexRecord, relationRecord } from "./records.ts"

/** Names of one kind, by schema and then by name. */
export type Names<V> = Map<string, Map<string, V>>

/**
 * Everything the fold knows. Records are immutable; the maps are only changed through `put`, which writes down how to
 * undo the change, so that a failed statement, ROLLBACK TO and ROLLBACK cost as much as what they undo.
 */
export interface Store {
  readonly pgVersion: number
  /** The first statement met an empty database. */
  readonly startedEmpty: boolean
  /**
   * `opaque`: something ran that could not be read (dynamic SQL, an extension that makes tables), so absence proves
   * nothing. `anything`: names may mean other things, or be gone, so presence proves nothing either.
   *
   * `ordered`: the files run one after the other, on one database. `whole`: the first of them meets an empty one, or a dump tells all
   * that is there. `outside`: a statement worked on something that nothing has made.
   *
   * `casts`: a statement made a cast, an operator, or a class of operators.
   */
  readonly flags: Map<"opaque" | "anything" | "ordered" | "whole" | "outside" | "casts", true>
  nextId: ObjectId
  /** In which the records are written that were kept from one run to the next. */
  readonly vocabulary: Vocabulary
  /** What every change since the transaction (or, outside one, the statement) began has replaced. */
  readonly undo: Replaced[]
  readonly transaction: TransactionState
  /** What the statement being folded needs. */
  now: Now

  /** Names of relations and indexes: they share one name space (pg_class). */
  readonly names: Names<ObjectId>
  /** Names of relations and indexes that were dropped or renamed since all could be read, by what took them away last. */
  readonly gone: Names<Origin>
  readonly relations: Map<ObjectId, Relation>
  readonly indexes: Map<ObjectId, Index>
  readonly indexesByTable: Map<ObjectId, readonly Index[]>
  readonly constraints: Map<ObjectId, Constraint>
  readonly constraintsByTable: Map<ObjectId, readonly Constraint[]>
  /** How many constraints of a schema have the name: PostgreSQL keeps derived names apart within the schema. */
  readonly constraintNames: Names<number>
  /** Foreign keys by the table they reference. */
  readonly referencing: Map<ObjectId, readonly ObjectId[]>
  readonly children: Map<ObjectId, readonly ObjectId[]>
  /** Views by the relations they read. */
  readonly dependents: Map<ObjectId, readonly ObjectId[]>
  readonly ownedSequences: Map<ObjectId, readonly ObjectId[]>
  /** Tables with a default that draws, or once drew, from the sequence. */
  readonly sequenceUsers: Map<ObjectId, readonly ObjectId[]>
  readonly triggers: Map<ObjectId, readonly Trigger[]>
  readonly policies: Map<ObjectId, readonly Policy[]>
  /** Tables with a policy that reads, or once read, the relation. */
  readonly policyReaders: Map<ObjectId, readonly ObjectId[]>
  readonly rules: Map<ObjectId, readonly RewriteRule[]>
  readonly statisticsNames: Names<StatisticsObject>
  readonly statisticsByTable: Map<ObjectId, readonly StatisticsObject[]>
  readonly types: Map<ObjectId, UserType>
  readonly typeNames: Names<ObjectId>
  /** What has, or once had, a column, attribute or base of the type, or of the row of the relation. */
  readonly typeUsers: Map<ObjectId, readonly ObjectId[]>
  readonly functions: Names<readonly FunctionInfo[]>
  readonly publications: Map<string, Publication>
  readonly schemas: Map<string, Origin | null>
  /** Schemas that were dropped or renamed, by what took them away last. */
  readonly goneSchemas: Map<string, Origin>
  /** Extension to the schema its objects went to. */
  readonly extensions: Map<string, string>
  /** What every session begins with. */
  start: SessionStart
  /** Session settings that change what statements mean: `search_path`, `timezone`. */
  readonly settings: Map<string, readonly string[]>
  /** Tables that branches of the code that runs have made, with these branches: see branches.ts. */
  made: Map<ObjectId, readonly number[]>
  /** Names that a conditional statement may have created, removed or renamed. */
  readonly doubtful: Map<string, true>
  /** How often anything was changed. */
  changes: number
  /** The latest name that was looked up: effects and rules of one statement ask for the same one again and again. */
  latest: {
    readonly names: Names<unknown> | null
    readonly path: readonly string[]
    readonly name: string
    readonly changes: number
    readonly found: unknown
  }
  /** The effective search path; computed again when a setting or the list of schemas changed. */
  path: readonly string[] | null
}

/** An entry's value before a change; undefined: there was no entry. */
interface Replaced {
  readonly map: Map<unknown, unknown>
  readonly key: unknown
  readonly old: unknown
}

interface TransactionState {
  open: boolean
  savepoints: {
    readonly name: string
    readonly mark: number
    readonly locals: ReadonlyMap<string, readonly string[] | undefined>
  }[]
  /** Settings made by SET LOCAL, with the session's value to return to. */
  locals: Map<string, readonly string[] | undefined>
  /** Tables made with ON COMMIT DROP. */
  dropAtCommit: ObjectId[]
}

interface Now {
  readonly origin: Origin
  text(span: Span): string
  /** The statement may not run (IF, loop, exception handler): what it touches becomes uncertain. */
  readonly conditional: boolean
  /** As in `EmbeddedStatement`. */
  readonly branches: readonly number[]
  /** The statement has placeholders: its names are guesses. */
  readonly guessed: boolean
  /** How many functions are run meanwhile, one calling the other. */
  readonly depth: number
}

/** What whoever runs the statements does to a session before the first of them. */
export interface SessionStart {
  /** Null: what the server makes of it. */
  readonly searchPath: {
    readonly schemas: readonly string[]
    /** Nobody knows what comes behind these. */
    readonly open: boolean
    /** A parameter of the connection: RESET returns to it. */
    readonly ofConnection: boolean
  } | null
  /** Schemas that are made where they are missing. */
  readonly makes: readonly string[]
}

export const NO_START: SessionStart = { searchPath: null, makes: [] }

const NOWHERE: Origin = { file: "", span: { start: 0, end: 0 }, deploy: 0, transaction: 0 }

export function createStore(options: { readonly complete: boolean; readonly pgVersion: number }): Store {
  return {
    pgVersion: options.pgVersion,
    startedEmpty: options.complete,
    flags: new Map(),
    nextId: 1,
    vocabulary: { keys: [], files: [] },
    undo: [],
    transaction: { open: false, savepoints: [], locals: new Map(), dropAtCommit: [] },
    now: { origin: NOWHERE, text: () => "", conditional: false, branches: [], guessed: false, depth: 0 },
    names: new Map(),
    gone: new Map(),
    relations: new Map(),
    indexes: new Map(),
    indexesByTable: new Map(),
    constraints: new Map(),
    constraintsByTable: new Map(),
    constraintNames: new Map(),
    referencing: new Map(),
    children: new Map(),
    dependents: new Map(),
    ownedSequences: new Map(),
    sequenceUsers: new Map(),
    triggers: new Map(),
    policies: new Map(),
    policyReaders: new Map(),
    rules: new Map(),
    statisticsNames: new Map(),
    statisticsByTable: new Map(),
    types: new Map(),
    typeNames: new Map(),
    typeUsers: new Map(),
    functions: new Map(),
    publications: new Map(),
    schemas: new Map([["public", null]]),
    goneSchemas: new Map(),
    extensions: new Map([["plpgsql", "pg_catalog"]]),
    start: NO_START,
    settings: new Map(),
    made: new Map(),
    doubtful: new Map(),
    changes: 0,
    latest: { names: null, path: [], name: "", changes: 0, found: undefined },
    path: null,
  }
}

/** Sets (or with undefined removes) an entry, undoably. */
export function put<K, V>(store: Store, map: Map<K, V>, key: K, value: V | undefined): void {
  const old = map.get(key)
  if (value === undefined) {
    if (old === undefined) return
    map.delete(key)
  } else map.set(key, value)
  store.undo.push({ map, key, old })
  store.changes++
}

export function putName<V>(store: Store, names: Names<V>, schema: string, name: string, value: V | undefined): void {
  let inner = names.get(schema)
  if (inner === undefined) {
    inner = new Map()
    names.set(schema, inner)
  }
  put(store, inner, name, value)
}

/** Takes a name away from a relation or index. */
export function freeName(store: Store, schema: string, name: string): void {
  putName(store, store.names, schema, name, undefined)
  if (!store.now.conditional && !store.now.guessed) putName(store, store.gone, schema, name, store.now.origin)
}

/** The same for a schema. */
export function freeSchema(store: Store, schema: string): void {
  put(store, store.schemas, schema, undefined)
  if (!store.now.conditional && !store.now.guessed) put(store, store.goneSchemas, schema, store.now.origin)
  store.path = null
}

/** Undoes everything back to the mark (a length of `store.undo`). */
export function undoTo(store: Store, mark: number): void {
  store.changes++
  for (let entry = pop(store, mark); entry !== undefined; entry = pop(store, mark)) {
    if (entry.old === undefined) entry.map.delete(entry.key)
    else entry.map.set(entry.key, entry.old)
  }
  store.path = null
}

function pop(store: Store, mark: number): Replaced | undefined {
  return store.undo.length > mark ? store.undo.pop() : undefined
}

/** From now on nothing unlisted can be ruled out, but for what a later statement takes away. */
export function markOpaque(store: Store): void {
  put(store, store.flags, "opaque", true)
  for (const names of store.gone.values()) for (const name of [...names.keys()]) put(store, names, name, undefined)
}

const NO_IDS: readonly ObjectId[] = []

export function link(store: Store, map: Map<ObjectId, readonly ObjectId[]>, from: ObjectId, to: ObjectId): void {
  const known = map.get(from) ?? NO_IDS
  if (!known.includes(to)) put(store, map, from, [...known, to])
}

export function unlink(store: Store, map: Map<ObjectId, readonly ObjectId[]>, from: ObjectId, to: ObjectId): void {
  const known = map.get(from)
  if (known === undefined) return
  const rest = known.filter((id) => id !== to)
  put(store, map, from, rest.length === 0 ? undefined : rest)
}

/** Every object is known: nothing unlisted can exist. */
export function isComplete(store: Store): boolean {
  return store.startedEmpty && !store.flags.has("opaque")
}

/** Whether a statement saying so would certainly fail: nothing conditional has touched the names. */
export function isSure(store: Store, ...names: readonly string[]): boolean {
  return (
    !store.flags.has("opaque") &&
    !store.now.conditional &&
    !store.now.guessed &&
    !names.some((name) => store.doubtful.has(name))
  )
}

/** Ends the statement: the server would refuse it. */
export function refuse(code: string, message: string, span: Span): never {
  throw new Refusal({ code, message, span })
}

// ---------------------------------------------------------------------------------------------------------------------
// Records with their reverse maps

export function setRelation(store: Store, relation: Relation): Relation {
  const record = relationRecord(relation)
  put(store, store.relations, record.id, record)
  return record
}

export function addRelation(store: Store, relation: Relation): Relation {
  putName(store, store.names, relation.schema, relation.name, relation.id)
  return setRelation(store, relation)
}

const NO_INDEXES: readonly Index[] = []

export function setIndex(store: Store, changed: Index): Index {
  const index = indexRecord(changed)
  const siblings = store.indexesByTable.get(index.table) ?? NO_INDEXES
  const known = siblings.some((sibling) => sibling.id === index.id)
  const next = known ? siblings.map((sibling) => (sibling.id === index.id ? index : sibling)) : [...siblings, index]
  put(store, store.indexesByTable, index.table, next)
  put(store, store.indexes, index.id, index)
  return index
}

export function addIndex(store: Store, index: Index): Index {
  putName(store, store.names, index.schema, index.name, index.id)
  return setIndex(store, index)
}

export function removeIndex(store: Store, index: Index): void {
  freeName(store, index.schema, index.name)
  put(store, store.indexes, index.id, undefined)
  const rest = (store.indexesByTable.get(index.table) ?? NO_INDEXES).filter((sibling) => sibling.id !== index.id)
  put(store, store.indexesByTable, index.table, rest.length === 0 ? undefined : rest)
}

const NO_CONSTRAINTS: readonly Constraint[] = []

export function setConstraint(store: Store, changed: Constraint): Constraint {
  const constraint = constraintRecord(changed)
  const siblings = store.constraintsByTable.get(constraint.table) ?? NO_CONSTRAINTS
  put(
    store,
    store.constraintsByTable,
    constraint.table,
    siblings.map((sibling) => (sibling.id === constraint.id ? constraint : sibling)),
  )
  put(store, store.constraints, constraint.id, constraint)
  return constraint
}

export function addConstraint(store: Store, schema: string, added: Constraint): Constraint {
  const constraint = constraintRecord(added)
  const siblings = store.constraintsByTable.get(constraint.table) ?? NO_CONSTRAINTS
  put(store, store.constraintsByTable, constraint.table, [...siblings, constraint])
  put(store, store.constraints, constraint.id, constraint)
  countConstraintName(store, schema, constraint.name, 1)
  if (constraint.references !== null) link(store, store.referencing, constraint.references.table, constraint.id)
  return constraint
}

export function forgetConstraint(store: Store, schema: string, constraint: Constraint): void {
  const rest = (store.constraintsByTable.get(constraint.table) ?? NO_CONSTRAINTS).filter(
    ({ id }) => id !== constraint.id,
  )
  put(store, store.constraintsByTable, constraint.table, rest.length === 0 ? undefined : rest)
  put(store, store.constraints, constraint.id, undefined)
  countConstraintName(store, schema, constraint.name, -1)
  if (constraint.references !== null) unlink(store, store.referencing, constraint.references.table, constraint.id)
}

/** Constraint names count per schema; domains' constraints count too (pg_constraint.connamespace). */
export function countConstraintName(store: Store, schema: string, name: string, change: 1 | -1): void {
  const count = (store.constraintNames.get(schema)?.get(name) ?? 0) + change
  putName(store, store.constraintNames, schema, name, count === 0 ? undefined : count)
}
