/** `pgsafe/eslint`: the plugin for ESLint 8.57, 9 and 10. */
import { plugin } from "./plugin.ts"

export default plugin
// What `require("pgsafe/eslint")` returns (Node.js 20.19 and later).
export { plugin as "module.exports" }
export type { Configs, FlatConfig, LegacyConfig, Plugin } from "./plugin.ts"
