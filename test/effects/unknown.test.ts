import { describe, expect, it } from "vitest"
import { guess } from "./explain.ts"

const locksOf = (sql: string, history = ""): string[] =>
  guess(sql, { history }).locks.map(({ relation, mode }) => `${mode} ${relation.schema}.${relation.name}`)

describe("a database of which not everything is known", () => {
  it("names the relation as written, without an id", () => {
    const { locks } = guess("ALTER TABLE app.orders ADD COLUMN a int")
    expect(locks).toEqual([
      { relation: { id: null, schema: "app", name: "orders", kind: "table" }, mode: "ACCESS EXCLUSIVE", why: null },
    ])
  })

  it("never says that a statement fails because something is missing", () => {
    for (const sql of [
      "DROP TABLE a",
      "ALTER TABLE a DROP CONSTRAINT b",
      "DROP INDEX i",
      "SELECT * FROM a",
      "CALL c()",
      "ALTER TYPE m ADD VALUE 'x'",
    ]) {
      expect(guess(sql).fails).toBeNull()
    }
  })

  it("does not say that it fails because of what a block may have dropped", () => {
    const history = "CREATE VIEW v AS SELECT 1 AS a; DO $$ BEGIN IF wanted() THEN DROP VIEW v; END IF; END $$"
    for (const sql of ["CREATE INDEX i ON v (a)", "CREATE INDEX i ON v (b)"]) expect(guess(sql, { history })).toMatchObject({ fails: null, uncertain: ["what has taken the place of v"] })
    expect(guess("CREATE INDEX i ON v (a)", { history: "CREATE VIEW v AS SELECT 1 AS a" }).fails).toMatchObject({ code: "42809" })
  })

  it("claims the dangerous side and says what would have to be known", () => {
    const { rewrites, uncertain } = guess("ALTER TABLE t ALTER COLUMN a TYPE text")
    expect(rewrites).toMatchObject([{ relation: { name: "t" }, assumed: true }])
    expect(uncertain[0]).toBe("the column's current type")
  })

  it("knows no type of a column of which another statement only told that it is there", () => {
    const { uncertain } = guess("ALTER TABLE t ALTER COLUMN a TYPE bigint", { history: "ALTER TABLE t ALTER COLUMN a DROP DEFAULT" })
    expect(uncertain).toContain("the column's current type")
  })

  it("scans for SET NOT NULL unless something proves it", () => {
    expect(guess("ALTER TABLE t ALTER COLUMN a SET NOT NULL").scans).toMatchObject([{ assumed: true }])
    const history =
      "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c"
    expect(guess("ALTER TABLE t ALTER COLUMN a SET NOT NULL", { history }).scans).toEqual([])
  })

  it("takes a type it does not know for a possible domain", () => {
    const { rewrites, uncertain } = guess("ALTER TABLE t ADD COLUMN a status")
    expect(rewrites).toMatchObject([{ assumed: true }])
    expect(uncertain).toEqual(["what the type status is"])
    expect(guess("ALTER TABLE t ADD COLUMN a citext").rewrites).toEqual([])
    expect(
      guess("ALTER TABLE t ADD COLUMN a status", { history: "CREATE TYPE status AS ENUM ('new')" }).rewrites,
    ).toEqual([])
  })

  it("takes a function it does not know for volatile", () => {
    const { rewrites, uncertain } = guess("ALTER TABLE t ADD COLUMN a text DEFAULT short_id()")
    expect(rewrites).toMatchObject([{ why: "the default calls short_id(), which may be volatile", assumed: true }])
    expect(uncertain).toEqual(["whether the function short_id is volatile"])
    expect(guess("ALTER TABLE t ADD COLUMN a uuid DEFAULT uuid_generate_v4()").rewrites).toMatchObject([
      { assumed: false },
    ])
  })

  it("says which locks hang on unknown foreign keys", () => {
    expect(locksOf("ALTER TABLE t DROP CONSTRAINT c")).toEqual(["ACCESS EXCLUSIVE public.t"])
    expect(guess("ALTER TABLE t DROP CONSTRAINT c").uncertain).toHaveLength(1)
    expect(guess("DROP TABLE t").uncertain).toHaveLength(1)
    expect(locksOf("CREATE TABLE n (t_id int REFERENCES t)")).toEqual(["SHARE ROW EXCLUSIVE public.t"])
  })

  it("leaves system catalogs out", () => {
    expect(locksOf("SELECT * FROM pg_class JOIN information_schema.tables ON true")).toEqual([])
  })

  it("concludes nothing from names with placeholders", () => {
    expect(guess("DROP TABLE {{ table }}").fails).toBeNull()
  })
})
