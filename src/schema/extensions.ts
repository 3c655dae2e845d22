import type { OperationOf } from "../parse/operation.ts"
import { creationSchema } from "./names.ts"
import { isComplete, isSure, markOpaque, put, refuse, type Store } from "./store.ts"
import { registerType } from "./user-types.ts"

/**
 * Extensions that add only types, functions and operators, with the types they add (from their install scripts). Any
 * other extension may make tables and schemas, so that nothing can be ruled out after it.
 */
const HARMLESS: ReadonlyMap<string, readonly string[]> = new Map([
  ["adminpack", []],
  ["amcheck", []],
  ["bloom", []],
  ["btree_gin", []],
  ["btree_gist", ["gbtreekey4", "gbtreekey8", "gbtreekey16", "gbtreekey32", "gbtreekey_var", "gbtreekey2"]],
  ["citext", ["citext"]],
  ["cube", ["cube"]],
  ["dblink", ["dblink_pkey_results"]],
  ["dict_int", []],
  ["dict_xsyn", []],
  ["earthdistance", ["earth"]],
  ["file_fdw", []],
  ["fuzzystrmatch", []],
  ["hstore", ["hstore", "ghstore"]],
  ["intarray", ["query_int", "intbig_gkey"]],
  ["isn", ["ean13", "isbn13", "ismn13", "issn13", "isbn", "ismn", "issn", "upc"]],
  ["lo", ["lo"]],
  ["ltree", ["ltree", "lquery", "ltxtquery", "ltree_gist"]],
  ["moddatetime", []],
  ["pageinspect", []],
  ["pg_buffercache", []],
  ["pg_prewarm", []],
  ["pg_stat_statements", []],
  ["pg_trgm", ["gtrgm"]],
  ["pgcrypto", []],
  ["pgrowlocks", []],
  ["pgstattuple", []],
  ["plpgsql", []],
  ["postgres_fdw", []],
  ["seg", ["seg"]],
  ["sslinfo", []],
  ["tablefunc", ["tablefunc_crosstab_2", "tablefunc_crosstab_3", "tablefunc_crosstab_4"]],
  ["tcn", []],
  ["tsm_system_rows", []],
  ["tsm_system_time", []],
  ["unaccent", []],
  ["uuid-ossp", []],
  ["vector", ["vector", "halfvec", "sparsevec"]],
  ["xml2", []],
])

/** Types of extensions that do more than that, as far as columns commonly have them. */
const POSTGIS = ["geometry", "geography", "box2d", "box3d", "raster", "topogeometry"]
const COMMON_TYPES: ReadonlyMap<string, readonly string[]> = new Map([["postgis", POSTGIS]])

export function createExtension(store: Store, op: OperationOf<"create extension">): void {
  const { name, span } = op.extension
  if (store.extensions.has(name)) {
    if (!op.ifNotExists && isSure(store, name) && isComplete(store))
      refuse("42710", `extension "${name}" already exists`, span)
    return
  }
  const schema = op.schema ?? creationSchema(store, null)
  put(store, store.extensions, name, schema)
  const types = HARMLESS.get(name)
  if (types === undefined) markOpaque(store)
  for (const type of types ?? COMMON_TYPES.get(name) ?? []) registerType(store, schema, type, { kind: "base" })
}
