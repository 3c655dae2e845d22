import type pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseSizes } from "../../src/engine/read-sizes.ts"
import { SIZES_QUERY } from "../../src/engine/sizes.ts"
import { printSql } from "../../src/schema/print.ts"
import { EVERYTHING } from "../schema/everything.ts"
import { catalogAfter } from "../schema/replay.ts"
import { snapshot } from "../../src/schema/index.ts"
import { whyMissing } from "./missing.ts"
import { readSnapshot, snapshotDifferences } from "./server-snapshot.ts"
import { startServer, type Server } from "./server.ts"
import type { Major } from "./versions.ts"

const asked: readonly Major[] = [11, 18]

describe.each(asked)("on PostgreSQL %i", (major) => {
  let missing: string | null = null
  let server: Server | undefined
  let admin: pg.Client | undefined
  let databases = 0

  beforeAll(async () => {
    missing = await whyMissing(major)
    if (missing !== null) return
    server = await startServer(major)
    admin = await server.connect("postgres")
  }, 120_000)
  afterAll(async () => {
    await admin?.end()
    await server?.stop()
  })

  /** A session in a new database. */
  const open = async (skip: (why: string) => never): Promise<pg.Client> => {
    if (server === undefined || admin === undefined) return skip(missing ?? "no server")
    const name = `printed_${String(++databases)}`
    await admin.query(`CREATE DATABASE ${name}`)
    const session = await server.connect(name)
    await session.query("SET client_min_messages = error")
    return session
  }

  it("the query of pgsafe stats knows what is not known, and counts parts together", async ({ skip }) => {
    const session = await open((why) => skip(why))
    await session.query(`CREATE TABLE counted AS SELECT n AS id FROM generate_series(1, 20000) AS n;
      ANALYZE counted;
      INSERT INTO counted SELECT id FROM counted;
      CREATE TABLE never_analyzed AS SELECT n AS id FROM generate_series(1, 20000) AS n;
      CREATE TABLE loaded (id int);
      ANALYZE loaded;
      INSERT INTO loaded SELECT id FROM counted;
      CREATE TABLE empty (id int);
      CREATE TABLE parted (id int) PARTITION BY RANGE (id);
      CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (30000) PARTITION BY RANGE (id);
      CREATE TABLE parted_lowest PARTITION OF parted_low FOR VALUES FROM (0) TO (30000);
      CREATE TABLE parted_high PARTITION OF parted FOR VALUES FROM (30000) TO (60000);
      INSERT INTO parted SELECT id FROM counted;
      ANALYZE parted_lowest;
      CREATE TABLE parent (id int);
      CREATE TABLE child () INHERITS (parent);
      INSERT INTO child SELECT id FROM counted;
      ANALYZE parent;
      ANALYZE child;
      CREATE SCHEMA app;
      CREATE TABLE app."Of, others" (id int);`)
    const { rows } = await session.query<{ coalesce: unknown }>(SIZES_QUERY)
    await session.end()
    const sizes = parseSizes(JSON.stringify(rows[0]?.coalesce))
    const known = [...sizes].map(([name, size]) => [name, size.rows === null ? null : Math.round(size.rows / 5000) * 5000])
    expect(Object.fromEntries(known)).toEqual({
      "public.counted": 40_000,
      "public.never_analyzed": null,
      "public.loaded": null,
      "public.empty": 0,
      "public.parted": 40_000,
      "public.parted_low": 40_000,
      "public.parted_lowest": 40_000,
      "public.parted_high": 0,
      "public.parent": 40_000,
      "public.child": 40_000,
      "app.Of, others": 0,
    })
    expect(sizes.get("public.parted")?.bytes).toBe(sizes.get("public.parted_lowest")?.bytes)
    expect(sizes.get("public.parent")?.bytes).toBe(sizes.get("public.child")?.bytes)
  })
  it.skipIf(major < 18)("what pgsafe schema prints makes the same tables", async ({ skip }) => {
    const catalog = catalogAfter(EVERYTHING, { pgVersion: major })
    for (const sql of [EVERYTHING, printSql(catalog, () => "a.sql:1")]) {
      const session = await open((why) => skip(why))
      await session.query(sql)
      expect(snapshotDifferences(snapshot(catalog), await readSnapshot(session, major))).toEqual([])
      await session.end()
    }
  })
})
