import { describe, expect, it } from "vitest"
import { catalogAfter, names, tableAfter } from "./replay.ts"
import { snapshot } from "../../src/schema/index.ts"

describe("CREATE TABLE", () => {
  it("lists columns, keys, checks, foreign keys and sequences as the server does", () => {
    const catalog = catalogAfter(`
      CREATE TABLE customers (id serial PRIMARY KEY, email varchar(50) NOT NULL UNIQUE);
      CREATE TABLE orders (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer int NOT NULL REFERENCES customers ON DELETE CASCADE,
        total numeric(10,2) DEFAULT 0 CHECK (total >= 0),
        twice numeric GENERATED ALWAYS AS (total * 2) STORED
      )`)
    const { tables, sequences } = snapshot(catalog)
    expect(sequences).toEqual([
      { name: "public.customers_id_seq", type: "integer", ownedBy: "public.customers.id" },
      { name: "public.orders_id_seq", type: "bigint", ownedBy: "public.orders.id" },
    ])
    const own = { enforced: true, deferrable: false, initiallyDeferred: false, noInherit: false, inherited: false, local: true }
    expect(tables[1]).toEqual({
      name: "public.orders",
      kind: "table",
      persistence: "permanent",
      known: true,
      parents: [],
      columns: [
        { name: "id", type: "bigint", notNull: true, default: false, identity: "always", generated: null, inherited: false, local: true },
        { name: "customer", type: "integer", notNull: true, default: false, identity: null, generated: null, inherited: false, local: true },
        { name: "total", type: "numeric(10,2)", notNull: false, default: true, identity: null, generated: null, inherited: false, local: true },
        { name: "twice", type: "numeric", notNull: false, default: false, identity: null, generated: "stored", inherited: false, local: true },
      ],
      constraints: [
        {
          name: "orders_customer_fkey",
          kind: "foreign key",
          columns: ["customer"],
          validated: true,
          ...own,
          references: { table: "public.customers", columns: ["id"] },
        },
        { name: "orders_pkey", kind: "primary key", columns: ["id"], validated: true, ...own, references: null },
        { name: "orders_total_check", kind: "check", columns: ["total"], validated: true, ...own, references: null },
      ],
      indexes: [
        {
          name: "orders_pkey",
          unique: true,
          method: "btree",
          valid: true,
          columns: ["id"],
          include: [],
          partial: false,
          nullsNotDistinct: false,
          clustered: false,
          constraint: "orders_pkey",
          parent: null,
        },
      ],
      triggers: [],
      policies: [],
      rules: [],
      rowSecurity: { enabled: false, forced: false },
      replicaIdentity: { kind: "default", index: null },
    })
  })

  it("takes DEFAULT NULL for no default", () => {
    expect(
      tableAfter("CREATE TABLE t (a int DEFAULT NULL, b int DEFAULT 1)", "t").columns.map((column) => column.default),
    ).toEqual([false, true])
  })

  it("copies what LIKE includes, in the written order", () => {
    const sql = `CREATE TABLE a (x int PRIMARY KEY, y text DEFAULT 'y' CHECK (y <> ''));
      CREATE INDEX ON a (y);
      CREATE TABLE b (first int, LIKE a INCLUDING ALL, last int);
      CREATE TABLE c (LIKE a)`
    const b = tableAfter(sql, "b")
    expect(names(b.columns)).toEqual(["first", "x", "y", "last"])
    expect(names(b.constraints)).toEqual(["a_y_check", "b_pkey"])
    expect(names(b.indexes)).toEqual(["b_pkey", "b_y_idx"])
    const c = tableAfter(sql, "c")
    expect(c.columns.map((column) => column.notNull)).toEqual([true, false])
    expect(c.constraints).toEqual([])
    expect(c.columns.map((column) => column.default)).toEqual([false, false])
  })

  it("names NOT NULL constraints from 18 on, and hands the names down", () => {
    const sql = `CREATE TABLE p (a int PRIMARY KEY, b int CONSTRAINT given NOT NULL);
      CREATE TABLE c (z int NOT NULL) INHERITS (p);
      ALTER TABLE p ALTER b DROP NOT NULL;
      ALTER TABLE p ADD d int NOT NULL DEFAULT 1`
    expect(names(tableAfter(sql, "p", { pgVersion: 18 }).constraints)).toEqual([
      "p_a_not_null",
      "p_d_not_null",
      "p_pkey",
    ])
    expect(names(tableAfter(sql, "c", { pgVersion: 18 }).constraints)).toEqual([
      "c_z_not_null",
      "p_a_not_null",
      "p_d_not_null",
    ])
    expect(names(tableAfter(sql, "p", { pgVersion: 17 }).constraints)).toEqual(["p_pkey"])
  })

  it("takes the name that a NOT NULL among the table's constraints gives (18)", () => {
    const t = tableAfter("CREATE TABLE t (a serial PRIMARY KEY, CONSTRAINT given NOT NULL a)", "t", { pgVersion: 18 })
    expect(names(t.constraints)).toEqual(["given", "t_pkey"])
  })

  it("creates schema elements in their schema", () => {
    const catalog = catalogAfter("CREATE SCHEMA app CREATE TABLE t (a int) CREATE VIEW v AS SELECT a FROM t")
    expect(names(snapshot(catalog).tables)).toEqual(["app.t"])
    expect(snapshot(catalog).views).toEqual([{ name: "app.v", kind: "view", reads: ["app.t"] }])
    expect(catalog.searchPath).toEqual(["public"])
  })
})

