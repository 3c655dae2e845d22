import { describe, expect, it } from "vitest"
import { effects } from "../../src/index.ts"

describe("effects()", () => {
  it("answers for one statement after the other", () => {
    const sql =
      "ALTER TABLE t ADD COLUMN b int NOT NULL DEFAULT 0; CREATE INDEX CONCURRENTLY t_b ON t (b);\nDROP TABLE t;"
    expect(effects({ schema: "CREATE TABLE t (id int);", sql, pgVersion: 16 })).toEqual([
      {
        sql: "ALTER TABLE t ADD COLUMN b int NOT NULL DEFAULT 0",
        locks: [{ relation: "public.t", kind: "table", mode: "ACCESS EXCLUSIVE" }],
        rewrites: [],
        scans: [],
        builds: [],
        transaction: "allowed",
      },
      {
        sql: "CREATE INDEX CONCURRENTLY t_b ON t (b)",
        locks: [{ relation: "public.t", kind: "table", mode: "SHARE UPDATE EXCLUSIVE" }],
        rewrites: [],
        scans: [],
        builds: ["public.t"],
        transaction: "forbidden",
      },
      {
        sql: "DROP TABLE t",
        locks: [
          { relation: "public.t", kind: "table", mode: "ACCESS EXCLUSIVE" },
          { relation: "public.t_b", kind: "index", mode: "ACCESS EXCLUSIVE" },
        ],
        rewrites: [],
        scans: [],
        builds: [],
        transaction: "allowed",
      },
    ])
  })

  it("finds the tables of a dump, which leaves an empty search_path behind", () => {
    const schema = "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.t (id int);"
    expect(effects({ schema, sql: "DROP TABLE t", pgVersion: 16 }).map(({ fails, locks }) => fails ?? locks.map(({ relation }) => relation))).toEqual([["public.t"]])
  })

  it("claims nothing for a statement that fails", () => {
    const [first, second] = effects({ schema: "", sql: "DROP TABLE nothing; SELEC 1", pgVersion: 18 })
    expect(first).toEqual({
      sql: "DROP TABLE nothing",
      locks: [],
      rewrites: [],
      scans: [],
      builds: [],
      transaction: "allowed",
      fails: { code: "42P01", why: 'table "nothing" does not exist' },
    })
    expect(second).toMatchObject({ sql: "SELEC 1", fails: { code: "42601" } })
  })

  it("says why a major rejects a form", () => {
    const [answer] = effects({
      schema: "CREATE TABLE t (a int)",
      sql: "ALTER TABLE t ALTER COLUMN a SET COMPRESSION lz4",
      pgVersion: 13,
    })
    expect(answer?.unsupported).toBe("SET COMPRESSION came with PostgreSQL 14")
  })

  it("refuses a major that it does not know, and a schema that it cannot read", () => {
    expect(() => effects({ schema: "", sql: "", pgVersion: 10 })).toThrow(RangeError)
    /** As JavaScript calls it. */
    const call = effects as (input?: unknown) => unknown
    expect(() => call()).toThrow("the input of effects() must be an object")
    expect(() => call({ pgVersion: 16 })).toThrow("sql is missing: effects() takes { sql, pgVersion, schema }")
    expect(() => call({ sql: Buffer.from(""), pgVersion: 16 })).toThrow("sql must be a string")
    expect(() => call({ sql: "", pgversion: 16 })).toThrow("pgversion is unknown; did you mean pgVersion?")
    expect(() => effects({ schema: "CREATE TABL", sql: "", pgVersion: 18 })).toThrow(/the schema cannot be read/)
  })
})
