import { expect, it } from "vitest"
import { snapshot } from "../../src/schema/index.ts"
import { printSql } from "../../src/schema/print.ts"
import { EVERYTHING } from "./everything.ts"
import { catalogAfter } from "./replay.ts"

it("prints constraints as the server does (pg_get_constraintdef of 18)", () => {
  const catalog = catalogAfter(
    `CREATE TABLE p (a int, b int, c int, CONSTRAINT pk PRIMARY KEY (a, b) INCLUDE (c) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT pu UNIQUE NULLS NOT DISTINCT (b, a));
     CREATE TABLE c (x int, y int, CONSTRAINT set_some FOREIGN KEY (x, y) REFERENCES p (b, a) ON UPDATE CASCADE ON DELETE SET NULL (y), d int);
     ALTER TABLE c RENAME y TO z;
     ALTER TABLE c ADD CONSTRAINT full_key FOREIGN KEY (x, z) REFERENCES p (b, a) MATCH FULL ON DELETE RESTRICT DEFERRABLE NOT VALID;
     ALTER TABLE c ADD CONSTRAINT loose FOREIGN KEY (x, z) REFERENCES p (b, a) NOT ENFORCED;
     ALTER TABLE c ADD CONSTRAINT own CHECK (x > 0) NO INHERIT NOT ENFORCED;
     ALTER TABLE c ADD CONSTRAINT later NOT NULL d NO INHERIT NOT VALID;
     CREATE TABLE r (id int4range, at daterange, CONSTRAINT rk PRIMARY KEY (id, at WITHOUT OVERLAPS));
     CREATE TABLE s (id int4range, at daterange, CONSTRAINT sk FOREIGN KEY (id, PERIOD at) REFERENCES r);`,
    { pgVersion: 18 },
  )
  const printed = printSql(catalog, () => "")
  expect([...printed.matchAll(/ADD CONSTRAINT (.*);/g)].map(([, one]) => one)).toEqual([
    "own CHECK (x > 0) NO INHERIT NOT ENFORCED",
    "later NOT NULL d NO INHERIT NOT VALID",
    "pk PRIMARY KEY (a, b) INCLUDE (c) DEFERRABLE INITIALLY DEFERRED",
    "pu UNIQUE NULLS NOT DISTINCT (b, a)",
    "rk PRIMARY KEY (id, at WITHOUT OVERLAPS)",
    "set_some FOREIGN KEY (x, z) REFERENCES p (b, a) ON UPDATE CASCADE ON DELETE SET NULL (z)",
    "full_key FOREIGN KEY (x, z) REFERENCES p (b, a) MATCH FULL ON DELETE RESTRICT DEFERRABLE NOT VALID",
    "loose FOREIGN KEY (x, z) REFERENCES p (b, a) NOT ENFORCED",
    "sk FOREIGN KEY (id, PERIOD at) REFERENCES r (id, PERIOD at)",
  ])
})

it("prints how far sequences count, where it is not as far as bigint goes", () => {
  const printed = printSql(catalogAfter("CREATE SEQUENCE a AS integer; CREATE SEQUENCE b; CREATE SEQUENCE c AS smallint; ALTER SEQUENCE c AS bigint;"), () => "")
  expect(printed.match(/CREATE.*;/g)).toEqual(["CREATE SEQUENCE a AS integer;", "CREATE SEQUENCE b;", "CREATE SEQUENCE c;"])
})

it("keeps comments in one line, whatever names and expressions have in them", () => {
  const catalog = catalogAfter(
    `CREATE TABLE t (a text DEFAULT 'one
two');
     CREATE TABLE c () INHERITS (t);
     CREATE VIEW "v
DROP TABLE t;" AS SELECT a FROM t;
     CREATE POLICY "p
DROP TABLE t;" ON t;`,
  )
  const printed = printSql(catalog, () => "a\nDROP TABLE t;.sql:1")
  expect(printed).not.toMatch(/^DROP/m)
  expect(snapshot(catalogAfter(printed)).tables.map(({ name }) => name)).toEqual(["public.c", "public.t"])
})

it("prints what makes the same tables when it is read again", () => {
  const catalog = catalogAfter(EVERYTHING, { pgVersion: 18 })
  const printed = printSql(catalog, () => "a.sql:1")
  expect(snapshot(catalogAfter(printed, { pgVersion: 18 }))).toEqual(snapshot(catalog))
  expect(printed).toContain("ADD CONSTRAINT once EXCLUDE USING gist (room WITH =, (lower(during)) WITH OPERATOR(pg_catalog.=), during range_ops WITH &&) INCLUDE (state) WHERE (state <> 'gone') DEFERRABLE INITIALLY DEFERRED;")
  expect(printed).toContain("DEFAULT nextval('app.\"Numbers\"'::regclass)")
})
