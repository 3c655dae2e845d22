import type { ConstraintDefinition } from "../parse/constraint.ts"
import { textReader } from "../parse/index.ts"
import type { EmbeddedStatement, Operation, OperationOf } from "../parse/operation.ts"
import type { FunctionCall } from "../parse/expression.ts"
import { settingList } from "../source/setting-list.ts"
import type { Index } from "./catalog.ts"
import { noteOutside } from "./absence.ts"
import { alterTable, inServerOrder, isTableAction } from "./alter-table.ts"
import { enterBranches } from "./branches.ts"
import { isSolid, treeOf, updateRelation } from "./columns.ts"
import { foldConditionally } from "./conditional.ts"
import { Refusal } from "./conflict.ts"
import { drop } from "./drop.ts"
import { createExtension } from "./extensions.ts"
import { createIndex } from "./indexes.ts"
import { find, findRelation, isSystemName, needRelation, newRelation, searchPath, targetSchema, TEMP_SCHEMA } from "./names.ts"
import { takeRelationName } from "./new-names.ts"
import { createSchema, renameObject, setObjectSchema } from "./objects.ts"
import { definePolicy } from "./policies.ts"
import { removeRelation } from "./remove.ts"
import { routineBody } from "./routine-body.ts"
import {
  alterFunction,
  createFunction,
  createRule,
  createSequence,
  createStatistics,
  ownSequence,
  publish,
} from "./routines.ts"
import { changeSetting, control, runCode, setSetting } from "./session.ts"
import { doubtBlock, doubtCode, doubtEverything, doubtGiven, doubtTold } from "./doubt.ts"
import { addRelation, isComplete, isSure, markOpaque, put, refuse, undoTo, type Store } from "./store.ts"
import { mergeKeys } from "./merged-keys.ts"
import { createTable, createTableAs } from "./tables.ts"
import { createTrigger } from "./triggers.ts"
import { integerTypeOf, needType } from "./types.ts"
import { addEnumValue, alterCompositeType, alterDomain, createType, renameEnumValue } from "./user-types.ts"
import { createMaterializedView, createView, refreshMaterializedView } from "./views.ts"

/** Folds the operations of one statement. Throws a Refusal when the server would refuse it. */
export function foldStatement(store: Store, operations: readonly Operation[]): void {
  const ordered = trustingPartitions(store, inServerOrder(operations))
  for (const operation of withoutRepeatedKeys(store, ordered)) foldOperation(store, operation)
}

/** From 12 to 17 SET NOT NULL leaves partitions alone when their parent was NOT NULL at first, even if DROP NOT NULL runs before it. */
function trustingPartitions(store: Store, operations: readonly Operation[]): readonly Operation[] {
  if (operations.length < 2 || store.pgVersion < 12 || store.pgVersion > 17) return operations
  const dropped = operations.filter((one) => one.op === "drop not null")
  if (dropped.length === 0) return operations
  return operations.map((one) => {
    if (one.op !== "set not null" || !dropped.some((drop) => drop.column.name === one.column.name)) return one
    const table = findRelation(store, one.relation)
    const had = table?.columns.some((column) => column.name === one.column.name && column.notNull) === true
    return table?.kind === "partitioned table" && had ? { ...one, only: true } : one
  })
}

/** Up to 12 keys of one ALTER TABLE over the same columns became one (transformIndexConstraints). */
function withoutRepeatedKeys(store: Store, operations: readonly Operation[]): readonly Operation[] {
  if (operations.length < 2 || store.pgVersion >= 13) return operations
  const written = operations.flatMap((operation) =>
    operation.op === "add constraint" ? [operation.constraint] : operation.op === "add column" ? operation.column.constraints : [],
  )
  const merged = mergeKeys(written)
  if (merged.size === 0) return operations
  const kept = (definition: ConstraintDefinition): readonly ConstraintDefinition[] => {
    const key = merged.get(definition)
    return key === undefined ? [definition] : key === null ? [] : [key]
  }
  return operations.flatMap((operation): readonly Operation[] => {
    if (operation.op === "add constraint") return kept(operation.constraint).map((constraint) => ({ ...operation, constraint }))
    if (operation.op !== "add column") return [operation]
    return [{ ...operation, column: { ...operation.column, constraints: operation.column.constraints.flatMap(kept) } }]
  })
}

