import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type pg from "pg"
import { openPlace, type Place } from "../playbook/database.ts"

/** The SQLSTATE that a statement fails with; null when it does not. */
async function failure(session: pg.Client, sql: string): Promise<string | null> {
  await session.query("SAVEPOINT before")
  try {
    await session.query(sql)
    return null
  } catch (error) {
    await session.query("ROLLBACK TO before")
    return error instanceof Error && "code" in error ? String(error.code) : "unknown"
  }
}

for (const major of [11, 18] as const) {
  describe(`what rules say of PostgreSQL ${String(major)}`, () => {
    let place: Place
    beforeAll(async () => {
      place = await openPlace(major)
      const session = await place.open("CREATE ROLE app; CREATE ROLE owner; CREATE ROLE bypassing BYPASSRLS;")
      await session.end()
    }, 60_000)
    afterAll(async () => {
      await place.close()
    })

    /** Rows that each role sees, and what its INSERT fails with. */
    async function seen(session: pg.Client): Promise<Record<string, readonly [number, string | null]>> {
      const result: Record<string, readonly [number, string | null]> = {}
      for (const role of ["app", "owner", "bypassing"]) {
        await session.query(`SET ROLE ${role}`)
        const { rows } = await session.query<{ count: number }>("SELECT count(*)::int AS count FROM t")
        result[role] = [rows[0]?.count ?? -1, await failure(session, "INSERT INTO t VALUES (2); DELETE FROM t WHERE a = 2")]
        await session.query("RESET ROLE")
      }
      return result
    }

    it("row-security-hides-rows: from whom, and how", async () => {
      const session = await place.open(
        "CREATE TABLE t (a int); INSERT INTO t VALUES (1); ALTER TABLE t OWNER TO owner; GRANT ALL ON t TO app, bypassing; BEGIN; ALTER TABLE t FORCE ROW LEVEL SECURITY",
      )
      const all = [1, null] as const
      const none = [0, "42501"] as const
      expect(await seen(session)).toEqual({ app: all, owner: all, bypassing: all })
      await session.query("ALTER TABLE t ENABLE ROW LEVEL SECURITY")
      expect(await seen(session)).toEqual({ app: none, owner: none, bypassing: all })
      await session.query("ALTER TABLE t NO FORCE ROW LEVEL SECURITY")
      expect(await seen(session)).toEqual({ app: none, owner: all, bypassing: all })
      await session.query("CREATE POLICY everything ON t USING (true)")
      expect(await seen(session)).toEqual({ app: all, owner: all, bypassing: all })
      await session.query("DROP POLICY everything ON t")
      expect(await seen(session)).toEqual({ app: none, owner: all, bypassing: all })
      await session.end()
    })

    it("lock-timeout-cancels-build: a transaction that stays open cancels the build, which stays behind INVALID", async () => {
      const session = await place.open("CREATE TABLE t (a int); CREATE INDEX ta ON t (a)")
      const other = await place.join(session)
      await session.query("SET lock_timeout = '100ms'")
      const leftovers = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
        await other.query("BEGIN; INSERT INTO t VALUES (1)")
        await expect(session.query(sql)).rejects.toMatchObject({ code: "55P03" })
        await other.query("ROLLBACK")
        const invalid = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 't'::regclass AND NOT indisvalid ORDER BY 1"
        return (await session.query<unknown[]>({ text: invalid, rowMode: "array" })).rows
      }
      expect(await leftovers("CREATE INDEX CONCURRENTLY tb ON t (a)")).toEqual([["tb"]])
      if (major >= 12) expect(await leftovers("REINDEX INDEX CONCURRENTLY ta")).toEqual([["ta_ccnew"], ["tb"]])
      await other.end()
      await session.end()
    })

    it.each([
      ["ALTER TABLE t DROP CONSTRAINT t_pkey", "55000"],
      ["ALTER TABLE t REPLICA IDENTITY NOTHING", "55000"],
      ["ALTER TABLE t REPLICA IDENTITY USING INDEX tk; DROP INDEX tk", "55000"],
      ["ALTER TABLE t REPLICA IDENTITY USING INDEX tk; DROP INDEX tk; ALTER TABLE t REPLICA IDENTITY DEFAULT", null],
      ["ALTER TABLE t REPLICA IDENTITY USING INDEX tk; ALTER TABLE t DROP CONSTRAINT t_pkey", null],
      ["ALTER TABLE t REPLICA IDENTITY FULL; ALTER TABLE t DROP CONSTRAINT t_pkey", null],
      ["ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX tk", null],
      ["ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey; ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (k)", "55000"],
    ] as const)("replica-identity-lost: %s", async (sql, code) => {
      const session = await place.open("CREATE TABLE t (id int PRIMARY KEY, k int NOT NULL); CREATE UNIQUE INDEX tk ON t (k); CREATE PUBLICATION p FOR TABLE t; INSERT INTO t VALUES (1, 1)")
      await session.query("BEGIN")
      await session.query(sql)
      expect(await failure(session, "UPDATE t SET k = 2")).toBe(code)
      expect(await failure(session, "DELETE FROM t")).toBe(code)
      expect(await failure(session, "INSERT INTO t VALUES (3, 3)")).toBe(null)
      await session.end()
    })
  })
}
