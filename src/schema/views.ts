import type { Name } from "../parse/name.ts"
import type { ColumnReference, Output, Query, Scope } from "../parse/expression.ts"
import type { OperationOf } from "../parse/operation.ts"
import type { Dependency, ObjectId, Relation } from "./catalog.ts"
import { bareColumn, castTypes, columnOf, updateRelation } from "./columns.ts"
import { truncateIdentifier } from "./derived-names.ts"
import { keysCountedOn } from "./grouping.ts"
import { findRelation, isSystemName, needRelation, newRelation, targetSchema, TEMP_SCHEMA } from "./names.ts"
import { takeRelationName } from "./new-names.ts"
import { viewColumns } from "./output.ts"
import { meantBy } from "./policies.ts"
import { removeRelation } from "./remove.ts"
import { addRelation, isComplete, link, put, setRelation, unlink, type Store } from "./store.ts"
import { resolveType, UNKNOWN_TYPE } from "./types.ts"

export function createView(store: Store, op: OperationOf<"create view">): void {
  const dependencies = dependenciesOf(store, op.query, op.output)
  const temporary =
    op.temporary || dependencies.some(({ relation }) => store.relations.get(relation)?.persistence === "temporary")
  const schema = temporary ? TEMP_SCHEMA : targetSchema(store, op.view)
  const name = truncateIdentifier(op.view.name)
  const old = store.names.get(schema)?.get(name)
  const replaced = old === undefined ? undefined : store.relations.get(old)
  if (op.orReplace && replaced?.kind === "view") {
    for (const { relation } of replaced.dependencies) unlink(store, store.dependents, relation, replaced.id)
    setRelation(store, { ...replaced, ...columnsOf(store, op), dependencies, calls: callsOf(store, op.query), castTypes: castTypesOf(store, op.query) })
    linkDependencies(store, replaced, dependencies)
    return
  }
  if (!takeRelationName(store, schema, { name, span: op.view.span }, false)) return
  const view = addRelation(store, {
    ...newRelation(store.nextId++, schema, name, "view"),
    created: store.now.origin,
    // OR REPLACE of a view that is not listed.
    maybeOlder: store.now.conditional || (op.orReplace && !isComplete(store)),
    ...columnsOf(store, op),
    dependencies,
    calls: callsOf(store, op.query),
    castTypes: castTypesOf(store, op.query),
  })
  linkDependencies(store, view, dependencies)
}

export function createMaterializedView(store: Store, op: OperationOf<"create materialized view">): void {
  const dependencies = dependenciesOf(store, op.query, op.output)
  const schema = targetSchema(store, op.view)
  const name = truncateIdentifier(op.view.name)
  if (!takeRelationName(store, schema, { name, span: op.view.span }, op.ifNotExists)) return
  const view = addRelation(store, {
    ...newRelation(store.nextId++, schema, name, "materialized view"),
    created: store.now.origin,
    maybeOlder: store.now.conditional || (op.ifNotExists && !isComplete(store)),
    ...columnsOf(store, op),
    dependencies,
    calls: callsOf(store, op.query),
    castTypes: castTypesOf(store, op.query),
    populated: op.withData,
    materialized: op.withData,
  })
  linkDependencies(store, view, dependencies)
}

export function refreshMaterializedView(store: Store, op: OperationOf<"refresh materialized view">): void {
  const view = needRelation(store, op.view, "materialized view", false)
  if (view === undefined) return
  updateRelation(store, view.id, (old) => ({ ...old, materialized: op.withData, populated: op.withData }))
}

/** The view's columns, or those that the statement names. */
function columnsOf(store: Store, op: OperationOf<"create view" | "create materialized view">): Pick<Relation, "known" | "columns" | "readOnly"> {
  return { ...listColumns(store, op), readOnly: op.output !== null && !op.output.updatable }
}

/** The columns that a query gives what is made of it. */
export function listColumns(store: Store, { output, columnNames }: OperationOf<"create view" | "create materialized view" | "create table as">): Pick<Relation, "known" | "columns"> {
  const { origin } = store.now
  const found = viewColumns(output, columnNames, {
    relation: (name) => findRelation(store, name),
    type: (type) => resolveType(store, type),
  })
  const columns = found ?? columnNames.map(({ name }) => ({ name, type: UNKNOWN_TYPE }))
  return { known: found !== null, columns: columns.map(({ name, type }) => bareColumn(name, type, origin)) }
}

function callsOf(store: Store, { functions }: Query): Relation["calls"] {
  return functions.map((call) => meantBy(store, call)).filter((meant) => meant.length > 0)
}

function castTypesOf(store: Store, { types, functions }: Query): Relation["castTypes"] {
  return castTypes(store, { casts: types.map((type) => ({ type })), functions })
}

/** Drops the views that call a function. One that may have called it may be gone: it stands in the way of nothing any more. */
export function dropViewsCalling(store: Store, routine: ObjectId): void {
  for (const view of [...store.relations.values()]) {
    const calls = view.calls.filter((meant) => meant.includes(routine))
    if (calls.some(({ length }) => length === 1)) removeRelation(store, view.id)
    else if (calls.length > 0) put(store, store.doubtful, view.name, true)
  }
}

function linkDependencies(store: Store, view: Relation, dependencies: readonly Dependency[]): void {
  for (const { relation } of dependencies) link(store, store.dependents, relation, view.id)
}

