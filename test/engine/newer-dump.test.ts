/** A dump that was found beside the migrations may have been taken after the linted one ran: it then shows what that one is about to do. */
import { beforeAll, describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { activate } from "../../src/engine/select.ts"
import { createSession } from "../../src/engine/session.ts"
import { detectProjects } from "../../src/files/detect.ts"
import { memoryFiles } from "../../src/files/memory-files.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"

beforeAll(() => { loadGrammar() })

const BEFORE = `
  CREATE TABLE orders (id bigint PRIMARY KEY, qty int, note text, code varchar(50));
  CREATE TABLE visits (at date NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE visits_1 (at date NOT NULL);
  CREATE DOMAIN amount AS integer;
  CREATE TABLE bills (due amount);
`

function found(dump: string, sql: string, mayBeNewer: boolean): readonly string[] {
  const path = "db/migrations/V2__change.sql"
  const [project] = detectProjects(memoryFiles(new Map([[path, sql]])), [path])
  const [file] = project?.files ?? []
  if (project === undefined || file === undefined) throw new Error("no migration")
  const session = createSession({ pgVersion: 14, rules: activate(rules, { ignore: ["lock-timeout-missing"] }), runner: project.runner, direction: "up" })
  session.load({ path: "db/structure.sql", sql: dump, parsed: parseFile(dump), mayBeNewer })
  return session.analyze({ file, sql, parsed: parseFile(sql), report: true }).findings.map(({ rule }) => rule)
}

describe("a dump that may be newer than the migration", () => {
  it.each([
    ["ALTER TABLE orders ALTER COLUMN qty TYPE bigint;", "type-change-blocks-queries"],
    ["ALTER TABLE orders ALTER COLUMN note SET NOT NULL;", "not-null-scans-table"],
    ["ALTER TABLE orders DROP COLUMN IF EXISTS note;", "column-drop-breaks-code"],
    ["ALTER TABLE visits ATTACH PARTITION visits_1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');", "partition-attach-scans-table"],
    ["ALTER TABLE orders SET UNLOGGED;", "storage-change-rewrites-table"],
    ["ALTER TABLE orders SET TABLESPACE fast;", "storage-change-rewrites-table"],
    ["ALTER TABLE orders ENABLE ROW LEVEL SECURITY;", "row-security-hides-rows"],
    ["ALTER DOMAIN amount SET NOT NULL;", "domain-constraint-scans-tables"],
  ])("does not make harmless what it shows as done: %s", (sql, rule) => {
    expect(found(BEFORE, sql, false)).toEqual([rule])
    expect(found(`${BEFORE}${sql}`, sql, true)).toEqual([rule])
    // One of the schema before the migration is believed.
    expect(found(`${BEFORE}${sql}`, sql, false)).not.toContain(rule)
  })

  it("is believed where it shows something else", () => {
    expect(found(BEFORE, "ALTER TABLE orders ALTER COLUMN code TYPE varchar(80);", true)).toEqual([])
    expect(found(BEFORE, "ALTER TABLE orders ALTER COLUMN id SET NOT NULL;", true)).toEqual([])
  })

  it("says nothing of what the migration made before", () => {
    const sql = "CREATE TABLE carts (id bigint PRIMARY KEY, code varchar(50));\nALTER TABLE carts ALTER COLUMN code TYPE varchar(80), ALTER COLUMN code SET NOT NULL;\n"
    expect(found(`${BEFORE}CREATE TABLE carts (id bigint PRIMARY KEY, code varchar(80) NOT NULL);`, sql, true)).toEqual([])
  })
})