export function foldOperation(store: Store, op: Operation): void {
  if (isTableAction(op)) return alterTable(store, op)
  switch (op.op) {
    case "create table":
      return createTable(store, op)
    case "create table as":
      return createTableAs(store, op)
    case "create index":
      return createIndex(store, op)
    case "create view":
      return createView(store, op)
    case "create materialized view":
      return createMaterializedView(store, op)
    case "create sequence":
      return foldSequence(store, op)
    case "create enum":
    case "create composite type":
    case "create type":
    case "create domain":
      return createType(store, op)
    case "create trigger":
      return createTrigger(store, op)
    case "create rule":
      return createRule(store, op)
    case "create policy":
    case "alter policy":
      return definePolicy(store, op)
    case "create function":
      return createFunction(store, op)
    case "create schema":
      if (createSchema(store, op)) foldElements(store, op)
      return
    case "create extension":
      return createExtension(store, op)
    case "create statistics":
      return createStatistics(store, op)
    case "create publication":
    case "alter publication":
      return publish(store, op)
    case "add enum value":
      return addEnumValue(store, op)
    case "rename enum value":
      return renameEnumValue(store, op)
    case "alter composite type":
      return alterCompositeType(store, op)
    case "alter domain":
      return alterDomain(store, op)
    case "alter sequence":
      return alterSequence(store, op)
    case "rename object":
      return renameObject(store, op)
    case "set object schema":
      return setObjectSchema(store, op)
    case "alter function":
      return alterFunction(store, op)
    case "drop":
      return drop(store, op)
    case "insert":
    case "update":
    case "delete":
    case "merge":
    case "copy":
    case "select":
    case "truncate":
      return foldData(store, op)
    case "refresh materialized view":
      return refreshMaterializedView(store, op)
    case "cluster":
      return cluster(store, op)
    case "begin":
    case "commit":
    case "rollback":
    case "savepoint":
    case "release savepoint":
    case "rollback to savepoint":
    case "prepare transaction":
    case "commit prepared":
    case "rollback prepared":
      return control(store, op)
    case "set":
    case "reset":
    case "set constraints":
      return changeSetting(store, op)
    case "do":
      return runBlock(store, op)
    case "call":
      return runCalls(store, [op.call], true)
    case "other":
      if (op.command === "discard all" || op.command === "discard temp") dropTemporary(store)
      if (op.command === "discard all") changeSetting(store, { op: "reset", span: op.span, setting: null })
      // Who owns what is not known.
      if (op.command === "drop owned") doubtEverything(store)
      // Nor is which tables the other server has.
      if (op.command === "import foreign schema") markOpaque(store)
      if (/^create (?:cast|operator)/.test(op.command)) put(store, store.flags, "casts", true)
      return
    case "plan":
    case "execute":
    case "deallocate":
    case "create subscription":
    case "set object owner":
    case "alter statistics":
    case "alter database":
    case "vacuum":
    case "analyze":
    case "reindex":
    case "lock table":
    case "comment":
    case "trigger depends on extension":
    case "security label":
    case "grant":
    case "revoke":
      return
  }
}

/** Unqualified names in the elements of CREATE SCHEMA mean the new schema first. */
function foldElements(store: Store, op: OperationOf<"create schema">): void {
  if (op.elements.length === 0) return
  store.path = [op.schema.name, ...searchPath(store)]
  foldStatement(store, op.elements)
  store.path = null
}

function foldSequence(store: Store, op: OperationOf<"create sequence">): void {
  const schema = op.persistence === "temporary" ? TEMP_SCHEMA : targetSchema(store, op.sequence)
  if (!takeRelationName(store, schema, op.sequence, op.ifNotExists)) return
  const sequence = addRelation(store, {
    ...newRelation(store.nextId++, schema, op.sequence.name, "sequence"),
    persistence: op.persistence,
    created: store.now.origin,
    maybeOlder: store.now.conditional || (op.ifNotExists && !isComplete(store)),
    sequenceType: op.type === null ? "int8" : integerTypeOf(needType(store, op.type)),
  })
  createSequence(store, sequence, op.ownedBy)
}

function alterSequence(store: Store, op: OperationOf<"alter sequence">): void {
  const found = needRelation(store, op.sequence, "sequence", op.missingOk)
  if (found === undefined) return
  const sequence = op.type === null ? found : { ...found, sequenceType: integerTypeOf(needType(store, op.type)) }
  if (op.type !== null) updateRelation(store, found.id, () => sequence)
  if (op.ownedBy === null) return
  const freed = { ...sequence, ownedBy: null }
  if (sequence.ownedBy !== null) {
    const owner = sequence.ownedBy.relation
    const rest = (store.ownedSequences.get(owner) ?? []).filter((id) => id !== sequence.id)
    put(store, store.ownedSequences, owner, rest)
  }
  updateRelation(store, sequence.id, () => freed)
  if (op.ownedBy === "none") return
  const table = needRelation(store, op.ownedBy.table, "table", false)
  if (table !== undefined) ownSequence(store, freed, table.id, op.ownedBy.column)
}

