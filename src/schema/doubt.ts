import { forgetConstraint, markOpaque, put, setRelation, type Store } from "./store.ts"

/**
 * What an unreadable statement leaves behind: any name may be taken or free, and the relations among its words are as if they
 * had been there before the first statement.
 */
export function doubtRelations(store: Store, words: readonly string[]): void {
  markOpaque(store)
  for (const word of words) {
    for (const names of store.names.values()) {
      const id = names.get(word)
      const relation = id === undefined ? undefined : store.relations.get(id)
      if (relation === undefined) continue
      put(store, store.doubtful, word, true)
      setRelation(store, { ...relation, known: false, columns: [] })
      for (const constraint of store.constraintsByTable.get(relation.id) ?? [])
        forgetConstraint(store, relation.schema, constraint)
    }
  }
}