describe("ALTER TABLE", () => {
  it("runs the actions of one statement in the server's order", () => {
    const t = tableAfter(
      `CREATE TABLE t (a int, b int, CONSTRAINT k CHECK (a > 0));
       ALTER TABLE t ADD COLUMN a text, ADD CONSTRAINT k CHECK (b > 0), DROP CONSTRAINT k, DROP COLUMN a`,
      "t",
    )
    expect(t.columns.map(({ name, type }) => [name, type])).toEqual([
      ["b", "integer"],
      ["a", "text"],
    ])
    expect(t.constraints.map(({ name, columns }) => [name, columns])).toEqual([["k", ["b"]]])
  })

  it("takes a column in parentheses, with a collation or without, for a column", () => {
    const t = catalogAfter(`CREATE TABLE t (a text, b text); CREATE INDEX i ON t ((a COLLATE "C") DESC, (b), (lower(b)));`)
    const index = t.index({ schema: null, name: "i" })
    expect(index?.columns).toEqual(["a", "b", null])
    expect(index?.clauses).toEqual(['COLLATE "C" DESC', "", ""])
  })

  it("drops with a column its indexes, constraints, statistics and sequence", () => {
    const catalog = catalogAfter(`
      CREATE TABLE t (id serial, a int UNIQUE, b int, CHECK (a < b), CHECK (b > 0));
      CREATE INDEX ON t (b) WHERE a > 5;
      CREATE INDEX ON t (b);
      CREATE STATISTICS s ON a, b FROM t;
      ALTER TABLE t DROP COLUMN a, DROP COLUMN id`)
    const [t] = snapshot(catalog).tables
    expect(names(t?.constraints ?? [])).toEqual(["t_b_check"])
    expect(names(t?.indexes ?? [])).toEqual(["t_b_idx1"])
    expect(snapshot(catalog).sequences).toEqual([])
    expect(catalog.statistics({ schema: null, name: "s" })).toBeUndefined()
  })

  it("keeps indexes and constraints through a type change, and says since when the type is", () => {
    const catalog = catalogAfter(
      "CREATE TABLE t (a varchar(50) UNIQUE CHECK (a <> '')); ALTER TABLE t ALTER a TYPE varchar(100)",
    )
    const t = catalog.relation({ schema: null, name: "t" })
    expect(t?.columns[0]?.type).toEqual({ schema: "pg_catalog", name: "varchar", modifiers: [100], dimensions: 0 })
    expect(t?.columns[0]?.typed?.span.start).toBeGreaterThan(t?.columns[0]?.created?.span.start ?? 0)
    expect(names(catalog.constraintsOf(t?.id ?? 0))).toEqual(["t_a_check", "t_a_key"])
  })

  it("knows what is validated", () => {
    const sql = `CREATE TABLE p (id int PRIMARY KEY);
      CREATE TABLE t (a int);
      ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID, ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT VALID`
    expect(tableAfter(sql, "t").constraints.map(({ validated }) => validated)).toEqual([false, false])
    expect(
      tableAfter(`${sql}; ALTER TABLE t VALIDATE CONSTRAINT c`, "t").constraints.map(({ validated }) => validated),
    ).toEqual([true, false])
  })

  it("promotes an index to a constraint under the constraint's name", () => {
    const t = tableAfter(
      "CREATE TABLE t (a int); CREATE UNIQUE INDEX u ON t (a); ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY USING INDEX u",
      "t",
    )
    expect(t.indexes.map(({ name, constraint }) => [name, constraint])).toEqual([["t_pk", "t_pk"]])
    expect(t.columns[0]?.notNull).toBe(true)
  })

  it("follows NOT NULL, NOT VALID included", () => {
    const sql = "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID"
    const column = (script: string) =>
      catalogAfter(script, { pgVersion: 18 }).relation({ schema: null, name: "t" })?.columns[0]
    expect(column(sql)).toMatchObject({ notNull: false, notNullNotValid: true })
    expect(column(`${sql}; ALTER TABLE t VALIDATE CONSTRAINT n`)).toMatchObject({
      notNull: true,
      notNullNotValid: false,
    })
    expect(column(`${sql}; ALTER TABLE t DROP CONSTRAINT n`)).toMatchObject({ notNull: false, notNullNotValid: false })
  })
})

