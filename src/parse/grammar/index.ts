import type { Grammar, ParseOutcome, PlPgSqlOutcome } from "./grammar.ts"
import { createGrammar } from "./grammar.ts"

export type { Grammar, ParseOutcome, PlPgSqlOutcome } from "./grammar.ts"
export type { Node, ParseResult, RawStmt } from "./tree.ts"
export { createGrammar, NUL_MESSAGE } from "./grammar.ts"
export { PINNED_GRAMMAR } from "./pinned.ts"

let current: Grammar | undefined

/**
 * Gives the engine its grammar. The host compiles the module (once per process) and may share it with its workers. `load` is called
 * when the first text has to be parsed: short migrations are often read without (see common-statements.ts).
 */
export function setGrammarModule(load: () => WebAssembly.Module): void {
  current = createGrammar(load)
}

/** Has a host given the engine a grammar? */
export function hasGrammarModule(): boolean {
  return current !== undefined
}

function grammar(): Grammar {
  if (current === undefined) throw new Error("No grammar module: call setGrammarModule() before parsing.")
  return current
}

/** Parses one or more statements. Never throws on bad input; throws when no grammar module was set. */
export function parseSql(sql: string): ParseOutcome {
  return grammar().parse(sql)
}

/** Parses the body of one complete `CREATE FUNCTION ... LANGUAGE plpgsql` or `DO` statement. */
export function parsePlPgSql(sql: string): PlPgSqlOutcome {
  return grammar().parsePlPgSql(sql)
}
