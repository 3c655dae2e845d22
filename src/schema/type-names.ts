/** The names of types where they are used, which PostgreSQL knows by their identity. */
import type { FunctionInfo, ObjectId } from "./catalog.ts"
import { updateRelation } from "./columns.ts"
import { put, putName, type Store } from "./store.ts"

interface TypeName {
  readonly schema: string | null
  readonly name: string
}

/** Whether a function takes or gives back the type, or rows of the relation. */
export function handlesType({ argumentTypes, returns }: FunctionInfo, { schema, name }: TypeName): boolean {
  return [...argumentTypes, returns].some((type) => type !== null && type.schema === schema && type.name === name)
}

/** A type, or a relation, whose rows are one, was called `from`: what uses it says so. */
export function followTypeName(store: Store, id: ObjectId, from: TypeName, to: TypeName): void {
  const followed = <Use extends TypeName>(use: Use): Use => (use.schema === from.schema && use.name === from.name ? { ...use, schema: to.schema, name: to.name } : use)
  for (const user of store.typeUsers.get(id) ?? []) {
    updateRelation(store, user, (relation) => ({ ...relation, columns: relation.columns.map((column) => ({ ...column, type: followed(column.type) })) }))
    const type = store.types.get(user)
    if (type?.kind === "domain") put(store, store.types, user, { ...type, base: followed(type.base) })
    if (type?.kind !== "composite") continue
    put(store, store.types, user, { ...type, attributes: type.attributes.map((attribute) => ({ ...attribute, type: followed(attribute.type) })) })
  }
  for (const [schema, names] of store.functions) {
    for (const [name, overloads] of names) {
      if (!overloads.some((one) => handlesType(one, from))) continue
      const moved = overloads.map((one) => ({ ...one, argumentTypes: one.argumentTypes.map(followed), returns: one.returns === null ? null : followed(one.returns) }))
      putName(store, store.functions, schema, name, moved)
    }
  }
}