describe("RENAME", () => {
  it("follows a column everywhere", () => {
    const catalog = catalogAfter(`
      CREATE TABLE t (a int PRIMARY KEY, b int, g int GENERATED ALWAYS AS (a + 1) STORED, CONSTRAINT k CHECK (a > 0 AND b = 'a'::text::int));
      CREATE INDEX i ON t ((a + b)) INCLUDE (a) WHERE a > 5;
      CREATE TABLE r (x int REFERENCES t (a));
      CREATE VIEW v AS SELECT a FROM t;
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
      CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();
      CREATE POLICY p ON t USING (a > 1);
      ALTER TABLE t RENAME COLUMN a TO "A b"`)
    const t = catalog.relation({ schema: null, name: "t" })
    if (t === undefined) throw new Error("no table t")
    expect(names(t.columns)).toEqual(["A b", "b", "g"])
    expect(t.columns[2]?.generated).toEqual({ stored: true, columns: ["A b"], text: '"A b" + 1', functions: [], types: [] })
    expect(catalog.constraint(t.id, "k")?.columns).toEqual(["A b", "b"])
    expect(catalog.constraint(t.id, "k")?.expression?.text).toBe(`"A b" > 0 AND b = 'a'::text::int`)
    expect(catalog.index({ schema: null, name: "i" })).toMatchObject({
      include: ["A b"],
      expressionColumns: ["A b", "b"],
      predicate: { text: '"A b" > 5' },
    })
    expect(catalog.referencing(t.id)[0]?.references?.columns).toEqual(["A b"])
    expect(catalog.dependents(t.id)[0]?.dependencies).toEqual([{ relation: t.id, columns: ["A b"], certain: ["A b"], key: null }])
    expect(catalog.triggersOf(t.id)[0]?.columns).toEqual(["A b"])
    expect(catalog.policiesOf(t.id)[0]?.columns).toEqual(["A b"])
  })

  it("keeps the identity of a relation through RENAME and SET SCHEMA", () => {
    const { catalog } = { catalog: catalogAfter("CREATE TABLE t (id serial PRIMARY KEY); CREATE SCHEMA s") }
    const id = catalog.relation({ schema: null, name: "t" })?.id
    catalogAfter("ALTER TABLE t RENAME TO u; ALTER TABLE u SET SCHEMA s; ALTER INDEX s.t_pkey RENAME TO u_pkey", {
      catalog,
    })
    expect(catalog.relation({ schema: null, name: "t" })).toBeUndefined()
    expect(catalog.relation({ schema: "s", name: "u" })?.id).toBe(id)
    expect(catalog.constraint(id ?? 0, "u_pkey")?.kind).toBe("primary key")
    expect(snapshot(catalog).sequences).toEqual([{ name: "s.t_id_seq", type: "integer", ownedBy: "s.u.id" }])
  })

  it("follows types into columns and other types", () => {
    const catalog = catalogAfter(`
      CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN d AS mood; CREATE TABLE t (m mood[], d d);
      ALTER TYPE mood RENAME TO feeling; ALTER TYPE feeling ADD VALUE 'b' BEFORE 'a'; ALTER TYPE feeling RENAME VALUE 'a' TO 'c'`)
    expect(snapshot(catalog).enums).toEqual([{ name: "public.feeling", labels: ["b", "c"] }])
    expect(snapshot(catalog).domains[0]?.type).toBe("feeling")
    expect(snapshot(catalog).tables[0]?.columns.map(({ type }) => type)).toEqual(["feeling[]", "d"])
    const feeling = catalog.type({ schema: null, name: "feeling" })
    expect(catalog.usersOfType(feeling?.id ?? 0).map(({ column }) => column.name)).toEqual(["d", "m"])
  })
})

