import type { ConstraintDefinition } from "../parse/constraint.ts"
import type { Constraint, ObjectId, Relation } from "./catalog.ts"
import { chooseName, truncateIdentifier } from "./derived-names.ts"
import type { Store } from "./store.ts"

export function constraintOf(store: Store, table: ObjectId, name: string): Constraint | undefined {
  return store.constraintsByTable.get(table)?.find((constraint) => constraint.name === name)
}

/** The name written, or the one ChooseConstraintName derives: free among the schema's constraints. */
export function nameOf(
  store: Store,
  table: Relation,
  written: ConstraintDefinition["name"],
  columns: string | null,
  label: string,
): string {
  if (written !== null) return truncateIdentifier(written.name)
  const taken = store.constraintNames.get(table.schema)
  return chooseName(table.name, columns, label, (name) => taken?.has(name) === true)
}

export function primaryKeyOf(store: Store, table: ObjectId): Constraint | undefined {
  return store.constraintsByTable.get(table)?.find(({ kind }) => kind === "primary key")
}
