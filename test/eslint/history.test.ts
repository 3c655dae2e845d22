/** `settings.pgsafe.history`: earlier migrations beside a SQL file, and what ESLint's cache makes of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ESLint, type Linter } from "eslint"
import { expect, it, onTestFinished } from "vitest"
import plugin from "./source.ts"

const FIRST = "db/migrations/0001_orders.sql"
const SECOND = "db/migrations/0002_region.sql"

/** A project with two migrations; the second sets NOT NULL on a column. */
function project(first: string): { readonly write: (first: string) => void; readonly lint: (history: boolean, cache: boolean) => Promise<string[]> } {
  const cwd = mkdtempSync(join(tmpdir(), "pgsafe-history-"))
  onTestFinished(() => {
    rmSync(cwd, { recursive: true })
  })
  mkdirSync(join(cwd, "db/migrations"), { recursive: true })
  const write = (sql: string): void => {
    writeFileSync(join(cwd, FIRST), sql)
  }
  write(first)
  writeFileSync(join(cwd, SECOND), "ALTER TABLE orders ALTER COLUMN region SET NOT NULL;\n")
  return {
    write,
    async lint(history, cache) {
      const overrideConfig: Linter.Config[] = [{ ...plugin.configs.sql, rules: { "pgsafe/not-null-scans-table": "error" }, settings: { pgsafe: { history } } }]
      const eslint = new ESLint({ cwd, overrideConfigFile: true, overrideConfig, cache, cacheStrategy: "content", cacheLocation: join(cwd, "cache") })
      const results = await eslint.lintFiles([SECOND])
      return results.flatMap(({ messages }) => messages.map(({ ruleId, line, column }) => `${String(line)}:${String(column)} ${ruleId ?? ""}`))
    },
  }
}

const UNKNOWN = "CREATE TABLE orders (id bigint, region text);\n"
const PROVEN = "CREATE TABLE orders (id bigint, region text, CONSTRAINT region_set CHECK (region IS NOT NULL));\n"
const FOUND = ["1:20 pgsafe/not-null-scans-table"]

it("is off by default: a file is all there is to know", async () => {
  const { lint } = project(PROVEN)
  expect(await lint(false, false)).toEqual(FOUND)
})

it("knows what earlier files made, and reads them again when they change", async () => {
  const { write, lint } = project(UNKNOWN)
  expect(await lint(true, false)).toEqual(FOUND)
  write(PROVEN)
  expect(await lint(true, false)).toEqual([])
})

it("is not seen by ESLint's cache, which looks at the file alone", async () => {
  const { write, lint } = project(UNKNOWN)
  expect(await lint(true, true)).toEqual(FOUND)
  write(PROVEN)
  expect(await lint(true, true)).toEqual(FOUND)
  expect(await lint(true, false)).toEqual([])
})
