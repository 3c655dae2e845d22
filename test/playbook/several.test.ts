import { describe, expect, it } from "vitest"
import { lint } from "../../src/index.ts"
import { stepsFor } from "./recipe.ts"

const partitioned = `CREATE TABLE m (at date, kind text) PARTITION BY RANGE (at);
  CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');`

const RENAME = "ALTER TABLE m RENAME COLUMN kind TO sort"

describe("recipes for more than one ordinary table or column", () => {
  it.each([
    [12, ["m_1", "m_2"]],
    [13, ["m"]],
  ] as const)("put the trigger of a rename where PostgreSQL %i takes it", (pgVersion, tables) => {
    const sql = stepsFor({ schema: partitioned, migration: RENAME, pgVersion }).map((step) => step.sql).join("\n")
    expect([...sql.matchAll(/BEFORE INSERT OR UPDATE ON (\w+)/g)].map(([, table]) => table)).toEqual(tables)
    expect([...sql.matchAll(/DROP TRIGGER \w+ ON (\w+)/g)].map(([, table]) => table)).toEqual(tables)
  })

  it("put the trigger on inheriting tables too, and let them do without the old column", () => {
    const schema = "CREATE TABLE p (id int PRIMARY KEY, a int); CREATE TABLE c (CHECK (a < 9)) INHERITS (p); CREATE TABLE d (PRIMARY KEY (a)) INHERITS (c);"
    const steps = stepsFor({ schema, migration: "ALTER TABLE p ALTER a TYPE bigint", pgVersion: 14 })
    const sql = steps.map((step) => step.sql).join("\n")
    expect([...sql.matchAll(/BEFORE INSERT OR UPDATE ON (\w+)/g)].map(([, table]) => table)).toEqual(["p", "c", "d"])
    const swap = steps.find(({ title }) => title === "Swap the two names")?.sql ?? ""
    expect([...swap.matchAll(/DROP TRIGGER \w+ ON (\w+)/g)].map(([, table]) => table)).toEqual(["p", "c", "d"])
    expect(swap).toMatch(/ALTER TABLE d DROP CONSTRAINT d_pkey;\nALTER TABLE d ALTER COLUMN a DROP NOT NULL;/)
  })

  it("write no SQL for a column of a view, whose query they do not know", () => {
    const schema = "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW w AS SELECT a FROM t;"
    for (const migration of ["ALTER VIEW v RENAME COLUMN a TO b", "ALTER MATERIALIZED VIEW w RENAME COLUMN a TO b"]) {
      const steps = stepsFor({ schema, migration, pgVersion: 16 })
      expect(steps.map(({ deploy, sql }) => [deploy, sql])).toEqual([
        ["expand", ""],
        ["migrate", ""],
        ["contract", ""],
      ])
    }
  })

  it("do not give up a column that a generated column is computed from, which up to 14 would go with it", () => {
    const schema = "CREATE TABLE t (id int PRIMARY KEY, a int, g int GENERATED ALWAYS AS (a * 2) STORED);"
    for (const pgVersion of [14, 18]) {
      const steps = stepsFor({ schema, migration: "ALTER TABLE t RENAME a TO b", pgVersion })
      expect(steps.map(({ sql }) => sql)).toEqual([""])
      expect(steps[0]?.note).toMatch(/^The generated column g is computed from a:/)
      const notes = stepsFor({ schema, migration: "ALTER TABLE t DROP COLUMN a", pgVersion }).map(({ note }) => note ?? "").join("\n")
      expect(notes).toMatch(pgVersion === 14 ? /Dropped with it: generated column g/ : /have to be changed first: generated column g/)
    }
  })

  it("name what takes rows that are written without a dropped column for the same", () => {
    const schema = `CREATE TABLE t (id int PRIMARY KEY, code text DEFAULT 'none' UNIQUE, place int, free int UNIQUE, key uuid DEFAULT gen_random_uuid() UNIQUE);
      CREATE UNIQUE INDEX places ON t (place) NULLS NOT DISTINCT; CREATE UNIQUE INDEX by_id ON t (id) INCLUDE (code);`
    const notesOf = (migration: string): string => stepsFor({ schema, migration, pgVersion: 16 }).map(({ note }) => note ?? "").join("\n")
    expect(notesOf("ALTER TABLE t DROP COLUMN code")).toMatch(/may be the same; they have to be changed first: constraint t_code_key\./)
    expect(notesOf("ALTER TABLE t DROP COLUMN place")).toMatch(/may be the same; they have to be changed first: index places\./)
    expect(notesOf("ALTER TABLE t DROP COLUMN free")).not.toMatch(/may be the same/)
    expect(notesOf("ALTER TABLE t DROP COLUMN key")).not.toMatch(/may be the same/)
  })

  it("name the exclusion constraint that keeps a column which it reads only in WHERE", () => {
    const schema = "CREATE TABLE t (a int, b int, c int, CONSTRAINT one EXCLUDE (a WITH =) WHERE (b > 0), CONSTRAINT two EXCLUDE (c WITH =) WHERE (c > 0));"
    const notesOf = (migration: string): string => stepsFor({ schema, migration, pgVersion: 16 }).map(({ note }) => note ?? "").join("\n")
    expect(notesOf("ALTER TABLE t DROP COLUMN b")).toMatch(/have to be changed first: exclusion constraint one\./)
    expect(notesOf("ALTER TABLE t DROP COLUMN c")).not.toMatch(/exclusion constraint/)
  })

  it("serve all columns of one ALTER TABLE", () => {
    const history = { path: "m/1.sql", sql: "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b text NOT NULL, c text, d text);" }
    const stepsOf = (sql: string): string[] =>
      lint({ files: [history, { path: "m/2.sql", sql }] }).findings.flatMap(({ rule, steps }) =>
        rule === "lock-timeout-missing" ? [] : steps.map((step) => step.sql.replace(/\s+/g, " ")),
      )
    expect(stepsOf("ALTER TABLE t DROP COLUMN a, DROP COLUMN IF EXISTS b;")).toEqual([
      "SET lock_timeout = '5s'; ALTER TABLE t ALTER COLUMN a DROP NOT NULL, ALTER COLUMN b DROP NOT NULL; RESET lock_timeout;",
      "",
      "SET lock_timeout = '5s'; -- pgsafe-ignore column-drop-breaks-code -- no running code uses them any more " +
        "ALTER TABLE t DROP COLUMN a, DROP COLUMN IF EXISTS b; RESET lock_timeout;",
    ])
    expect(stepsOf("ALTER TABLE t ALTER c SET NOT NULL, ALTER d SET NOT NULL;")).toEqual([
      "SET lock_timeout = '5s'; ALTER TABLE t ADD CONSTRAINT t_c_not_null CHECK (c IS NOT NULL) NOT VALID, " +
        "ADD CONSTRAINT t_d_not_null CHECK (d IS NOT NULL) NOT VALID; RESET lock_timeout;",
      "ALTER TABLE t VALIDATE CONSTRAINT t_c_not_null, VALIDATE CONSTRAINT t_d_not_null;",
      "SET lock_timeout = '5s'; ALTER TABLE t ALTER COLUMN c SET NOT NULL, ALTER COLUMN d SET NOT NULL; " +
        "ALTER TABLE t DROP CONSTRAINT t_c_not_null, DROP CONSTRAINT t_d_not_null; RESET lock_timeout;",
    ])
  })

  it("declare a new column NOT NULL where a primary key follows, for which a CHECK does not do on PostgreSQL 11", () => {
    const sql = "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD COLUMN nr serial NOT NULL, ADD PRIMARY KEY (nr);"
    const files = [{ path: "m/1.sql", sql: "CREATE TABLE orders (id text PRIMARY KEY);" }, { path: "m/2.sql", sql }]
    for (const pgVersion of [11, 14]) {
      const steps = lint({ files, options: { pgVersion, ignore: ["lock-timeout-missing"] } }).findings.flatMap((finding) => finding.steps.map((step) => step.sql))
      const made = steps.filter((text) => text.includes("NOT NULL") && !text.includes("DO $$"))
      expect(made.map((text) => /CHECK|SET NOT NULL/.exec(text)?.[0])).toEqual(["CHECK", "SET NOT NULL"])
    }
  })

  it("do not build an index again that those of an earlier statement have built in its place", () => {
    const history = "CREATE TABLE orders (a int, b int); CREATE INDEX by_a ON orders (a); CREATE INDEX by_b ON orders (b);"
    const sql = "DROP INDEX by_a, by_b; CREATE INDEX by_a ON orders (a, b); CREATE UNIQUE INDEX one_b ON orders (b); CREATE INDEX ab ON orders (b, a);"
    const { findings } = lint({ files: [{ path: "m/1.sql", sql: history }, { path: "m/2.sql", sql }], options: { transaction: false, ignore: ["lock-timeout-missing"] } })
    const built = findings.flatMap(({ rule, steps }) => steps.flatMap((step) => [...step.sql.matchAll(/CONCURRENTLY (\w+) ON/g)].map(([, name]) => `${rule}: ${String(name)}`)))
    expect(built).toEqual(["index-drop-blocks-queries: by_a_new", "index-drop-blocks-queries: one_b", "index-creation-blocks-writes: ab"])
  })

  it("do not put a primary key that those of the DROP CONSTRAINT before have put in its place", () => {
    const history = "CREATE TABLE orders (id int PRIMARY KEY, a int NOT NULL); CREATE TABLE customers (id int PRIMARY KEY, a int NOT NULL);"
    const sql = `ALTER TABLE orders DROP CONSTRAINT orders_pkey; ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (a);
      ALTER TABLE customers DROP CONSTRAINT customers_pkey; CREATE UNIQUE INDEX one_a ON customers (a); ALTER TABLE customers ADD PRIMARY KEY USING INDEX one_a;`
    const { findings } = lint({ files: [{ path: "m/1.sql", sql: history }, { path: "m/2.sql", sql }], options: { transaction: false, ignore: ["lock-timeout-missing"] } })
    expect(findings.map(({ rule, steps }) => [rule, steps.length])).toEqual([
      ["replica-identity-lost", 2],
      ["primary-key-blocks-queries", 0],
      ["replica-identity-lost", 2],
      ["index-creation-blocks-writes", 0],
    ])
  })

  it("do not run a statement elsewhere that others of its steps stand in for", () => {
    const sql = "BEGIN; CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_a_idx ON orders (a); COMMIT;"
    const { findings } = lint({ files: [{ path: "m/1.sql", sql: "CREATE TABLE orders (a int);" }, { path: "m/2.sql", sql }], options: { ignore: ["lock-timeout-missing"] } })
    expect(findings.map(({ rule, steps }) => [rule, steps.map((step) => step.sql)])).toEqual([
      ["forbidden-in-transaction", []],
      ["invalid-index-kept", ["DROP INDEX CONCURRENTLY IF EXISTS orders_a_idx;", "CREATE INDEX CONCURRENTLY orders_a_idx ON orders (a);"]],
    ])
  })

  it("have as many steps for several columns as for one", () => {
    const columns = ["a", "b", "c", "d", "e", "f"]
    const schema = `CREATE TABLE t (id int PRIMARY KEY, ${columns.map((name) => `${name} int NOT NULL CHECK (${name} > 0)`).join(", ")}, UNIQUE (${columns.join(", ")}));`
    const countOf = (many: number, action: string): number =>
      stepsFor({ schema, migration: `ALTER TABLE t ${columns.slice(0, many).map((name) => action.replaceAll("?", name)).join(", ")}`, pgVersion: 16 }).length
    for (const action of ["ALTER ? TYPE bigint", "ADD ?_2 uuid NOT NULL DEFAULT gen_random_uuid()", "ADD ?_2 serial", "ADD ?_2 text NOT NULL"])
      for (const many of [2, 3, 6]) expect(countOf(many, action)).toBe(countOf(1, action))
  })

  it("carry the columns over that ON DELETE SET NULL sets", () => {
    const schema = `CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
      CREATE TABLE c (id int PRIMARY KEY, x int, y int, CONSTRAINT k FOREIGN KEY (x, y) REFERENCES p ON DELETE SET NULL (y));`
    const sql = stepsFor({ schema, migration: "ALTER TABLE c ALTER y TYPE bigint", pgVersion: 16 }).map((step) => step.sql).join("\n").replace(/\s+/g, " ")
    expect(sql).toMatch(/FOREIGN KEY \(x, y_new\) REFERENCES p \(a, b\) ON DELETE SET NULL \(y_new\)/)
  })

  it("name the triggers that DELETE fires and TRUNCATE does not", () => {
    const schema = `CREATE TABLE t (id int PRIMARY KEY); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
      CREATE TRIGGER "Log" AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER i AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();`
    const [step] = stepsFor({ schema, migration: "TRUNCATE t", pgVersion: 14 })
    expect(step?.note).toMatch(/Unlike TRUNCATE it fires "Log": disable what is not to run\.$/)
  })

  it("name the rules that read a column, the tables that inherit, and foreign keys with their schema", () => {
    const schema = `CREATE SCHEMA s; CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE TABLE log (x int);
      CREATE RULE "by a" AS ON UPDATE TO t WHERE OLD.a IS NOT NULL DO ALSO INSERT INTO log VALUES (NEW.id); CREATE TABLE s.heir () INHERITS (t);
      CREATE TABLE s.m (t int REFERENCES t) PARTITION BY RANGE (t); CREATE TABLE s.m_1 PARTITION OF s.m DEFAULT;`
    const notesOf = (migration: string): string => stepsFor({ schema, migration, pgVersion: 16 }).map(({ note }) => note ?? "").join("\n")
    expect(notesOf("ALTER TABLE t DROP COLUMN a")).toMatch(/have to be changed first: rule "by a"\./)
    expect(notesOf("ALTER TABLE t RENAME COLUMN a TO c")).toMatch(/To be moved to c by hand before: rule "by a"\./)
    expect(notesOf("ALTER TABLE t DROP COLUMN b")).not.toMatch(/rule/)
    expect(notesOf("DROP TABLE t")).toMatch(/have to be changed first: inheriting table s\.heir and foreign key m_t_fkey of s\.m\./)
  })

  it("name what has a table's rows as its type, and what reads it elsewhere", () => {
    const schema = `CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int, "T" t, many t[]); CREATE FUNCTION "F"(o t) RETURNS int LANGUAGE sql AS 'SELECT o.id';
      CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; CREATE FUNCTION h() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t';
      CREATE POLICY own ON t USING (id IN (SELECT id FROM t)); CREATE POLICY p ON u USING (id IN (SELECT id FROM t));
      CREATE RULE r AS ON INSERT TO u DO ALSO INSERT INTO t VALUES (NEW.id);`
    const [step] = stepsFor({ schema, migration: "DROP TABLE t", pgVersion: 14 })
    expect(step?.note).toMatch(/have to be changed first: function "F", function g, column "T" of u, column many of u, policy p of u and rule r of u\./)
  })

  it("leave a column to a person that a partition is partitioned by", () => {
    const schema = `CREATE TABLE m (at date, kind text, n int) PARTITION BY RANGE (at);
      CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (kind);`
    const titlesOf = (migration: string): readonly string[] => stepsFor({ schema, migration, pgVersion: 16 }).map(({ title }) => title)
    expect(titlesOf("ALTER TABLE m RENAME COLUMN kind TO sort")).toEqual(["kind cannot be copied by a trigger"])
    expect(titlesOf("ALTER TABLE m RENAME COLUMN n TO number")).not.toEqual(["n cannot be copied by a trigger"])
  })

  it("drop a column behind all else that the statement does, unless that needs its names", () => {
    const schema = "CREATE TABLE t (id int PRIMARY KEY, code text CONSTRAINT t_code UNIQUE, note text);"
    const dropsAt = (actions: string): string => {
      const { findings } = lint({ files: [{ path: "m/1.sql", sql: schema }, { path: "m/2.sql", sql: `ALTER TABLE t ${actions};` }], options: { ignore: ["lock-timeout-missing"] } })
      const steps = findings.flatMap((finding) => finding.steps)
      const at = steps.findIndex(({ sql }) => sql.includes("DROP COLUMN"))
      return at === steps.length - 1 ? "last" : at < steps.findIndex(({ sql }) => sql.includes("ADD ")) ? "first" : "between"
    }
    expect(dropsAt("DROP COLUMN id, ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()")).toBe("last")
    expect(dropsAt("DROP COLUMN note, ADD CONSTRAINT t_note UNIQUE (id, code)")).toBe("last")
    expect(dropsAt("DROP COLUMN code, ADD CONSTRAINT t_code CHECK (id > 0)")).toBe("first")
    // The new key takes the place of the old one while the column is there.
    expect(dropsAt("DROP COLUMN id, ADD PRIMARY KEY (code)")).toBe("last")
  })

  it("name the keys that include a column", () => {
    const schema = "CREATE TABLE t (a int, b int, CONSTRAINT k UNIQUE (a) INCLUDE (b))"
    const notes = stepsFor({ schema, migration: "ALTER TABLE t DROP COLUMN b", pgVersion: 16 }).map(({ note }) => note ?? "").join("\n")
    expect(notes).toMatch(/Dropped with it: constraint k\./)
  })

  it("do not say that a column takes a key along which the statement gives to another column", () => {
    const schema = "CREATE TABLE t (id int, email text NOT NULL, CONSTRAINT t_pkey PRIMARY KEY (id), CONSTRAINT small CHECK (id > 0));"
    const migration = "ALTER TABLE t DROP CONSTRAINT t_pkey, DROP COLUMN id, ADD CONSTRAINT t_pkey PRIMARY KEY (email);"
    const { findings } = lint({ files: [{ path: "m/1.sql", sql: schema }, { path: "m/2.sql", sql: migration }] })
    const notes = findings.flatMap(({ steps }) => steps.map(({ note }) => note ?? ""))
    expect(notes.filter((note) => note.includes("Dropped with it"))).toEqual([expect.stringMatching(/^Dropped with it: constraint small\./)])
  })

  it("name the triggers that batches fire and a rewrite does not", () => {
    const schema = `CREATE TABLE t (id int PRIMARY KEY, a int, b text); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER "Touch" BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER i AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
      CREATE TRIGGER of_b AFTER UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION f();`
    for (const migration of ["ALTER TABLE t ALTER a TYPE bigint", "ALTER TABLE t RENAME a TO c", "ALTER TABLE t ADD c uuid DEFAULT gen_random_uuid()"]) {
      const notes = stepsFor({ schema, migration, pgVersion: 14 }).map(({ note }) => note ?? "").join("\n")
      expect(notes.match(/It fires .*$/gm)).toEqual([expect.stringContaining('It fires the trigger "Touch", as every UPDATE does')])
    }
    const [update] = stepsFor({ schema, migration: "UPDATE t SET b = 'x'", pgVersion: 14 })
    expect(update?.note).not.toMatch(/fires/)
  })

  it("offer no NOT VALID for a foreign key of a partitioned table before 18", () => {
    const sql = "ALTER TABLE m ADD CONSTRAINT f FOREIGN KEY (kind) REFERENCES kinds (name);"
    const fixOf = (pgVersion: number): string | undefined =>
      lint({ files: [{ path: "m/1.sql", sql: partitioned }, { path: "m/2.sql", sql }], options: { pgVersion } })
        .findings.find(({ rule }) => rule === "foreign-key-blocks-writes")?.fix?.title
    expect(fixOf(17)).toBeUndefined()
    expect(fixOf(18)).toMatch(/NOT VALID/)
  })
})
