/** The plugin's configurations, settings and parse errors. */
import { Linter as Runner, type ESLint, type Linter } from "eslint"
import { defineConfig } from "eslint/config"
import type { ESLint as ESLint9, Linter as Linter9 } from "eslint9"
import { describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import plugin from "./source.ts"
import { lintCode, messages } from "./helper.ts"

const SQL = "CREATE INDEX idx ON orders (region)"
const FOUND = "index-creation-blocks-writes: orders"

describe("configurations", () => {
  it("turn on what the presets of the rules say", () => {
    const { recommended, strict, style, sql } = plugin.configs
    // What only the end of a history can tell is not for a linter of single files.
    const ids = (wanted: (rule: (typeof rules)[number]) => boolean): string[] =>
      rules.filter((rule) => rule.atEnd !== true && wanted(rule)).map(({ id }) => `pgsafe/${id}`)
    expect(Object.keys(recommended.rules)).toEqual([...ids(({ id, presets }) => presets.includes("recommended") && id !== "syntax-error"), "pgsafe/embedded-parse-error"])
    expect(Object.keys(strict.rules)).toEqual(expect.arrayContaining([...Object.keys(recommended.rules), ...ids(({ presets }) => presets.includes("strict"))]))
    expect(Object.keys(style.rules)).toEqual(ids(({ presets }) => presets.includes("style")))
    expect(Object.keys(sql.rules)).toEqual(ids(({ presets }) => presets.includes("recommended")))
    expect(sql.rules["pgsafe/syntax-error"]).toBe("error")
  })

  it("contain the plugin itself, so that ESLint takes them for one", () => {
    for (const name of ["recommended", "strict", "style", "sql"] as const) expect(plugin.configs[name].plugins.pgsafe).toBe(plugin)
  })

  it("have the types that ESLint asks for", () => {
    // Compiles, or does not.
    const plugins: [ESLint.Plugin, ESLint9.Plugin] = [plugin, plugin]
    const configs: Linter.Config[] = [plugin.configs.recommended, plugin.configs.sql]
    const configs9: Linter9.Config[] = [plugin.configs.strict, plugin.configs.style]
    const defined = defineConfig([plugin.configs.recommended, { files: ["**/*.js"], extends: [plugin.configs.strict] }])
    expect([plugins.length, configs.length, configs9.length, defined.length]).toEqual([2, 2, 2, 3])
  })

  it("have legacy forms with the same rules", () => {
    expect(plugin.configs["legacy-recommended"].rules).toEqual(plugin.configs.recommended.rules)
    expect(plugin.configs["legacy-sql"].overrides?.[0]?.rules).toEqual(plugin.configs.sql.rules)
  })
})

describe("settings.pgsafe", () => {
  it("adds targets: names, ends of names, patterns", () => {
    for (const target of ["run", "db.run", /^app\.db\.run$/, "/^app\\.db/"]) {
      expect(lintCode(`app.db.run('${SQL}')`, { settings: { targets: [target] } })).toContain(FOUND)
    }
    expect(lintCode(`myTag\`${SQL}\``, { settings: { targets: { add: ["myTag"] } } })).toContain(FOUND)
    expect(lintCode(`run('${SQL}')`)).toEqual([])
  })

  it("replaces targets", () => {
    const settings = { targets: { replace: ["run"] } }
    expect(lintCode(`client.query('${SQL}')`, { settings })).toEqual([])
    expect(lintCode(`run('${SQL}')`, { settings })).toContain(FOUND)
  })

  it("says which files are migrations", () => {
    const settings = { migrations: ["db/changes/**"] }
    expect(lintCode(`client.query('${SQL}')`, { filename: "db/changes/1.js", settings })).toContain(FOUND)
    expect(lintCode(`client.query('${SQL}')`, { filename: "src/migrations/1.js", settings })).toEqual([])
  })

  it("says which server runs them, and in which transaction", () => {
    const code = "knex.raw(\"ALTER TYPE mood ADD VALUE 'fine'\")"
    const rule = { rules: { "pgsafe/forbidden-in-transaction": "error" } } as const
    expect(lintCode(code, { ...rule, settings: { postgresVersion: 11 } })).toHaveLength(1)
    expect(lintCode(code, { ...rule, settings: { postgresVersion: 12 } })).toEqual([])
    expect(lintCode(code, { ...rule, settings: { postgresVersion: 11, transaction: false } })).toEqual([])
    expect(lintCode(code, { ...rule, settings: { postgresVersion: 11, framework: "sequelize" } })).toEqual([])
  })

  it.each([
    [{ target: [] }, "settings.pgsafe.target must be absent: the settings are targets"],
    [{ targets: "sql" }, 'settings.pgsafe.targets must be a list, { add: [...] } or { replace: [...] }, not "sql"'],
    [{ postgresVersion: 9 }, "settings.pgsafe.postgresVersion must be a PostgreSQL major from 11 to 18, not 9"],
    [{ framework: "excel" }, "settings.pgsafe.framework must be one of"],
    [{ transaction: "no" }, 'settings.pgsafe.transaction must be true or false, not "no"'],
    [{ migrations: [1] }, "settings.pgsafe.migrations must be a list of glob patterns, not 1"],
    [{ migrations: ["!db/old/**"] }, 'settings.pgsafe.migrations must be a list of glob patterns, relative to where ESLint runs and without a ! in front, not "!db/old/**"'],
    [{ migrations: ["/srv/db/**"] }, "settings.pgsafe.migrations must be a list of glob patterns, relative to where ESLint runs"],
    [{ targets: ["/(/"] }, 'settings.pgsafe.targets must be a list of names and regular expressions, not "/(/"'],
    [{ targets: { add: ["sql"], replace: ["run"] } }, "settings.pgsafe.targets must be a list, { add: [...] } or { replace: [...] }, not"],
    [[], "settings.pgsafe must be an object, not []"],
    [{ onUnparsable: "off" }, 'settings.pgsafe.onUnparsable must be "ignore", "warn" or "error", not "off"'],
  ])("refuses %j", (settings, message) => {
    expect(() => messages("", { settings })).toThrow(message)
  })
})

describe("SQL that cannot be parsed", () => {
  const code = "client.query('SELECT FROM WHERE x'); run(/* sql */ `SELECT *\n  FORM orders`)"

  it("is reported where the user says that it is SQL, in any file", () => {
    expect(lintCode(code, { filename: "src/app.js" })).toEqual(["embedded-parse-error: FORM"])
    expect(lintCode(code)).toEqual(["embedded-parse-error: FORM"])
  })

  it.each([
    "CASE WHEN ${query} IS NOT NULL THEN 1 ELSE 0 END",
    "\"type\" IN (:...types) AND (region <> :region OR note IS NOT NULL)",
    "COALESCE((SELECT max(id) FROM orders), 0) -- the last",
    "o.id, o.region AS place",
    "LEFT JOIN customers c ON c.id = o.customer_id",
    "orders o JOIN customers c ON c.id = o.customer_id",
    "AND region = ${region}",
    "recent AS (SELECT id FROM orders), old AS (SELECT id FROM carts)",
    "ON CONFLICT DO NOTHING",
  ])("is not reported of a piece: %s", (piece) => {
    expect(lintCode(`where(/* sql */ \`${piece}\`)`, { filename: "src/app.js" })).toEqual([])
  })

  it.each(["SELCT id FROM orders", "TRUNCAT orders", "UPDTE orders SET a = 1", "CRATE TABLE a (b int)", "id = = 1"])("is reported of a slip: %s", (text) => {
    expect(lintCode(`run(/* sql */ '${text}')`, { filename: "src/app.js" })).toHaveLength(1)
  })

  it("is not reported where the file speaks to another database", () => {
    const marked = "run(/* sql */ 'SELECT argMax(a, b) FROM c FINAL PREWHERE d')"
    expect(lintCode(`const { createClient } = require('@clickhouse/client'); ${marked}`, { filename: "src/app.js" })).toEqual([])
    expect(lintCode(marked, { filename: "src/clickhouse/app.js" })).toEqual([])
    expect(lintCode(marked, { filename: "src/app.js" })).toHaveLength(1)
  })

  it("is reported at all targets, or at none", () => {
    expect(lintCode(code, { settings: { onUnparsable: "error" } })).toEqual(["embedded-parse-error: WHERE", "embedded-parse-error: FORM"])
    expect(lintCode(code, { settings: { onUnparsable: "ignore" } })).toEqual([])
  })

  it("is reported at its end when something is missing there", () => {
    expect(lintCode("run(/* sql */ 'SELECT 1 +')", { filename: "src/app.js" })).toEqual(["embedded-parse-error: +"])
    // Also in a call that takes SQL, whose other texts are skipped.
    expect(lintCode("client.query('SELECT 1 +'); client.query(/* sql */ 'SELECT 2 +')", { filename: "src/app.js" })).toEqual(["embedded-parse-error: +"])
    expect(lintCode("run(/* sql */ `\n  UPDATE orders\n  SET\n`)", { filename: "src/app.js" })).toEqual(["embedded-parse-error: SET"])
  })

  it("is not reported for pieces in parentheses", () => {
    for (const piece of ["(SELECT count(*) FROM orders)::int", "(SELECT id FROM orders) AS id"]) expect(lintCode(`run(/* sql */ '${piece}')`, { filename: "src/app.js" })).toEqual([])
    expect(lintCode("run(/* sql */ '(SELECT id FROM FROM orders)')", { filename: "src/app.js" })).toEqual(["embedded-parse-error: FROM"])
  })

  it("is not reported for pieces that begin or end in the middle of a list", () => {
    const settings = { targets: ["sql"] }
    for (const piece of [", false AS open", "id DESC,", "o.id, o.region,", " OR ", "WHEN ${id} THEN 1 WHEN 2 THEN ${id}"]) {
      expect(lintCode(`const piece = sql\`${piece}\``, { filename: "src/app.js", settings })).toEqual([])
    }
    expect(lintCode("const piece = sql`, FROM orders,`", { filename: "src/app.js", settings })).toEqual(["embedded-parse-error: ,"])
  })

  it("is not reported where a function is handed a condition and what it puts in", () => {
    const clauses = Array.from("abcdefghij", (name) => `\${when(${name}, sql\`AND ${name} = 1\`)}`)
    expect(lintCode(`const rows = sql\`SELECT id FROM orders WHERE open ${clauses.join(" ")} LIMIT 1\``, { filename: "src/app.js", settings: { targets: ["sql"] } })).toEqual([])
  })

  it("names holes as the user does", () => {
    expect(messages("run(/* sql */ `SELECT FROM FROM ${table}`)", { filename: "src/app.js" }).map(({ message }) => message)).toEqual(['syntax error at or near "FROM"'])
  })
})

describe("pgsafe's comments in code", () => {
  const found = (...lines: string[]): string[] => lintCode(`exports.up = async (pgm) => {\n${lines.join("\n")}\n}`).filter((one) => !one.startsWith("lock-timeout"))
  const drop = (table: string): string => `pgm.sql("TRUNCATE ${table}")`
  const ignore = "// pgsafe-ignore truncate-loses-data -- a test table"

  it("speak for the SQL of the call behind them or on their line", () => {
    expect(found(ignore, drop("a"), drop("b"))).toEqual(["truncate-loses-data: b"])
    expect(found(`${drop("a")} ${ignore}`, drop("b"))).toEqual(["truncate-loses-data: b"])
    expect(found("/* pgsafe-ignore truncate-loses-data */", "pgm.sql(", `"TRUNCATE a")`, drop("b"))).toEqual(["truncate-loses-data: b"])
    expect(found(ignore, `const text = "TRUNCATE a"`, "pgm.sql(text)", drop("b"))).toEqual(["truncate-loses-data: b"])
    expect(found(drop("a"), drop("b"), "// pgsafe-ignore-file truncate-loses-data -- test tables")).toEqual([])
  })

  it("may be for calls that the plugin does not read, and then are for nothing else", () => {
    expect(found(ignore, `pgm.dropTable("a")`, drop("b"))).toEqual(["truncate-loses-data: b"])
    expect(found(drop("b"), ignore, `pgm.dropTable("a")`)).toEqual(["truncate-loses-data: b"])
  })

  it("are told what is wrong with them, once", () => {
    expect(found("// pgsafe-ignore no-such-rule", `pgm.sql("SELECT 1")`)).toEqual(["unknown-suppression: no-such-rule"])
    expect(found("// pgsafe-ignore", `pgm.sql("SELECT 1")`)).toEqual(["unknown-suppression: // pgsafe-ignore"])
    expect(found("pgm.sql(`/* pgsafe-ignore no-such-rule */ SELECT 1`)")).toEqual(["unknown-suppression: no-such-rule"])
  })
})

describe("SQL files", () => {
  const verify = (text: string, filename = "db/migrations/1.sql"): string[] =>
    new Runner({ configType: "flat" })
      .verify(text, [plugin.configs.sql, { linterOptions: { reportUnusedDisableDirectives: "error" } }], filename)
      .map(({ ruleId, line, column }) => `${String(line)}:${String(column)} ${ruleId ?? "directive"}`)

  it("keep the places of lines with every line end, byte order mark included", () => {
    expect(verify("\uFEFFSELECT 1;\r\n\rTRUNCATE orders;\n")).toEqual(["3:10 pgsafe/truncate-loses-data"])
  })

  it("report syntax errors as pgsafe does, and go on", () => {
    expect(verify("SELEC 1;\nTRUNCATE orders;\n")).toEqual(["1:1 pgsafe/syntax-error", "2:10 pgsafe/truncate-loses-data"])
  })

  it("know ESLint's comments", () => {
    expect(verify("TRUNCATE orders; -- eslint-disable-line pgsafe/truncate-loses-data -- a test table\n")).toEqual([])
    expect(verify("-- eslint-disable\nTRUNCATE orders;\n-- eslint-enable\nTRUNCATE orders;\n")).toEqual(["4:10 pgsafe/truncate-loses-data"])
    expect(verify("-- eslint-disable-next-line pgsafe/truncate-loses-data\nSELECT 1;\n")).toEqual(["1:1 directive"])
    expect(verify("SELECT '-- eslint-disable';\nTRUNCATE orders;\n")).toEqual(["2:10 pgsafe/truncate-loses-data"])
  })

  it("know pgsafe's own comments", () => {
    expect(verify("-- pgsafe-ignore truncate-loses-data -- a test table\nTRUNCATE orders;\n")).toEqual([])
    expect(lintCode("client.query(`-- pgsafe-ignore truncate-loses-data -- a test table\nTRUNCATE orders`)", { rules: { "pgsafe/truncate-loses-data": "error" } })).toEqual([])
  })

  it("get lines that begin and end as theirs do", () => {
    const text = "BEGIN;\r\n\t ALTER TABLE orders ADD COLUMN a int;\r\nCOMMIT;\r\n"
    const [message] = new Runner({ configType: "flat" }).verify(text, [{ ...plugin.configs.sql, rules: { "pgsafe/lock-timeout-missing": "error" } }], "db/migrations/1.sql")
    expect(message?.suggestions?.map(({ fix }) => fix)).toEqual([{ range: [10, 10], text: "SET LOCAL lock_timeout = '5s';\r\n\t " }])
  })

  it("are read in the direction in which they run", () => {
    expect(verify("TRUNCATE orders;\n", "db/migrations/1_x.down.sql")).toEqual([])
  })
})
