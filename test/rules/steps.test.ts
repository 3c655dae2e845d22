import { describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { lint, type Step } from "../../src/index.ts"
import { casesOf, run, type Case } from "./fixture.ts"

/** What a person does where a step says that something has to be changed first: here what it names is dropped. */
function byHand({ note }: Step): string {
  const [, named = ""] = /have to be changed first: ([^.]*)\./.exec(note ?? "") ?? []
  return [...named.matchAll(/\b((?:materialized )?view|function|column|policy) ((?:"[^"]+"|[\w.])+)(?: of ((?:"[^"]+"|[\w.])+))?/g)]
    .map(([, kind = "", name = "", owner = ""]) =>
      kind === "column" ? `ALTER TABLE ${owner} DROP COLUMN ${name};\n` : `DROP ${kind} ${name}${kind === "policy" ? ` ON ${owner}` : ""};\n`,
    )
    .join("")
}

/** Each step as a migration of its own, after the case's history; at the end of a history also after the migration. */
function findingsIn(steps: readonly Step[], { history, pgVersion, sql: migration }: Case, atEnd: boolean): string[] {
  const files = steps.map((step, index) => ({
    path: `migrations/${String(index + 2).padStart(4, "0")}_${step.sql === "" ? "by_hand" : "step"}.sql`,
    sql: step.sql === "" ? byHand(step) : step.transaction ? `BEGIN;\n${step.sql}\nCOMMIT;\n` : `${step.sql}\n`,
  }))
  const before = { path: "migrations/0001_history.sql", sql: `${history ?? ""}${atEnd ? migration : ""}` }
  const { findings } = lint({ files: [before, ...files], options: { pgVersion, transaction: false } })
  return findings
    .filter(({ file }) => file !== before.path && !file.endsWith("_by_hand.sql"))
    .map(({ rule, message, statement }) => `${rule}: ${message}\n${statement}`)
}

describe.each(rules.map(({ id, atEnd }) => [id, atEnd === true] as const))("the steps of %s", (id, atEnd) => {
  const cases = casesOf(id).filter(({ expected }) => expected.length > 0)

  it.each(cases.map((one) => [one.title, one] as const))("pass pgsafe: %s", (_, one) => {
    for (const { rule, steps } of run(id, one, one.sql).findings) {
      if (rule === id) expect(findingsIn(steps, one, atEnd)).toEqual([])
    }
  })
})

/** Where one statement has several findings, titles of steps that more than one of them hands over. */
function repeatedSteps(id: string, one: Case): string[] {
  const seen = new Map<string, string>()
  return run(id, one, one.sql).findings.flatMap(({ rule, line, statement, steps }) =>
    steps.flatMap(({ title }) => {
      const key = `${statement}\n${title}`
      const before = seen.get(key)
      seen.set(key, rule)
      return before === undefined || before === rule ? [] : [`line ${String(line)}: "${title}" of ${before} and ${rule}`]
    }),
  )
}

describe("the steps of several findings of one statement", () => {
  it.each(rules.map(({ id }) => id))("can all be followed: %s", (id) => {
    for (const one of casesOf(id)) expect(repeatedSteps(id, one)).toEqual([])
  })
})
