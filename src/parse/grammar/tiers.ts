/**
 * V8's flags for WebAssembly. V8 first compiles a function quickly; once it is busy, it compiles it again, optimized. The parser's main
 * function has 100 kB of code, and a few statements make it busy. Optimizing it takes 0.5 s and 50 MB on Node.js 20, 2.6 s and 550 MB on
 * Node.js 24 (measured), for which the process also waits at its end; and parsing a whole project's migrations takes as long either way.
 */

/** WebAssembly that is compiled from now on, and functions that are called for the first time, are not optimized. */
export const BASELINE_ONLY = "--no-wasm-tier-up --no-wasm-dynamic-tiering"

/** As V8 starts. */
export const TIER_UP = "--wasm-tier-up --wasm-dynamic-tiering"
