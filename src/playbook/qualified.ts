import type { Name } from "../parse/name.ts"
import type { Catalog } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { Step } from "./step.ts"
import { quoteIdent } from "../schema/format.ts"

type Recipe<Parameters> = (parameters: Parameters, context: RecipeContext) => Step[]

/**
 * The recipe with the schemas of its tables, where the file has changed search_path: steps go into other files, and there the bare name may
 * mean another table.
 */
export function qualified<Parameters>(recipe: Recipe<Parameters>): Recipe<Parameters> {
  return (parameters, context) => recipe(context.movesSearchPath === true ? withSchemas(parameters, context) : parameters, context)
}

/** Members of operations and parameters that name relations. */
const NAMES: ReadonlySet<string> = new Set(["table", "tables", "relation", "parent", "partition", "references", "view", "name", "index"])

/** The same with names of relations qualified. */
function withSchemas<Value>(value: Value, context: RecipeContext): Value {
  const map = (part: unknown, key: string): unknown => {
    if (Array.isArray(part)) return part.map((item: unknown) => map(item, key))
    if (typeof part !== "object" || part === null) return part
    if (NAMES.has(key) && isName(part)) return qualifiedName(part, context)
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, map(member, name)]))
  }
  // Only `schema` of some names changes, so that the type is the same.
  return map(value, "") as Value
}

function isName(part: object): part is Name {
  return "schema" in part && "name" in part && typeof part.name === "string" && "span" in part && !("modifiers" in part) && !("arguments" in part)
}

/** The name with the schema that it is found in; one that is not listed has the path's only schema, if there is but one. */
export function qualifiedName<Part extends Pick<Name, "schema" | "name">>(part: Part, { catalog, movesSearchPath }: RecipeContext): Part {
  if (movesSearchPath !== true || part.schema !== null) return part
  return inSchema(part, (catalog.relation(part) ?? catalog.index(part))?.schema, catalog)
}

/** The same for a type. */
export function qualifiedType<Part extends Pick<Name, "schema" | "name">>(part: Part, { catalog, movesSearchPath }: RecipeContext): Part {
  if (movesSearchPath !== true || part.schema !== null) return part
  return inSchema(part, catalog.type(part)?.schema, catalog)
}

function inSchema<Part extends Pick<Name, "schema" | "name">>(part: Part, found: string | undefined, catalog: Catalog): Part {
  const path = catalog.searchPath.filter((schema) => schema !== "pg_catalog")
  const schema = found ?? (path.length === 1 ? (path[0] ?? null) : null)
  return schema === null || schema === "pg_temp" ? part : { ...part, schema }
}

/** The user's own statements, with the path that the file has set round them: their names mean the same elsewhere. */
export function underPath(statements: readonly string[], { catalog, movesSearchPath }: RecipeContext): readonly string[] {
  if (movesSearchPath !== true) return statements
  const path = catalog.searchPath.map(quoteIdent).join(", ")
  return [`SET search_path = ${path === "" ? "''" : path};`, ...statements, "RESET search_path;"]
}
