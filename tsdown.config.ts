import { defineConfig, type UserConfig } from "tsdown"
import { grammarPlugin, licensesPlugin, usedBy, withoutChildProcess } from "./scripts/build-plugin.ts"

const common: UserConfig = {
  target: "node20.19",
  platform: "node",
  minify: { compress: true, mangle: { keepNames: { function: true, class: true } }, codegen: { removeWhitespace: true } },
  // Everything is bundled: a command starts faster when it opens a few files instead of hundreds, and users install one
  // package instead of thirty.
  deps: { alwaysBundle: /^(?!node:)/, onlyBundle: false },
}

export default defineConfig([
  {
    ...common,
    entry: { index: "src/index.ts" },
    format: "esm",
    fixedExtension: false,
    dts: true,
    plugins: [grammarPlugin(), licensesPlugin("LIBRARY-LICENSES.txt")],
  },
  // By itself: of the code that it shares with the library it takes only the little that it needs at once.
  { ...common, entry: { eslint: "src/eslint/index.ts" }, format: "esm", fixedExtension: false, clean: false, dts: true },
  // CommonJS files are read and compiled in one go; modules would cost a command 15 ms more (measured on Node.js 20).
  {
    ...common,
    entry: { cli: "src/cli/bin.ts" },
    format: "cjs",
    clean: false,
    dts: false,
    // What is needed together comes in one file.
    outputOptions: { codeSplitting: { groups: usedBy("src/cli/v8-flags.ts", "src/cli/main.ts", "src/cli/commands/lint.ts", "src/report/pretty.ts") } },
    plugins: [withoutChildProcess(), licensesPlugin("COMMAND-LINE-LICENSES.txt")],
  },
  // What the ESLint plugin loads once it needs it.
  { ...common, entry: { "eslint-engine": "src/eslint/engine.ts" }, format: "cjs", clean: false, dts: false },
  // What reads the settings of other tools, for the few projects that have them in YAML or TOML.
  {
    ...common,
    entry: { "format-libraries": "src/files/format-libraries.ts" },
    format: "cjs",
    clean: false,
    dts: false,
    plugins: [licensesPlugin("FORMAT-LIBRARIES-LICENSES.txt")],
  },
  // By itself: a chunk that it shared with the command line could run the command line in every thread.
  { ...common, entry: { "parse-worker": "src/cli/parse-worker.ts" }, format: "cjs", clean: false, dts: false },
])
