import { describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { lint, type Step } from "../../src/index.ts"
import { casesOf, run, type Case } from "./fixture.ts"

/** What only the end of the history shows is mended after the migration, not in its place. */
const LATE: readonly string[] = ["constraint-never-validated"]

/** Each step as a migration of its own, after the case's history. */
function findingsIn(rule: string, steps: readonly Step[], { history, sql: migration, pgVersion }: Case): string[] {
  const files = steps.map(({ sql, transaction }, index) => ({
    path: `migrations/${String(index + 2).padStart(4, "0")}_step.sql`,
    sql: transaction ? `BEGIN;\n${sql}\nCOMMIT;\n` : `${sql}\n`,
  }))
  const before = { path: "migrations/0001_history.sql", sql: `${history ?? ""}${LATE.includes(rule) ? migration : ""}` }
  // A person has to take away first what still depends on it, and the steps say so.
  const isAnnounced = steps.some(({ note }) => note?.includes("have to be changed first") === true)
  const { findings } = lint({ files: [before, ...files], options: { pgVersion, transaction: false } })
  return findings
    .filter(({ file, message }) => file !== before.path && !(isAnnounced && message.includes("2BP01")))
    .map(({ rule, message, statement }) => `${rule}: ${message}\n${statement}`)
}

describe.each(rules.map(({ id }) => id))("the steps of %s", (id) => {
  const cases = casesOf(id).filter(({ expected }) => expected.length > 0)

  it.each(cases.map((one) => [one.title, one] as const))("pass pgsafe: %s", (_, one) => {
    for (const { rule, steps } of run(id, one, one.sql).findings) {
      if (rule === id) expect(findingsIn(id, steps, one)).toEqual([])
    }
  })
})
