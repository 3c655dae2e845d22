import { rmSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, it, onTestFinished } from "vitest"
import { lintWith } from "../../src/engine/lint.ts"
import type { Rule } from "../../src/engine/rule.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { FIRING_TEMPLATE, ruleTemplate, SILENT_TEMPLATE } from "../../scripts/new-rule.ts"

it("makes a rule that works as it is", async () => {
  loadGrammar()
  // Not in rules/, where other tests would take it for a rule of the project.
  const path = fileURLToPath(new URL(`./template-${String(process.pid)}.ts`, import.meta.url))
  writeFileSync(path, ruleTemplate("lock-table-stops-queries").replaceAll('"../src/', '"../../src/'))
  onTestFinished(() => { rmSync(path) })
  const { default: rule } = (await import(path)) as { default: Rule }
  const found = (sql: string): string[] =>
    lintWith([rule], { files: [{ path: "0001.sql", sql }] }).findings.map(
      ({ rule: id, message }) => `${id}: ${message}`,
    )

  expect(found(FIRING_TEMPLATE)).toEqual(["lock-table-stops-queries: LOCK TABLE blocks queries of orders"])
  expect(found(SILENT_TEMPLATE)).toEqual([])
})
