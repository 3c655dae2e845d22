import type pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lint, type Step } from "../../src/index.ts"
import { parseFile } from "../../src/parse/index.ts"
import type { Major } from "../truth/versions.ts"
import { openPlace, shapeOf, type Place } from "./database.ts"

const majors: readonly Major[] = [14, 18]

const SCHEMA = `CREATE SCHEMA app; CREATE TABLE app."Orders" (id bigint PRIMARY KEY, "user" int);
  CREATE INDEX "by user" ON app."Orders" ("user");
  CREATE TABLE m (at date) PARTITION BY RANGE (at);
  CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`

const MIGRATIONS = [
  `CREATE INDEX CONCURRENTLY "Orders id user" ON app."Orders" (id, "user")`,
  `CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "by id" ON app."Orders" (id) WHERE "user" > 0`,
  `CREATE INDEX CONCURRENTLY ON app."Orders" ("user", id)`,
  `REINDEX INDEX CONCURRENTLY app."by user"`,
  `REINDEX (VERBOSE) TABLE CONCURRENTLY app."Orders"`,
  "ALTER TABLE m DETACH PARTITION m_1 CONCURRENTLY",
]

const SETTINGS = ["statement_timeout", "lock_timeout"] as const
type Setting = (typeof SETTINGS)[number]

const CASES = SETTINGS.flatMap((setting) => MIGRATIONS.map((migration) => [setting, migration] as const))

function stepsFor(sql: string, setting: Setting, pgVersion: number): readonly Step[] {
  const files = [
    { path: "migrations/0001.sql", sql: SCHEMA },
    { path: "migrations/0002.sql", sql: `SET ${setting} TO '7 s';\n${sql};\n` },
  ]
  const { findings } = lint({ files, options: { pgVersion, transaction: false, select: [`${setting.replace("_", "-")}-cancels-build`] } })
  expect(findings).toHaveLength(1)
  return findings[0]?.steps ?? []
}

async function valueOf(setting: Setting, session: pg.Client): Promise<string | undefined> {
  const { rows } = await session.query<Partial<Record<Setting, string>>>(`SHOW ${setting}`)
  return rows[0]?.[setting]
}

for (const major of majors) {
  describe(`statements without a timeout on PostgreSQL ${String(major)}`, () => {
    let place: Place
    beforeAll(async () => {
      place = await openPlace(major)
    }, 60_000)
    afterAll(async () => {
      await place.close()
    })

    it.each(CASES)("%s: %s", async (setting, migration) => {
      const direct = await place.open(SCHEMA)
      const safe = await place.open(SCHEMA)
      await direct.query(migration)
      await safe.query(`SET ${setting} TO '7 s'`)
      for (const { sql } of stepsFor(migration, setting, major)) {
        const [off, statement, on] = parseFile(sql).statements.map(({ span }) => sql.slice(span.start, span.end))
        await safe.query(off ?? "")
        expect(await valueOf(setting, safe)).toBe("0")
        await safe.query(statement ?? "")
        await safe.query(on ?? "")
      }
      expect(await valueOf(setting, safe)).toBe("7s")
      expect(await shapeOf(safe)).toEqual(await shapeOf(direct))
      await direct.end()
      await safe.end()
    })
  })
}
