import { describe, expect, it } from "vitest"
import type { Step } from "../../src/playbook/index.ts"
import { renderSteps } from "../../src/playbook/index.ts"

const step: Step = {
  deploy: "expand",
  title: "Add a column",
  sql: "ALTER TABLE t ADD COLUMN a int;",
  transaction: true,
  lock: { relation: "t", mode: "ACCESS EXCLUSIVE", duration: "instant" },
  note: null,
}

describe("renderSteps", () => {
  it("has a heading for each deploy, the lock, the SQL and the note", () => {
    const other: Step = { ...step, deploy: "contract", title: "Go", sql: "", transaction: false, lock: null, note: "Wait." }
    expect(renderSteps([step, { ...step, title: "Again" }, other])).toBe(`Expand: add the new shape; the old one goes on working

  1. Add a column
     ACCESS EXCLUSIVE on t for an instant.

       ALTER TABLE t ADD COLUMN a int;

  2. Again
     ACCESS EXCLUSIVE on t for an instant.

       ALTER TABLE t ADD COLUMN a int;

Contract: remove the old shape when nothing uses it any more

  3. Go
     Outside a transaction.
     Wait.`)
  })

  it("wraps prose at 80 columns and leaves long SQL alone", () => {
    const long = `SELECT '${"x".repeat(100)}';`
    const text = renderSteps([{ ...step, sql: long, note: "word ".repeat(60).trim() }])
    const lines = text.split("\n")
    expect(lines.filter((line) => line.length > 80)).toEqual([`       ${long}`])
    expect(lines.filter((line) => line.includes("word")).map((line) => line.length)).toEqual([79, 79, 79, 79])
  })

  it("does not indent SQL with a constant that runs over lines", () => {
    const sql = "UPDATE t SET a = 'one\n  two'\nWHERE b;"
    expect(renderSteps([{ ...step, sql }])).toContain(`\n\n${sql}`)
    const inside = "DO $$\nBEGIN\n  PERFORM 'one\n two';\nEND\n$$;"
    expect(renderSteps([{ ...step, sql: inside }])).toContain(`\n\n${inside}`)
  })

  it("indents bodies between dollar quotes", () => {
    expect(renderSteps([{ ...step, sql: "DO $$\nBEGIN\n\nEND\n$$;" }])).toContain("       DO $$\n       BEGIN\n\n       END\n       $$;")
  })

  it("is empty for no steps", () => {
    expect(renderSteps([])).toBe("")
  })
})
