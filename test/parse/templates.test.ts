import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { lowered, readAlike } from "../../src/parse/alike.ts"
import { commonStatements } from "../../src/parse/common-statements.ts"
import { parseFile } from "../../src/parse/index.ts"
import { loadGrammar, readGrammarBytes } from "../../src/parse/grammar/load-node.ts"
import { NOTHING } from "../../src/parse/learned.ts"
import { keywords } from "../../src/parse/keywords.ts"
import type { Statement } from "../../src/parse/operation.ts"
import { shapeOf } from "../../src/parse/shape.ts"
import { parseStatements } from "../../src/parse/statements.ts"
import { createTemplates, type Templates } from "../../src/parse/templates.ts"
import { lex } from "../../src/source/lexer.ts"
import { createSource } from "../../src/source/source.ts"

beforeAll(loadGrammar)

/** What the grammar alone makes of a text. */
function byGrammar(sql: string): { statements: Statement[]; valid: boolean } {
  const source = createSource(sql)
  const { statements, errors } = parseStatements(source)
  return { statements: statements.map((statement) => lowered(source, statement)), valid: errors.length === 0 }
}

/** The statements of the text that templates and the grammar make together, and how many came from templates. */
function byTemplates(sql: string, templates: Templates): { statements: Statement[]; read: number; found: number } {
  const statements: Statement[] = []
  let found = 0
  const counting: Templates = {
    find(shape) {
      const operations = templates.find(shape)
      if (operations !== null) found += 1
      return operations
    },
    learn: (shape, operations, read) => { templates.learn(shape, operations, read) },
    recall: (kept) => { templates.recall(kept) },
    learned: () => templates.learned(),
  }
  const read = readAlike(createSource(sql), counting, statements)
  return { statements, read, found }
}

function expectSame(sql: string, templates: Templates): number {
  const expected = byGrammar(sql)
  const { statements, read, found } = byTemplates(sql, templates)
  expect(statements).toEqual(expected.statements.filter(({ span }) => span.end <= read))
  return found
}

const FIXTURES = readdirSync(join(import.meta.dirname, "../../fixtures"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".sql"))
  .map((path) => readFileSync(join(import.meta.dirname, "../../fixtures", path), "utf8"))

