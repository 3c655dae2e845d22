// The one file of this stage that touches Node.js: the grammar is a file on disk, and only the host can read it.
// Nothing in the engine imports this file; command line, ESLint plugin and library entry do, before the first parse.
/* eslint-disable no-restricted-imports, no-restricted-globals -- see above */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { hasGrammarModule, setGrammarModule } from "./index.ts"
import { BASELINE_ONLY, TIER_UP } from "./tiers.ts"

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

/** Calls of `withGrammar` that are running: what is linted may lint something else. */
let running = 0
let isCompiled = false

/** Gives the engine the grammar, which it compiles, synchronously and once, when it needs it. */
export function loadGrammar(): void {
  if (hasGrammarModule()) return
  setGrammarModule(() => {
    isCompiled = true
    if (running > 0) setV8Flags(BASELINE_ONLY)
    return new WebAssembly.Module(readGrammarBytes())
  })
}

/**
 * Runs what may need the grammar in a process that belongs to somebody else. From the moment when it is needed to the end of the call
 * V8 does not optimize WebAssembly (see tiers.ts); then these flags are again as V8 starts. Threads share them, so that one may optimize
 * while another one's call ends.
 */
export function withGrammar<Result>(run: () => Result): Result {
  loadGrammar()
  if (running === 0 && isCompiled) setV8Flags(BASELINE_ONLY)
  running += 1
  try {
    return run()
  } finally {
    running -= 1
    if (running === 0 && isCompiled) setV8Flags(TIER_UP)
  }
}

function setV8Flags(flags: string): void {
  try {
    // Loading this module takes milliseconds, so that only who needs the grammar does.
    process.getBuiltinModule("node:v8").setFlagsFromString(flags)
  } catch {
    // A runtime with another engine.
  }
}
