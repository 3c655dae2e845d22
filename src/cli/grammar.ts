import { readGrammarBytes } from "../parse/grammar/load-node.ts"
import { stayAtBaseline } from "./v8-flags.ts"

/** Compiles the grammar for this process, which is ours alone. */
export function compileGrammar(): WebAssembly.Module {
  stayAtBaseline()
  return new WebAssembly.Module(readGrammarBytes())
}
