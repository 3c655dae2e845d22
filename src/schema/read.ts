import type { WrittenArguments } from "../parse/operation.ts"
import type { Catalog, Column, Constraint, ObjectId, Relation } from "./catalog.ts"
import { namesAsWritten, namesIn } from "../source/written-names.ts"
import { goneBy, isCertain, rulesOut, rulesOutFunction, rulesOutSchema, rulesOutType } from "./absence.ts"
import { columnOf, treeOf } from "./columns.ts"
import { constraintOf } from "./constraint-names.ts"
import { creationSchema, find, findIndex, findRelation, searchPath } from "./names.ts"
import { policiesReading } from "./policies.ts"
import { rulesUsing } from "./remove.ts"
import { meantFunction } from "./routines.ts"
import { settingsOf } from "./session.ts"
import { isComplete, type Store } from "./store.ts"
import { findType, typeIdOf } from "./types.ts"

type GivenName = Parameters<Catalog["relation"]>[0]

const NO_NAMES: ReadonlySet<string> = new Set()

/** What something that is not replayed may have made: by its name, or as a column of one of some tables. */
export interface Elsewhere {
  readonly makes: (name: string) => boolean
  readonly adds: (column: string, tables: readonly string[]) => boolean
}

/**
 * Read access to a store. It is a class because accessors have to stand on a prototype: an object with accessors of its own is a
 * hash table to V8, slow to make and to ask. Nothing of it is `#private`: what inherits from a catalog to answer some questions
 * otherwise (`createSchema` in effects/code.ts) has no such fields.
 */
export class StoreCatalog implements Catalog {
  protected readonly store: Store
  /** See `createCatalog`. */
  protected readonly elsewhere: Elsewhere

  constructor(store: Store, elsewhere: Elsewhere) {
    this.store = store
    this.elsewhere = elsewhere
  }

