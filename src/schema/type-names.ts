/** The names of types where they are used, which PostgreSQL knows by their identity. */
import type { ObjectId } from "./catalog.ts"
import { updateRelation } from "./columns.ts"
import { put, putName, type Store } from "./store.ts"

interface TypeName {
  readonly schema: string | null
  readonly name: string
}

/** A type, or a relation, whose rows are one, was called `from`: what uses it says so. */
export function followTypeName(store: Store, id: ObjectId, from: TypeName, to: TypeName): void {
  const isIt = (use: TypeName | null): boolean => use !== null && use.schema === from.schema && use.name === from.name
  const followed = <Use extends TypeName>(use: Use): Use => (isIt(use) ? { ...use, schema: to.schema, name: to.name } : use)
  for (const user of store.typeUsers.get(id) ?? []) {
    updateRelation(store, user, (relation) => ({ ...relation, columns: relation.columns.map((column) => ({ ...column, type: followed(column.type) })) }))
    const type = store.types.get(user)
    if (type?.kind === "domain") put(store, store.types, user, { ...type, base: followed(type.base) })
    if (type?.kind !== "composite") continue
    put(store, store.types, user, { ...type, attributes: type.attributes.map((attribute) => ({ ...attribute, type: followed(attribute.type) })) })
  }
  for (const [schema, names] of store.functions) {
    for (const [name, overloads] of names) {
      if (!overloads.some(({ argumentTypes, returns }) => argumentTypes.some(isIt) || isIt(returns))) continue
      const moved = overloads.map((one) => ({ ...one, argumentTypes: one.argumentTypes.map(followed), returns: one.returns === null ? null : followed(one.returns) }))
      putName(store, store.functions, schema, name, moved)
    }
  }
}
