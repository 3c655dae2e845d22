import { describe, expect, it } from "vitest"
import { lint } from "../../src/index.ts"

const history = `CREATE TABLE log (at timestamptz, host text, PRIMARY KEY (at, host));
  CREATE TABLE m (at date, PRIMARY KEY (at)) PARTITION BY RANGE (at);
  CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  CREATE PUBLICATION changes FOR TABLE m;`

function found(sql: string, transaction: boolean): string[] {
  const { findings } = lint({ files: [{ path: "m/1.sql", sql: history }, { path: "m/2.sql", sql }], options: { transaction } })
  return findings.filter(({ rule }) => rule === "replica-identity-lost").map(({ message }) => message)
}

describe("a dropped primary key", () => {
  it.each([
    ["the table gets another one with a new column", "ALTER TABLE log DROP CONSTRAINT log_pkey; ALTER TABLE log ADD COLUMN id bigserial PRIMARY KEY;"],
    ["the column is added by the same statement", "ALTER TABLE log DROP CONSTRAINT log_pkey, ADD COLUMN id bigserial PRIMARY KEY;"],
    ["the table is dropped", "ALTER TABLE log DROP CONSTRAINT log_pkey; DROP TABLE log;"],
    ["the table gives its name to another one", "ALTER TABLE log DROP CONSTRAINT log_pkey; ALTER TABLE log RENAME TO old_log;"],
    ["code that cannot be read makes another one", "ALTER TABLE log DROP CONSTRAINT log_pkey; DO $$ BEGIN EXECUTE 'ALTER TABLE log ADD PRIMARY KEY (' || current_setting('app.key') || ')'; END $$;"],
  ])("does not matter when %s", (_, sql) => {
    expect(found(sql, true)).toEqual([])
  })

  it("matters until a later transaction adds another one, but not behind the drop of its table", () => {
    expect(found("ALTER TABLE log DROP CONSTRAINT log_pkey;\nALTER TABLE log ADD COLUMN id bigserial PRIMARY KEY;", false)).toEqual([
      expect.stringContaining("until line 2"),
    ])
    expect(found("ALTER TABLE log DROP CONSTRAINT log_pkey; DROP TABLE log;", false)).toEqual([])
  })

  it("of a partitioned table names the publication", () => {
    expect(found("ALTER TABLE m DROP CONSTRAINT m_pkey;", true)).toEqual([expect.stringContaining("while publication changes publishes them")])
  })
})
