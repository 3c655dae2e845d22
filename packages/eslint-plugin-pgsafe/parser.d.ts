import type { Plugin } from "pgsafe/eslint" with { "resolution-mode": "import" }

declare const parser: Plugin["parsers"]["sql"]
export = parser
