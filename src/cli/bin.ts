#!/usr/bin/env node
import * as nodeModule from "node:module"

// Node.js 22.8 and later can keep compiled code between runs; it has to be asked before the code is loaded.
const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown }
enableCompileCache?.()

void import("./main.ts").then(async ({ main }) => { process.exitCode = await main(process.argv.slice(2)) })
