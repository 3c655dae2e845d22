import { copyFileSync } from "node:fs"
import { createRequire } from "node:module"
import { defineConfig } from "tsdown"

export default defineConfig({
  entry: {
    "index": "src/index.ts",
    "cli": "src/cli/bin.ts",
    "parse-worker": "src/cli/parse-worker.ts",
  },
  format: "esm",
  target: "node20.19",
  platform: "node",
  dts: { entry: "src/index.ts" },
  // Everything but the grammar is bundled: a command starts faster when it opens a few files instead of hundreds.
  noExternal: /^(?!libpg-query|node:)/,
  hooks: {
    "build:done": () => {
      const grammar = createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm")
      copyFileSync(grammar, new URL("./dist/libpg-query.wasm", import.meta.url))
    },
  },
})
