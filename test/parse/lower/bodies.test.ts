import { describe, expect, it } from "vitest"
import type { OperationOf } from "../../../src/parse/operation.ts"
import { loadGrammar } from "../../../src/parse/grammar/load-node.ts"
import { parseBody, parseFile, textReader } from "../../../src/parse/index.ts"
import type { Shown } from "./read.ts"
import { operationsOf, show } from "./read.ts"

interface Body {
  readonly statements: readonly {
    span: string
    operations: readonly { op: string }[]
    conditional: boolean
    guarded: boolean
    repeated: boolean
  }[]
  readonly dynamic: readonly string[]
}

/** Every span as the text that PostgreSQL runs. */
function readDo(sql: string): Body {
  const [operation] = operationsOf(sql)
  expect(operation?.op).toBe("do")
  const { text } = textReader(sql, parseFile(sql).statements)
  return show(sql, operation, text) as unknown as Body
}

/** Where each table that is altered, and each other statement of the only block, stands in the file. */
function placesIn(sql: string): readonly string[] {
  loadGrammar()
  const { statements } = parseFile(sql)
  const { place } = textReader(sql, statements)
  const inner = statements.flatMap(({ operations }) => operations.flatMap((operation) => (operation.op === "do" ? operation.statements : [])))
  return inner.flatMap(({ operations }) =>
    operations.map((operation) => {
      const { start, end } = place("relation" in operation ? operation.relation.span : operation.span)
      return sql.slice(start, end)
    }),
  )
}

/** Statements as `op: text`, marked `?` when conditional, `!` when guarded and `*` when repeated. */
function outline({ statements }: Body): readonly string[] {
  return statements.map(({ span, operations, conditional, guarded, repeated }) => {
    const marks = `${conditional ? "?" : ""}${guarded ? "!" : ""}${repeated ? "*" : ""}`
    return `${operations.map(({ op }) => op).join(", ")}${marks}: ${span}`
  })
}

