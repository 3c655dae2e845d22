import type { Hole } from "../source/holes.ts"
import type { Source } from "../source/source.ts"
import type { Span } from "../source/span.ts"
import type { Tokens } from "../source/tokens.ts"
import type { Node } from "./grammar/tree.ts"

/** One statement as the grammar read it. */
export interface RawStatement {
  /** The grammar's node, an object with one key: `{ AlterTableStmt: { .. } }`. */
  readonly node: Node
  /** From the first token to the last one, without the `;` and without comments around it. UTF-16, original text. */
  readonly span: Span
  /** What is not SQL inside the span; usually empty. */
  readonly holes: readonly Hole[]
  /** Turns a `location` of a node inside `node` (a UTF-8 byte) into a UTF-16 offset of the original text. */
  at(byteLocation: number): number
}

/** A place that PostgreSQL's grammar rejects. */
export interface SyntaxError {
  /** PostgreSQL's own words. */
  readonly message: string
  /** The offending token; empty at the end of the input. */
  readonly span: Span
  /** The statement that was given up. */
  readonly statement: Span
}

export interface ParsedStatements {
  readonly statements: readonly RawStatement[]
  readonly errors: readonly SyntaxError[]
}

/**
 * Parses every statement of `source`. One bad statement costs only itself. Needs a grammar module: see
 * `setGrammarModule`.
 */
export declare function parseStatements(source: Source): ParsedStatements

/** The tokens of one statement, lexed on demand from the text the grammar saw (holes are filled). */
export declare function statementTokens(source: Source, statement: { readonly span: Span }): Tokens
