import { describe, expect, it } from "vitest"
import { lint } from "../../src/index.ts"

const HISTORY = `
CREATE TABLE parents (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, parent_id bigint CONSTRAINT orders_parent_fk REFERENCES parents (id));
CREATE INDEX orders_parent_idx ON orders (parent_id);
`

/** The relations that the finding says are locked. */
function locked(sql: string): string[] {
  const { findings } = lint({ history: [{ path: "m/V1__a.sql", sql: HISTORY }], files: [{ path: "m/V2__b.sql", sql }], options: { select: ["lock-timeout-missing"] } })
  return findings.flatMap(({ locks }) => locks.map(({ relation, mode }) => `${mode} on ${relation}`))
}

describe("lock-timeout-missing", () => {
  it("lists every table that the statement waits for", () => {
    expect(locked("ALTER TABLE orders DROP CONSTRAINT orders_parent_fk;")).toEqual(["ACCESS EXCLUSIVE on orders", "ACCESS EXCLUSIVE on parents"])
  })

  it("keeps silent beside a finding that has a safe version, also when that is a warning", () => {
    const history = [{ path: "m/V1__a.sql", sql: `${HISTORY}CREATE TABLE m (a int) PARTITION BY LIST (a); CREATE TABLE m_1 PARTITION OF m FOR VALUES IN (1);` }]
    const rulesOf = (sql: string): string[] => lint({ history, files: [{ path: "m/V2__b.sql", sql }], options: { transaction: false } }).findings.map(({ rule }) => rule)
    expect(rulesOf("DROP INDEX orders_parent_idx;")).toEqual(["index-drop-blocks-queries"])
    expect(rulesOf("ALTER TABLE m DETACH PARTITION m_1;")).toEqual(["partition-detach-blocks-queries"])
    expect(rulesOf("DROP INDEX orders_parent_idx; ALTER TABLE orders ADD note text;")).toEqual(["index-drop-blocks-queries", "lock-timeout-missing"])
  })

  it("says nothing of a lock that fails for want of a transaction", () => {
    const { findings } = lint({ history: [{ path: "m/V1__a.sql", sql: HISTORY }], files: [{ path: "m/V2__b.sql", sql: "LOCK TABLE orders;" }], options: { transaction: false } })
    expect(findings.map(({ rule }) => rule)).toEqual(["transaction-missing"])
  })

  it("says how long they are held", () => {
    const durationsOf = (sql: string): string[] =>
      lint({ history: [{ path: "m/V1__a.sql", sql: HISTORY }], files: [{ path: "m/V2__b.sql", sql }], options: { select: ["lock-timeout-missing"], transaction: true } }).findings.flatMap(
        ({ locks }) => locks.map(({ duration }) => duration),
      )
    expect(durationsOf("ALTER TABLE orders ADD note text;")).toEqual(["instant"])
    expect(durationsOf("ALTER TABLE orders ADD note text; UPDATE orders SET note = '';")).toEqual(["transaction"])
  })

  it("lists no indexes that go with their table", () => {
    expect(locked("DROP TABLE orders;")).toEqual(["ACCESS EXCLUSIVE on orders", "ACCESS EXCLUSIVE on parents"])
  })
})
