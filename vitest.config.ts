import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    // Most tests wait for processes of their own; by default one core would stay free.
    maxWorkers: "100%",
    // Loading pgsafe anew for each file took as long as the tests themselves; a test of what a module holds loads it anew by itself.
    isolate: false,
  },
})
