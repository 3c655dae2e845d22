/** The plugin as it stands in the source; the build loads its engine from another file. */
import { engine } from "../../src/eslint/engine.ts"
import { createPlugin } from "../../src/eslint/plugin.ts"

export default createPlugin(() => engine)