describe("DO blocks", () => {
  it("finds every statement at its place, with its conditions", () => {
    const sql = `-- é\nDO $body$
      DECLARE
        n int := (SELECT count(*) FROM started);
        c CURSOR FOR SELECT 1 FROM cursored;
        r record;
        x int;
      BEGIN
        -- ALTER TABLE t ADD c int;
        ALTER TABLE t ADD c int, DROP d;
        IF EXISTS (SELECT 1 FROM checked) THEN
          DROP TABLE dropped;
        ELSIF lucky() THEN
          NULL;
        ELSE
          PERFORM  performed(1, 'x');
        END IF;
        FOR i IN 1..3 LOOP UPDATE looped SET a = 1; END LOOP;
        FOR r IN SELECT 1 FROM iterated LOOP DELETE FROM inner_loop; END LOOP;
        SELECT a, b INTO STRICT x, n FROM selected WHERE z;
        n := n + assigned();
        BEGIN
          CREATE TYPE made AS ENUM ('a');
        EXCEPTION WHEN duplicate_object THEN
          INSERT INTO handled VALUES (1);
        END;
        CALL called();
        COMMIT;
        TRUNCATE last;
      END
      $body$`
    const body = readDo(sql)
    expect(body.dynamic).toEqual([])
    expect(outline(body)).toEqual([
      "select: (SELECT count(*) FROM started)",
      "select: SELECT 1 FROM cursored",
      "add column, drop column: ALTER TABLE t ADD c int, DROP d",
      "select: EXISTS (SELECT 1 FROM checked)",
      "drop?: DROP TABLE dropped",
      "select?: lucky()",
      "select?: PERFORM  performed(1, 'x')",
      "update*: UPDATE looped SET a = 1",
      "select: SELECT 1 FROM iterated",
      "delete?*: DELETE FROM inner_loop",
      "select: SELECT a, b INTO STRICT x, n FROM selected WHERE z",
      "select: n + assigned()",
      "create enum!: CREATE TYPE made AS ENUM ('a')",
      "insert?: INSERT INTO handled VALUES (1)",
      "call: CALL called()",
      "commit: COMMIT",
      "truncate: TRUNCATE last",
    ])
    expect(body.statements[2]?.operations).toMatchObject([
      { relation: { span: "t" }, column: { name: { span: "c" } }, span: "ADD c int" },
      { relation: { span: "t" }, column: { span: "d" }, span: "DROP d" },
    ])
    expect(body.statements[6]?.operations).toMatchObject([
      { query: { functions: [{ name: "performed", arguments: ["1", "x"], span: "performed(1, 'x')" }] } },
    ])
    expect(body.statements[10]?.operations).toMatchObject([
      { query: { reads: [{ span: "selected" }], columns: [{ span: "a" }, { span: "b" }, { span: "z" }] } },
    ])
    expect(body.statements[11]?.operations).toMatchObject([{ query: { functions: [{ span: "assigned()" }] } }])
  })

  it("takes what follows a conditional RETURN for conditional", () => {
    const sql = "DO $$ BEGIN IF a THEN RETURN; END IF; DROP TABLE t; END $$"
    expect(outline(readDo(sql))).toEqual(["drop?: DROP TABLE t"])
  })

  it("leaves out what stands behind a statement that always leaves", () => {
    expect(outline(readDo("DO $$ BEGIN DROP TABLE t; RETURN; DROP TABLE u; END $$"))).toEqual(["drop: DROP TABLE t"])
    expect(outline(readDo("DO $$ BEGIN RAISE 'no way back'; DROP TABLE t; END $$"))).toEqual([])
    expect(outline(readDo("DO $$ BEGIN IF a THEN RAISE EXCEPTION 'x'; DROP TABLE t; END IF; DROP TABLE u; END $$"))).toEqual(["drop: DROP TABLE u"])
    expect(outline(readDo("DO $$ BEGIN LOOP DROP TABLE t; EXIT; DROP TABLE u; END LOOP; DROP TABLE v; END $$"))).toEqual(["drop?*: DROP TABLE t", "drop: DROP TABLE v"])
    expect(outline(readDo("DO $$ BEGIN WHILE a LOOP CONTINUE; DROP TABLE t; END LOOP; END $$"))).toEqual([])
    expect(outline(readDo("DO $$ BEGIN RAISE NOTICE 'x'; WHILE a LOOP EXIT WHEN b; DROP TABLE t; END LOOP; END $$"))).toEqual(["drop?*: DROP TABLE t"])
    expect(outline(readDo("DO $$ BEGIN BEGIN RAISE 'x'; EXCEPTION WHEN OTHERS THEN DROP TABLE t; END; DROP TABLE u; END $$"))).toEqual(["drop?: DROP TABLE t", "drop: DROP TABLE u"])
  })

  it("reads EXECUTE of literals", () => {
    const sql = `DO $$ BEGIN
      EXECUTE 'ALTER TABLE t DROP a';
      EXECUTE 'DROP TABLE x; DROP TABLE y';
      EXECUTE format('ALTER TABLE u DROP b');
      EXECUTE format('ALTER TABLE %I.%2$I ADD c text DEFAULT %L', 'S', 'w t', 'it''s');
      EXECUTE 'ALTER TABLE ' || quote_ident('T') || ' DROP d';
      EXECUTE 'COMMENT ON TABLE t IS ''x''';
    END $$`
    const body = readDo(sql)
    expect(body.dynamic).toEqual([])
    expect(outline(body)).toEqual([
      "drop column: ALTER TABLE t DROP a",
      "drop: DROP TABLE x",
      "drop: DROP TABLE y",
      "drop column: ALTER TABLE u DROP b",
      "add column: ALTER TABLE \"S\".\"w t\" ADD c text DEFAULT 'it''s'",
      'drop column: ALTER TABLE "T" DROP d',
      "comment: COMMENT ON TABLE t IS 'x'",
    ])
    expect(body.statements[0]?.operations).toMatchObject([{ relation: { span: "t" }, column: { span: "a" } }])
    expect(body.statements[4]?.operations).toMatchObject([
      { relation: { schema: "S", name: "w t" }, column: { name: { name: "c" }, default: { literal: "it's" } } },
    ])
    expect(body.statements[5]?.operations).toMatchObject([{ relation: { schema: null, name: "T" } }])
  })

  it("quotes names in format() where they need it", () => {
    const sql = "DO $$ BEGIN EXECUTE format('ALTER TABLE %I.%I DROP %I', 'app', 'Orders', 'user'); END $$"
    expect(outline(readDo(sql))).toEqual(['drop column: ALTER TABLE app."Orders" DROP "user"'])
  })

  it("knows what spans mean in SQL with escapes, and where they stand in the file", () => {
    const sql = `DO $$ BEGIN
      EXECUTE 'ALTER TABLE "T" ADD CHECK (a <> ''x''), DROP b';
      EXECUTE E'ALTER TABLE u\\nADD CHECK (a <> \\'x\\')';
      EXECUTE 'ALTER TABLE v ' || 'ADD CHECK (a <> ''x'')';
    END $$`
    const body = readDo(sql)
    expect(outline(body)).toEqual([
      "add constraint, drop column: ALTER TABLE \"T\" ADD CHECK (a <> 'x'), DROP b",
      "add constraint: ALTER TABLE u\nADD CHECK (a <> 'x')",
      "add constraint: ALTER TABLE v ADD CHECK (a <> 'x')",
    ])
    expect(body.statements[0]?.operations).toMatchObject([
      { relation: { span: '"T"' }, constraint: { expression: { span: "a <> 'x'" } } },
      { column: { span: "b" } },
    ])
    expect(placesIn(sql)).toEqual(['"T"', '"T"', "E'ALTER TABLE u\\nADD CHECK (a <> \\'x\\')'", "'ALTER TABLE v ' || 'ADD CHECK (a <> ''x'')'"])
  })

  it.each([
    ["EXECUTE 'DROP TABLE ' || x;", "'DROP TABLE ' || x"],
    ["EXECUTE format('DROP TABLE %I', x);", "format('DROP TABLE %I', x)"],
    ["EXECUTE format('DROP TABLE %-10s', 'a');", "format('DROP TABLE %-10s', 'a')"],
    ["FOR r IN EXECUTE q LOOP END LOOP;", "q"],
    ["EXECUTE 'this is no SQL';", "'this is no SQL'"],
  ])("says that %s cannot be told", (statement, dynamic) => {
    const body = readDo(`DO $$ DECLARE r record; q text; BEGIN ${statement} END $$`)
    expect(body.statements).toEqual([])
    expect(body.dynamic).toEqual([dynamic])
  })

  it("reads EXECUTE of what variables hold", () => {
    const body = readDo(`DO $$
      DECLARE t text := 'orders'; n int := 1; q text;
      BEGIN
        q := format('ALTER TABLE %I ADD COLUMN %s text', t, 'c_' || n + 1);
        EXECUTE q;
        t := 'a much longer name of a table than the expression that runs it';
        EXECUTE 'DROP TABLE ' || quote_ident(t);
      END $$`)
    expect(body.dynamic).toEqual([])
    expect(outline(body)).toEqual([
      "select: format('ALTER TABLE %I ADD COLUMN %s text', t, 'c_' || n + 1)",
      "add column: ALTER TABLE orders ADD COLUMN c_2 text",
      'drop: DROP TABLE "a much longer name of a table than the expression that runs it"',
    ])
    expect(body.statements[1]?.operations).toMatchObject([{ relation: { span: "orders" }, column: { name: { span: "c_2" }, type: { span: "text" } } }])
  })

  it.each([
    ["a branch may have assigned it", "t text := 'a'; BEGIN IF x THEN t := 'b'; END IF; EXECUTE 'DROP TABLE ' || t;"],
    ["a loop may have assigned it", "t text := 'a'; BEGIN WHILE x LOOP EXECUTE 'DROP TABLE ' || t; t := 'b'; END LOOP;"],
    ["what failed may have assigned it", "t text := 'a'; BEGIN BEGIN t := 'b'; EXCEPTION WHEN others THEN NULL; END; EXECUTE 'DROP TABLE ' || t;"],
    ["a query assigns it", "t text := 'a'; BEGIN SELECT relname INTO t FROM pg_class; EXECUTE 'DROP TABLE ' || t;"],
    ["EXECUTE assigns it", "t text := 'a'; BEGIN EXECUTE 'SELECT 1' INTO t; EXECUTE 'DROP TABLE ' || t;"],
    ["a field is assigned", "r record; BEGIN FOR r IN SELECT 'a' AS t LOOP r.t := x; EXECUTE 'DROP TABLE ' || r.t; END LOOP;"],
    ["an inner block has one of that name", "t text := 'a'; BEGIN DECLARE t text := 'b'; BEGIN EXECUTE 'DROP TABLE ' || t; END;"],
    ["its type prints it in another way", "t date := '1.2.2024'; BEGIN EXECUTE 'DROP TABLE ' || quote_ident(t::text);"],
    ["its type cuts it", "t varchar(3) := 'abcdef'; BEGIN EXECUTE 'DROP TABLE ' || t;"],
    ["it is NULL", "t text := NULL; BEGIN EXECUTE 'DROP TABLE ' || t;"],
    ["the rows hang on a table", "t text; BEGIN FOR t IN SELECT unnest(ARRAY['a']) FROM x LOOP EXECUTE 'DROP TABLE ' || t; END LOOP;"],
    ["it is the variable of a loop that has ended", "i int; BEGIN FOR i IN 1..2 LOOP NULL; END LOOP; EXECUTE 'DROP TABLE t' || i;"],
    ["rows are left out", "t text; BEGIN FOR t IN SELECT * FROM unnest(ARRAY['a', 'b']) AS u WHERE x LOOP EXECUTE 'DROP TABLE ' || t; END LOOP;"],
  ])("says that EXECUTE cannot be told where %s", (_, code) => {
    const { statements, dynamic } = readDo(`DO $$ DECLARE x boolean := random() > 0.5; ${code} END $$`)
    expect(dynamic.filter((text) => text.startsWith("'DROP"))).toHaveLength(1)
    expect(statements.filter(({ operations }) => operations.some(({ op }) => op === "drop"))).toEqual([])
  })

  it("goes through loops whose rounds the text tells", () => {
    const body = readDo(`DO $$
      DECLARE t text; r record;
      BEGIN
        FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP
          ANALYZE;
          EXECUTE format('DROP TABLE %I', t);
          EXECUTE 'DROP TABLE x';
        END LOOP;
        FOR r IN SELECT * FROM (VALUES ('c', 1), ('d', 2)) AS v(t, n) LOOP
          FOR i IN REVERSE r.n..1 LOOP
            EXECUTE format('DROP TABLE %s_%s', r.t, i);
            EXECUTE format('DROP TABLE %s', r.t);
          END LOOP;
        END LOOP;
        FOR i IN 2..1 LOOP DROP TABLE never; END LOOP;
        FOREACH t IN ARRAY '{e,f}'::text[] LOOP
          CONTINUE WHEN random() > 0.5;
          EXECUTE format('DROP TABLE %I', t);
        END LOOP;
      END $$`)
    expect(body.dynamic).toEqual([])
    expect(outline(body)).toEqual([
      "analyze*: ANALYZE",
      "drop: DROP TABLE a",
      "drop*: DROP TABLE x",
      "drop: DROP TABLE b",
      "select: SELECT * FROM (VALUES ('c', 1), ('d', 2)) AS v(t, n)",
      "drop: DROP TABLE c_1",
      "drop: DROP TABLE c",
      "drop: DROP TABLE d_2",
      "drop: DROP TABLE d",
      "drop: DROP TABLE d_1",
      "select?*: random() > 0.5",
      "drop?: DROP TABLE e",
      "drop?: DROP TABLE f",
    ])
  })

  it("does not go through very many rounds, nor write more than there is room for", () => {
    expect(readDo("DO $$ BEGIN FOR i IN 1..1001 LOOP EXECUTE 'DROP TABLE t' || i; END LOOP; END $$")).toMatchObject({ statements: [], dynamic: ["'DROP TABLE t' || i"] })
    const long = readDo("DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE 'DROP TABLE ' || lpad('', 1000, ' ') || lpad('', 1000, ' ') || 't' || i; END LOOP; END $$")
    expect(long.statements.length).toBeGreaterThan(400)
    expect(long.statements.length).toBeLessThan(1000)
    expect(long.dynamic).toHaveLength(1)
  })

  it("hands what variables hold to functions", () => {
    const body = readDo("DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP PERFORM watch(t, now(), 'x'); END LOOP; END $$")
    expect(body.statements).toMatchObject([
      { operations: [{ query: { functions: [{ name: "watch", arguments: ["a", null, "x"], span: "watch(t, now(), 'x')" }, { name: "now" }] } }] },
      { operations: [{ query: { functions: [{ name: "watch", arguments: ["b", null, "x"] }, { name: "now" }] } }] },
    ])
  })

  it("finds the place of each statement in a quoted body, also in EXECUTE inside of it", () => {
    expect(outline(readDo("DO 'BEGIN DROP TABLE t; END'"))).toEqual(["drop: DROP TABLE t"])
    const escaped = "DO 'BEGIN INSERT INTO t VALUES (''x''); EXECUTE ''ALTER TABLE u ADD CHECK (a <> ''''x'''')''; COMMIT; END'"
    expect(outline(readDo(escaped))).toEqual(["insert: INSERT INTO t VALUES ('x')", "add constraint: ALTER TABLE u ADD CHECK (a <> 'x')", "commit: COMMIT"])
    expect(placesIn(escaped)).toEqual(["INSERT INTO t VALUES (''x'')", "u", "COMMIT"])
  })

  it("reads around templates", () => {
    const body = readDo("DO $$ BEGIN ALTER TABLE ${schema}.t DROP a; DROP TABLE u; END $$")
    expect(body.dynamic).toEqual([])
    expect(outline(body)).toEqual(["drop column: ALTER TABLE ${schema}.t DROP a", "drop: DROP TABLE u"])
  })

  it("takes bodies it cannot read for opaque", () => {
    expect(readDo("DO $$ BEGIN IF END $$")).toMatchObject({ statements: [], dynamic: [" BEGIN IF END "] })
    expect(readDo("DO $$ BEGIN ALTER TABLE t FROBNICATE; END $$")).toMatchObject({
      statements: [],
      dynamic: [" BEGIN ALTER TABLE t FROBNICATE; END "],
    })
    expect(readDo("DO LANGUAGE plpython3u $$ pass $$")).toMatchObject({
      language: "plpython3u",
      statements: [],
      dynamic: [" pass "],
    })
  })
})

