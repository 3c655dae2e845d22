import type { Catalog } from "../schema/catalog.ts"
import type { OperationOf } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"

/** What may build an index on a table. */
export type KeyOperation = OperationOf<"create index"> | OperationOf<"add constraint">

/** What the statements do that come behind the current one in the file, in the same direction; the code of DO blocks included. */
export interface LaterStatements {
  /** Whether a table, an index or a constraint gets the name outright: PostgreSQL itself chooses only names that are free. */
  gives(name: string): boolean
  /** What may build an index on a table of that name, in whatever schema; the other actions of the current statement count, too. */
  keysOf(table: string): readonly KeyOperation[]
}

/** What a recipe may look at beside its parameters. A rule's context is one. */
export interface RecipeContext {
  /** The catalog before the statement that the recipe replaces. */
  readonly catalog: Catalog
  /** The PostgreSQL major that the steps are written for, 11 to 18. */
  readonly pgVersion: number
  /** The file has changed search_path before the statement. */
  readonly movesSearchPath?: boolean
  /** The rest of the file: steps leave to it the indexes that it builds and the names that it gives. */
  readonly later?: LaterStatements
  /** The migration's text at a span: the user's own spelling of expressions and clauses. */
  text(span: Span): string
}
