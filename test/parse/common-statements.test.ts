import { beforeAll, describe, expect, it } from "vitest"
import { lowered, readAlike } from "../../src/parse/alike.ts"
import { commonStatements } from "../../src/parse/common-statements.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import type { Statement } from "../../src/parse/operation.ts"
import { parseStatements } from "../../src/parse/statements.ts"
import { createTemplates, type Templates } from "../../src/parse/templates.ts"
import { createSource } from "../../src/source/source.ts"
import { commonStatements as texts } from "../../scripts/common-statements.ts"

beforeAll(loadGrammar)

/** What is known beforehand, and nothing that is learned. */
function known(): Templates {
  const templates = createTemplates(commonStatements)
  return { ...templates, learn: () => undefined }
}

function byGrammar(sql: string): readonly Statement[] {
  const source = createSource(sql)
  return parseStatements(source).statements.map((statement) => lowered(source, statement))
}

/** What templates and the grammar make of a text together, and how often templates knew a statement or an item of one, and did not. */
function byTemplates(sql: string): { readonly statements: readonly Statement[]; readonly found: number; readonly missed: number } {
  const templates = known()
  let found = 0
  let missed = 0
  const statements: Statement[] = []
  readAlike(createSource(sql), { ...templates, find: (shape) => {
    const operations = templates.find(shape)
    if (operations === null) missed += 1
    else found += 1
    return operations
  } }, statements)
  return { statements, found, missed }
}

describe("common statements", () => {
  it("are read without the grammar, and as the grammar reads them", () => {
    const sql = texts().join(";\n")
    const { statements, missed } = byTemplates(sql)
    expect(missed).toBe(0)
    expect(statements).toEqual(byGrammar(sql))
  })

  it.each([
    "ALTER TABLE orders\n  ADD COLUMN region_code text;\n\nCREATE INDEX orders_region\n  ON orders (region_code);",
    "alter table Orders add column Code text not null default 'it''s; new';",
    'ALTER TABLE "orders" ADD COLUMN     "state" TEXT NOT NULL DEFAULT \'it\'\'s new\';',
    'CREATE UNIQUE INDEX "orders_code_key" ON "orders"("code");',
    'CREATE TABLE "Order" (\n    "id" SERIAL NOT NULL,\n    "total" DECIMAL(10,2) NOT NULL, -- in cents\n    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,\n\n    CONSTRAINT "Order_pkey" PRIMARY KEY ("id")\n);',
    "CREATE TABLE IF NOT EXISTS orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state order_state NOT NULL DEFAULT 'it''s', made_at timestamptz NOT NULL DEFAULT now(), UNIQUE(id, state));",
    'ALTER TABLE "orders" ADD COLUMN "note" TEXT,\nADD COLUMN "state" "State" NOT NULL DEFAULT \'new\',\nDROP COLUMN "legacy";',
    'CREATE TYPE "State" AS ENUM (\'new\', \'paid\', \'gone\');',
    "BEGIN;\nSET lock_timeout = '5s';\nALTER TABLE orders VALIDATE CONSTRAINT orders_total;\nCOMMIT;",
  ].map((sql) => sql.replaceAll("''b", "''''b".slice(0, 4))))("come in other names, blanks and values: %s", (sql) => {
    const { statements, found, missed } = byTemplates(sql)
    expect(statements).toEqual(byGrammar(sql))
    expect({ known: found > 0, missed }).toEqual({ known: true, missed: 0 })
  })

  it("do not decide about statements that look the same and are not", () => {
    for (const sql of ["ALTER TABLE ant ADD COLUMN bee serial", "ALTER TABLE ant ADD COLUMN bee bigserial NOT NULL", "ALTER TABLE ant ADD COLUMN bee mood DEFAULT 'x'", "SET lock_timeout = '7s'", "DROP INDEX ant.bee"]) {
      expect(byTemplates(sql).statements).toEqual(byGrammar(sql))
    }
  })
})
