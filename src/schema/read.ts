import type { Catalog, Column, Constraint, ObjectId, Relation } from "./catalog.ts"
import { columnOf, treeOf } from "./columns.ts"
import { constraintOf } from "./constraint-names.ts"
import { creationSchema, find, findIndex, findRelation, searchPath } from "./names.ts"
import { isComplete, type Store } from "./store.ts"
import { findType, typeIdOf } from "./types.ts"

/** Read access to the store. */
export function readStore(store: Store): Catalog {
  const relationsOf = (ids: readonly ObjectId[] | undefined): readonly Relation[] => {
    if (ids === undefined) return []
    const found: Relation[] = []
    for (const id of ids) {
      const relation = store.relations.get(id)
      if (relation !== undefined) found.push(relation)
    }
    return found
  }
  return {
    get complete() {
      return isComplete(store)
    },
    isDoubtful: (name) => store.doubtful.has(name) || store.flags.has("anything"),
    get searchPath() {
      return searchPath(store)
    },
    get timeZone() {
      return store.settings.get("timezone")?.join(", ") ?? null
    },
    get creationSchema() {
      return creationSchema(store, null)
    },
    relation: (name) => findRelation(store, name),
    relationById: (id) => store.relations.get(id),
    relations: () => store.relations.values(),
    column: (relation, name) => columnOf(relation, name),
    index: (name) => findIndex(store, name),
    indexById: (id) => store.indexes.get(id),
    indexesOf: (table) => store.indexesByTable.get(table) ?? [],
    constraintsOf: (table) => store.constraintsByTable.get(table) ?? [],
    constraint: (table, name) => constraintOf(store, table, name),
    constraintById: (id) => store.constraints.get(id),
    referencing: (table) => {
      const found: Constraint[] = []
      for (const id of store.referencing.get(table) ?? []) {
        const constraint = store.constraints.get(id)
        if (constraint !== undefined) found.push(constraint)
      }
      return found
    },
    children: (table) => relationsOf(store.children.get(table)),
    tree: (table) => relationsOf(treeOf(store, table)),
    dependents: (relation) => relationsOf(store.dependents.get(relation)),
    ownedSequences: (table) => relationsOf(store.ownedSequences.get(table)),
    sequenceUsers: (sequence) => relationsOf(store.sequenceUsers.get(sequence)),
    triggersOf: (table) => store.triggers.get(table) ?? [],
    policiesOf: (table) => store.policies.get(table) ?? [],
    rulesOf: (table) => store.rules.get(table) ?? [],
    statistics: (name) => find(store, store.statisticsNames, name),
    statisticsOf: (table) => store.statisticsByTable.get(table) ?? [],
    type: (name) => findType(store, name),
    typeById: (id) => store.types.get(id),
    types: () => store.types.values(),
    usersOfType: (type) => usersOfType(store, type, []),
    functions: (name) => find(store, store.functions, name) ?? [],
    routines: () => [...store.functions.values()].flatMap((names) => [...names.values()].flat()),
    publication: (name) => store.publications.get(name),
    publications: () => store.publications.values(),
    hasSchema: (name) => store.schemas.has(name),
    hasExtension: (name) => store.extensions.has(name),
  }
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