// ---------------------------------------------------------------------------------------------------------------------
// Data: what may hold rows

type DataOperation = OperationOf<"insert" | "update" | "delete" | "merge" | "copy" | "select" | "truncate">

function foldData(store: Store, op: DataOperation): void {
  if (op.op === "truncate") {
    for (const { table } of op.tables) truncate(store, table)
    return
  }
  if (op.op === "copy") {
    if (op.table !== null && op.direction === "from") fill(store, op.table)
    return
  }
  if (op.op !== "select") {
    checkTarget(store, op.table)
    if (op.op === "insert" || op.op === "merge") fill(store, op.table, op.op === "insert" && op.rows > 0)
    if (op.op === "delete" || op.op === "merge") thinOut(store, op.table, "delete")
  }
  for (const write of op.query.writes) {
    if (write.op === "insert" || write.op === "merge") fill(store, write.table)
    if (write.op === "delete" || write.op === "merge") thinOut(store, write.table, "delete")
  }
  if (op.query.functions.length > 0) runCalls(store, op.query.functions, op.query.reads.length === 0)
}

function checkTarget(store: Store, name: OperationOf<"insert">["table"]): void {
  if (isSystemName(name) || findRelation(store, name) !== undefined) return
  if (!isComplete(store)) return noteOutside(store, name)
  if (!isSure(store, name.name, ...(name.schema === null ? [] : [name.schema]))) return
  refuse("42P01", `relation "${name.schema === null ? "" : `${name.schema}.`}${name.name}" does not exist`, name.span)
}

function fill(store: Store, name: OperationOf<"insert">["table"], certainly = false): void {
  const relation = findRelation(store, name)
  const filled = certainly && relation?.kind === "table" && !store.now.conditional && (store.rules.get(relation.id)?.length ?? 0) === 0
  if (relation === undefined || (relation.populated && (relation.filled || !filled))) return
  updateRelation(store, relation.id, (old) => ({ ...old, populated: true, filled: old.filled || filled }))
  // Rows of a partitioned table lie in its partitions, and which ones is not known.
  for (const child of treeOf(store, relation.id).slice(1)) updateRelation(store, child, (old) => ({ ...old, populated: true }))
}

/**
 * Rows may be gone, and with them those that reference them: after DELETE where the foreign key says so (otherwise the server keeps
 * the row that is referenced), after TRUNCATE in any case.
 */
function thinOut(store: Store, name: OperationOf<"delete">["table"], how: "delete" | "truncate"): void {
  const named = findRelation(store, name)
  if (named === undefined) return
  // A set's iteration goes on to what is added meanwhile.
  const reached = new Set([named.id])
  for (const id of reached) {
    if (store.relations.get(id)?.filled === true) updateRelation(store, id, (old) => ({ ...old, filled: false }))
    for (const child of store.children.get(id) ?? []) reached.add(child)
    for (const key of store.referencing.get(id) ?? []) {
      const constraint = store.constraints.get(key)
      if (constraint !== undefined && (how === "truncate" || constraint.references?.onDelete === "cascade")) reached.add(constraint.table)
    }
  }
}

/** Only in the transaction that made the table can nobody else have filled it again. */
function truncate(store: Store, name: OperationOf<"insert">["table"]): void {
  checkTarget(store, name)
  thinOut(store, name, "truncate")
  const relation = findRelation(store, name)
  if (relation?.created?.transaction !== store.now.origin.transaction || relation.maybeOlder) return
  updateRelation(store, relation.id, (old) => ({ ...old, populated: false }))
}

function cluster(store: Store, op: OperationOf<"cluster">): void {
  if (op.table === null || op.index === null) return
  const table = findRelation(store, op.table)
  const { name } = op.index
  const index = table === undefined ? undefined : store.indexesByTable.get(table.id)?.find((own) => own.name === name)
  if (index !== undefined) markClustered(store, index)
}

