import { describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { lintWith } from "../../src/engine/lint.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"

loadGrammar()

function finding(sql: string, rule: string) {
  const found = lintWith(rules, { files: [{ path: "migration.sql", sql }] }).findings.find((one) => one.rule === rule)
  if (found === undefined) throw new Error(`no finding of ${rule}`)
  return found
}

describe("templates and variables in names", () => {
  it("keep their spelling in message, locks and steps", () => {
    const { message, locks, steps } = finding("DROP INDEX ${Schema}.by_region;", "index-drop-blocks-queries")
    expect(message).toContain("${Schema}.by_region")
    expect(`${message}${JSON.stringify(locks)}${JSON.stringify(steps)}`).not.toContain("_schema_")
    expect(steps.map(({ sql }) => sql)).toEqual(["DROP INDEX CONCURRENTLY ${Schema}.by_region;"])
  })

  it("keep their spelling as parts of names and between quotes", () => {
    const part = finding("ALTER TABLE {{prefix}}_orders ALTER COLUMN a SET NOT NULL;", "not-null-scans-table")
    expect(part.steps[1]?.sql).toMatch(/^ALTER TABLE \{\{prefix\}\}_orders VALIDATE CONSTRAINT /)
    const quoted = finding('ALTER TABLE :"tbl" ALTER COLUMN a SET NOT NULL;', "not-null-scans-table")
    expect(quoted.steps[1]?.sql).toMatch(/^ALTER TABLE :"tbl" VALIDATE CONSTRAINT /)
  })

  it("keep their spelling where they have quotes of their own and others round them", () => {
    const table = '"{{ index .Names "orders" }}"'
    const { message, steps } = finding(`ALTER TABLE ${table} ALTER COLUMN a SET NOT NULL;`, "not-null-scans-table")
    expect(message).toContain(`of ${table} while`)
    expect(steps[1]?.sql).toBe(`ALTER TABLE ${table} VALIDATE CONSTRAINT "{{ index .Names "orders" }}_a_not_null";`)
    const index = finding(`CREATE INDEX i ON "{{ index .Names "shop" }}".orders (a);`, "index-creation-blocks-writes")
    expect(index.steps[0]?.sql).toBe('CREATE INDEX CONCURRENTLY i ON "{{ index .Names "shop" }}".orders (a);')
  })

  it("keep their spelling in what is not known", () => {
    expect(finding("ALTER TABLE ${table} ADD PRIMARY KEY (id);", "primary-key-blocks-queries").uncertain).toEqual([
      "whether id of ${table} is NOT NULL already, or proven so by a CHECK",
    ])
  })

  it("are not found in names that only end like them", () => {
    const { message } = finding("UPDATE letter_rates SET price = :rates WHERE ended IS NULL;", "unbatched-backfill")
    expect(message).toContain("letter_rates")
    expect(finding("DROP TABLE shop${region};", "table-drop-loses-data").message).toContain("shop${region}")
    expect(finding("DROP TABLE user_name_log, {name}.log;", "table-drop-loses-data").message).toContain("user_name_log and {name}.log")
  })

  it("are told from others that begin like them", () => {
    const sql = "SET search_path = ${schema};\nSET search_path = ${schema_api};\nALTER TABLE orders ADD COLUMN a int;"
    expect(finding(sql, "lock-timeout-missing").message).toContain("on ${schema_api}.orders without")
  })

  it("keep their spelling where a rule looks at the whole file", () => {
    const sql = "ALTER TABLE ${schema}.orders ADD COLUMN a int;\nSELECT 1;"
    expect(finding(sql, "lock-timeout-missing").message).toContain("${schema}.orders")
  })
})
