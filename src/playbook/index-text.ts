import type { Index } from "../schema/catalog.ts"
import { indexKeys } from "../schema/definitions.ts"
import { quoteIdent } from "../schema/format.ts"
import { columnList } from "./sql.ts"

/** What an index is over, perhaps under other names than its own. */
export type IndexParts = Pick<Index, "columns" | "expressions" | "include"> & { readonly predicate: string | null }

/** What stands behind the table's name in CREATE INDEX: ` USING gin (a, lower(b)) INCLUDE (c) WHERE d`. */
export function indexDefinition(index: Index, { columns, expressions, include, predicate }: IndexParts): string {
  const method = index.method === "btree" ? "" : ` USING ${quoteIdent(index.method)}`
  const where = predicate === null ? "" : ` WHERE ${predicate}`
  return `${method} ${indexKeys({ columns, expressions, clauses: index.clauses })}${indexTail(index, include)}${storageOf(index)}${where}`
}

/** ` INCLUDE (c) NULLS NOT DISTINCT`, or empty. */
export function indexTail(index: Index, include: readonly string[]): string {
  const included = include.length > 0 ? ` INCLUDE (${columnList(include)})` : ""
  return included + (index.nullsNotDistinct ? " NULLS NOT DISTINCT" : "")
}

/** ` WITH (fillfactor = 70) TABLESPACE fast`, or empty. */
export function storageOf({ storage }: Index): string {
  return storage === null ? "" : storage.parameters + storage.tablespace
}
