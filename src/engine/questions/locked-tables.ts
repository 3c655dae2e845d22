/** Which existing tables a transaction locks one after the other, for the rules that ask. */
import { conflicts, strongest } from "../../effects/index.ts"
import type { AffectedRelation, Lock } from "../../effects/types.ts"
import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { LockMode, Name, Operation } from "../../parse/operation.ts"
import type { ObjectId } from "../../schema/catalog.ts"
import { blocksWrites, type HeldLock } from "./earlier.ts"
import type { ReportedLock } from "../finding.ts"
import type { AnalyzedStatement, RuleContext } from "../rule.ts"
import { holdsLocks } from "../transaction.ts"

/** A table that a transaction keeps writers out of. */
export interface LockedTable extends HeldLock {
  /** As a person would write it. */
  readonly table: string
  /** What it holds in the end, after the first lock. */
  readonly mode: LockMode
}

/** The foreign keys of one statement, by the table that they lock beside those that the statement locks in any case; two of them or more. */
export type SeveralKeys = readonly (readonly ForeignKey[])[]

export interface ForeignKey {
  readonly constraint: Extract<ConstraintDefinition, { kind: "foreign key" }>
  readonly operation: Operation
}

/** What a transaction has locked so far. */
export interface TransactionTables {
  /** In the order of the locks; partitions count as their partitioned table. */
  readonly tables: ReadonlyMap<string, LockedTable>
  /** Statements in front of which it would have to be cut, so that none of its parts locks more than one of its statements needs. */
  readonly cuts: readonly AnalyzedStatement[]
  /** The first of them. */
  readonly first: AnalyzedStatement | null
  /** The foreign keys of that statement, when they need not be in one statement. */
  readonly keys: SeveralKeys | null
  /** The first one, and what was locked before it. */
  readonly before: readonly LockedTable[]
}

interface Memory {
  readonly tables: Map<string, LockedTable>
  /** What the last part of the transaction locks. */
  part: Set<string>
  readonly cuts: AnalyzedStatement[]
  keys: SeveralKeys | null
  before: readonly LockedTable[]
}

const memories = new WeakMap<readonly AnalyzedStatement[], Map<number, Memory>>()

/**
 * Adds the current statement to what its transaction has locked. To be called for every statement, in order: what belongs together shows
 * only in the catalog before it.
 */
export function followTables(context: RuleContext): TransactionTables | null {
  const { current, earlier } = context
  const { transaction } = current
  const transactions = memories.get(earlier) ?? new Map<number, Memory>()
  memories.set(earlier, transactions)
  if (current.statement.operations.some((operation) => letsGo(operation, current))) transactions.delete(transaction.id)
  const locked = tablesOf(context)
  if (locked.size === 0) return null
  const keys = keysOf(locked, context)
  const memory: Memory = transactions.get(transaction.id) ?? { tables: new Map(), part: new Set(), cuts: [], keys: null, before: [] }
  if (holdsLocks(transaction)) transactions.set(transaction.id, memory)
  const isFirst = memory.cuts.length === 0
  const before = [...memory.tables.values()]
  const more = new Set(locked.keys())
  if (!isWithin(more, memory.part) && (keys !== null || !isWithin(memory.part, more))) {
    memory.cuts.push(current)
    memory.part = more
    if (isFirst) {
      memory.keys = keys
      memory.before = before
    }
  } else if (more.size > memory.part.size) memory.part = more
  for (const [key, table] of locked) {
    const held = memory.tables.get(key)
    memory.tables.set(key, held === undefined ? table : { ...held, mode: strongest([held.mode, table.mode]) ?? held.mode })
  }
  return seen(memory)
}

/** What the transactions of a deploy have locked that need not have been locked together. */
export function severalTables({ earlier }: RuleContext): readonly TransactionTables[] {
  return [...(memories.get(earlier)?.values() ?? [])].filter(({ cuts }) => cuts.length > 0).map(seen)
}

