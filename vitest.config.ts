import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    // Most tests wait for processes of their own; by default one core would stay free.
    maxWorkers: "100%",
    // No test changes what a module holds, and loading pgsafe anew for each file took as long as the tests themselves.
    isolate: false,
  },
})
