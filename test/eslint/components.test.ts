/** Files of Vue, Svelte and Astro: their parsers hand ESLint the tree of the scripts inside of them. */
import * as astro from "astro-eslint-parser"
import { Linter } from "eslint"
import * as svelte from "svelte-eslint-parser"
import { describe, expect, it } from "vitest"
import * as vue from "vue-eslint-parser"
import plugin from "./source.ts"

interface Reported {
  readonly rule: string
  /** The text reported. */
  readonly text: string
  readonly line: number
  readonly fixed: string | null
}

function lint(code: string, filename: string, parser: Linter.Parser): Reported[] {
  const offsets = [0]
  for (const { index } of code.matchAll(/\n/g)) offsets.push(index + 1)
  const at = (line: number, column: number): number => (offsets[line - 1] ?? 0) + column - 1
  const rules = { "pgsafe/index-creation-blocks-writes": "error", "pgsafe/embedded-parse-error": "error" } as const
  return new Linter({ configType: "flat" })
    .verify(code, [{ files: ["**/*.{vue,svelte,astro}"], plugins: { pgsafe: plugin }, rules, languageOptions: { parser }, settings: { pgsafe: { migrations: ["admin/**"], transaction: false } } }], filename)
    .map(({ ruleId, message, line, column, endLine = line, endColumn = column, fix }) => ({
      rule: ruleId ?? message,
      text: code.slice(at(line, column), at(endLine, endColumn)),
      line,
      fixed: fix === undefined ? null : code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1]),
    }))
}

const SCRIPT = "const table = `orders`\nawait client.query(`\n  CREATE INDEX idx ON ${table} (region)`)\nrun(/* sql */ 'SELECT * FORM orders')\n"

const FILES = {
  vue: { parser: vue, code: `<template>\n  <p>{{ table }} CREATE INDEX idx ON orders (region) 😀</p>\n</template>\n\n<script setup>\n${SCRIPT}</script>\n` },
  svelte: { parser: svelte, code: `<script>\nconst load = async () => {\n${SCRIPT}}\n</script>\n\n<p>{table} CREATE INDEX idx ON orders (region) 😀</p>\n` },
  astro: { parser: astro, code: `---\n${SCRIPT}---\n<p>{table} CREATE INDEX idx ON orders (region) 😀</p>\n` },
}

describe.each(Object.entries(FILES))("a file of %s", (extension, { parser, code }) => {
  const found = lint(code, `admin/page.${extension}`, parser)

  it("has its SQL reported at its place", () => {
    const line = code.slice(0, code.indexOf("  CREATE INDEX idx ON ${table}")).split("\n").length
    expect(found.map(({ rule, text, line: at }) => [rule, text, at])).toEqual([
      ["pgsafe/index-creation-blocks-writes", "${table}", line],
      ["pgsafe/embedded-parse-error", "FORM", line + 1],
    ])
    expect(found[0]?.fixed).toBe(code.replace("CREATE INDEX idx ON ${", "CREATE INDEX CONCURRENTLY idx ON ${"))
  })
})