const STATEMENTS = [
  "ALTER TABLE app.orders ADD COLUMN region text NOT NULL DEFAULT 'eu'",
  "alter table Orders add column \"Region\" varchar(80), drop column if exists bee cascade",
  "ALTER TABLE ant ALTER COLUMN bee TYPE numeric(12,2) USING bee::numeric",
  "ALTER TABLE ant ADD CONSTRAINT bee FOREIGN KEY (cow,doe) REFERENCES eel (fox, gnu) ON DELETE CASCADE NOT VALID",
  "ALTER TABLE ant ADD CONSTRAINT bee CHECK (cow > 5 AND doe IN ('yak', 'owl') AND eel IS NOT NULL)",
  "ALTER TABLE ant SET (fillfactor = 70)",
  "ALTER TABLE IF EXISTS ONLY app.ant * ADD COLUMN bee text NOT NULL, ALTER cow TYPE numeric(12, 2), DROP doe, VALIDATE CONSTRAINT eel",
  "CREATE UNLOGGED TABLE IF NOT EXISTS app.ant (bee citext DEFAULT fox('x'), LIKE cow INCLUDING ALL, CHECK (bee IN ('a', 'b')), CONSTRAINT doe FOREIGN KEY (bee) REFERENCES eel (gnu)) WITH (fillfactor = 70)",
  "CREATE TABLE ant (bee serial PRIMARY KEY, cow text DEFAULT lower('X'), doe timestamptz DEFAULT now(), UNIQUE (cow, doe))",
  "CREATE TABLE ant (bee int) PARTITION BY RANGE (bee)",
  "CREATE TABLE ant PARTITION OF bee FOR VALUES FROM (1) TO (20)",
  "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ant ON bee USING gin (cow, lower(doe)) WHERE eel = 7",
  "CREATE VIEW ant AS WITH cow AS (SELECT yak FROM doe) SELECT cow.yak, count(*) AS newt FROM cow JOIN eel ON eel.owl = cow.yak",
  "CREATE TYPE ant AS ENUM ('bee', 'cow')",
  "ALTER TYPE ant ADD VALUE IF NOT EXISTS 'bee' BEFORE 'cow'",
  "CREATE SEQUENCE ant OWNED BY bee.cow",
  "CREATE FUNCTION ant(bee int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "CREATE TRIGGER ant BEFORE UPDATE ON bee FOR EACH ROW EXECUTE FUNCTION cow('doe')",
  "INSERT INTO ant (bee, cow) VALUES (5, 'yak'), (6, NULL) ON CONFLICT (bee) DO UPDATE SET cow = excluded.cow",
  "INSERT INTO ant VALUES (5, 'yak'), (6, 'owl'), (7, true)",
  "INSERT INTO ant VALUES (DEFAULT, NULL, 3), (DEFAULT, 4, DEFAULT), (DEFAULT, 5, NULL)",
  "INSERT INTO ant (bee, cow) VALUES (1, 2), (3), (4, NULL)",
  "UPDATE ant SET bee = lower(cow), doe = 5 FROM eel WHERE ant.fox = eel.gnu",
  "DELETE FROM ant WHERE bee < now() - interval '30 days'",
  "UPDATE ant AS bee SET cow = 'doe' WHERE bee.eel = 'fox' AND gnu BETWEEN 3 AND 4 AND hog::date > '2020-01-01'",
  "CREATE VIEW ant AS SELECT bee.cow, doe AS eel, bee.fox::text, lower(gnu) FROM hog AS bee JOIN owl USING (doe) WHERE yak <> 'newt'",
  "CREATE INDEX ant ON bee ((cow ->> 'doe'), (eel::date), fox(gnu), hog owl_ops) WHERE yak IN ('newt', 'elk')",
  "ALTER TABLE ant ADD CHECK (bee > '2020-01-01'::date), ADD CHECK (cow = ANY (ARRAY['doe', 'eel']::text[]))",
  "SELECT lower(ant), bee::numeric(5, 2), count(*) FROM doe JOIN eel USING (fox) WHERE gnu IN (5, 6) FOR UPDATE OF doe LIMIT 5",
  "DROP INDEX CONCURRENTLY IF EXISTS ant.bee",
  "DROP TABLE ant, bee CASCADE",
  "COMMENT ON COLUMN ant.bee IS 'cow'",
  "GRANT SELECT, UPDATE (ant) ON bee TO public, cow",
  "SET LOCAL lock_timeout = '5s'",
  "SET search_path TO ant, public",
  "RESET ant",
  "BEGIN",
  "COMMIT AND CHAIN",
  "ROLLBACK TO ant",
  "TRUNCATE ant, bee RESTART IDENTITY CASCADE",
  "VACUUM (FULL, ANALYZE) ant (bee)",
  "ANALYZE ant",
  "REINDEX (VERBOSE) INDEX CONCURRENTLY ant.bee",
  "REFRESH MATERIALIZED VIEW CONCURRENTLY ant WITH NO DATA",
  "LOCK TABLE ant, bee IN SHARE ROW EXCLUSIVE MODE NOWAIT",
]

const WORDS = [
  "id", "orders", "\"Mixed Case\"", "\"plain\"", "public", "pg_catalog", "new", "excluded", "text", "serial", "lower", "c", "X1", "select", "key", "\"select\"", "é",
  "\"type\"", "\"name\"", "\"user\"", "\"Type\"", "type", "name", "value", "\"value\"",
]

const mutated = fc
  .array(
    fc.tuple(fc.constantFrom(...STATEMENTS), fc.array(fc.tuple(fc.nat(60), fc.constantFrom(...WORDS, "5", "0", "123456789012", "'it''s'", "'now'", "-- c\n", "/**/"), fc.constantFrom("", " ", "\n\t")), { maxLength: 4 })),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.map(([statement, changes]) => changes.reduce(changed, statement)).join(";\n"))

/** Another word, number or string in the place of the one number `at`. */
function changed(statement: string, [at, word, blank]: [number, string, string]): string {
  let index = 0
  return statement.replace(/"[^"]*"|'[^']*'|\w+/g, (old) => (index++ === at ? blank + word + blank : old))
}

