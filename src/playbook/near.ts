import type { Constraint, Relation } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { PlainName } from "./sql.ts"
import { quoteName } from "./sql.ts"

/** How to write a relation's name in a recipe for `table`: unqualified where that is how the user writes. */
export function nameNear(relation: Pick<Relation, "schema" | "name">, table: PlainName, { catalog }: RecipeContext): PlainName {
  const bare = table.schema === null && catalog.searchPath.includes(relation.schema)
  return { schema: bare ? null : relation.schema, name: relation.name }
}

/** The other tables that foreign keys of `table` reference: what drops these locks those as well. */
export function referencedTables(constraints: readonly Constraint[], table: PlainName, context: RecipeContext): string[] {
  const own = context.catalog.relation(table)?.id
  const parents = constraints.flatMap(({ references }) => {
    const parent = references === null || references.table === own ? undefined : context.catalog.relationById(references.table)
    return parent === undefined ? [] : [quoteName(nameNear(parent, table, context))]
  })
  return [...new Set(parents)]
}
