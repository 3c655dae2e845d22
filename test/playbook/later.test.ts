import { describe, expect, it } from "vitest"
import { lint } from "../../src/index.ts"

const history = {
  path: "m/1.sql",
  sql: "CREATE TABLE customers (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, placed date);",
}
const key = "ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id);"

function stepsFor(sql: string): { readonly sql: string; readonly note: string }[] {
  const { findings } = lint({ files: [history, { path: "m/2.sql", sql }] })
  return findings.flatMap(({ rule, steps }) => (rule === "foreign-key-blocks-writes" ? steps.map((step) => ({ sql: step.sql, note: step.note ?? "" })) : []))
}

describe("what the rest of the file does", () => {
  it.each([
    ["an index of the name that the steps would give it", "CREATE INDEX orders_customer_id_idx ON orders (customer_id);", "orders_customer_id_idx"],
    ["an index that begins with the column", "CREATE INDEX CONCURRENTLY by_customer ON orders (customer_id, placed);", "by_customer"],
    ["a unique constraint", "ALTER TABLE orders ADD CONSTRAINT one_order UNIQUE (customer_id);", "one_order"],
    ["an index without a name", "CREATE INDEX ON orders (customer_id);", "the index"],
  ])("builds the index of a foreign key: %s", (_, later, name) => {
    const steps = stepsFor(`${key}\n${later}`)
    expect(steps.some(({ sql }) => sql.includes("CREATE INDEX"))).toBe(false)
    expect(steps[0]?.note).toContain(`Until ${name} is there, which comes later in the file, every DELETE in customers reads all of orders.`)
  })

  it.each([
    ["CREATE INDEX orders_customer_id_idx ON orders (customer_id) WHERE placed IS NULL;", "orders_customer_id_idx1"],
    ["CREATE INDEX IF NOT EXISTS orders_customer_id_idx ON orders (placed);", "orders_customer_id_idx1"],
    ["CREATE INDEX orders_placed_idx ON orders (placed);", "orders_customer_id_idx"],
    ["CREATE INDEX by_id ON customers (id);", "orders_customer_id_idx"],
  ])("keeps the names that it gives: %s", (later, name) => {
    expect(stepsFor(`${key}\n${later}`)[0]?.sql).toMatch(new RegExp(`^CREATE INDEX CONCURRENTLY ${name}\\s`))
  })

  it("is seen in the code of DO blocks, behind the statement and not before it", () => {
    const inCode = (...statements: string[]): string => `DO $$ BEGIN\n  ${statements.join("\n  ")}\nEND $$;`
    const index = "CREATE INDEX orders_customer_id_idx ON orders (customer_id);"
    for (const sql of [inCode(key, index), `${key}\n${inCode(index)}`]) expect(stepsFor(sql).some((step) => step.sql.includes("CREATE INDEX"))).toBe(false)
    expect(stepsFor(inCode("CREATE INDEX orders_customer_id_idx ON customers (id);", key))[0]?.sql).toMatch(/^CREATE INDEX CONCURRENTLY orders_customer_id_idx1\s/)
  })

  it("is left out when the index is there already", () => {
    expect(stepsFor(`CREATE INDEX by_customer ON orders (customer_id);\n${key}`).map(({ note }) => note).join(" ")).not.toContain("Until")
  })

  it.each([
    "ALTER TABLE orders ADD COLUMN buyer bigint NOT NULL REFERENCES customers, ADD UNIQUE (buyer, placed);",
    "ALTER TABLE orders ADD COLUMN buyer bigint REFERENCES customers UNIQUE;",
    "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers, ADD UNIQUE (customer_id, placed);",
  ])("is done by other parts of the same statement: %s", (sql) => {
    const { findings } = lint({ files: [history, { path: "m/2.sql", sql }] })
    const steps = findings.flatMap((finding) => finding.steps.map((step) => step.sql))
    expect(steps.filter((step) => step.startsWith("CREATE UNIQUE INDEX"))).toHaveLength(1)
    expect(steps.filter((step) => step.startsWith("CREATE INDEX"))).toEqual([])
    expect(steps.some((step) => step.includes("FOREIGN KEY"))).toBe(true)
  })
})
