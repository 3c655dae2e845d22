import { describe, expect, it } from "vitest"
import { lint, type LintInput } from "../../src/index.ts"

const HISTORY = { path: "m/V1__a.sql", sql: "CREATE TABLE orders (id bigint PRIMARY KEY, region varchar(50));" }
const WIDER = { path: "m/V2__b.sql", sql: "SET lock_timeout = '5s'; ALTER TABLE orders ALTER COLUMN region TYPE varchar(100);" }

function found(input: LintInput): string[] {
  return lint(input).findings.map(({ file, rule, severity }) => `${file} ${rule} ${severity}`)
}

describe("what lint() takes besides the files", () => {
  it("replays a history, which is neither reported nor counted", () => {
    const unsafe = { path: "m/V1__a.sql", sql: `${HISTORY.sql} VACUUM FULL orders;` }
    expect(found({ files: [WIDER] })).toEqual(["m/V2__b.sql type-change-blocks-queries warning"])
    expect(found({ files: [WIDER], history: [unsafe] })).toEqual([])
    expect(lint({ files: [WIDER], history: [unsafe] }).summary).toMatchObject({ files: 1, statements: 2 })
  })

  it("says of what a major rejects that it fails, and warns of it where nobody has said the major", () => {
    const files = [{ path: "m/V1__a.sql", sql: "CREATE UNIQUE INDEX CONCURRENTLY a_b ON a (b) NULLS NOT DISTINCT;" }]
    expect(found({ files })).toEqual(["m/V1__a.sql statement-fails warning"])
    expect(found({ files, options: { pgVersion: 14 } })).toEqual(["m/V1__a.sql statement-fails error"])
    expect(found({ files, options: { pgVersion: 15 } })).toEqual([])
  })

  it("leaves out the no-break spaces that Flyway passes over between statements, and other tools send", () => {
    const sql = "CREATE TABLE items (id bigint);\u00a0 \n"
    expect(found({ files: [{ path: "m/V1__a.sql", sql }] })).toEqual([])
    expect(found({ files: [{ path: "m/1_a.up.sql", sql }] })).toEqual(["m/1_a.up.sql syntax-error error"])
    expect(found({ files: [{ path: "m/V1__a.sql", sql: "CREATE TABLE items (id\u00a0bigint);" }] })).toEqual(["m/V1__a.sql syntax-error error"])
  })

  it("starts from a dump, alone or before the history", () => {
    const schema = "CREATE TABLE public.orders (id bigint, region character varying(50));"
    expect(found({ files: [WIDER], schema })).toEqual([])
    const between = { path: "m/V1__a.sql", sql: "ALTER TABLE orders ALTER COLUMN region TYPE varchar(200);" }
    const [finding] = lint({ files: [WIDER], schema, history: [between] }).findings
    expect(finding?.related.map(({ file, line }) => `${file}:${String(line)}`)).toEqual(["m/V1__a.sql:1"])
    expect(found({ files: [WIDER], schema: schema.replace("50", "500") })).toEqual(["m/V2__b.sql type-change-blocks-queries error"])
  })

  it("says what in a dump cannot be read, and uses the rest", () => {
    const schema = "CREATE TABLE public.orders (id bigint, region character varying(50));\nCREATE TABEL items ();"
    const { findings, errors } = lint({ files: [WIDER], schema })
    expect({ findings, errors }).toEqual({
      findings: [],
      errors: [{ file: "<schema>", line: 2, column: 8, message: 'syntax error at or near "TABEL"; this statement of the dump is passed over, and what it makes is not known' }],
    })
  })

  it("does not take for empty what a dump without rows makes", () => {
    const schema = "CREATE TABLE public.orders (id bigint);\nCREATE MATERIALIZED VIEW public.sums AS SELECT id FROM public.orders WITH NO DATA;\nCREATE UNIQUE INDEX u ON public.sums (id);"
    const files = [{ path: "m/V2__b.sql", sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY sums;\nSELECT * FROM sums;" }]
    expect(found({ files, schema })).toEqual([])
    expect(found({ files, history: [{ path: "m/V1__a.sql", sql: schema }] })).toEqual(["m/V2__b.sql statement-fails error"])
  })

  it("takes all files for one deploy when they are pending", () => {
    const files = [HISTORY, { path: "m/V2__b.sql", sql: "CREATE INDEX orders_region ON orders (region);" }]
    expect(found({ files })).toEqual(["m/V2__b.sql index-creation-blocks-writes error"])
    expect(found({ files, pending: true })).toEqual([])
  })

  it("knows the sizes of tables", () => {
    const files = [{ path: "m/V2__b.sql", sql: "CREATE INDEX orders_region ON orders (region);" }]
    const sizes = [{ schema: "public", table: "orders", rows: 12, bytes: 8192 }]
    expect(found({ files, history: [HISTORY], sizes })).toEqual(["m/V2__b.sql index-creation-blocks-writes warning"])
    expect(() => lint({ files, sizes: [{ ...sizes[0], rows: -1, schema: "a", table: "b", bytes: 1 }] })).toThrow("this is no size of a table")
  })

  it("looks through the application", () => {
    const files = [{ path: "m/V2__b.sql", sql: "SET lock_timeout = '5s'; ALTER TABLE orders DROP COLUMN region;" }]
    const app = [{ path: "src/a.ts", text: 'q("SELECT region FROM orders")' }]
    expect(lint({ files, history: [HISTORY], app }).findings.map(({ related }) => related)).toEqual([
      [{ file: "src/a.ts", line: 1, column: 11, message: "SQL uses `orders.region`", grade: "certain" }],
    ])
  })

  it("begins every session with the search_path that is given", () => {
    const wider = { ...WIDER, sql: WIDER.sql.replace("TABLE orders", "TABLE app.orders") }
    expect(found({ files: [wider], history: [HISTORY] })).toEqual(["m/V2__b.sql type-change-blocks-queries warning"])
    expect(found({ files: [wider], history: [HISTORY], options: { searchPath: ["app", "public"] } })).toEqual([])
  })

  it("refuses a file that is its own history", () => {
    expect(() => lint({ files: [WIDER], history: [WIDER] })).toThrow(new RangeError("m/V2__b.sql is given both as a file and as history"))
  })
})

it("says that migrations in code are read by the command line only", () => {
  const { findings, errors } = lint({ files: [{ path: "migrations/20240101_a.js", sql: "exports.up = (knex) => knex.raw('VACUUM FULL a')" }] })
  expect({ findings, errors }).toEqual({
    findings: [],
    errors: [{ file: "migrations/20240101_a.js", message: "lint() reads SQL; migrations in code are read by the command line" }],
  })
})

describe("input of a program without types", () => {
  const files = [{ path: "V1__a.sql", sql: "ALTER TABLE orders DROP COLUMN region" }]
  /** As JavaScript calls it. */
  const call = lint as (input: unknown) => unknown

  it.each([
    [undefined, TypeError, "the input of lint() must be an object"],
    ["VACUUM FULL orders", TypeError, "the input of lint() must be an object"],
    [{}, TypeError, "files is missing: lint() takes { files: [{ path, sql }] }"],
    [{ files: files[0] }, TypeError, "files must be a list"],
    [{ files: ["VACUUM FULL orders"] }, TypeError, "files[0] must be an object"],
    [{ files: [{ path: "a.sql" }] }, TypeError, "files[0].sql must be a string"],
    [{ files: [{ path: "a.sql", sql: Buffer.from("") }] }, TypeError, "files[0].sql must be a string"],
    [{ files: [{ sql: "" }] }, TypeError, "files[0].path must be a string"],
    [{ files: [...files, ...files] }, RangeError, "V1__a.sql is given twice"],
    [{ files, pgVersion: 16 }, TypeError, "pgVersion is unknown; it belongs into options"],
    [{ files, histroy: [] }, TypeError, "histroy is unknown; did you mean history?"],
    [{ files, app: ["src/**"] }, TypeError, "app[0] must be an object"],
    [{ files, schema: 5 }, TypeError, "schema must be a string"],
    [{ files, pending: "yes" }, TypeError, "pending must be true or false"],
    [{ files, options: null }, TypeError, "options must be an object"],
    [{ files, options: { rules: {} } }, TypeError, "options.rules is unknown; known are pgVersion, transaction, searchPath, framework, direction, select, ignore, severities"],
    [{ files, options: { pgVersion: "16" } }, RangeError, "pgVersion must be a PostgreSQL major from 11 to 18, not 16"],
    [{ files, options: { ignore: "lock-timeout-missing" } }, TypeError, "options.ignore must be a list"],
    [{ files, options: { direction: "sideways" } }, RangeError, "options.direction must be one of up, down, both, not sideways"],
    [{ files, options: { framework: "flywai" } }, RangeError, "options.framework must be one of "],
    [{ files, options: { transaction: "no" } }, TypeError, "options.transaction must be true or false"],
    [{ files, options: { searchPath: "app" } }, TypeError, "options.searchPath must be a list"],
    [{ files, options: { severities: { strict: "error" } } }, RangeError, "unknown rule: strict"],
    [{ files, options: { ignore: ["vacum-full-rewrites-table"] } }, RangeError, 'unknown rule: vacum-full-rewrites-table; did you mean "vacuum-full-rewrites-table"?'],
    [{ files, options: { select: [] } }, RangeError, "options.select names no rule"],
    [{ files, options: { severities: { "vacuum-full-rewrites-table": "warn" } } }, RangeError, 'options.severities["vacuum-full-rewrites-table"] must be one of error, warning, off, not warn'],
  ])("%j is refused", (input, kind, message) => {
    expect(() => call(input)).toThrow(kind)
    expect(() => call(input)).toThrow(message)
  })

  it("may be frozen, and have fields that are undefined", () => {
    const options = Object.freeze({ pgVersion: undefined, select: undefined, framework: undefined, ignore: Object.freeze(["lock-timeout-missing"]) })
    expect(lint(Object.freeze({ files: Object.freeze(files), history: undefined, options })).findings.map(({ rule }) => rule)).toEqual(["column-drop-breaks-code"])
  })

  it("is never left out in silence", () => {
    expect(lint({ files: [{ path: "a.js", sql: "VACUUM FULL orders" }] }).errors).toEqual([{ file: "a.js", message: "lint() reads SQL; migrations in code are read by the command line" }])
  })
})
