import { describe, expect, it } from "vitest"
import { lintWith } from "../../src/engine/lint.ts"
import { activate } from "../../src/engine/select.ts"
import { createSession } from "../../src/engine/session.ts"
import { detectProjects } from "../../src/files/detect.ts"
import { memoryFiles } from "../../src/files/memory-files.ts"
import { sequenceOf } from "../../src/files/sequence.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"
import { rules } from "../../rules/index.ts"

loadGrammar()

type Files = Readonly<Record<string, string>>

/** What is read for some of the files, in order; what is not linted is in parentheses. */
function sequence(files: Files, asked: readonly string[], direction: "up" | "down" | "both" = "up"): string[] {
  const projects = detectProjects(memoryFiles(new Map(Object.entries(files))), asked, { history: true })
  return projects.flatMap((project) =>
    sequenceOf(project, direction).map(({ file, report }) => (report ? file.path : `(${file.path})`)),
  )
}

/** The rules of what is found in some of the files. */
function lint(files: Files, asked: readonly string[]): string[] {
  const projects = detectProjects(memoryFiles(new Map(Object.entries(files))), asked, { history: true })
  return projects.flatMap((project) => {
    const session = createSession({ pgVersion: 14, rules: activate(rules, { ignore: ["lock-timeout-missing"] }), runner: project.runner, direction: "up" })
    return sequenceOf(project, "up").flatMap(({ file, report }) => {
      const sql = files[file.path] ?? ""
      return session.analyze({ file, sql, parsed: parseFile(sql), report }).findings.map(({ rule }) => rule)
    })
  })
}