export function reportTables(tables: Iterable<LockedTable>): ReportedLock[] {
  return [...tables].map(({ table, mode, taken }) => ({
    relation: table,
    mode,
    blocks: conflicts(mode),
    duration: holdsLocks(taken.transaction) ? "transaction" : "instant",
  }))
}

function seen({ tables, cuts, keys, before }: Memory): TransactionTables {
  return { tables, cuts, keys, before, first: cuts[0] ?? null }
}

/** Code that commits meanwhile, and savepoints that are given up, let locks go. */
function letsGo({ op }: Operation, { within }: AnalyzedStatement): boolean {
  return op === "rollback to savepoint" || (within !== null && (op === "commit" || op === "rollback"))
}

function isWithin(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...some].every((one) => others.has(one))
}

/** The tables that the current statement keeps writers out of; what it drops is used by nobody any more. */
function tablesOf(context: RuleContext): ReadonlyMap<string, LockedTable> {
  const { current } = context
  const locked = new Map<string, LockedTable>()
  if (current.effects.fails !== null || current.effects.unsupported !== null) return locked
  for (const lock of current.exposed) {
    if (!isTable(lock) || !blocksWrites(lock) || isDropped(lock.relation, context)) continue
    const key = keyOf(lock.relation, context)
    if (!locked.has(key)) locked.set(key, { lock, mode: lock.mode, taken: current, table: context.display(lock.relation) })
  }
  return locked
}

function isTable({ relation: { kind } }: Lock): boolean {
  return kind === "table" || kind === "partitioned table"
}

function isDropped({ id, schema, name }: AffectedRelation, { catalog, current }: RuleContext): boolean {
  return current.statement.operations.some(
    (operation) =>
      operation.op === "drop" &&
      operation.kind === "table" &&
      operation.objects.some(({ name: dropped }) => (id === null ? dropped.name === name && (dropped.schema ?? schema) === schema : catalog.relation(dropped)?.id === id)),
  )
}

/** A partitioned table and its partitions are one: queries lock them in one order. */
function keyOf({ id, schema, name }: AffectedRelation, { catalog }: RuleContext): string {
  let relation = id === null ? undefined : catalog.relationById(id)
  for (let above: ObjectId | undefined = relation?.partition?.parent; above !== undefined; above = relation?.partition?.parent) relation = catalog.relationById(above) ?? relation
  return relation === undefined ? `${schema}.${name}` : `${relation.schema}.${relation.name}`
}

/** Foreign keys to different tables, none of which another part of the statement locks. */
function keysOf(locked: ReadonlyMap<string, LockedTable>, context: RuleContext): SeveralKeys | null {
  const { statement } = context.current
  const targets = new Set(statement.operations.flatMap((operation) => ("relation" in operation ? [referencedKey(operation.relation, context)] : [])))
  const groups = new Map<string, ForeignKey[]>()
  for (const operation of statement.operations) {
    for (const constraint of constraintsOf(operation)) {
      if (constraint.kind !== "foreign key") continue
      const key = referencedKey(constraint.references, context)
      if (!locked.has(key) || targets.has(key)) continue
      groups.set(key, [...(groups.get(key) ?? []), { constraint, operation }])
    }
  }
  return groups.size < 2 ? null : [...groups.values()]
}

function constraintsOf(operation: Operation): readonly ConstraintDefinition[] {
  switch (operation.op) {
    case "create table":
      return [...operation.columns.flatMap(({ constraints }) => constraints), ...operation.constraints]
    case "add column":
      return operation.column.constraints
    case "add constraint":
      return [operation.constraint]
    default:
      return []
  }
}

/** The key of a table by its written name. */
function referencedKey(written: Name, context: RuleContext): string {
  const { name, schema } = written
  const relation = context.catalog.relation(written)
  const lock = context.current.exposed.find(({ relation: other }) => (relation === undefined ? other.name === name && (schema ?? other.schema) === other.schema : other.id === relation.id))
  return lock === undefined ? `${relation?.schema ?? schema ?? ""}.${name}` : keyOf(lock.relation, context)
}
