import type pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lint } from "../../src/index.ts"
import type { Major } from "../truth/versions.ts"
import { openPlace, runSteps, shapeOf, type Place } from "./database.ts"
import { stepsFor } from "./recipe.ts"

interface Change {
  readonly title: string
  readonly schema: string
  readonly rows: string
  readonly migration: string
  /** What the steps do besides: ALTER COLUMN TYPE leaves a serial column's sequence at its type. */
  readonly besides?: string
  /** Statements of running code that fit both types, each with what it returns. */
  readonly work: readonly (readonly [sql: string, rows: readonly (readonly unknown[])[]])[]
  /** The column's values in the end, told apart from what the direct migration gives only by what `work` wrote. */
  readonly after: readonly [sql: string, rows: readonly (readonly unknown[])[]]
  readonly unseen?: boolean
}

const changes: readonly Change[] = [
  {
    title: "integer primary key with serial, referenced by itself and another table, to bigint",
    schema: `CREATE TABLE t (id serial PRIMARY KEY, parent int REFERENCES t (id), note text NOT NULL DEFAULT '');
      CREATE TABLE child (t_id int REFERENCES t ON DELETE CASCADE);`,
    rows: `INSERT INTO t (note) SELECT 'n' || n FROM generate_series(1, 1500) AS n; INSERT INTO child SELECT id FROM t`,
    migration: `ALTER TABLE t ALTER COLUMN id TYPE bigint`,
    besides: `ALTER SEQUENCE t_id_seq AS bigint`,
    work: [
      ["INSERT INTO t (note) VALUES ('w') RETURNING id > 1500 AS fresh", [[true]]],
      ["INSERT INTO child SELECT max(id) FROM t RETURNING t_id > 1500", [[true]]],
      ["UPDATE t SET note = 'u' WHERE id = 7 RETURNING id::int", [[7]]],
      ["INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET note = 'c' RETURNING id::int", [[1]]],
    ],
    after: ["SELECT min(id)::int, count(*) FILTER (WHERE id <= 1500)::int FROM t", [[1, 1500]]],
  },
  {
    title: "identity, always generated",
    schema: `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);`,
    rows: `INSERT INTO t (note) SELECT 'n' FROM generate_series(1, 1100)`,
    migration: `ALTER TABLE t ALTER COLUMN id TYPE bigint`,
    work: [["INSERT INTO t (note) VALUES ('w') RETURNING id > 1100", [[true]]]],
    after: ["SELECT count(DISTINCT id) = count(*) FROM t", [[true]]],
  },
  {
    title: "text to integer with an expression, a check, an index and a default",
    schema: `CREATE SCHEMA "S"; CREATE TABLE "S"."T" (id int PRIMARY KEY, "Amount" text NOT NULL DEFAULT '5' CONSTRAINT positive CHECK ("Amount"::int > 0));
      CREATE INDEX "amount idx" ON "S"."T" ("Amount" DESC);`,
    rows: `INSERT INTO "S"."T" SELECT n, n FROM generate_series(1, 1300) AS n`,
    migration: `ALTER TABLE "S"."T" ALTER "Amount" DROP DEFAULT, ALTER COLUMN "Amount" TYPE integer USING ("Amount")::integer, ALTER "Amount" SET DEFAULT '5'`,
    work: [
      [`UPDATE "S"."T" SET "Amount" = '17' WHERE id = 17 RETURNING "Amount"::text`, [["17"]]],
      [`INSERT INTO "S"."T" (id) SELECT max(id) + 1 FROM "S"."T" RETURNING "Amount"::text`, [["5"]]],
    ],
    after: [`SELECT sum("Amount")::int FROM "S"."T" WHERE id <= 1300`, [[845650]]],
  },
  {
    title: "serial primary key with the column that references it, and a third one, at once",
    schema: `CREATE TABLE t (id serial PRIMARY KEY, parent int REFERENCES t, "Amount" text); CREATE INDEX pair ON t (parent, "Amount");`,
    rows: `INSERT INTO t (parent, "Amount") SELECT 1, 5 FROM generate_series(1, 1500)`,
    migration: `ALTER TABLE t ALTER "Amount" TYPE numeric USING "Amount"::numeric, ALTER id TYPE bigint, ALTER parent TYPE bigint`,
    besides: `ALTER SEQUENCE t_id_seq AS bigint`,
    work: [
      ["INSERT INTO t (parent) SELECT max(id) FROM t RETURNING id > 1500 AND id = parent + 1 AS fresh", [[true]]],
      [`UPDATE t SET "Amount" = '17', parent = NULL WHERE id = 7 RETURNING "Amount"::text`, [["17"]]],
      [`INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET parent = 2 RETURNING parent::int, "Amount"::text`, [[2, "5"]]],
    ],
    after: [`SELECT count(*)::int, sum(parent)::int, sum("Amount"::numeric)::int FROM t WHERE id <= 1500`, [[1500, 1500, 7512]]],
  },
  {
    title: "columns of a foreign key and of unique keys, whose old values must bind nobody after the switch",
    schema: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES p ON DELETE CASCADE, gone date, email text, n int, UNIQUE (p, n));
      CREATE UNIQUE INDEX live ON t (email) WHERE gone IS NULL;`,
    rows: `INSERT INTO p SELECT generate_series(1, 1300); INSERT INTO t SELECT n, n, NULL, 'e' || n, n FROM generate_series(1, 1300) AS n`,
    migration: `ALTER TABLE t ALTER p TYPE bigint, ALTER gone TYPE timestamp`,
    work: [
      ["UPDATE t SET p = 1 WHERE id = (SELECT max(id) FROM t WHERE p > 1) RETURNING n = id", [[true]]],
      ["DELETE FROM p WHERE id = (SELECT max(id) FROM p) RETURNING 1", [[1]]],
      ["SELECT count(*)::int FROM t WHERE id <= 1300", [[1300]]],
      ["UPDATE t SET gone = '2020-01-01' WHERE id = (SELECT min(id) FROM t WHERE gone IS NULL) RETURNING 1", [[1]]],
      ["INSERT INTO t (id, email) SELECT (SELECT max(id) FROM t) + 1, email FROM t WHERE id = (SELECT max(id) FROM t WHERE gone IS NOT NULL) RETURNING 1", [[1]]],
    ],
    after: ["SELECT count(*)::int FROM t WHERE id <= 1300", [[1300]]],
  },
  {
    title: "timestamp to timestamptz and text to date, while code writes with settings of its own",
    schema: `CREATE TABLE t (id int PRIMARY KEY, at timestamp, d text);`,
    rows: `INSERT INTO t SELECT n, '2024-05-05 12:00', '02/03/2024' FROM generate_series(1, 1300) AS n`,
    migration: `ALTER TABLE t ALTER at TYPE timestamptz, ALTER d TYPE date USING d::date`,
    work: [
      ["SET timezone = 'Asia/Tokyo'", []],
      ["SET datestyle = 'ISO, DMY'", []],
      ["INSERT INTO t SELECT max(id) + 1, '2024-05-05 12:00', '02/03/2024' FROM t RETURNING 1", [[1]]],
      ["SET timezone = 'America/New_York'", []],
      ["SET datestyle = 'ISO, MDY'", []],
    ],
    // It is written five times before the switch, and by its own settings from then on.
    after: ["SELECT count(*)::int, min(id)::int, max(id)::int FROM t WHERE at = timestamptz '2024-05-05 12:00' AND d = '2024-02-03'", [[1305, 1, 1305]]],
  },
  {
    title: "columns of a table that pgsafe has not seen, at once",
    schema: `CREATE SEQUENCE s AS integer; CREATE TABLE t (id int PRIMARY KEY, v int DEFAULT 3, w int DEFAULT nextval('s'), gone int); ALTER TABLE t DROP COLUMN gone; ALTER SEQUENCE s OWNED BY t.w;`,
    rows: `INSERT INTO t (id) SELECT n FROM generate_series(1, 1300) AS n`,
    migration: `ALTER TABLE t ALTER v TYPE numeric(20, 2), ALTER w TYPE bigint`,
    besides: `ALTER SEQUENCE s AS bigint`,
    work: [["INSERT INTO t (id) SELECT max(id) + 1 FROM t RETURNING v::int, w = id", [[3, true]]]],
    after: ["SELECT sum(v)::int, sum(w)::int FROM t WHERE id <= 1300", [[3900, 845650]]],
    unseen: true,
  },
  {
    title: "nullable foreign key of a table that pgsafe has not seen",
    schema: `CREATE TABLE t (id int PRIMARY KEY, v int DEFAULT 3);`,
    rows: `INSERT INTO t SELECT n, CASE WHEN n % 2 = 0 THEN n END FROM generate_series(1, 1300) AS n`,
    migration: `ALTER TABLE t ALTER v TYPE numeric(20, 2)`,
    work: [
      ["UPDATE t SET v = NULL WHERE id = 2 RETURNING v", [[null]]],
      ["INSERT INTO t (id) SELECT max(id) + 1 FROM t RETURNING v::int", [[3]]],
    ],
    after: ["SELECT count(v)::int, sum(v)::int FROM t WHERE id <= 1300", [[649, 423148]]],
    unseen: true,
  },
]

const majors: readonly Major[] = [14, 18]

for (const major of majors) {
  describe(`changing a type under load on PostgreSQL ${String(major)}`, () => {
    let server: Place
    beforeAll(async () => {
      server = await openPlace(major)
    }, 60_000)
    afterAll(async () => {
      await server.close()
    })

    for (const one of changes) {
      it(one.title, async () => {
        const schema = one.unseen === true ? "" : one.schema
        const steps = stepsFor({ schema, migration: one.migration, pgVersion: major })
        const direct = await server.open(`${one.schema}; ${one.migration}; ${one.besides ?? ""}`)
        const session = await server.open(`${one.schema}; ${one.rows}`)
        await runWork(session, one)
        for (const step of steps) {
          expect(await runSteps(session, [step])).toEqual([])
          await runWork(session, one)
        }
        expect(await shapeOf(session)).toEqual(await shapeOf(direct))
        expect((await session.query({ text: one.after[0], rowMode: "array" })).rows).toEqual(one.after[1])
        await direct.end()
        await session.end()
      })
    }
  })
}

async function runWork(session: pg.Client, one: Change): Promise<void> {
  for (const [text, rows] of one.work) expect((await session.query({ text, rowMode: "array" })).rows).toEqual(rows)
}

describe("a trigger that converts", () => {
  const schema = "CREATE TABLE t (id int PRIMARY KEY, at timestamp, z timestamptz, d date, s text, e bigint);"
  const settingsFor = (migration: string): readonly string[] => {
    const { findings } = lint({ files: [{ path: "m/1.sql", sql: schema }, { path: "m/2.sql", sql: `${migration};` }] })
    const sql = findings.flatMap(({ steps }) => steps.map((step) => step.sql)).join("\n")
    return [...sql.matchAll(/^(?:LANGUAGE plpgsql )?SET (\w+ (?:FROM CURRENT|TO '.*'))$/gm)].map(([, setting = ""]) => setting)
  }

  it.each([
    ["at TYPE timestamptz", ["TimeZone FROM CURRENT"]],
    ["z TYPE text USING to_char(z, 'YYYY')", ["TimeZone FROM CURRENT", "DateStyle FROM CURRENT"]],
    ["s TYPE date USING (s || '-01')::date", ["DateStyle FROM CURRENT"]],
    ["at TYPE timestamptz USING at AT TIME ZONE 'UTC'", []],
    ["e TYPE timestamptz USING to_timestamp(e)", []],
    ["d TYPE timestamp", []],
    ["e TYPE text", []],
  ])("has the settings that the result hangs on: ALTER %s", (action, settings) => {
    expect(settingsFor(`ALTER TABLE t ALTER ${action}`)).toEqual(settings)
  })

  it("has the time zone that the file sets", () => {
    expect(settingsFor("SET timezone = 'Asia/Tokyo'; ALTER TABLE t ALTER at TYPE timestamptz")).toEqual(["TimeZone TO 'Asia/Tokyo'"])
  })
})
