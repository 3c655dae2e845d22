"use strict"

/**
 * The single source of the project's lint settings. `eslint.config.js` is a shim over this file for ESLint 9 and
 * later; ESLint 8 reads it directly.
 */
module.exports = {
  root: true,
  parser: "@typescript-eslint/parser",
  parserOptions: { ecmaVersion: "latest", sourceType: "module" },
  env: { es2023: true, node: true },
  // `pgsafe` is our own plugin, from the source (scripts/own-plugin).
  plugins: ["@typescript-eslint", "pgsafe"],
  extends: ["eslint:recommended", "plugin:@typescript-eslint/strict", "plugin:@typescript-eslint/stylistic", "plugin:pgsafe/legacy-strict"],
  ignorePatterns: ["dist/", "node_modules/", "coverage/", "fixtures/"],
  rules: {
    "@typescript-eslint/consistent-type-imports": "error",
    "@typescript-eslint/consistent-type-definitions": "off",
    // The plugin's versions of these rules build on those of the newest ESLint, which ESLint 8 cannot load.
    "@typescript-eslint/no-empty-function": "off",
    "no-empty-function": "error",
    "@typescript-eslint/no-unused-expressions": "off",
    "no-unused-expressions": "error",
    "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    "no-console": "error",
    eqeqeq: ["error", "always", { null: "ignore" }],
    "prefer-const": "error",
  },
  overrides: [
    {
      // The stages of the engine are pure: no file system, no process, no clock, no Node.js built-ins.
      files: ["src/{source,parse,schema,effects,playbook,engine}/**/*.ts", "rules/**/*.ts"],
      rules: {
        "no-restricted-globals": ["error", "process", "console", "Buffer", "performance", "setTimeout"],
        "no-restricted-imports": [
          "error",
          { patterns: [{ group: ["node:*"], message: "The engine is pure; Node.js built-ins belong in cli/ and files/." }] },
        ],
      },
    },
    { files: ["{bench,scripts,test,src/cli}/**/*.ts"], rules: { "no-console": "off" } },
    { files: ["*.cjs", "packages/**/*.js"], parserOptions: { sourceType: "script" }, rules: { "@typescript-eslint/no-require-imports": "off" } },
  ],
}
