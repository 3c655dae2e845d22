/** `pgsafe/eslint`: the plugin for ESLint 8.57, 9 and 10. */
import { createRequire } from "node:module"
import { createPlugin } from "./plugin.ts"
import type { Engine } from "./report.ts"

/** Where the build puts `engine.ts`. */
const ENGINE = "./eslint-engine.cjs"

const require = createRequire(import.meta.url)

// ESLint has no time for promises, so the engine cannot be imported.
const plugin = createPlugin(() => (require(ENGINE) as { engine: Engine }).engine)

export default plugin
// What `require("pgsafe/eslint")` returns (Node.js 20.19 and later).
export { plugin as "module.exports" }
export type { Configs, FlatConfig, LegacyConfig, Plugin } from "./plugin.ts"
