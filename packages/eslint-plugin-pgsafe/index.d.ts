import type { Plugin } from "pgsafe/eslint" with { "resolution-mode": "import" }

declare const plugin: Plugin
export = plugin