  under(clause: Readonly<Record<string, string>>): Catalog {
    const set = settingsOf(clause)
    if (set === null) return this
    // All but the settings is the store's own, as it is and as it will be.
    const store = Object.assign(Object.create(this.store) as Store, { settings: new Map([...this.store.settings, ...set]), path: null })
    return new StoreCatalog(store, this.elsewhere)
  }
  get complete() {
    return isComplete(this.store)
  }
  get checksBodies() {
    return !/^(?:off|of|false|fals|fal|fa|f|no|n|0)$/i.test(this.store.settings.get("check_function_bodies")?.[0] ?? "on")
  }
  get hasOwnCasts() {
    return this.store.flags.has("casts")
  }
  get unsure() {
    return this.store.flags.has("anything")
  }
  get searchPath() {
    return searchPath(this.store)
  }
  get timeZone() {
    return this.store.settings.get("timezone")?.join(", ") ?? null
  }
  get creationSchema() {
    return creationSchema(this.store, null)
  }
  isDoubtful(name: string) {
    return this.store.doubtful.has(name) || this.store.flags.has("anything")
  }
  rulesOut(name: GivenName) {
    return rulesOut(this.store, name) && !this.mayBeMadeElsewhere(name)
  }
  rulesOutType(name: GivenName) {
    return rulesOutType(this.store, name) && !this.mayBeMadeElsewhere(name)
  }
  rulesOutFunction(name: GivenName) {
    return rulesOutFunction(this.store, name) && !this.mayBeMadeElsewhere(name)
  }
  protected mayBeMadeElsewhere({ name }: GivenName) {
    return !this.complete && this.elsewhere.makes(name)
  }
  mayBeAddedElsewhere(code: string, message: string, sql: string) {
    if (code !== "42703" || this.complete) return false
    const [column] = namesAsWritten(message.slice(message.indexOf('"')))
    const tables = namesIn(sql).filter((word) => [...this.store.names.values()].some((names) => names.has(word)))
    return column !== undefined && this.elsewhere.adds(column, tables)
  }
  rulesOutSchema(name: string) {
    return rulesOutSchema(this.store, name) && !this.mayBeMadeElsewhere({ schema: null, name })
  }
  isCertain(name: GivenName) {
    return isCertain(this.store, name)
  }
  goneBy(name: GivenName) {
    return goneBy(this.store, name)
  }
  relation(name: GivenName) {
    return findRelation(this.store, name)
  }
  relationById(id: ObjectId) {
    return this.store.relations.get(id)
  }
  relations() {
    return this.store.relations.values()
  }
  column(relation: Relation, name: string) {
    return columnOf(relation, name)
  }
  index(name: GivenName) {
    return findIndex(this.store, name)
  }
  indexById(id: ObjectId) {
    return this.store.indexes.get(id)
  }
  indexesOf(table: ObjectId) {
    return this.store.indexesByTable.get(table) ?? []
  }
  constraintsOf(table: ObjectId) {
    return this.store.constraintsByTable.get(table) ?? []
  }
  constraint(table: ObjectId, name: string) {
    return constraintOf(this.store, table, name)
  }
  constraintNames(schema: string) {
    return this.store.constraintNames.get(schema) ?? NO_NAMES
  }
  constraintById(id: ObjectId) {
    return this.store.constraints.get(id)
  }
  referencing(table: ObjectId) {
    const found: Constraint[] = []
    for (const id of this.store.referencing.get(table) ?? []) {
      const constraint = this.store.constraints.get(id)
      if (constraint !== undefined) found.push(constraint)
    }
    return found
  }
  children(table: ObjectId) {
    return relationsOf(this.store, this.store.children.get(table))
  }
  tree(table: ObjectId) {
    return relationsOf(this.store, treeOf(this.store, table))
  }
  dependents(relation: ObjectId) {
    return relationsOf(this.store, this.store.dependents.get(relation))
  }
  ownedSequences(table: ObjectId) {
    return relationsOf(this.store, this.store.ownedSequences.get(table))
  }
  sequenceUsers(sequence: ObjectId) {
    return relationsOf(this.store, this.store.sequenceUsers.get(sequence))
  }
  triggersOf(table: ObjectId) {
    return this.store.triggers.get(table) ?? []
  }
  policiesOf(table: ObjectId) {
    return this.store.policies.get(table) ?? []
  }
  policiesReading(relation: ObjectId) {
    return policiesReading(this.store, relation)
  }
  rulesUsing(relation: ObjectId) {
    return rulesUsing(this.store, relation)
  }
  rulesOf(table: ObjectId) {
    return this.store.rules.get(table) ?? []
  }
  statistics(name: GivenName) {
    return find(this.store, this.store.statisticsNames, name)
  }
  statisticsOf(table: ObjectId) {
    return this.store.statisticsByTable.get(table) ?? []
  }
  type(name: GivenName) {
    return findType(this.store, name)
  }
  typeById(id: ObjectId) {
    return this.store.types.get(id)
  }
  types() {
    return this.store.types.values()
  }
  usersOfType(type: ObjectId) {
    return usersOfType(this.store, type, [])
  }
  functions(name: GivenName) {
    return find(this.store, this.store.functions, name) ?? []
  }
  meantFunction(name: GivenName, written: WrittenArguments) {
    return meantFunction(this.store, name, written)
  }
  routines() {
    return [...this.store.functions.values()].flatMap((names) => [...names.values()].flat())
  }
  publication(name: string) {
    return this.store.publications.get(name)
  }
  publications() {
    return this.store.publications.values()
  }
  hasSchema(name: string) {
    return this.store.schemas.has(name)
  }
  hasExtension(name: string) {
    return this.store.extensions.has(name)
  }
  *extensions() {
    for (const [name, schema] of this.store.extensions) yield { name, schema }
  }
}

/** What a list of ids stands for. */
function relationsOf(store: Store, ids: readonly ObjectId[] | undefined): readonly Relation[] {
  if (ids === undefined) return []
  const found: Relation[] = []
  for (const id of ids) {
    const relation = store.relations.get(id)
    if (relation !== undefined) found.push(relation)
  }
  return found
}

type TypeUser = { readonly relation: Relation; readonly column: Column }

/** Domains over the type and composite types with it are users too, and so are their users. */
function usersOfType(store: Store, type: ObjectId, seen: ObjectId[]): readonly TypeUser[] {
  if (seen.includes(type)) return []
  seen.push(type)
  const users: TypeUser[] = []
  for (const user of store.typeUsers.get(type) ?? []) {
    const relation = store.relations.get(user)
    for (const column of relation?.columns ?? []) {
      if (relation !== undefined && typeIdOf(store, column.type) === type) users.push({ relation, column })
    }
    if (store.types.has(user)) users.push(...usersOfType(store, user, seen))
  }
  return users
}
