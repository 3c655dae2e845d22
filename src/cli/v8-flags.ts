/** V8's flags, which a run sets to its own size. Loading `node:v8` takes milliseconds, so that only who needs it does. */
import * as nodeModule from "node:module"

/** Node.js 22.8 and later keep compiled code between runs by themselves. Such code belongs to the flags of the process. */
export const nodeKeepsCode = "enableCompileCache" in nodeModule

/**
 * V8 compiles a busy function of WebAssembly again, optimized, once it has used up this budget: in bytes of machine code, by which a
 * function is charged for each of its loops. The parser's main function has 300 kB of it, so that a few statements use up all of
 * V8's own budget; compiling it takes 110 ms, for which the process also waits at its end (measured). This is for thousands of statements.
 */
const PATIENT = "--wasm-tiering-budget=2000000000"
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
export function startPatiently(): void {
  setFlags(PATIENT)
}

/** Makes a WebAssembly module, which keeps the budget that was set when it was made. */
export function madePatiently(make: () => WebAssembly.Module): WebAssembly.Module {
  if (nodeKeepsCode) return make()
  setFlags(PATIENT)
  const made = make()
  setFlags(USUAL)
  return made
}

/** From so many files on, memory counts for more than the last twentieth of the time. */
const MANY_FILES = 4000

/** Before a run on much SQL. */
export function startForMuch(files: number): void {
  // A quarter of such a run went into optimizing; with less inlining it is half of that, and the code is as fast (measured).
  setFlags("--max-inlined-bytecode-size=100", "--max-inlined-bytecode-size-cumulative=200")
  // 10,000 files: 285 MiB at the most instead of 320, for 4 % more time (measured).
  if (files >= MANY_FILES) setFlags("--heap-growing-percent=50")
  changed = true
}
