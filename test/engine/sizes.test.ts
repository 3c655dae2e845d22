import { describe, expect, it } from "vitest"
import { lintWith } from "../../src/engine/lint.ts"
import { parseSizes } from "../../src/engine/read-sizes.ts"
import { SIZES_QUERY, sized } from "../../src/engine/sizes.ts"
import type { Finding } from "../../src/engine/finding.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"
import { rules } from "../../rules/index.ts"

loadGrammar()

const FINDING: Finding = {
  rule: "not-null-scans-table",
  severity: "error",
  message: "it reads every row",
  why: null,
  file: "a.sql",
  span: { start: 0, end: 1 },
  statement: { start: 0, end: 1 },
  locks: [{ relation: "orders", mode: "ACCESS EXCLUSIVE", blocks: ["reads", "writes"], duration: "scan" }],
  fix: null,
  steps: [],
  related: [],
  uncertain: [],
  removes: [],
  replaces: null,
  onlyIfUsed: false,
  rejected: false,
  changes: [],
}

const found = (rows: number | null, bytes: number, finding: Finding = FINDING): [string, string] => {
  const { severity, message } = sized(finding, new Map([["public.orders", { rows, bytes }]]))
  return [severity, message]
}

describe("sizes", () => {
  it("lower work on small tables, and are said of large ones", () => {
    expect(found(120, 16_384)).toEqual(["warning", "it reads every row; but orders has about 120 rows (16 kB)"])
    expect(found(10_000, 900_000)).toEqual(["error", "it reads every row"])
    expect(found(48_300_000, 12_884_901_888)).toEqual(["error", "it reads every row; orders has about 48 million rows (12 GB)"])
    expect(found(null, 0)).toEqual(["error", "it reads every row"])
  })

  it("lower nothing on few rows that fill gigabytes", () => {
    expect(found(120, 12_884_901_888)).toEqual(["error", "it reads every row"])
  })

  it("tell how long a backfill takes", () => {
    const finding = { ...FINDING, locks: [], changes: ["orders"] }
    expect(found(120, 16_384, finding)).toEqual(["warning", "it reads every row; but orders has about 120 rows (16 kB)"])
    expect(found(48_300_000, 12_884_901_888, finding)).toEqual(["error", "it reads every row; orders has about 48 million rows (12 GB)"])
    const sql = "ALTER TABLE orders DROP COLUMN area;\nUPDATE orders SET region = 'eu';"
    const { findings } = lintWith(rules, { files: [{ path: "a.sql", sql }], sizes: [{ schema: "public", table: "orders", rows: 9, bytes: 8192 }], options: { transaction: true } })
    expect(findings.filter(({ rule }) => rule === "backfill-holds-lock").map(({ severity }) => severity)).toEqual(["warning"])
  })

  it("leave locks alone that only have to be waited for", () => {
    const locks = FINDING.locks.map((lock) => ({ ...lock, duration: "instant" as const }))
    expect(found(120, 16_384, { ...FINDING, locks })).toEqual(["error", "it reads every row"])
  })

  it("are found under the name that the migration uses", () => {
    const sizes = new Map([["app.Order Items", { rows: 5, bytes: 0 }]])
    const of = (relation: string): string => sized({ ...FINDING, locks: FINDING.locks.map((lock) => ({ ...lock, relation })) }, sizes).severity
    expect([of('app."Order Items"'), of('"Order Items"'), of("other.items"), of("items")]).toEqual(["warning", "warning", "error", "error"])
  })

  it("come as JSON or CSV", () => {
    const expected = [["public.a", { rows: 5, bytes: 8192 }], ["app.b,c", { rows: null, bytes: 0 }]]
    const json = '[{"schema":"public","table":"a","rows":5,"bytes":8192},{"schema":"app","table":"b,c","rows":null,"bytes":0}]'
    expect([...parseSizes(json)]).toEqual(expected)
    expect([...parseSizes('schema,table,rows,bytes\npublic,a,5,8192\napp,"b,c",,0\n')]).toEqual(expected)
    // Columns in another order, and other separators, as spreadsheets write them.
    expect([...parseSizes('"table";"schema";"bytes";"rows"\r\n"a";"public";8192;5\r\n"b,c";"app";0;\r\n')]).toEqual(expected)
    expect([...parseSizes("Schema\tTable\tRows\tBytes\npublic\ta\t5\t8192\napp\tb,c\t\t0\n")]).toEqual(expected)
    // The one value of the query, as CSV (psql --csv, pgAdmin, DBeaver), and as psql prints it without -At.
    expect([...parseSizes(`json_agg\n"${json.replaceAll('"', '""')}"\n`)]).toEqual(expected)
    expect([...parseSizes(` json_agg \n----------\n ${json.replace(",{", ", +\n  {")}\n(1 row)\n\n`)]).toEqual(expected)
    expect([...parseSizes(`{"SELECT json_agg(...)": [{"json_agg": ${JSON.stringify(json)}}]}`)]).toEqual(expected)
    // With \\timing in .psqlrc, without -t, expanded, and in other styles of lines.
    const broken = json.replace(",{", ", \n {")
    expect([...parseSizes(`Timing is on.\n${broken}\nTime: 1.234 ms\n`)]).toEqual(expected)
    expect([...parseSizes(`json_agg\n${broken}\n(1 row)\n`)]).toEqual(expected)
    expect([...parseSizes(`-[ RECORD 1 ]---\njson_agg | ${broken.replace("\n", "+\n         | ")}\n\n`)]).toEqual(expected)
    expect([...parseSizes(`+---+\n| json_agg |\n+---+\n| ${broken.replace("\n", "+|\n| ")} |\n+---+\n(1 row)\n`)]).toEqual(expected)
    expect([...parseSizes(` json_agg \n\u2500\u2500\u2500\n ${broken.replace("\n", "\u21b5\n")}\n(1 row)\n`)]).toEqual(expected)
    // One row a table: JSON lines, numbers as text, and what stands for NULL.
    expect([...parseSizes('{"schema":"public","table":"a","rows":"5","bytes":"8192"}\n{"schema":"app","table":"b,c","rows":null,"bytes":0}\n')]).toEqual(expected)
    for (const nothing of ["NULL", "[NULL]", "\\N", "-1"]) {
      expect([...parseSizes(`schema,table,rows,bytes\npublic,a,5,8192\napp,"b,c",${nothing},0\n(2 rows)\n`)]).toEqual(expected)
    }
    expect(() => parseSizes("a,b\n")).toThrow("neither a JSON list nor CSV")
    expect(() => parseSizes('[{"schema":"public"}]')).toThrow("this is no size of a table")
  })

  it("are asked for by a query that takes no strong lock", () => {
    expect(parseFile(SIZES_QUERY).errors).toEqual([])
    const { findings } = lintWith(rules, { files: [{ path: "a.sql", sql: SIZES_QUERY }] })
    expect(findings).toEqual([])
  })
})
