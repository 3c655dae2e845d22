import type { AffectedRelation, Lock } from "../../effects/types.ts"
import type { ColumnDefinition, LockMode, Operation, OperationOf } from "../../parse/operation.ts"
import type { Duration } from "../../playbook/step.ts"
import { conflicts } from "../../effects/index.ts"
import type { ReportedLock } from "../finding.ts"
import type { AnalyzedStatement, DroppedTrigger, RuleContext } from "../rule.ts"
import { holdsLocks } from "../transaction.ts"

/**
 * What the rules ask about the earlier statements of a file. It is kept up to date statement by statement: looking back
 * over the whole file for each question would make the cost of long files quadratic.
 */
export interface Earlier {
  readonly locks: Map<number, TransactionLocks>
  readonly droppedIndexes: Set<string>
  /** Triggers that were dropped, by the name of their table. */
  readonly droppedTriggers: Map<string, readonly DroppedTrigger[]>
  readonly droppedEventTriggers: Set<string>
  readonly createdSchemas: Set<string>
  /** `table.column` of added columns that are NOT NULL and have a default. */
  readonly requiredColumns: Set<string>
  /** `table.column` of added columns, as long as nothing may have been written since. */
  readonly unwritten: Map<string, AddedColumn>
  /** Tables created or given a column, with the first statement that did so. */
  readonly created: Map<string, AnalyzedStatement>
  readonly extended: Map<string, AnalyzedStatement>
  /** Tables with an UPDATE after they were given a column. */
  readonly filled: Map<string, AnalyzedStatement>
  /** Tables whose rows were copied into another one that was created or extended before. */
  readonly copied: Map<string, EarlierPhases>
  /** Renames of tables and views, by the old and by the new name. */
  readonly renamedFrom: Map<string, AnalyzedStatement>
  readonly renamedTo: Map<string, AnalyzedStatement>
  /** Tables that a TRUNCATE has emptied, and that nothing has been written into since. */
  readonly emptied: Map<string, AnalyzedStatement>
}

/** A column, and the statement that added it. */
export interface AddedColumn {
  readonly column: ColumnDefinition
  readonly added: AnalyzedStatement
}

/** The expand and migrate steps that precede a contract step in the same deploy. */
export interface EarlierPhases {
  readonly expand: AnalyzedStatement
  readonly migrate: AnalyzedStatement
}

export interface HeldLock {
  readonly lock: Lock
  readonly taken: AnalyzedStatement
}

/** The first locks on existing relations that a transaction took. */
interface TransactionLocks {
  /** ACCESS EXCLUSIVE on a table. */
  exclusive: HeldLock | null
  /** By name of the relation: one that keeps writers out. */
  readonly blocking: Map<string, HeldLock>
}

const BLOCKS_WRITES: readonly LockMode[] = ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"]

/**
 * Whether writers (and perhaps readers) of the relation wait for the lock. Locks on indexes alone stop nobody by
 * themselves.
 */
export function blocksWrites({ relation, mode }: Lock): boolean {
  return BLOCKS_WRITES.includes(mode) && relation.kind !== "index" && relation.kind !== "composite type"
}

const memories = new WeakMap<readonly AnalyzedStatement[], { seen: number; readonly earlier: Earlier }>()

/** The earlier statements of the file, summed up. */
export function earlierOf({ earlier: statements }: RuleContext): Earlier {
  const memory = memories.get(statements) ?? { seen: 0, earlier: nothing() }
  memories.set(statements, memory)
  for (; memory.seen < statements.length; memory.seen += 1) {
    const analyzed = statements[memory.seen]
    if (analyzed !== undefined) add(memory.earlier, analyzed)
  }
  return memory.earlier
}

/** All of them that the transaction holds while the current statement does its work, as a finding reports them, the given one first. */
export function reportHeld(first: HeldLock, duration: Duration, context: RuleContext): ReportedLock[] {
  const others = [...(locksHeld(context)?.blocking.values() ?? [])].filter(({ lock }) => lock.relation.name !== first.lock.relation.name)
  return [first, ...others].map(({ lock: { relation, mode } }) => ({ relation: context.display(relation), mode, blocks: conflicts(mode), duration }))
}

