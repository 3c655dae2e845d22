import { fileURLToPath } from "node:url"
import { createJiti } from "jiti"
import { expect, it } from "vitest"
import { lintWith } from "../../src/engine/lint.ts"
import type { Rule } from "../../src/engine/rule.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { FIRING_TEMPLATE, ruleTemplate, SILENT_TEMPLATE } from "../../scripts/new-rule.ts"

it("makes a rule that works as it is", () => {
  loadGrammar()
  const filename = fileURLToPath(new URL("../../rules/template-for-test.ts", import.meta.url))
  const { default: rule } = createJiti(import.meta.url).evalModule(ruleTemplate("lock-table-stops-queries"), {
    filename,
  }) as { default: Rule }
  const found = (sql: string): string[] =>
    lintWith([rule], { files: [{ path: "0001.sql", sql }] }).findings.map(
      ({ rule: id, message }) => `${id}: ${message}`,
    )

  expect(found(FIRING_TEMPLATE)).toEqual(["lock-table-stops-queries: LOCK TABLE blocks queries of orders"])
  expect(found(SILENT_TEMPLATE)).toEqual([])
})
