import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lint, type Step } from "../../src/index.ts"
import { openPlace, runSteps, shapeOf, type Place } from "./database.ts"

/** A table of the same name lies in another schema, where the steps' sessions would look first. */
const SCHEMA = `CREATE SCHEMA app; CREATE TABLE orders (id int);
  CREATE TABLE app.parents (id int PRIMARY KEY); CREATE TABLE app.orders (id int PRIMARY KEY, a int, b text); CREATE INDEX by_b ON app.orders (b);
  CREATE DOMAIN app.code AS text; CREATE TABLE app.coded (c app.code); CREATE TABLE coded (c int);
  CREATE TABLE app.m (k int) PARTITION BY LIST (k); CREATE TABLE app.m_1 (k int);`
const ROWS = `INSERT INTO app.parents SELECT generate_series(1, 1200); INSERT INTO app.orders SELECT n, n, 'x' FROM generate_series(1, 1200) AS n`

/** And what the direct side runs instead, where the steps end elsewhere on purpose. */
const MIGRATIONS: readonly { readonly migration: string; readonly directly?: string }[] = [
  { migration: "CREATE INDEX by_a ON orders (a)" },
  { migration: "DROP INDEX by_b" },
  { migration: "REINDEX INDEX by_b" },
  { migration: "ALTER TABLE orders ADD COLUMN c int, ADD CONSTRAINT k CHECK (a > 0)" },
  {
    migration: "ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES parents",
    directly: "ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES app.parents; CREATE INDEX orders_a_idx ON app.orders (a)",
  },
  { migration: "ALTER TABLE orders ADD UNIQUE (a, b)" },
  { migration: "ALTER TABLE orders ALTER a SET NOT NULL" },
  { migration: "ALTER TABLE orders ALTER a TYPE bigint" },
  { migration: "ALTER TABLE orders RENAME COLUMN b TO c" },
  { migration: "ALTER TABLE orders DROP COLUMN b" },
  { migration: "ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES IN (1)" },
  { migration: "ALTER DOMAIN code ADD CONSTRAINT filled CHECK (VALUE <> '')" },
  { migration: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON orders USING (EXISTS (SELECT FROM parents WHERE parents.id = orders.a))" },
  { migration: "UPDATE orders SET b = 'y'" },
  { migration: "ALTER TABLE orders ADD COLUMN u uuid DEFAULT gen_random_uuid()" },
]

function stepsOf(migration: string, pgVersion: number): readonly Step[] {
  const files = [
    { path: "migrations/1.sql", sql: SCHEMA },
    { path: "migrations/2.sql", sql: `SET search_path TO app;\n${migration};` },
  ]
  const { findings } = lint({ files, options: { pgVersion, transaction: false, ignore: ["lock-timeout-missing"] } })
  return findings.filter(({ file }) => file === "migrations/2.sql").flatMap(({ steps }) => steps)
}

for (const major of [14, 18] as const) {
  describe(`steps for a file that sets search_path, on PostgreSQL ${String(major)}`, () => {
    let place: Place
    beforeAll(async () => {
      place = await openPlace(major)
    }, 60_000)
    afterAll(async () => {
      await place.close()
    })

    it.each(MIGRATIONS)("mean the same tables elsewhere: $migration", async ({ migration, directly }) => {
      const steps = stepsOf(migration, major)
      expect(steps.length).toBeGreaterThan(0)
      const direct = await place.open(SCHEMA)
      const safe = await place.open(SCHEMA)
      await direct.query(`SET search_path TO app; ${directly ?? migration}; RESET search_path`)
      await safe.query(ROWS)
      expect(await runSteps(safe, steps)).toEqual([])
      expect(await shapeOf(safe)).toEqual(await shapeOf(direct))
      await direct.end()
      await safe.end()
    })
  })
}

it("keeps names as they are where the file does not set it", () => {
  const { findings } = lint({ files: [{ path: "m/1.sql", sql: SCHEMA }, { path: "m/2.sql", sql: "ALTER TABLE orders ADD CONSTRAINT k CHECK (id > 0);" }], options: { transaction: false } })
  expect(findings.flatMap(({ steps }) => steps.map(({ sql }) => sql)).join("\n")).toMatch(/ALTER TABLE orders ADD CONSTRAINT k/)
})

it.each([
  ["required-column-without-default", "ALTER TABLE orders ADD q int NOT NULL DEFAULT 1; ALTER TABLE orders ALTER q DROP DEFAULT;", /^ALTER TABLE app\.orders ALTER COLUMN q DROP DEFAULT;$/m],
  ["enum-value-rename-breaks-code", "ALTER TYPE mood RENAME VALUE 'a' TO 'b';", /^ALTER TYPE app\.mood ADD VALUE .*UPDATE app\.moody SET m = 'b'/ms],
  ["lock-timeout-missing", "ALTER TABLE orders ADD q int REFERENCES parents;", /^SET search_path TO app;\nALTER TABLE orders ADD q int REFERENCES parents;\nRESET search_path;$/m],
])("means the same elsewhere in the steps of %s", (rule, migration, expected) => {
  const sql = `${SCHEMA} CREATE TYPE app.mood AS ENUM ('a'); CREATE TABLE app.moody (m app.mood);`
  const stepsIn = (before: string): string =>
    lint({ files: [{ path: "m/1.sql", sql }, { path: "m/2.sql", sql: `${before}${migration}` }], options: { transaction: false, select: [rule] } })
      .findings.flatMap(({ steps }) => steps.map((step) => step.sql)).join("\n")
  expect(stepsIn("SET search_path TO app;\n")).toMatch(expected)
})
