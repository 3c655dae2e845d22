import type { OperationOf, PublicationTable, WrittenArguments } from "../parse/operation.ts"
import type { FunctionInfo, ObjectId, Relation, StatisticsObject } from "./catalog.ts"
import { columnsRead, treeOf } from "./columns.ts"
import { chooseName, joinColumns, truncateIdentifier } from "./derived-names.ts"
import { formatType } from "./format.ts"
import { find, findRelation, needRelation, targetSchema } from "./names.ts"
import { isComplete, isSure, link, put, putName, refuse, setRelation, type Store } from "./store.ts"
import { resolveType, sameType } from "./types.ts"
import { bodyDependencies } from "./views.ts"

export function createFunction(store: Store, op: OperationOf<"create function">): void {
  const schema = targetSchema(store, op.function)
  const { name } = op.function
  const parameters = op.arguments.map(({ name: called, mode, hasDefault, type }) => ({ name: called, mode, hasDefault, type: resolveType(store, type) }))
  const argumentTypes = parameters.filter(isHandedOver).map(({ type }) => type)
  const known = store.functions.get(schema)?.get(name) ?? []
  const same = known.find((other) => sameArguments(other, argumentTypes))
  const isSame = same !== undefined && isSure(store, name) && argumentTypes.every((type) => type.schema !== null)
  if (isSame && !op.orReplace) refuse("42723", `function "${name}" already exists with same argument types`, op.function.span)
  const info: FunctionInfo = {
    id: same?.id ?? store.nextId++,
    schema,
    name,
    kind: op.kind,
    argumentTypes,
    parameters,
    returns: op.returns === null ? null : resolveType(store, op.returns),
    returnsSet: op.returnsSet,
    language: op.language,
    volatility: op.volatility,
    guarded: op.guarded,
    body: op.body?.text ?? null,
    settings: op.settings,
    dependencies: op.query === null ? [] : bodyDependencies(store, op.query),
    created: same?.created ?? store.now.origin,
  }
  const obstacle = isSame ? obstacleTo(same, info) : null
  if (obstacle !== null) refuse(obstacle.code, obstacle.message, op.function.span)
  putName(store, store.functions, schema, name, [...known.filter((other) => other !== same), info])
}

type Parameter = FunctionInfo["parameters"][number]

function isHandedOver({ mode }: Parameter): boolean {
  return mode !== "out" && mode !== "table"
}

function isGivenBack({ mode }: Parameter): boolean {
  return mode !== "in" && mode !== "variadic"
}

/** Why CREATE OR REPLACE cannot put a function in the place of another one (ProcedureCreate). */
function obstacleTo(old: FunctionInfo, by: FunctionInfo): { readonly code: string; readonly message: string } | null {
  if (old.kind !== by.kind) return { code: "42809", message: "cannot change routine kind" }
  const [before, after] = [resultOf(old), resultOf(by)]
  if (old.kind === "function" && before !== null && after !== null && before !== after) return { code: "42P13", message: "cannot change return type of existing function" }
  const names = by.parameters.filter(isHandedOver)
  for (const [position, { name }] of old.parameters.filter(isHandedOver).entries()) {
    if (name !== null && names[position]?.name !== name) return { code: "42P13", message: `cannot change name of input parameter "${name}"` }
  }
  const defaults = (one: FunctionInfo): number => one.parameters.filter(({ hasDefault }) => hasDefault).length
  return defaults(by) < defaults(old) ? { code: "42P13", message: "cannot remove parameter defaults from existing function" } : null
}

/** Types that only functions give back. */
const RETURNED_ONLY: ReadonlySet<string> = new Set(["event_trigger", "record", "trigger", "void"])

/** What a function gives back, as a text to compare; null when a type is not known. */
function resultOf({ parameters, returns, returnsSet }: FunctionInfo): string | null {
  const columns = parameters.filter(isGivenBack)
  const types = columns.length > 0 ? columns.map(({ type }) => type) : [returns]
  if (types.some((type) => type !== null && type.schema === null && !RETURNED_ONLY.has(type.name))) return null
  // A single column gives its type, several give a row with their names.
  const names = columns.length > 1 ? columns.map(({ name }) => name) : []
  return JSON.stringify([returnsSet, names, types.map((type) => (type === null ? null : formatType({ ...type, modifiers: [] })))])
}

export function sameArguments(info: FunctionInfo, types: FunctionInfo["argumentTypes"]): boolean {
  return (
    info.argumentTypes.length === types.length &&
    info.argumentTypes.every((type, position) => {
      const other = types[position]
      return other !== undefined && sameType({ ...type, modifiers: [] }, { ...other, modifiers: [] })
    })
  )
}

/** The overload that a statement means: the one with these arguments or, where it names none, the only one. */
export function meantFunction(store: Store, name: Parameters<typeof find>[2], written: WrittenArguments): FunctionInfo | undefined {
  const found = find(store, store.functions, name) ?? []
  if (written === null) return found.length === 1 ? found[0] : undefined
  const types = written.map((type) => resolveType(store, type))
  return found.find((info) => sameArguments(info, types))
}

/** Puts another function in the place of one of the overloads, or none. */
export function replaceFunction(store: Store, info: FunctionInfo, by: FunctionInfo | null): void {
  const overloads = (store.functions.get(info.schema)?.get(info.name) ?? []).flatMap((one) => (one.id !== info.id ? [one] : by === null ? [] : [by]))
  putName(store, store.functions, info.schema, info.name, overloads.length === 0 ? undefined : overloads)
}

