#!/usr/bin/env node
import * as nodeModule from "node:module"
import { keepCompiledCode } from "./compiled-code.ts"
import { nodeKeepsCode, stayAtBaseline } from "./v8-flags.ts"

// Compiled code is kept for one set of flags, so they come first; and what keeps it has to know before the code is loaded.
let keep: (() => void) | null = null
if (nodeKeepsCode) {
  stayAtBaseline()
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown }
  enableCompileCache?.()
} else keep = keepCompiledCode()

void import("./main.ts").then(async ({ main }) => {
  process.exitCode = await main(process.argv.slice(2))
  if (keep === null) return
  keep()
  // All output is written. V8 would take milliseconds to take its heap down (measured); Node.js 22.8 and later keep code meanwhile.
  process.exit()
})