/** Of a partitioned table the partitions are marked, each on its part of the index. */
function markClustered(store: Store, index: Index): void {
  if (store.relations.get(index.table)?.kind !== "partitioned table")
    return updateRelation(store, index.table, (old) => ({ ...old, clusteredOn: index.id }))
  for (const child of store.children.get(index.table) ?? []) {
    for (const part of store.indexesByTable.get(child) ?? []) if (part.parent === index.id) markClustered(store, part)
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Code that runs

function runBlock(store: Store, op: OperationOf<"do">): void {
  // Before the statements as well: it may have changed what they work on.
  if (op.dynamic.length > 0) doubtBlock(store, store.now.text(op.span))
  runCode(store, NO_SETTINGS, () => {
    for (const statement of op.statements) runEmbedded(store, statement)
  })
}

const NO_SETTINGS: Readonly<Record<string, string>> = {}

/** Whether the statement only changes tables of which everything is known. */
function isPredictable(store: Store, { operations }: EmbeddedStatement): boolean {
  return operations.every((operation) => {
    const table =
      isTableAction(operation) && "relation" in operation ? findRelation(store, operation.relation) : undefined
    return table !== undefined && isSolid(store, table)
  })
}

/** Replays a statement of a block that runs. */
export function runEmbedded(store: Store, statement: EmbeddedStatement): void {
  // A handler that swallows errors leaves a known state only when it is known whether there is an error.
  const conditional =
    statement.conditional || (statement.guarded && !isComplete(store) && !isPredictable(store, statement))
  const { now } = store
  enterBranches(store, statement.branches)
  const mark = store.undo.length
  try {
    if (!conditional) return foldStatement(store, statement.operations)
    store.now = { ...now, conditional: true, branches: statement.branches }
    for (const operation of statement.operations) foldConditionally(store, operation)
  } catch (error) {
    if (!(error instanceof Refusal) || !statement.guarded) throw error
    undoTo(store, mark)
  } finally {
    store.now = now
  }
}

const CHANGES_SCHEMA = /\b(?:create|alter|drop|execute|truncate|rename)\b/i

/** Functions that make tables or columns, of extensions and of no body that could be read. */
const SCHEMA_FUNCTIONS: ReadonlySet<string> = new Set([
  "addgeometrycolumn",
  "dropgeometrycolumn",
  "create_hypertable",
  "create_parent",
])

/** Built-in functions that are told tables and change nothing of them. */
const ASKS = /^(?:pg_|to_reg|has_|obj_description|col_description|nextval$|setval$|currval$)/

/** `once`: they run for no row of a table, of which there may be any number. */
function runCalls(store: Store, calls: readonly FunctionCall[], once: boolean): void {
  for (const call of calls) {
    if (call.name === "set_config") configure(store, call)
    else if (SCHEMA_FUNCTIONS.has(call.name)) {
      markOpaque(store)
      doubtGiven(store, call.arguments)
    } else {
      if (once && runRoutine(store, call)) continue
      const bodies = bodiesOf(store, call)
      if (bodies.length === 0 && !ASKS.test(call.name)) doubtTold(store, call.arguments)
      for (const body of bodies) if (CHANGES_SCHEMA.test(body)) doubtCode(store, body, call.arguments)
    }
  }
}

/** Bodies that call bodies are followed this far: the ways to the last of them may be very many. */
const DEEPEST_CALL = 4

/** Replays what the only function does that the call can mean; false when that is not known. */
function runRoutine(store: Store, call: FunctionCall): boolean {
  const { now } = store
  const [routine, another] = (find(store, store.functions, call) ?? []).filter(({ argumentTypes }) => argumentTypes.length >= call.arguments.length)
  if (routine === undefined || another !== undefined || now.conditional || now.depth === DEEPEST_CALL || !isSure(store, routine.name)) return false
  const body = routineBody(routine, call)
  if (body === null || body.dynamic.length > 0) return false
  const reader = textReader("", [])
  for (const { decoded } of body.statements) reader.add(decoded)
  try {
    runCode(store, routine.settings, () => {
      for (const statement of body.statements) {
        store.now = { ...now, text: reader.text, depth: now.depth + 1 }
        runEmbedded(store, statement)
      }
    })
  } catch (error) {
    throw error instanceof Refusal ? new Refusal({ ...error.conflict, span: call.span }) : error
  } finally {
    store.now = now
  }
  return true
}

function bodiesOf(store: Store, { schema, name }: FunctionCall): string[] {
  const bodies: string[] = []
  for (const [home, names] of store.functions) {
    if (schema !== null && schema !== home) continue
    for (const { body } of names.get(name) ?? []) if (body !== null) bodies.push(body)
  }
  return bodies
}

function configure(store: Store, call: FunctionCall): void {
  const [setting, value, local] = call.arguments
  if (setting === null || setting === undefined || value === null || value === undefined) {
    if (setting === "search_path" || setting == null) doubtEverything(store)
    return
  }
  const isLocal = local === "true" || local === "t"
  setSetting(store, setting, setting === "search_path" ? settingList(value) : [value], isLocal)
}

function dropTemporary(store: Store): void {
  for (const id of [...(store.names.get(TEMP_SCHEMA)?.values() ?? [])]) removeRelation(store, id)
}
