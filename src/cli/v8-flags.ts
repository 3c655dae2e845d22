/** V8's flags, which a run sets to its own size. Loading `node:v8` takes milliseconds, so that only who needs it does. */
import * as nodeModule from "node:module"
import { BASELINE_ONLY, TIER_UP } from "../parse/grammar/tiers.ts"

/** Node.js 22.8 and later keep compiled code between runs by themselves. Such code belongs to the flags of the process. */
export const nodeKeepsCode = "enableCompileCache" in nodeModule

let isBaselineOnly = false
let changed = false

function setFlags(...flags: readonly string[]): void {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8")
  for (const flag of flags) setFlagsFromString(flag)
}

/**
 * The grammar is not optimized (see tiers.ts). To be called before it is compiled; where Node.js keeps code, before the first module is
 * loaded.
 */
export function stayAtBaseline(): void {
  if (isBaselineOnly) return
  isBaselineOnly = true
  setFlags(BASELINE_ONLY)
}

/** Runs what compiles JavaScript with the flags of the start, to which kept code belongs. */
export function withFlagsOfStart<Result>(run: () => Result): Result {
  if (!isBaselineOnly || changed) return run()
  setFlags(TIER_UP)
  try {
    return run()
  } finally {
    setFlags(BASELINE_ONLY)
  }
}

/** Whether flags are no longer those of the start, and threads rely on that. */
export function flagsChanged(): boolean {
  return changed
}

/** From so many files on, memory counts for more than the last twentieth of the time. */
const MANY_FILES = 4000

/** Before a run on much SQL. */
export function startForMuch(files: number): void {
  stayAtBaseline()
  // A quarter of such a run went into optimizing; with less inlining it is half of that, and the code is as fast (measured).
  setFlags("--max-inlined-bytecode-size=100", "--max-inlined-bytecode-size-cumulative=200")
  // 10,000 files: 285 MiB at the most instead of 320, for 4 % more time (measured).
  if (files >= MANY_FILES) setFlags("--heap-growing-percent=50")
  changed = true
}
