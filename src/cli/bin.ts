#!/usr/bin/env node
import * as nodeModule from "node:module"
import { setFlagsFromString } from "node:v8"
import { keepCompiledCode } from "./compiled-code.ts"

// V8 compiles busy WebAssembly functions again, optimized. For a few files this costs more than it saves, and the process would
// wait for it at its end (measured: 60 ms of 200); runs on many files take it back (see parse-pool.ts). Compiled code is kept for
// one set of flags, so they come first.
setFlagsFromString("--wasm-tiering-budget=100000000")

// Node.js 22.8 and later can keep compiled code between runs; it has to be asked before the code is loaded.
const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown }
enableCompileCache?.()
const keep = enableCompileCache === undefined ? keepCompiledCode() : null

void import("./main.ts").then(async ({ main }) => {
  process.exitCode = await main(process.argv.slice(2))
  keep?.()
})