/** A lock on the relation of that name that keeps writers out until the current transaction ends. */
export function heldLockOn(relation: string, context: RuleContext): HeldLock | null {
  return locksHeld(context)?.blocking.get(relation) ?? null
}

/** An ACCESS EXCLUSIVE lock that blocks every query of an existing table until the current transaction ends. */
export function heldExclusiveLock(context: RuleContext): HeldLock | null {
  return locksHeld(context)?.exclusive ?? null
}

/** The lock on an existing table, held until the current transaction ends, that keeps out most: every query of it, or writers. */
export function heldStrongLock(context: RuleContext): HeldLock | null {
  const held = locksHeld(context)
  const [first] = held?.blocking.values() ?? []
  return held?.exclusive ?? first ?? null
}

/**
 * Whether the migration has emptied the relation, so that reading, rewriting or indexing it takes no time: TRUNCATE ran in the same
 * transaction, or committed by itself just before.
 */
export function isEmptied(relation: AffectedRelation, context: RuleContext): boolean {
  const truncated = truncateOf(relation, context)
  return truncated !== undefined && (isSameTransaction(truncated, context) || !holdsLocks(truncated.transaction))
}

/** Whether nobody can have written into the relation since the migration emptied it: the lock of TRUNCATE is still held. */
export function staysEmpty(relation: AffectedRelation, context: RuleContext): boolean {
  const truncated = truncateOf(relation, context)
  return truncated !== undefined && isSameTransaction(truncated, context) && holdsLocks(truncated.transaction)
}

function truncateOf(relation: AffectedRelation, context: RuleContext): AnalyzedStatement | undefined {
  const { emptied } = earlierOf(context)
  const truncated = emptied.size === 0 ? undefined : emptied.get(keyOf(relation))
  return truncated?.file === context.file ? truncated : undefined
}

function isSameTransaction({ transaction }: AnalyzedStatement, { current }: RuleContext): boolean {
  return transaction.id === current.transaction.id
}

function keyOf({ schema, name }: AffectedRelation): string {
  return `${schema}.${name}`
}

/** The statement that adds a column which SET NOT NULL then finds NULL in every row: the current one, or an earlier one. */
export function addedEmpty({ relation, column }: OperationOf<"set not null">, context: RuleContext): AnalyzedStatement | undefined {
  const { current, inCode, isUnread } = context
  const here = current.statement.operations.find((one) => one.op === "add column" && one.column.name.name === column.name)
  const known = here?.op === "add column" ? { column: here.column, added: current } : earlierOf(context).unwritten.get(`${relation.name}.${column.name}`)
  if (known === undefined || !isEmpty(known.column, context)) return undefined
  // What stands between may fill it where nobody has read that: the query builders of code are not looked at.
  const isOpen = known.added !== current && (inCode || isUnread({ start: known.added.statement.span.end, end: current.statement.span.start }))
  return isOpen ? undefined : known.added
}

/** Whether each row has NULL in a column that is added. A domain may bring a default of its own. */
function isEmpty({ default: value, type, serial, identity, generated }: ColumnDefinition, { catalog }: RuleContext): boolean {
  return (value === null || value.isNull) && !serial && identity === null && generated === null && catalog.type(type)?.kind !== "domain"
}

function locksHeld(context: RuleContext): TransactionLocks | undefined {
  const { transaction } = context.current
  return holdsLocks(transaction) ? earlierOf(context).locks.get(transaction.id) : undefined
}

function nothing(): Earlier {
  return {
    locks: new Map(),
    droppedIndexes: new Set(),
    droppedTriggers: new Map(),
    droppedEventTriggers: new Set(),
    createdSchemas: new Set(),
    requiredColumns: new Set(),
    unwritten: new Map(),
    created: new Map(),
    extended: new Map(),
    filled: new Map(),
    copied: new Map(),
    renamedFrom: new Map(),
    renamedTo: new Map(),
    emptied: new Map(),
  }
}

