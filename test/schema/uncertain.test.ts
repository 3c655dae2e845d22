import { describe, expect, it } from "vitest"
import { isUnknownType, snapshot } from "../../src/schema/index.ts"
import { catalogAfter, names, replay } from "./replay.ts"

const t = { schema: null, name: "t" }
const open = { complete: false }

describe("what is not known", () => {
  it("lists a relation that a statement names as existing, with what is seen of it", () => {
    const catalog = catalogAfter("ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 1, ALTER COLUMN b SET NOT NULL", open)
    const relation = catalog.relation(t)
    expect(relation).toMatchObject({ known: false, created: null, populated: true, kind: "table" })
    expect(relation?.columns.map(({ name, notNull, type }) => [name, notNull, isUnknownType(type)])).toEqual([
      ["a", true, false],
      ["b", true, true],
    ])
    expect(catalog.complete).toBe(false)
  })

  it("refuses nothing it does not know", () => {
    const sql = `ALTER TABLE t DROP COLUMN a; ALTER TABLE t DROP CONSTRAINT c; DROP INDEX i; DROP TABLE u; ALTER TABLE t RENAME a TO b;
      ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES z (q); ALTER TYPE e ADD VALUE 'x'; ALTER INDEX i RENAME TO j; ALTER TABLE t VALIDATE CONSTRAINT x;
      CREATE TABLE s.v (a nosuch); UPDATE zz SET a = 1; DROP TRIGGER g ON t; ALTER TABLE t ADD PRIMARY KEY USING INDEX nope`
    expect(replay(sql, open).conflicts).toEqual([])
  })

  it("takes a name that only one schema has for what that has: the path may come from the role", () => {
    const made = "CREATE TABLE app.t (a int); CREATE UNIQUE INDEX i ON app.t (a); CREATE TYPE app.e AS ENUM ('x');"
    const again = "DROP INDEX i; CREATE UNIQUE INDEX i ON app.t (a); DROP TYPE IF EXISTS e; CREATE TYPE app.e AS ENUM ('y'); ALTER TABLE t DROP a; ALTER TABLE app.t ADD a int"
    expect(replay(made + again, open).conflicts).toEqual([])
    expect(catalogAfter(`${made} ALTER TABLE t ADD b int`, open).relation(t)).toMatchObject({ schema: "app", known: true })
    // The same name in two schemas tells nothing, nor does it where the script sets the path or everything is known.
    const twice = catalogAfter(`${made} CREATE TABLE other.t (a int); ALTER TABLE t ADD b int`, open)
    expect(twice.relation(t)).toMatchObject({ schema: "public", known: false })
    expect(catalogAfter(`${made} SET search_path = public; ALTER TABLE t ADD b int`, open).relation(t)).toMatchObject({ schema: "public" })
    expect(replay(`CREATE SCHEMA app; ${made} DROP INDEX i`).conflicts.map(({ code }) => code)).toEqual(["42704"])
    // What a template stands for is no schema that a message could name.
    expect(catalogAfter("CREATE TABLE ${tenant}.t (a int); ALTER TABLE t ADD b int", open).relation(t)).toMatchObject({ schema: "public", known: false })
    // New things go where the path begins.
    expect(catalogAfter(`${made} CREATE TABLE t (a int)`, open).relation(t)).toMatchObject({ schema: "public", known: true })
  })

  it("renames a column that it has not seen made, wherever that is named", () => {
    // The path leads to one of the two tables; the statements that follow show which.
    const made = "CREATE TABLE t (a int); ALTER TABLE app.t ADD b int; ALTER TABLE t ADD CONSTRAINT c CHECK (b IS NOT NULL); CREATE UNIQUE INDEX i ON t (b);"
    const catalog = catalogAfter(`${made} ALTER TABLE t RENAME a TO old; ALTER TABLE t RENAME b TO a; ALTER TABLE t ALTER a SET NOT NULL`, open)
    const relation = catalog.relation(t)
    expect(relation?.columns.map(({ name, notNull }) => [name, notNull])).toEqual([["old", false], ["a", true]])
    expect(catalog.index({ schema: null, name: "i" })?.columns).toEqual(["a"])
  })

  it("calls a table made by IF NOT EXISTS possibly older", () => {
    expect(catalogAfter("CREATE TABLE IF NOT EXISTS t (a int)", open).relation(t)).toMatchObject({
      maybeOlder: true,
      known: true,
    })
    expect(catalogAfter("CREATE TABLE IF NOT EXISTS t (a int)").relation(t)?.maybeOlder).toBe(false)
    expect(replay("CREATE TABLE IF NOT EXISTS t (a int); ALTER TABLE t ADD a int", open).conflicts).toEqual([])
    expect(replay("CREATE TABLE t (a int); ALTER TABLE t ADD a int", open).conflicts).toHaveLength(1)
  })

  it("leaves what is there with IF NOT EXISTS", () => {
    const catalog = catalogAfter(
      "CREATE TABLE t (a int); CREATE TABLE IF NOT EXISTS t (b int); ALTER TABLE t ADD COLUMN IF NOT EXISTS a text",
    )
    expect(snapshot(catalog).tables[0]?.columns.map(({ name, type }) => [name, type])).toEqual([["a", "integer"]])
  })

  it("replays a block's unconditional statements as they are", () => {
    const catalog = catalogAfter("CREATE TABLE t (a int); DO $$ BEGIN ALTER TABLE t ADD COLUMN b int; END $$")
    expect(catalog.relation(t)).toMatchObject({ known: true })
    expect(names(catalog.relation(t)?.columns ?? [])).toEqual(["a", "b"])
    expect(catalog.complete).toBe(true)
  })

  it("doubts the tables that unreadable code may have given a policy, and nothing else of them", () => {
    const tables = "CREATE TABLE t (a int); CREATE TABLE u (a int);"
    const named = catalogAfter(`${tables} DO $$ BEGIN EXECUTE format('CREATE POLICY p ON t TO %I', current_user); END $$`, open)
    expect([named.isDoubtful("t"), named.isDoubtful("u")]).toEqual([true, false])
    expect(named.relation(t)?.known).toBe(true)
    const any = catalogAfter(`${tables} DO $$ DECLARE r text; BEGIN FOR r IN SELECT x FROM names LOOP EXECUTE 'CREATE POLICY p ON ' || r; END LOOP; END $$`, open)
    expect([any.isDoubtful("t"), any.isDoubtful("u")]).toEqual([true, true])
  })

  it("doubts the table that a function is given by name, however the argument is written", () => {
    const made = `CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE FUNCTION stamp(target text, deletes boolean) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE command text; BEGIN command := concat('ALTER TABLE ', target, ' ADD COLUMN ', current_setting('app.column'), ' timestamptz'); EXECUTE command; END $$;`
    for (const call of ["stamp('t', true)", "stamp(target => 't', deletes => true)", "stamp(deletes := true, target := 't'::text)"]) {
      const catalog = catalogAfter(`${made} SELECT ${call}`, open)
      expect([catalog.relation(t)?.known, catalog.relation({ schema: null, name: "u" })?.known]).toEqual([false, true])
    }
  })

  it("doubts nothing of a table of whose columns unreadable code sets how they are stored and planned with", () => {
    const block = (actions: string) => `CREATE TABLE t (a int NOT NULL); DO $$ BEGIN EXECUTE format('ALTER TABLE t ALTER COLUMN "a" ${actions}', current_setting('x')); END $$`
    for (const settings of ["SET STATISTICS %s", "SET STORAGE %s", "SET COMPRESSION %s", "SET (n_distinct = %s)"]) {
      expect(catalogAfter(block(settings), open).relation(t)?.known).toBe(true)
      expect(catalogAfter(block(`${settings}, DROP COLUMN b`), open).relation(t)).toMatchObject({ known: false, columns: [] })
    }
    expect(catalogAfter(block("SET DEFAULT %s"), open).relation(t)?.known).toBe(false)
  })

  it("doubts what a condition touches", () => {
    const block = (body: string) => `CREATE TABLE t (a int); DO $$ BEGIN IF random() < 0.5 THEN ${body}; END IF; END $$`
    expect(catalogAfter(block("ALTER TABLE t ADD COLUMN b int")).relation(t)?.known).toBe(false)
    expect(
      catalogAfter(block("ALTER TABLE t ALTER a TYPE text"))
        .relation(t)
        ?.columns.map(({ type }) => isUnknownType(type)),
    ).toEqual([true])
    expect(catalogAfter(block("CREATE TABLE u (a int)")).relation({ schema: null, name: "u" })?.maybeOlder).toBe(true)
    for (const body of ["DROP TABLE t", "ALTER TABLE t RENAME TO u", "ALTER TABLE t DROP COLUMN a"]) {
      const later = "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN a int; ALTER TABLE u ADD COLUMN x int"
      const { conflicts } = replay(`${block(body)}; ${later}`)
      // Only what the later statements themselves make certain may be said.
      expect(conflicts.filter(({ message }) => message.includes('"t"'))).toEqual([])
    }
  })

  it("takes an exception handler for what it is when everything is known", () => {
    const sql = "DO $$ BEGIN CREATE TYPE e AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    const catalog = catalogAfter(`${sql}; ${sql}`)
    expect(snapshot(catalog).enums).toEqual([{ name: "public.e", labels: ["a"] }])
  })

  it("stops being complete with dynamic SQL and with extensions that make tables", () => {
    expect(catalogAfter("DO $$ BEGIN EXECUTE format('DROP TABLE %I', current_setting('x')); END $$").complete).toBe(
      false,
    )
    expect(catalogAfter("CREATE EXTENSION timescaledb").complete).toBe(false)
    expect(catalogAfter("CREATE EXTENSION IF NOT EXISTS citext; CREATE TABLE t (a citext)").complete).toBe(true)
  })

  it("is complete again when the transaction that made it doubtful is rolled back", () => {
    expect(catalogAfter("BEGIN; CREATE EXTENSION timescaledb; ROLLBACK").complete).toBe(true)
  })

  it("takes the index of a key away with its constraint, also where unreadable code may have changed the table", () => {
    const made = "CREATE TABLE t (a int, CONSTRAINT one_a UNIQUE (a)); CREATE INDEX by_a ON t (a);"
    const code = "DO $$ BEGIN EXECUTE 'ALTER TABLE t DROP COLUMN ' || current_setting('x'); END $$;"
    const index = (name: string): unknown => catalogAfter(`${made} ${code} ALTER TABLE t DROP CONSTRAINT one_a; ALTER TABLE t DROP CONSTRAINT IF EXISTS by_a`).index({ schema: null, name })
    expect(index("one_a")).toBeUndefined()
    expect(index("by_a")).toBeDefined()
    expect(replay(`${made} ${code} ALTER TABLE t DROP CONSTRAINT one_a; CREATE UNIQUE INDEX one_a ON t (a) WHERE a > 0`).conflicts).toEqual([])
  })

  it("does not say that a view reads a column that may be another table's", () => {
    const tables = "CREATE TABLE a (id int, x int); CREATE TABLE b (id int, x int);"
    expect(
      replay(`${tables} CREATE VIEW v AS SELECT o.x FROM a JOIN b AS o ON o.id = a.id; ALTER TABLE a DROP COLUMN x`)
        .conflicts,
    ).toEqual([])
    expect(replay(`${tables} CREATE VIEW v AS SELECT x FROM a; ALTER TABLE a DROP COLUMN x`).conflicts).toHaveLength(1)
  })
})