export function alterFunction(store: Store, op: OperationOf<"alter function">): void {
  const info = meantFunction(store, op.function, op.arguments)
  if (info === undefined) return
  replaceFunction(store, info, { ...info, volatility: op.volatility ?? info.volatility, guarded: info.guarded || op.guarded })
}

export function createRule(store: Store, op: OperationOf<"create rule">): void {
  const table = needRelation(store, op.table, "table", false)
  if (table === undefined) return
  const rules = (store.rules.get(table.id) ?? []).filter(({ name }) => name !== op.rule.name)
  const used = new Set([...op.reads, ...op.writes].flatMap((name) => findRelation(store, name)?.id ?? []))
  const dependencies = [...used].map((relation) => ({ relation, columns: null, certain: [], key: null }))
  put(store, store.rules, table.id, [
    ...rules,
    { name: op.rule.name, table: table.id, dependencies, columns: op.columns, enabled: true, created: store.now.origin },
  ])
}

export function createStatistics(store: Store, op: OperationOf<"create statistics">): void {
  const table = needRelation(store, op.table, "table", false)
  if (table === undefined) return
  const schema = op.statistics === null ? table.schema : targetSchema(store, op.statistics)
  const taken = store.statisticsNames.get(schema)
  const name =
    op.statistics === null
      ? chooseName(table.name, joinColumns(op.columns.map((column) => column ?? "expr")), "stat", (candidate) => taken?.has(candidate) === true)
      : truncateIdentifier(op.statistics.name)
  if (taken?.has(name) === true) {
    if (op.ifNotExists || !isSure(store, name)) return
    refuse("42710", `statistics object "${name}" already exists`, op.statistics?.span ?? op.span)
  }
  addStatistics(store, { id: store.nextId++, schema, name, table: table.id, columns: op.columns, expressionColumns: op.expressionColumns })
}

function addStatistics(store: Store, object: StatisticsObject): void {
  const { schema, name, table } = object
  putName(store, store.statisticsNames, schema, name, object)
  put(store, store.statisticsByTable, table, [...(store.statisticsByTable.get(table) ?? []), object])
}

/** LIKE ... INCLUDING STATISTICS: under names of the new table's own, the columns in its order, expressions last. */
export function copyStatistics(store: Store, source: Relation, table: Relation): void {
  const place = (column: string | null): number => {
    const position = source.columns.findIndex(({ name }) => name === column)
    return position < 0 ? source.columns.length : position
  }
  for (const { columns, expressionColumns } of store.statisticsByTable.get(source.id) ?? []) {
    const ordered = columns.toSorted((a, b) => place(a) - place(b))
    const taken = store.statisticsNames.get(table.schema)
    const name = chooseName(table.name, joinColumns(ordered.map((column) => column ?? "expr")), "stat", (candidate) => taken?.has(candidate) === true)
    addStatistics(store, { id: store.nextId++, schema: table.schema, name, table: table.id, columns: ordered, expressionColumns })
  }
}

export function createSequence(
  store: Store,
  sequence: Relation,
  ownedBy: OperationOf<"create sequence">["ownedBy"],
): void {
  if (ownedBy === null) return
  const table = needRelation(store, ownedBy.table, "table", false)
  if (table === undefined) return
  ownSequence(store, sequence, table.id, ownedBy.column)
}

/** Ties a sequence to a column: it will be dropped with it. */
export function ownSequence(store: Store, sequence: Relation, table: ObjectId, column: string): void {
  setRelation(store, { ...sequence, ownedBy: { relation: table, column, identity: false } })
  link(store, store.ownedSequences, table, sequence.id)
}

/** A table is published with what inherits from it; partitions are, as long as their table is. */
function publishedIds(store: Store, { table, only }: PublicationTable): readonly ObjectId[] {
  const relation = needRelation(store, table, "table", false)
  if (relation === undefined) return []
  return only || relation.kind === "partitioned table" ? [relation.id] : treeOf(store, relation.id)
}

export function publish(store: Store, op: OperationOf<"create publication" | "alter publication">): void {
  const name = op.publication.name
  const old = store.publications.get(name)
  const listed = op.tables.flatMap((entry) => {
    const where = entry.where === null ? [] : columnsRead(entry.where)
    return publishedIds(store, entry).map((table) => ({ table, columns: entry.columns, where }))
  })
  const tables = listed.filter(({ table }, at) => listed.findIndex((other) => other.table === table) === at)
  if (op.op === "create publication") {
    if (old !== undefined && isSure(store, name))
      refuse("42710", `publication "${name}" already exists`, op.publication.span)
    put(store, store.publications, name, { name, allTables: op.allTables, tables })
    return
  }
  if (op.action === "options") return
  if (old === undefined && isComplete(store) && isSure(store, name)) {
    refuse("42704", `publication "${name}" does not exist`, op.publication.span)
  }
  const others = (old?.tables ?? []).filter((entry) => !tables.some(({ table }) => table === entry.table))
  const next = op.action === "set" ? tables : op.action === "add" ? [...others, ...tables] : others
  put(store, store.publications, name, { name, allTables: old?.allTables ?? false, tables: next })
}
