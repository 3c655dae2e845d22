import type { ColumnType } from "../schema/catalog.ts"

/** Built-in types whose equal values are stored alike, in a database's own collation. */
const IDENTICAL = new Set("bool bytea date int2 int4 int8 oid text time timestamp timestamptz uuid varchar".split(" "))

/** What is known of the values that are compared. */
export interface Compared {
  /** null: not known. */
  readonly type: ColumnType | null
  readonly collation: string | null
}

/** The condition that a value is not NULL: where it may be a row, IS NOT NULL would test the fields. */
export function isSet(value: string, { type }: Compared): string {
  return type?.schema === "pg_catalog" ? `${value} IS NOT NULL` : `${value} IS DISTINCT FROM NULL`
}

/**
 * The condition that two values are not stored alike. Equality is not enough for every type: 1.0 equals 1.00, citext
 * ignores case, json has none. `*<>` compares the stored form of records, NULLs included (docs: Composite Type
 * Comparison); the casts keep the grammar from comparing the rows column by column.
 */
export function differs(left: string, right: string, { type, collation }: Compared): string {
  const identical =
    type !== null &&
    type.schema === "pg_catalog" &&
    type.dimensions === 0 &&
    IDENTICAL.has(type.name) &&
    collation === null
  return identical ? `${left} IS DISTINCT FROM ${right}` : `ROW(${left})::record *<> ROW(${right})::record`
}