function add(earlier: Earlier, analyzed: AnalyzedStatement): void {
  if (analyzed.exposed.length > 0 && holdsLocks(analyzed.transaction)) addLocks(earlier, analyzed)
  for (const dropped of analyzed.droppedTriggers) earlier.droppedTriggers.set(dropped.table, [...(earlier.droppedTriggers.get(dropped.table) ?? []), dropped])
  for (const operation of analyzed.statement.operations) addOperation(earlier, operation, analyzed)
}

function addLocks({ locks }: Earlier, taken: AnalyzedStatement): void {
  const held = locks.get(taken.transaction.id) ?? { exclusive: null, blocking: new Map<string, HeldLock>() }
  locks.set(taken.transaction.id, held)
  for (const lock of taken.exposed) {
    if (!blocksWrites(lock)) continue
    const { name, kind } = lock.relation
    if (!held.blocking.has(name)) held.blocking.set(name, { lock, taken })
    if (lock.mode === "ACCESS EXCLUSIVE" && (kind === "table" || kind === "partitioned table")) {
      held.exclusive ??= { lock, taken }
    }
  }
}

/** What may write rows, or run code that does, and what gives a column or its table another name. */
const MAY_FILL: ReadonlySet<Operation["op"]> = new Set([
  "insert", "update", "merge", "copy", "call", "do", "select", "other", "alter column type", "rename column", "rename relation", "set schema", "drop column",
])

function addOperation(earlier: Earlier, operation: Operation, analyzed: AnalyzedStatement): void {
  if (earlier.unwritten.size > 0 && MAY_FILL.has(operation.op)) earlier.unwritten.clear()
  switch (operation.op) {
    case "drop":
      for (const { name } of operation.objects) {
        if (operation.kind === "index") earlier.droppedIndexes.add(name.name)
        else if (operation.kind === "event trigger") earlier.droppedEventTriggers.add(name.name)
      }
      return
    case "create schema":
      earlier.createdSchemas.add(operation.schema.name)
      return
    case "create table":
      putFirst(earlier.created, operation.table.name, analyzed)
      return
    case "create table as":
      putFirst(earlier.created, operation.table.name, analyzed)
      if (operation.withData) addCopy(earlier, operation.table.name, operation.query.reads, analyzed)
      return
    case "add column": {
      const { relation, column } = operation
      putFirst(earlier.created, relation.name, analyzed)
      putFirst(earlier.extended, relation.name, analyzed)
      const key = `${relation.name}.${column.name.name}`
      if (!analyzed.conditional && !analyzed.guarded && !operation.ifNotExists) earlier.unwritten.set(key, { column, added: analyzed })
      const filled = column.default !== null && !column.default.isNull
      if (column.notNull !== null && filled) earlier.requiredColumns.add(key)
      return
    }
    case "rename relation":
      earlier.renamedFrom.set(operation.relation.name, analyzed)
      earlier.renamedTo.set(operation.newName.name, analyzed)
      return
    case "truncate":
      if (analyzed.conditional || analyzed.guarded) return
      for (const { mode, relation } of analyzed.effects.locks) if (mode === "ACCESS EXCLUSIVE") earlier.emptied.set(keyOf(relation), analyzed)
      return
    case "copy":
      written(earlier, analyzed)
      return
    case "insert":
      written(earlier, analyzed)
      addCopy(earlier, operation.table.name, operation.query.reads, analyzed)
      return
    case "update":
      if (earlier.extended.has(operation.table.name)) putFirst(earlier.filled, operation.table.name, analyzed)
      addCopy(earlier, operation.table.name, [...operation.query.reads, ...operation.from], analyzed)
      return
    default:
  }
}

function written({ emptied }: Earlier, { effects }: AnalyzedStatement): void {
  if (emptied.size === 0) return
  for (const { mode, relation } of effects.locks) if (mode === "ROW EXCLUSIVE") emptied.delete(keyOf(relation))
}

function addCopy(
  { created, copied }: Earlier,
  target: string,
  sources: readonly { readonly name: string }[],
  migrate: AnalyzedStatement,
): void {
  const expand = created.get(target)
  if (expand === undefined) return
  for (const { name } of sources) if (name !== target) putFirst(copied, name, { expand, migrate })
}

function putFirst<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (!map.has(key)) map.set(key, value)
}