describe("templates", () => {
  it("make of fixtures what the grammar makes of them", () => {
    const templates = createTemplates()
    let found = 0
    for (let round = 0; round < 3; round++) for (const sql of FIXTURES) found += expectSame(sql, templates)
    expect(found).toBeGreaterThan(100)
  })

  it("make of changed statements what the grammar makes of them", () => {
    const templates = createTemplates()
    let found = 0
    for (let round = 0; round < 4; round++) for (const statement of STATEMENTS) found += expectSame(`${statement};`, templates)
    expect(found).toBeGreaterThan(STATEMENTS.length)
    fc.assert(fc.property(mutated, (sql) => { found += expectSame(sql, templates) }), { numRuns: 1500 })
    expect(found).toBeGreaterThan(1000)
  })

  it("put names and places of the new statement into its operations", () => {
    const templates = createTemplates()
    const texts = ["ant", "bee", "cow", "doe"].map((name) => `ALTER TABLE ${name} ADD COLUMN  ${name}${name} uuid;`)
    for (const text of texts.slice(0, 3)) byTemplates(text, templates)
    const { statements, found } = byTemplates("\n ALTER TABLE longer   ADD COLUMN n1 uuid", templates)
    expect(found).toBe(1)
    expect(statements).toMatchObject([
      {
        span: { start: 2, end: 41 },
        operations: [
          {
            op: "add column",
            relation: { schema: null, name: "longer", span: { start: 14, end: 20 } },
            column: { name: { name: "n1", span: { start: 34, end: 36 } }, type: { name: "uuid", span: { start: 37, end: 41 } } },
          },
        ],
      },
    ])
  })

  it.each([
    ["an aliased table", "UPDATE ant AS bee SET cow = lower(doe) WHERE bee.eel IS NULL", "UPDATE elk AS fox SET gnu = lower(hog) WHERE fox.owl IS NULL"],
    ["a query's columns", "CREATE VIEW ant AS SELECT bee.cow, doe AS eel FROM bee", "CREATE VIEW elk AS SELECT fox.gnu, hog AS owl FROM fox"],
    ["columns joined by", "DELETE FROM ant USING bee JOIN cow USING (doe) WHERE ant.eel = bee.eel", "DELETE FROM elk USING fox JOIN gnu USING (hog) WHERE elk.owl = fox.owl"],
    ["a compared string", "UPDATE ant SET bee = 'x' WHERE cow = 'y'", "UPDATE elk SET fox = 'other' WHERE gnu = 'it''s'"],
    ["compared numbers", "ALTER TABLE ant ADD CHECK (bee IN (1, 2) AND cow > 3)", "ALTER TABLE elk ADD CHECK (fox IN (4, 55) AND gnu > 666)"],
    ["a cast literal", "DELETE FROM ant WHERE bee < '2020-01-01'::date", "DELETE FROM elk WHERE fox < 'now'::date"],
  ])("take what is in the place of %s for free", (_, first, other) => {
    const templates = createTemplates()
    for (let round = 0; round < 2; round++) byTemplates(first, templates)
    expect(expectSame(other, templates)).toBe(1)
  })

  it("tell types, functions and literals apart that decide about operations", () => {
    const templates = createTemplates()
    const texts = ["serial", "citext", "serial", "citext", "mine", "mine", "mine", "citext"].map((type) => `ALTER TABLE ant ADD COLUMN bee ${type} DEFAULT fox(2);`)
    for (const text of [...texts, ...texts]) expectSame(text, templates)
    for (const value of ["'ant'", "'bee'", "'ant'", "'bee'", "'bee'", "'cow'"]) expectSame(`ALTER TABLE ant ADD CHECK (bee = ${value})`, templates)
  })

  it.each([
    ["ALTER TABLE ant ADD COLUMN bee text;", "ALTER TABLE yak ADD COLUMN owl text, ADD COLUMN emu text,\n  ADD COLUMN gnu text;"],
    ["CREATE TABLE ant (bee text NOT NULL);", "CREATE TABLE yak (\n  owl text NOT NULL, -- a remark\n  emu text NOT NULL\n);"],
    ["CREATE TYPE ant AS ENUM ('bee');", "CREATE TYPE yak AS ENUM ('owl', 'it''s', 'emu');"],
    ["INSERT INTO ant (bee, cow) VALUES (1, 'x'), (2, 'y') ON CONFLICT DO NOTHING;", "INSERT INTO yak (owl, emu) VALUES (1, 'x'),(20, 'y'), (3, 'z') ON CONFLICT DO NOTHING;"],
  ])("know lists of any length from their items: %s", (known, list) => {
    const templates = createTemplates()
    for (let round = 0; round < 2; round++) expectSame(known, templates)
    const { statements, found } = byTemplates(list, { ...templates, learn: () => { throw new Error("read by the grammar") } })
    expect(found).toBeGreaterThan(0)
    expect(statements).toEqual(byGrammar(list).statements)
  })

  it.each([
    "ALTER TABLE ant RENAME bee TO cow, RENAME doe TO eel;",
    "ALTER TABLE ant ADD COLUMN bee text,, ADD COLUMN cow text;",
    "ALTER TABLE ant ADD COLUMN bee text, cow text;",
    "CREATE TABLE ant (bee text,, cow text);",
    "CREATE TABLE ant (bee text, );",
    "CREATE TABLE ant (bee text) (cow text);",
    "CREATE TYPE ant AS ENUM ('bee' 'cow');",
    "INSERT INTO ant VALUES (1), (2),;",
  ])("take no list for right that the grammar rejects: %s", (sql) => {
    const templates = createTemplates()
    const items = ["ALTER TABLE ant RENAME bee TO cow;", "ALTER TABLE ant ADD COLUMN bee text;", "CREATE TABLE ant (bee text);", "CREATE TYPE ant AS ENUM ('bee');", "INSERT INTO ant VALUES (1), (2);"]
    for (let round = 0; round < 3; round++) for (const item of items) expectSame(item, templates)
    expect(byGrammar(sql).valid).toBe(false)
    expect(byTemplates(sql, templates)).toMatchObject({ statements: [], read: 0 })
  })

  it("go on where a long text was cut in the middle of a quote", () => {
    const templates = createTemplates()
    const statement = `UPDATE ant SET bee = '${"yak ".repeat(500)}';\n`
    const sql = statement.repeat(40)
    expectSame(statement.repeat(3), templates)
    expect(byTemplates(sql, templates)).toMatchObject({ read: sql.length, found: 40 })
  })

  it("never take the data of COPY for statements, however far from its beginning a long text is cut", () => {
    const sql = `DROP TABLE ant;\nCOPY queries FROM stdin;\n${"DROP TABLE bee;\n".repeat(5000)}\\.\nDROP TABLE cow;\n`
    const { statements } = parseFile(sql)
    expect(statements.map(({ span }) => sql.slice(span.start, span.end))).toEqual(["DROP TABLE ant", "COPY queries FROM stdin", "DROP TABLE cow"])
  })

  it("recall what others have learned, at first sight, and read it as the grammar does", () => {
    // Only so many are learned at first sight that it takes several processes.
    let learned = NOTHING
    for (let process = 0; process < 6; process++) {
      const templates = createTemplates(commonStatements)
      const known = learned
      templates.recall(() => known)
      for (const statement of STATEMENTS) expectSame(`${statement};`, templates)
      learned = templates.learned() ?? learned
    }
    const last = createTemplates(commonStatements)
    last.recall(() => learned)
    let found = 0
    for (const statement of STATEMENTS) found += expectSame(`${statement};`, last)
    expect(last.learned()).toBeNull()
    expect(found).toBeGreaterThanOrEqual(STATEMENTS.filter((statement) => shapeOf(lex(statement), 0, lex(statement).count) !== null).length)
    fc.assert(fc.property(mutated, (sql) => { expectSame(sql, last) }), { numRuns: 500 })
  })

  it("keep together what several processes have learned", () => {
    const statements = ["COMMENT ON COLUMN ant.bee IS 'cow';", "ALTER TABLE ant ADD COLUMN bee mood DEFAULT 'x' CHECK (bee > 'y');", "ALTER TABLE ant ALTER bee TYPE cow USING bee::cow;", "REFRESH MATERIALIZED VIEW CONCURRENTLY ant WITH DATA;"]
    let learned = NOTHING
    for (const statement of statements) {
      const templates = createTemplates(commonStatements)
      const known = learned
      templates.recall(() => known)
      expect(byTemplates(statement, templates).found).toBe(0)
      learned = templates.learned() ?? NOTHING
    }
    const templates = createTemplates(commonStatements)
    templates.recall(() => learned)
    for (const statement of statements) expect(expectSame(statement, templates)).toBe(1)
  })

  it("do not keep texts that look like their own marks", () => {
    const statement = "ALTER TABLE ant ADD CHECK (bee = '@n0');"
    const first = createTemplates(commonStatements)
    first.recall(() => NOTHING)
    expectSame(statement, first)
    const templates = createTemplates(commonStatements)
    templates.recall(() => first.learned() ?? NOTHING)
    expectSame(statement, templates)
    expectSame(statement.replace("@n0", "@s1,2"), templates)
  })

  it("leave the rest to the grammar from where it rejects something", () => {
    expect(byTemplates("DROP TABLE a; DROP TABEL b;", createTemplates())).toEqual({ statements: [], read: 0, found: 0 })
    expect(byTemplates("DROP TABLE ${a};", createTemplates()).read).toBe(0)
  })
})

