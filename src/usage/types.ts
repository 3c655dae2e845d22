/** A name that a migration takes away: running code that still uses it fails. Names as PostgreSQL stores them. */
export type Removed =
  | { readonly kind: "column"; readonly schema: string | null; readonly table: string; readonly column: string }
  /** A table, a view or a materialized view. */
  | { readonly kind: "relation"; readonly schema: string | null; readonly relation: string }
  | { readonly kind: "enum value"; readonly schema: string | null; readonly type: string; readonly value: string }
  | { readonly kind: "function"; readonly schema: string | null; readonly function: string }

/**
 * How sure a use is. `certain`: SQL that names it. `likely`: its name appears together with that of its table, in the spelling of
 * an ORM or a query builder. A bare name is no use.
 */
export type Grade = "certain" | "likely"

/** A place of an application that uses a removed name. Line and column count from 1, the column in UTF-16 units. */
export interface Use {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly grade: Grade
  /** What is there, as a sentence without its period. */
  readonly message: string
}

/** A removed name, and what the schema tells about similar ones. */
export interface Wanted {
  readonly removed: Removed
  /** Whether a table may have a column of that name; false only where all of its columns are known. */
  mayHave(table: string, column: string): boolean
  /** Whether the schema is known to have a table of that name. */
  hasTable(name: string): boolean
}