describe("function bodies", () => {
  function bodyOf(sql: string): Shown {
    const [operation] = operationsOf(sql)
    const { body, language, ...signature } = operation as OperationOf<"create function">
    if (body === null) throw new Error("no body")
    return show(sql, parseBody(body, language, signature))
  }

  it("reads SQL functions", () => {
    expect(
      bodyOf("CREATE FUNCTION f(int) RETURNS void LANGUAGE sql AS $$ UPDATE t SET a = $1; DELETE FROM u $$"),
    ).toMatchObject({
      statements: [
        { span: "UPDATE t SET a = $1", operations: [{ op: "update", table: { span: "t" } }], conditional: false },
        { span: "DELETE FROM u", operations: [{ op: "delete", table: { span: "u" } }] },
      ],
      dynamic: [],
    })
  })

  it.each([
    "CREATE FUNCTION f(a int, OUT b text) LANGUAGE plpgsql AS $$ BEGIN b := a; DROP TABLE t; END $$",
    "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN DROP TABLE t; RETURN QUERY SELECT 1; END $$",
    "CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE plpgsql AS $$ BEGIN a := 1; DROP TABLE t; RETURN NEXT; END $$",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := 1; DROP TABLE t; RETURN NEW; END $$",
    "CREATE FUNCTION f() RETURNS int[] LANGUAGE plpgsql AS $$ BEGIN DROP TABLE t; RETURN '{1}'; END $$",
    "CREATE FUNCTION f() RETURNS s.ty LANGUAGE plpgsql AS $$ BEGIN DROP TABLE t; RETURN NULL; END $$",
    "CREATE PROCEDURE f(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN a := 1; DROP TABLE t; END $$",
  ])("reads PL/pgSQL with its signature: %s", (sql) => {
    const body = bodyOf(sql)
    expect(body).toMatchObject({ dynamic: [] })
    const { statements } = body as { statements: readonly { span: string }[] }
    expect(statements.map(({ span }) => span)).toContain("DROP TABLE t")
  })

  it.each(["RETURN;", "RETURN 5;", "RETURN NEW;", "RETURN QUERY SELECT 1;"])(
    "reads PL/pgSQL of which only the body is known, with %s",
    (end) => {
      const text = `BEGIN DROP TABLE t; ${end} END`
      const { statements, dynamic } = parseBody(
        { text, span: { start: 0, end: text.length }, verbatim: true },
        "plpgsql",
      )
      expect(dynamic).toEqual([])
      expect(statements[0]?.operations).toMatchObject([{ op: "drop" }])
    },
  )

  it("keeps the body, its place and its types", () => {
    const [operation] = operationsOf(
      "CREATE OR REPLACE FUNCTION s.f(a o.c%TYPE) RETURNS int LANGUAGE SQL STABLE AS $x$ SELECT 1 $x$",
    )
    const sql = "CREATE OR REPLACE FUNCTION s.f(a o.c%TYPE) RETURNS int LANGUAGE SQL STABLE AS $x$ SELECT 1 $x$"
    expect(show(sql, operation)).toEqual({
      op: "create function",
      span: sql,
      function: { schema: "s", name: "f", span: "s.f" },
      kind: "function",
      orReplace: true,
      arguments: [
        {
          name: "a",
          type: { schema: "o", name: "c", modifiers: [], dimensions: 0, percentType: true, span: "o.c%TYPE" },
          mode: "in",
          hasDefault: false,
        },
      ],
      returns: { schema: "pg_catalog", name: "int4", modifiers: [], dimensions: 0, percentType: false, span: "int" },
      returnsSet: false,
      language: "sql",
      guarded: false,
      volatility: "stable",
      body: { text: " SELECT 1 ", span: " SELECT 1 ", verbatim: true },
      settings: {},
      query: null,
    })
  })

  it("lists what a body of the SQL standard depends on", () => {
    const [operation] = operationsOf(
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC INSERT INTO w VALUES (1); SELECT 1 FROM r; END",
    )
    expect(operation).toMatchObject({ language: "sql", body: null, query: { reads: [{ name: "r" }], writes: [{ table: { name: "w" } }] } })
  })
})