describe("shapes", () => {
  const keyOf = (sql: string): string | undefined => {
    const tokens = lex(sql)
    return shapeOf(tokens, 0, tokens.count)?.key
  }

  it.each([
    ["DROP TABLE ant", "DROP TABLE  bee"],
    ["DELETE FROM ant WHERE bee = 'cow'", "DELETE FROM yak\nWHERE owl = 'it''s'"],
    ["DELETE FROM ant WHERE bee = 5", "DELETE FROM ant WHERE bee = 123"],
    ['DROP TABLE "ant"', 'DROP TABLE "A b"'],
    ["DROP TABLE ant,bee", "DROP TABLE ant , cow"],
    ['DROP TABLE "ant"', 'DROP TABLE "type"'],
  ])("%s is like %s", (left, right) => {
    expect(keyOf(left)).toBe(keyOf(right))
  })

  it.each([
    ["DROP TABLE ant, ant", "DROP TABLE ant, bee"],
    ["DROP TABLE ant", 'DROP TABLE "ant"'],
    ["DROP TABLE ant", "DROP TABLE pg_a"],
    ["DROP TABLE ant", "DROP TABLE public"],
    ["DROP TABLE ant", "DROP TABLE type"],
    ['DROP TABLE "ant"', 'DROP TABLE "public"'],
    ["DELETE FROM ant WHERE bee = 5", "DELETE FROM ant WHERE bee = 5.0"],
    ["DELETE FROM ant WHERE bee = 5", "DELETE FROM ant WHERE bee = 05"],
    ["DELETE FROM ant WHERE bee = 5", "DELETE FROM ant WHERE bee = '5'"],
  ])("%s is not like %s", (left, right) => {
    expect(keyOf(left)).not.toBe(keyOf(right))
  })

  it.each(["CHECKPOINT", "DROP TABLE é", "DROP TABLE ant -- bee\n, cow", "DELETE FROM ant WHERE bee = $1", "DELETE FROM ant WHERE bee = 'cow'\n'doe'", 'SELECT "name".id FROM ant AS name', `DROP TABLE ${"a".repeat(64)}`])(
    "%s has none",
    (sql) => {
      expect(keyOf(sql)).toBeUndefined()
    },
  )

  it("know every keyword of the grammar", () => {
    const bytes = Buffer.from(readGrammarBytes())
    const start = bytes.indexOf("abort\0absent\0")
    const words = bytes.subarray(start, bytes.indexOf("\0zone\0", start) + 5).toString("latin1").split("\0")
    expect([...keywords.keys()]).toEqual(words)
  })

  it("take no word for a plain name that the lowering looks for", () => {
    const folder = join(import.meta.dirname, "../../src/parse/lower")
    const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8")).join("\n")
    const quoted = [...sources.matchAll(/"([a-z][a-z_0-9]*)"/g)].map(([, word = ""]) => word)
    const plain = [...new Set(quoted)].filter((word) => keyOf(`DROP TABLE ${word}`) === keyOf("DROP TABLE anything"))
    expect(plain).toEqual([])
  })
})
