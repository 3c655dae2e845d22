/** What a pull request shows says as much of a lock as the terminal does. */
import { expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { lint, type ResultFinding } from "../../src/index.ts"
import { githubReporter } from "../../src/report/github.ts"
import { sarifReporter } from "../../src/report/sarif.ts"

const SQL = "ALTER TABLE ${table} ADD PRIMARY KEY (id);"
const SAID = [
  "Lock: ACCESS EXCLUSIVE on ${table}: blocks reads and writes while the index is built",
  "Unknown: whether id of ${table} is NOT NULL already, or proven so by a CHECK",
]

function finding(): ResultFinding {
  const { findings } = lint({ files: [{ path: "1.sql", sql: SQL }] })
  const found = findings.find(({ rule }) => rule === "primary-key-blocks-queries")
  if (found === undefined) throw new Error("no finding")
  return found
}

it("names the lock, its duration and what is not known in annotations of GitHub", () => {
  const text = githubReporter().file([finding()], SQL)
  for (const line of SAID) expect(text).toContain(`%0A${line}%0A`)
})

it("names the lock, its duration and what is not known in SARIF", () => {
  const reporter = sarifReporter(rules, "0.0.0")
  reporter.file([finding()], SQL)
  const text = reporter.end({ files: 1, statements: 1, errors: 1, warnings: 0, durationMs: 0 })
  expect(text).toContain(JSON.stringify(`\n${SAID.join("\n")}\n\n`).slice(1, -1))
})
