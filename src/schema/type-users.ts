/** What names a type in a cast, so that it cannot be without it. */
import type { Catalog, Constraint, ObjectId, Relation } from "./catalog.ts"

export type TypeUser = { readonly relation: Relation } & (
  | { readonly kind: "view" }
  | { readonly kind: "constraint"; readonly constraint: Constraint }
  | { readonly kind: "generated column" | "policy"; readonly name: string }
)

/** Views, CHECK constraints, generated columns and policies that cast to the type. */
export function* usersByCast(type: ObjectId, catalog: Pick<Catalog, "relations" | "constraintsOf" | "policiesOf">): Generator<TypeUser> {
  for (const relation of catalog.relations()) {
    if (relation.castTypes.includes(type)) yield { kind: "view", relation }
    for (const { name, generated } of relation.columns) if (generated?.types.includes(type) === true) yield { kind: "generated column", relation, name }
    for (const constraint of catalog.constraintsOf(relation.id)) if (constraint.expression?.types.includes(type) === true) yield { kind: "constraint", relation, constraint }
    for (const { name, using, check } of catalog.policiesOf(relation.id))
      if (using.types.includes(type) || check.types.includes(type)) yield { kind: "policy", relation, name }
  }
}

/** What it is called. */
export function nameOfUser(user: TypeUser): string {
  return user.kind === "view" ? user.relation.name : user.kind === "constraint" ? user.constraint.name : user.name
}
