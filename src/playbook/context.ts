import type { Catalog } from "../schema/catalog.ts"
import type { Operation } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"

/** What a recipe may look at beside its parameters. A rule's context is one. */
export interface RecipeContext {
  /** The catalog before the statement that the recipe replaces. */
  readonly catalog: Catalog
  /** The PostgreSQL major that the steps are written for, 11 to 18. */
  readonly pgVersion: number
  /** The file has changed search_path before the statement. */
  readonly movesSearchPath?: boolean
  /** What the file does after the statement: steps leave to it the indexes that it builds and the names that it gives. */
  later?(): readonly Operation[]
  /** The migration's text at a span: the user's own spelling of expressions and clauses. */
  text(span: Span): string
}
