/** The names of what a statement makes. */
import type { Name } from "../parse/name.ts"
import { removeRelation } from "./remove.ts"
import { isSure, refuse, type Store } from "./store.ts"

type WrittenName = Pick<Name, "name" | "span">

/**
 * Whether an index of that name may be made. False: something has the name and the statement leaves it (IF NOT EXISTS, or a conditional
 * statement). What only might be there makes room.
 */
export function takeName(store: Store, schema: string, { name, span }: WrittenName, ifNotExists: boolean): boolean {
  const id = store.names.get(schema)?.get(name)
  if (id === undefined) return true
  if (ifNotExists || store.now.conditional) return false
  const relation = store.relations.get(id)
  const certain = relation === undefined || (relation.known && !relation.maybeOlder)
  if (certain && isSure(store, name)) refuse("42P07", `relation "${name}" already exists`, span)
  if (relation === undefined) return false
  removeRelation(store, relation.id)
  return true
}

/** Whether a relation of that name may be made, as for an index; the name of a type is refused. */
export function takeRelationName(store: Store, schema: string, written: WrittenName, ifNotExists: boolean): boolean {
  if (!takeName(store, schema, written, ifNotExists)) return false
  refuseTypeName(store, schema, written)
  return true
}

/** Refuses a new relation of the name of a type: its rows are a type as well. */
export function refuseTypeName(store: Store, schema: string, { name, span }: WrittenName): void {
  if (store.typeNames.get(schema)?.has(name) === true && isSure(store, name)) refuse("42710", `type "${name}" already exists`, span)
}

/** The same for a new type: of relations, sequences have had no type of their rows since 14. */
export function refuseRowType(store: Store, schema: string, { name, span }: WrittenName): void {
  const relation = store.relations.get(store.names.get(schema)?.get(name) ?? -1)
  if (relation === undefined || relation.created === null || relation.maybeOlder) return
  if ((relation.kind !== "sequence" || store.pgVersion < 14) && isSure(store, name)) refuse("42710", `type "${name}" already exists`, span)
}
