import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lint, type Step } from "../../src/index.ts"
import { openPlace, runSteps, shapeOf, type Place } from "./database.ts"

/** A migration whose own statements the steps put into another order or transaction: both end with the same schema. */
interface Reordered {
  readonly title: string
  readonly rule: string
  readonly schema: string
  readonly migration: string
  /** What the direct side runs instead, where the steps end elsewhere on purpose. */
  readonly directly?: string
}

const cases: readonly Reordered[] = [
  {
    title: "policies first, row security last",
    rule: "row-security-hides-rows",
    schema: `CREATE SCHEMA app; CREATE TABLE app."Orders" (id int PRIMARY KEY, tenant int);`,
    migration: `ALTER TABLE app."Orders" ENABLE ROW LEVEL SECURITY;
      CREATE FUNCTION app.tenant() RETURNS int LANGUAGE sql STABLE AS $$ SELECT 1 $$;
      CREATE POLICY "of tenant" ON app."Orders" USING (tenant = app.tenant());
      ALTER TABLE app."Orders" FORCE ROW LEVEL SECURITY;
      CREATE POLICY reading ON app."Orders" FOR SELECT USING (true);`,
  },
  {
    title: "a policy for another one",
    rule: "row-security-hides-rows",
    schema: `CREATE TABLE t (id int, tenant int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY old ON t USING (true);`,
    migration: `DROP POLICY old ON t; CREATE POLICY "new" ON t USING (tenant = 1);`,
  },
  {
    title: "one primary key for another",
    rule: "replica-identity-lost",
    schema: `CREATE SCHEMA app; CREATE TABLE app."Orders" (id int PRIMARY KEY, "tenant id" int);`,
    migration: `ALTER TABLE app."Orders" DROP CONSTRAINT "Orders_pkey"; ALTER TABLE app."Orders" ADD PRIMARY KEY ("tenant id", id) DEFERRABLE;`,
  },
  {
    title: "one primary key for another, of an index that the migration builds",
    rule: "replica-identity-lost",
    schema: `CREATE TABLE t (id int CONSTRAINT "old key" PRIMARY KEY, k int NOT NULL);`,
    migration: `ALTER TABLE t DROP CONSTRAINT IF EXISTS "old key" CASCADE; CREATE UNIQUE INDEX tk ON t (k); ALTER TABLE t ADD CONSTRAINT "new key" PRIMARY KEY USING INDEX tk;`,
  },
  {
    title: "one primary key for another in one statement",
    rule: "primary-key-blocks-queries",
    schema: `CREATE TABLE t (id int PRIMARY KEY, k int NOT NULL);`,
    migration: `ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (k, id);`,
  },
  {
    title: "another index as replica identity",
    rule: "replica-identity-lost",
    schema: `CREATE TABLE t (id int PRIMARY KEY, k int NOT NULL UNIQUE);`,
    migration: `ALTER TABLE t DROP CONSTRAINT t_pkey;`,
    directly: `ALTER TABLE t DROP CONSTRAINT t_pkey, REPLICA IDENTITY USING INDEX t_k_key;`,
  },
  {
    title: "the primary key as replica identity again",
    rule: "replica-identity-lost",
    schema: `CREATE TABLE t (id int PRIMARY KEY, k int NOT NULL); CREATE UNIQUE INDEX tk ON t (k); ALTER TABLE t REPLICA IDENTITY USING INDEX tk;`,
    migration: `DROP INDEX tk;`,
    directly: `DROP INDEX tk; ALTER TABLE t REPLICA IDENTITY DEFAULT;`,
  },
  {
    title: "a wider index in place of another one",
    rule: "index-gone-before-replacement",
    schema: `CREATE SCHEMA app; CREATE TABLE app."Orders" (id int, "a b" text); CREATE INDEX "by a b" ON app."Orders" (lower("a b"));`,
    migration: `DROP INDEX IF EXISTS app."by a b"; CREATE INDEX IF NOT EXISTS "by a b, id" ON app."Orders" (lower("a b"), id);`,
  },
  {
    title: "an index of the same name",
    rule: "index-gone-before-replacement",
    schema: `CREATE SCHEMA app; CREATE TABLE app."Orders" (id int, k int); CREATE INDEX "by k" ON app."Orders" (k);`,
    migration: `DROP INDEX app."by k"; CREATE UNIQUE INDEX "by k" ON app."Orders" (k DESC) INCLUDE (id) WHERE k > 0;`,
  },
  {
    title: "the same index",
    rule: "index-gone-before-replacement",
    schema: `CREATE TABLE t (k int); CREATE INDEX tk ON t (k) WHERE k > 0;`,
    migration: `DROP INDEX tk; CREATE INDEX tk ON t (k) WHERE (k > 0);`,
  },
]

function stepsOf({ rule, schema, migration }: Reordered, pgVersion: number): readonly Step[] {
  const files = [
    { path: "migrations/1.sql", sql: schema },
    { path: "migrations/2.sql", sql: migration },
  ]
  const { findings } = lint({ files, options: { pgVersion, transaction: false } })
  const [finding, ...more] = findings.filter((one) => one.rule === rule)
  expect(more).toEqual([])
  return finding?.steps ?? []
}

for (const major of [11, 18] as const) {
  describe(`statements in another order on PostgreSQL ${String(major)}`, () => {
    let place: Place
    beforeAll(async () => {
      place = await openPlace(major)
    }, 60_000)
    afterAll(async () => {
      await place.close()
    })

    it.each(cases.map((one) => [one.title, one] as const))("%s", async (_, one) => {
      const steps = stepsOf(one, major)
      expect(steps.length).toBeGreaterThan(0)
      const direct = await place.open(one.schema)
      const safe = await place.open(one.schema)
      await direct.query(one.directly ?? one.migration)
      expect(await runSteps(safe, steps)).toEqual([])
      expect(await shapeOf(safe)).toEqual(await shapeOf(direct))
      await direct.end()
      await safe.end()
    })
  })
}