/**
 * What a query reads. A column without a qualifier belongs to every relation read that has, or may have, one of the name; so a dependency
 * may be listed that is not one, but none is missed.
 */
function dependenciesOf(store: Store, query: Query, output: Output | null): readonly Dependency[] {
  const relations = readRelations(store, query.reads)
  if (relations.length === 0) return []
  const keys = keysCountedOn(store, output)
  const keyOf = (id: ObjectId): ObjectId | null => keys.find(({ table }) => table === id)?.id ?? null
  if (query.star && relations.length > 1) {
    const read = [...columnsIn(store, query.scopes)]
    return relations.map(({ id }) => {
      const certain = new Set(read.flatMap(([owner, column]) => (owner === id ? [column] : [])))
      return { relation: id, columns: null, certain: [...certain], key: keyOf(id) }
    })
  }
  const [only] = relations
  if (query.star && only?.known === true) {
    const columns = only.columns.map(({ name }) => name)
    return [{ relation: only.id, columns, certain: columns, key: keyOf(only.id) }]
  }
  const found = new Map(relations.map(({ id }) => [id, { columns: new Set<string>(), certain: new Set<string>() }]))
  const allListed = relations.every(({ known }) => known) && query.aliases.every(({ table }) => table !== null)
  for (const { table, column } of query.columns) {
    const meant = relationsMeant(store, query, relations, table)
    const having = (meant ?? relations).filter((relation) => columnOf(relation, column) !== undefined)
    const sure = having.length === 1 && (meant === undefined ? allListed : meant.length === 1)
    for (const { id } of having) if (sure) found.get(id)?.certain.add(column)
    for (const relation of meant ?? relations) if (!relation.known || having.includes(relation)) found.get(relation.id)?.columns.add(column)
  }
  for (const [owner, column] of columnsIn(store, query.scopes)) {
    found.get(owner)?.columns.add(column)
    found.get(owner)?.certain.add(column)
  }
  const starred = query.scopes.flatMap(({ stars }) => stars.map(({ table }) => findRelation(store, table)?.id))
  return relations.map(({ id, known }) => ({
    relation: id,
    columns: known || !(query.star || starred.includes(id)) ? [...(found.get(id)?.columns ?? [])] : null,
    certain: [...(found.get(id)?.certain ?? [])],
    key: keyOf(id),
  }))
}

/** The columns that levels of a query certainly read, with their relations. */
export function* columnsIn(store: Store, scopes: readonly Scope[]): Generator<readonly [ObjectId, string]> {
  for (const scope of scopes) {
    for (const reference of scope.columns) {
      const owner = ownerIn(store, scope, reference)
      if (owner !== undefined) yield [owner.id, reference.column]
    }
    for (const { table } of scope.stars) {
      const relation = findRelation(store, table)
      if (relation !== undefined) for (const { name } of relation.columns) yield [relation.id, name]
    }
  }
}

/** The relation whose column a level of a query certainly reads. */
function ownerIn(store: Store, { tables, complete }: Scope, { table: qualifier, column }: ColumnReference): Relation | undefined {
  if (qualifier !== null) {
    const named = tables.find(({ alias }) => alias === qualifier)
    const relation = named === undefined ? undefined : findRelation(store, named.table)
    return relation !== undefined && columnOf(relation, column) !== undefined ? relation : undefined
  }
  if (!complete) return undefined
  for (const { table } of tables) {
    const relation = findRelation(store, table)
    // One of which not all columns are known may have it, too.
    if (relation === undefined || columnOf(relation, column) !== undefined || !relation.known) return relation?.known === true ? relation : undefined
  }
  return undefined
}

/** The same for a SQL-standard body; in one that writes, a name may be a column of what it writes to. */
export function bodyDependencies(store: Store, query: Query): readonly Dependency[] {
  if (query.writes.length === 0) return dependenciesOf(store, query, null)
  const relations = readRelations(store, [...query.reads, ...query.writes.map(({ table }) => table)])
  const read = [...columnsIn(store, query.scopes)]
  return relations.map(({ id }) => ({ relation: id, columns: null, certain: [...new Set(read.flatMap(([owner, column]) => (owner === id ? [column] : [])))], key: null }))
}

/** The relations that a qualifier means; undefined when it may be any of them. */
function relationsMeant(
  store: Store,
  query: Query,
  relations: readonly Relation[],
  qualifier: string | null,
): readonly Relation[] | undefined {
  if (qualifier === null) return undefined
  const aliased = query.aliases.filter(({ alias }) => alias === qualifier)
  if (aliased.length > 0) {
    const targets = aliased.map(({ table }) => (table === null ? undefined : findRelation(store, table)?.id))
    return relations.filter(({ id }) => targets.includes(id))
  }
  const named = relations.filter(({ name }) => name === qualifier)
  return named.length > 0 ? named : undefined
}

function readRelations(store: Store, reads: readonly Name[]): readonly Relation[] {
  const relations: Relation[] = []
  for (const name of reads) {
    // A relation that is not listed may be a function's alias or the system's: only what may be a table is taken for
    // one.
    const relation =
      isComplete(store) || isSystemName(name) ? findRelation(store, name) : needRelation(store, name, "table", false)
    if (relation !== undefined && !relations.includes(relation)) relations.push(relation)
  }
  return relations
}
