import type { Index } from "../schema/catalog.ts"
import { indexBody } from "../schema/definitions.ts"

/** What an index is over, perhaps under other names than its own. */
export type IndexParts = Pick<Index, "columns" | "expressions" | "include"> & { readonly predicate: string | null }

/** What stands behind the table's name in CREATE INDEX: ` USING gin (a, lower(b)) INCLUDE (c) WHERE d`. */
export function indexDefinition(index: Index, { predicate, ...parts }: IndexParts): string {
  return indexBody({ ...index, ...parts }) + storageOf(index) + (predicate === null ? "" : ` WHERE ${predicate}`)
}

/** ` WITH (fillfactor = 70) TABLESPACE fast`, or empty. */
export function storageOf({ storage }: Index): string {
  return storage === null ? "" : storage.parameters + storage.tablespace
}
