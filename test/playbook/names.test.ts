import { describe, expect, it } from "vitest"
import { createNames } from "../../src/playbook/names.ts"
import type { Catalog } from "../../src/schema/catalog.ts"
import { catalogAfter } from "../schema/replay.ts"
import { stepsFor } from "./recipe.ts"

/** The catalog, and how often somebody asked it something. */
function counting(catalog: Catalog): { readonly catalog: Catalog; readonly asked: () => number } {
  let asked = 0
  const get = (target: Catalog, key: string | symbol): unknown => {
    asked += 1
    return Reflect.get(target, key)
  }
  return { catalog: new Proxy(catalog, { get }), asked: () => asked }
}

describe("names for what a recipe makes", () => {
  it("are numbered when they are taken", () => {
    const catalog = catalogAfter("CREATE TABLE t (a int CHECK (a > 0), CONSTRAINT t_a_check1 UNIQUE (a));")
    const names = createNames({ schema: null, name: "t" }, { catalog, pgVersion: 16, text: () => "" })
    expect([names.constraint(["a"], "check"), names.constraint(["a"], "check"), names.relation(["a"], "check")]).toEqual(["t_a_check2", "t_a_check3", "t_a_check4"])
    const freed = createNames({ schema: null, name: "t" }, { catalog, pgVersion: 16, text: () => "" }, ["t_a_check"])
    expect(freed.constraint(["a"], "check")).toBe("t_a_check")
  })

  it("are free among the constraints of the schema, as the server's own are", () => {
    const kept = "CREATE TABLE orders (total int, CONSTRAINT orders_total_check CHECK (total > 0)); ALTER TABLE orders RENAME TO old_orders; CREATE SCHEMA app;"
    const nameIn = (schema: string): string => {
      const catalog = catalogAfter(`${kept} CREATE TABLE ${schema}.orders (total int);`)
      return createNames({ schema, name: "orders" }, { catalog, pgVersion: 16, text: () => "" }).constraint(["total"], "check")
    }
    expect(nameIn("public")).toBe("orders_total_check1")
    expect(nameIn("app")).toBe("orders_total_check")
  })

  it("are found without a look at all constraints of the table for each number", () => {
    const { catalog, asked } = counting(catalogAfter(`CREATE TABLE t (a int, ${"CHECK (a > 0), ".repeat(300)} CHECK (a < 9));`))
    const names = createNames({ schema: null, name: "t" }, { catalog, pgVersion: 16, text: () => "" })
    expect(names.constraint(["a"], "check")).toBe("t_a_check301")
    expect(asked()).toBeLessThan(10)
  })

  it("are those of the relations themselves where these are in other schemas", () => {
    const schema = `CREATE SCHEMA a; CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE a."Q" (id int PRIMARY KEY);
      CREATE TABLE a.t (p int REFERENCES p, q int REFERENCES a."Q"); CREATE TABLE t (p int REFERENCES p, q int REFERENCES a."Q");`
    const notes = (migration: string): string => stepsFor({ schema, migration, pgVersion: 18 }).map(({ note }) => note).join()
    expect(notes("DROP TABLE a.t")).toContain('public.p and a."Q" are locked')
    expect(notes("DROP TABLE t")).toContain('p and a."Q" are locked')
  })
})