describe("which files are read", () => {
  const goose = (up: string, down = ""): string => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`

  it("replays what comes before the file that is linted, in the order of the tool, and nothing after it", () => {
    const files = { "m/2_b.sql": goose("SELECT 2;"), "m/10_c.sql": goose("SELECT 3;"), "m/1_a.sql": goose("SELECT 1;"), "m/11_d.sql": goose("SELECT 4;") }
    expect(sequence(files, ["m/10_c.sql"])).toEqual(["(m/1_a.sql)", "(m/2_b.sql)", "m/10_c.sql"])
    expect(sequence(files, ["m/11_d.sql", "m/2_b.sql"])).toEqual(["(m/1_a.sql)", "m/2_b.sql", "(m/10_c.sql)", "m/11_d.sql"])
    expect(sequence(files, Object.keys(files))).toEqual(["m/1_a.sql", "m/2_b.sql", "m/10_c.sql", "m/11_d.sql"])
  })

  it("replays no down migration, and nothing before one", () => {
    const files = { "m/1_a.up.sql": "SELECT 1;", "m/1_a.down.sql": "SELECT 1;", "m/2_b.up.sql": "SELECT 1;", "m/2_b.down.sql": "SELECT 1;" }
    expect(sequence(files, ["m/2_b.up.sql"])).toEqual(["(m/1_a.up.sql)", "m/2_b.up.sql"])
    expect(sequence(files, ["m/2_b.down.sql"], "down")).toEqual(["m/2_b.down.sql"])
  })

  it("replays what repeats before the newest version, unless it has changed with it", () => {
    const files = {
      "db/migration/V1__a.sql": "CREATE TABLE orders (id bigint PRIMARY KEY, region varchar(9));",
      "db/migration/R__totals.sql": "CREATE OR REPLACE VIEW totals AS SELECT region FROM orders;",
      "db/migration/R__b.sql": "SELECT 1;",
      "db/migration/V2__b.sql": "ALTER TABLE orders ALTER COLUMN region TYPE text;",
    }
    const [first, totals, other, second] = ["V1__a", "R__totals", "R__b", "V2__b"].map((name) => `db/migration/${name}.sql`) as [string, string, string, string]
    expect(sequence(files, [second])).toEqual([`(${first})`, `(${other})`, `(${totals})`, second])
    expect(sequence(files, [second, totals])).toEqual([`(${first})`, `(${other})`, second, totals])
    expect(sequence(files, [first])).toEqual([first])
    expect(sequence(files, [totals])).toEqual([`(${first})`, `(${second})`, `(${other})`, totals])
    expect(lint(files, [second])).toEqual(["statement-fails"])
    expect(lint(files, [second, totals])).toEqual([])
  })

  it("takes files of no tool for a history only where they are numbered", () => {
    const files = { "sql/1_a.sql": "SELECT 1;", "sql/report.sql": "SELECT 1;", "sql/2_b.sql": "SELECT 1;" }
    expect(sequence(files, ["sql/2_b.sql"])).toEqual(["(sql/1_a.sql)", "sql/2_b.sql"])
    expect(sequence(files, ["sql/report.sql"])).toEqual(["sql/report.sql"])
  })
})

describe("where the history begins", () => {
  const FIRST = "CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, region text);\nINSERT INTO orders VALUES (1, 'north');\nCREATE INDEX orders_region_idx ON orders (region);"

  it("is at the first migration, by its number or because a tool dates its files", () => {
    for (const path of ["m/V1__a.sql", "m/0001_a.up.sql", "m/000_a.sql", "m/20240102030405_a.up.sql"]) expect(lint({ [path]: FIRST }, [path])).toEqual([])
  })

  it("is nowhere to be seen for other files", () => {
    for (const path of ["m/V7__a.sql", "m/0012_a.up.sql", "m/a.sql"]) expect(lint({ [path]: FIRST }, [path])).toEqual(["index-creation-blocks-writes"])
  })

  it("is not at the migration that reverts the first one", () => {
    const files = { "m/1_a.up.sql": "DROP TABLE orders;", "m/1_a.down.sql": FIRST }
    const projects = detectProjects(memoryFiles(new Map(Object.entries(files))), ["m/1_a.down.sql"], { history: true })
    const found = projects.flatMap((project) => {
      const session = createSession({ pgVersion: 14, rules: activate(rules, { ignore: ["lock-timeout-missing"] }), runner: project.runner, direction: "down" })
      return sequenceOf(project, "down").flatMap(({ file, report }) => session.analyze({ file, sql: FIRST, parsed: parseFile(FIRST), report }).findings.map(({ rule }) => rule))
    })
    expect(found).toEqual(["index-creation-blocks-writes"])
  })
})

describe("what the history teaches", () => {
  const LONGER = "ALTER TABLE orders ALTER COLUMN region TYPE varchar(100);"

  it("is the type of a column", () => {
    const start = (type: string): Files => ({ "m/V1__a.sql": `CREATE TABLE orders (id bigint PRIMARY KEY, region ${type});`, "m/V2__b.sql": LONGER })
    expect(lint(start("varchar(50)"), ["m/V2__b.sql"])).toEqual([])
    expect(lint(start("varchar(200)"), ["m/V2__b.sql"])).toEqual(["type-change-blocks-queries"])
  })

  it("is no type where a template stands for it", () => {
    const { findings } = lintWith(rules, {
      history: [{ path: "m/V1__a.sql", sql: "CREATE TABLE orders (id bigint PRIMARY KEY, region ${kind});" }],
      files: [{ path: "m/V2__b.sql", sql: LONGER }],
      options: { select: ["type-change-blocks-queries"] },
    })
    expect(findings.map(({ severity, related, uncertain }) => [severity, related, uncertain])).toEqual([["warning", [], ["the column's current type"]]])
  })

  it("is not reported", () => {
    const files = { "m/V1__a.sql": "CREATE TABLE orders (id int);", "m/V2__b.sql": "VACUUM FULL orders;", "m/V3__c.sql": "SELECT 1;" }
    expect(lint(files, ["m/V3__c.sql"])).toEqual([])
  })

  it("is what is there already, and what hangs on what", () => {
    const start = "CREATE TABLE orders (id bigint PRIMARY KEY, region text); CREATE VIEW regions AS SELECT region FROM orders;"
    const fails = (sql: string): boolean => lint({ "m/V1__a.sql": start, "m/V2__b.sql": sql }, ["m/V2__b.sql"]).includes("statement-fails")
    expect(fails("CREATE TABLE orders (id bigint);")).toBe(true)
    expect(fails("CREATE TABLE IF NOT EXISTS orders (id bigint);")).toBe(false)
    expect(fails("ALTER TABLE orders ADD COLUMN region text;")).toBe(true)
    expect(fails("ALTER TABLE orders ADD COLUMN IF NOT EXISTS region text;")).toBe(false)
    expect(fails("ALTER TABLE orders RENAME COLUMN regoin TO area;")).toBe(true)
    expect(fails("ALTER TABLE orders ALTER COLUMN region SET DEFAULT 'eu';")).toBe(false)
    expect(fails("DROP INDEX orders_pkey;")).toBe(true)
    expect(fails("ALTER TABLE elsewhere ADD COLUMN region text;")).toBe(false)
  })

  it("is used by the functions of triggers", () => {
    const body = "BEGIN IF NEW.REGION <> old.other THEN RETURN NULL; END IF; RETURN NEW; END"
    const sql =
      `CREATE TABLE orders (id bigint, region text, other text, note text);\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS '${body}';\n` +
      `CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS '${body}';\nCREATE TRIGGER t BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION f();\n`
    const related = (change: string): string[] => {
      const { findings } = lintWith(rules, { files: [{ path: "m/V1__a.sql", sql }, { path: "m/V2__b.sql", sql: change }] })
      return findings.flatMap((finding) => finding.related.map((one) => `${one.file}:${String(one.line)} ${one.message}`))
    }
    expect(related("ALTER TABLE orders DROP COLUMN region;")).toEqual(["m/V1__a.sql:2 function `f`, which trigger `t` runs, uses `orders.region`"])
    expect(related("ALTER TABLE orders RENAME COLUMN other TO more;")).toEqual(["m/V1__a.sql:2 function `f`, which trigger `t` runs, uses `orders.other`"])
    expect(related("ALTER TABLE orders DROP COLUMN note;")).toEqual([])
  })

  it("is named with the place that made it", () => {
    const files = {
      "m/V1__a.sql": "CREATE TABLE orders (id bigint PRIMARY KEY, region text);\nCREATE INDEX orders_region ON orders (region);\n",
      "m/V2__b.sql": "ALTER TABLE orders ALTER COLUMN region TYPE varchar(50);\nCREATE VIEW regions AS SELECT region FROM orders;\n",
      "m/V3__c.sql": "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT max(region) FROM orders';\n",
    }
    const last = (sql: string): string[] => {
      const result = lintWith(rules, { files: Object.entries({ ...files, "m/V4__d.sql": sql }).map(([path, text]) => ({ path, sql: text })) })
      return result.findings.flatMap(({ file, related }) => (file === "m/V4__d.sql" ? related.map((one) => `${one.file}:${String(one.line)} ${one.message}`) : []))
    }
    const dependents = ["m/V2__b.sql:2 view `regions` reads `orders.region`", "m/V1__a.sql:2 index `orders_region` is over `orders.region`"]
    // It fails, and would rewrite the table.
    expect(last("ALTER TABLE orders ALTER COLUMN region TYPE varchar(20);")).toEqual([
      ...dependents,
      "m/V2__b.sql:1 `orders.region` is `character varying(50)` since here",
      ...dependents,
    ])
    expect(last("ALTER TABLE orders DROP COLUMN region CASCADE;")).toEqual([
      ...dependents,
      "m/V3__c.sql:1 function `f` names `orders.region` in its body",
    ])
    expect(last("ALTER TABLE orders RENAME COLUMN region TO area;")).toEqual(["m/V3__c.sql:1 function `f` names `orders.region` in its body"])
    expect(last("DROP TABLE orders CASCADE;")).toEqual([
      "m/V2__b.sql:2 view `regions` reads `orders`",
      "m/V3__c.sql:1 function `f` names `orders` in its body",
    ])
    expect(last("ALTER TABLE orders RENAME TO purchases;")).toEqual(["m/V3__c.sql:1 function `f` names `orders` in its body"])
    expect(last("ALTER TABLE orders ALTER COLUMN region SET NOT NULL;")).toEqual(["m/V1__a.sql:1 `orders.region` is made here, and may hold NULL"])
    expect(last("CREATE TABLE orders (id int);")).toEqual(["m/V1__a.sql:1 table `orders` is made here"])
    expect(last("ALTER TABLE orders ADD COLUMN region text;")).toEqual(["m/V1__a.sql:1 `orders.region` is made here"])
    expect(last("ALTER TABLE orders DROP COLUMN reg;")).toContain("m/V1__a.sql:1 table `orders` is made here")
    expect(last("DROP TABLE orders;")).toContain("m/V2__b.sql:2 view `regions` reads `orders`")
    expect(last("CREATE INDEX CONCURRENTLY orders_region ON orders (region);")).toEqual(["m/V1__a.sql:2 index `orders_region` is made here"])
  })

  it("is what a view reads by a star, and what it may read", () => {
    const start = `CREATE TABLE orders (id bigint, region text);
CREATE TABLE lines (order_id bigint, area text);
CREATE VIEW joined AS SELECT * FROM orders JOIN lines ON order_id = id;
CREATE VIEW ordered AS SELECT orders.* FROM orders JOIN lines ON order_id = id;
CREATE VIEW counted AS SELECT orders.*, n FROM orders JOIN LATERAL (SELECT count(*) AS n FROM lines WHERE order_id = id) AS counts ON true;
CREATE VIEW beside AS SELECT * FROM orders, (SELECT order_id FROM lines) AS listed;`
    const reading = (table: string, column: string): string[] =>
      lintWith(rules, { history: [{ path: "m/V1__a.sql", sql: start }], files: [{ path: "m/V2__b.sql", sql: `ALTER TABLE ${table} DROP COLUMN ${column} CASCADE;` }] })
        .findings.flatMap(({ related }) => related.map(({ message }) => message))
    const region = ["joined", "ordered", "counted", "beside"].map((view) => `view \`${view}\` reads \`orders.region\``)
    expect(reading("orders", "region")).toEqual(region)
    expect(reading("lines", "area")).toEqual(["view `joined` reads `lines.area`", "view `beside` may read `lines.area`"])

    // Of tables that nothing here has made only the names are known that the view uses.
    const unknown = (column: string): unknown => {
      const view = "CREATE VIEW labels AS SELECT l.*, k.code, name FROM links l JOIN kinds k ON k.id = l.kind;"
      const { findings } = lintWith(rules, {
        history: [{ path: "m/V1__a.sql", sql: view }],
        files: [{ path: "m/V2__b.sql", sql: `ALTER TABLE ${column.replace(".", " DROP COLUMN ")} CASCADE;` }],
        options: { select: ["column-drop-breaks-code"] },
      })
      return findings.map(({ message, related }) => [message.includes("drops view"), related.map((one) => one.message)])
    }
    expect(unknown("kinds.priority")).toEqual([[false, []]])
    expect(unknown("kinds.code")).toEqual([[false, ["view `labels` may read `kinds.code`"]]])
    expect(unknown("kinds.name")).toEqual([[false, ["view `labels` may read `kinds.name`"]]])
    expect(unknown("links.priority")).toEqual([[false, ["view `labels` may read `links.priority`"]]])
  })

  it("is named where it was never validated", () => {
    const related = (history: string, sql: string): string[] =>
      lintWith(rules, { history: [{ path: "m/V1__a.sql", sql: history }], files: [{ path: "m/V2__b.sql", sql }], options: { ignore: ["lock-timeout-missing"] } }).findings.flatMap((finding) =>
        finding.related.map(({ line, message }) => `${String(line)} ${message}`),
      )
    const table = "CREATE TABLE orders (id bigint PRIMARY KEY, region text);\n"
    expect(related(`${table}ALTER TABLE orders ADD CONSTRAINT region_set CHECK (region IS NOT NULL) NOT VALID;`, "ALTER TABLE orders ALTER COLUMN region SET NOT NULL;")).toEqual([
      "1 `orders.region` is made here, and may hold NULL",
      "2 constraint `region_set` would prove it, and is NOT VALID since here",
    ])
    expect(related("CREATE TABLE orders (id bigint, region text);\nCREATE UNIQUE INDEX orders_id ON orders (id);", "ALTER TABLE orders ADD PRIMARY KEY USING INDEX orders_id;")).toEqual([
      "1 `orders.id` is made here, and may hold NULL",
    ])
    expect(
      related(
        "CREATE TABLE log (at date) PARTITION BY RANGE (at);\nCREATE TABLE log_2020 (at date);\nALTER TABLE log_2020 ADD CONSTRAINT fits CHECK (at >= '2020-01-01' AND at < '2021-01-01') NOT VALID;",
        "ALTER TABLE log ATTACH PARTITION log_2020 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');",
      ),
    ).toEqual(["3 constraint `fits` of `log_2020` proves nothing: it is NOT VALID since here"])
  })

  it("is not believed where the files may have nothing to do with each other", () => {
    const files = {
      "m/1.sql": "CREATE TABLE orders (id bigint, region text);",
      "m/2.sql": "BEGIN; CREATE TABLE orders (id bigint, area text); CREATE INDEX orders_area ON orders (area); COMMIT;",
    }
    expect(lint(files, ["m/2.sql"])).toEqual([])
    expect(lint(files, ["m/1.sql", "m/2.sql"])).toEqual([])
    const scripts = {
      "sql/Types/mood.sql": "CREATE TYPE mood AS ENUM ('calm');\nCREATE TABLE crews (id bigint PRIMARY KEY, twice bigint GENERATED ALWAYS AS (id * 2) STORED);",
      "sql/Types/mood-glad.sql": "ALTER TYPE mood ADD VALUE 'glad' AFTER 'lively';",
      "sql/crews.sql": "BEGIN;\nSET LOCAL lock_timeout = '5s';\nALTER TABLE crews ALTER COLUMN twice SET DEFAULT 1;\nCOMMIT;",
    }
    expect(lint(scripts, Object.keys(scripts))).toEqual([])
  })

  it("leaves nothing known of a table that a statement names which could not be read", () => {
    const files = (unreadable: string): Files => ({
      "m/V1__a.sql": "CREATE TABLE orders (id bigint PRIMARY KEY, region varchar(50), CHECK (region IS NOT NULL));",
      "m/V2__b.sql": unreadable,
      "m/V3__c.sql": "ALTER TABLE orders ALTER COLUMN region SET NOT NULL;",
    })
    expect(lint(files("ALTER TABEL other MAKE region;"), ["m/V3__c.sql"])).toEqual([])
    expect(lint(files("ALTER TABEL orders MAKE region;"), ["m/V3__c.sql"])).toEqual(["not-null-scans-table"])
  })
})