describe("DROP", () => {
  it("takes along what depends on it with CASCADE", () => {
    const catalog = catalogAfter(`
      CREATE TABLE p (id int PRIMARY KEY, a int); CREATE TABLE c (p int REFERENCES p);
      CREATE VIEW v AS SELECT a FROM p; CREATE VIEW w AS SELECT a FROM v;
      DROP TABLE p CASCADE`)
    expect(names(snapshot(catalog).tables)).toEqual(["public.c"])
    expect(snapshot(catalog).tables[0]?.constraints).toEqual([])
    expect(snapshot(catalog).views).toEqual([])
  })

  it("drops tables that need each other in one statement", () => {
    const sql = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a); DROP TABLE a, b"
    expect(snapshot(catalogAfter(sql)).tables).toEqual([])
  })

  it("drops the columns of a dropped type", () => {
    const t = tableAfter("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a int, b e); DROP TYPE e CASCADE", "t")
    expect(names(t.columns)).toEqual(["a"])
  })
})

describe("partitions", () => {
  const sql = `
    CREATE TABLE p (id int, k int NOT NULL, CHECK (k > 0)) PARTITION BY RANGE (id);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
    ALTER TABLE p ADD PRIMARY KEY (id);
    CREATE INDEX ON p (k);
    CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
    CREATE TABLE p3 (LIKE p INCLUDING ALL);
    ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (20) TO (30)`

  it("gives each partition the parent's columns, constraints and indexes", () => {
    for (const [name, index] of [
      ["p1", "p1_k_idx"],
      ["p2", "p2_k_idx"],
      ["p3", "p3_k_idx"],
    ] as const) {
      const partition = tableAfter(sql, name)
      expect(partition.parents).toEqual(["public.p"])
      expect(names(partition.constraints)).toEqual(["p_k_check", `${name}_pkey`].sort())
      expect(partition.indexes.map((own) => [own.name, own.parent])).toEqual([
        [index, "public.p_k_idx"],
        [`${name}_pkey`, "public.p_pkey"],
      ])
    }
  })

  it("hands new columns, drops and renames down", () => {
    const p1 = tableAfter(`${sql}; ALTER TABLE p ADD a int, DROP k; ALTER TABLE p RENAME a TO b`, "p1")
    expect(names(p1.columns)).toEqual(["id", "b"])
    expect(names(p1.indexes)).toEqual(["p1_pkey"])
  })

  it("makes an index ON ONLY the parent valid with its last partition", () => {
    const only = "CREATE INDEX i ON ONLY p (k, id); CREATE INDEX i1 ON p1 (k, id); ALTER INDEX i ATTACH PARTITION i1"
    const valid = (script: string) => catalogAfter(script).index({ schema: null, name: "i" })?.valid
    const before = sql.replace(/CREATE TABLE p3[^]*/, "")
    expect(valid(`${before}; ${only}`)).toBe(false)
    expect(valid(`${before}; ${only}; CREATE INDEX i2 ON p2 (k, id); ALTER INDEX i ATTACH PARTITION i2`)).toBe(true)
  })

  it("keeps everything on a detached partition, which stays when the parent goes", () => {
    const p1 = tableAfter(`${sql}; ALTER TABLE p DETACH PARTITION p1; DROP TABLE p`, "p1")
    expect(p1.parents).toEqual([])
    expect(p1.indexes.map(({ name, parent }) => [name, parent])).toEqual([
      ["p1_k_idx", null],
      ["p1_pkey", null],
    ])
  })
})
