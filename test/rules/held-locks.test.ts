import { describe, expect, it } from "vitest"
import { lint } from "../../src/index.ts"

const HISTORY = `CREATE SCHEMA app; CREATE TABLE app.parents (id bigint PRIMARY KEY); CREATE TABLE app.orders (id bigint PRIMARY KEY, parent_id bigint, note text);
CREATE TABLE t (a int); CREATE MATERIALIZED VIEW v AS SELECT a FROM t; CREATE UNIQUE INDEX v_a ON v (a);`

/** The locks of the rule's only finding on a migration that runs in one transaction. */
function locksOf(rule: string, sql: string): string[] {
  const files = [{ path: "m/V2__b.sql", sql }]
  const { findings } = lint({ history: [{ path: "m/V1__a.sql", sql: HISTORY }], files, options: { select: [rule], transaction: true } })
  expect(findings).toHaveLength(1)
  return findings.flatMap(({ locks }) => locks.map(({ relation, mode, blocks, duration }) => `${mode} on ${relation} blocks ${blocks.join(" and ")}, ${duration}`))
}

describe("findings about a lock that is held already", () => {
  it("name it where a constraint is validated", () => {
    const add = "ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (parent_id) REFERENCES app.parents (id) NOT VALID;"
    expect(locksOf("validation-holds-lock", `${add} ALTER TABLE app.orders VALIDATE CONSTRAINT f;`)).toEqual([
      "SHARE ROW EXCLUSIVE on app.orders blocks writes, scan",
      "SHARE ROW EXCLUSIVE on app.parents blocks writes, scan",
    ])
  })

  it("name it where rows are written", () => {
    expect(locksOf("backfill-holds-lock", "ALTER TABLE app.orders ADD code text; UPDATE app.orders SET code = note;")).toEqual([
      "ACCESS EXCLUSIVE on app.orders blocks reads and writes, transaction",
    ])
  })

  it("name it where another statement takes long, with what that locks", () => {
    expect(locksOf("long-statement-holds-lock", "ALTER TABLE app.orders ADD code text; REFRESH MATERIALIZED VIEW CONCURRENTLY v;")).toEqual([
      "ACCESS EXCLUSIVE on app.orders blocks reads and writes, transaction",
      "EXCLUSIVE on v blocks writes, instant",
    ])
  })
})
