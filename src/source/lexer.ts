import type { Tokens } from "./tokens.ts"

/**
 * Cuts `text.slice(start, end)` into tokens by PostgreSQL's lexical rules (docs: SQL Syntax, Lexical Structure) with
 * `standard_conforming_strings` on. Offsets are those of `text`. `start` must not be inside a token.
 */
export declare function lex(text: string, start?: number, end?: number): Tokens

/** `name` as PostgreSQL folds an unquoted identifier: ASCII letters to lower case, nothing else. */
export declare function foldIdentifier(name: string): string

/** The name that token `index` stands for, folded or unquoted; `undefined` when it is no identifier. */
export declare function identifierName(tokens: Tokens, index: number): string | undefined
