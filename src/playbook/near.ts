import type { Relation } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { PlainName } from "./sql.ts"

/** How to write a relation's name in a recipe for `table`: unqualified where that is how the user writes. */
export function nameNear(relation: Relation, table: PlainName, { catalog }: RecipeContext): PlainName {
  const bare = table.schema === null && catalog.searchPath.includes(relation.schema)
  return { schema: bare ? null : relation.schema, name: relation.name }
}
