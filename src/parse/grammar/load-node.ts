// The one file of this stage that touches Node.js: the grammar is a file on disk, and only the host can read it.
// Nothing in the engine imports this file; command line, ESLint plugin and library entry do, before the first parse.
/* eslint-disable no-restricted-imports -- see above */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { hasGrammarModule, setGrammarModule } from "./index.ts"

/**
 * The bytes of the grammar: a copy beside the bundle when there is one, else the installed package's file. Throws when
 * neither can be read.
 */
export function readGrammarBytes(): Uint8Array {
  try {
    return readFileSync(new URL("./libpg-query.wasm", import.meta.url))
  } catch {
    return readFileSync(createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm"))
  }
}

/** Gives the engine the grammar, which it compiles, synchronously and once, when it needs it. */
export function loadGrammar(): void {
  if (!hasGrammarModule()) setGrammarModule(() => new WebAssembly.Module(readGrammarBytes()))
}
