import { FlatCompat } from "@eslint/eslintrc"
import js from "@eslint/js"

// ESLint 9 and later read the settings of .eslintrc.cjs through this shim.
const compat = new FlatCompat({ baseDirectory: import.meta.dirname, recommendedConfig: js.configs.recommended })

export default [{ ignores: ["dist/", "node_modules/", "coverage/", "fixtures/"] }, ...compat.config((await import("./.eslintrc.cjs")).default)]
