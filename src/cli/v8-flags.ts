/** V8's flags, which a run sets to its own size. Loading `node:v8` takes milliseconds, so that only who needs it does. */
import * as nodeModule from "node:module"

/** Node.js 22.8 and later keep compiled code between runs by themselves. Such code belongs to the flags of the process. */
export const nodeKeepsCode = "enableCompileCache" in nodeModule

const FEW_FILES = "--wasm-tiering-budget=100000000"
/** What V8 of Node.js 20 has by itself; later ones are higher. */
const USUAL = "--wasm-tiering-budget=1800000"

let changed = false

/** Whether flags are no longer those of the start. */
export function flagsChanged(): boolean {
  return changed
}

function setFlags(...flags: readonly string[]): void {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8")
  for (const flag of flags) setFlagsFromString(flag)
}

/** For where Node.js keeps code: the flags of all runs, before the first module is loaded. */
export function startForFewFiles(): void {
  setFlags(FEW_FILES)
}

/**
 * Makes a WebAssembly module for a few files. V8 compiles busy functions again, optimized. Here this costs more than it saves, and the
 * process would wait for it at its end (measured: 60 ms of 200). A module keeps the budget that was set when it was made.
 */
export function madeForFewFiles(make: () => WebAssembly.Module): WebAssembly.Module {
  if (nodeKeepsCode) return make()
  setFlags(FEW_FILES)
  const made = make()
  setFlags(USUAL)
  return made
}

/** Before a run on much SQL. */
export function startForManyFiles(): void {
  // A quarter of such a run went into optimizing; with less inlining it is half of that, and the code is as fast (measured).
  setFlags(USUAL, "--max-inlined-bytecode-size=100", "--max-inlined-bytecode-size-cumulative=200")
  changed = true
}
