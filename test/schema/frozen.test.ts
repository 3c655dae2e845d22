import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createCatalog, snapshot, type FrozenCatalog, type MutableCatalog } from "../../src/schema/index.ts"
import { thaw } from "../../src/schema/frozen.ts"
import { script } from "./random-script.ts"
import { replay } from "./replay.ts"

const FIXTURES = new URL("../../fixtures/", import.meta.url).pathname

function frozen(catalog: MutableCatalog): FrozenCatalog {
  const texts: string[] = []
  const head = catalog.freeze((text) => texts.push(text))
  if (head === null) throw new Error("a transaction is open")
  const all = texts.join("")
  return { ...head, text: (start, end) => all.slice(start, end) }
}

function thawed(catalog: MutableCatalog): MutableCatalog {
  return createCatalog({ complete: false, pgVersion: 11, from: frozen(catalog) })
}

/** All that the catalog tells, in its order. */
function everything(catalog: MutableCatalog) {
  const relations = [...catalog.relations()]
  return {
    ...snapshot(catalog),
    scalars: [catalog.complete, catalog.searchPath, catalog.timeZone, catalog.creationSchema],
    relations: relations.map((relation) => ({
      relation,
      found: catalog.relation(relation),
      indexes: catalog.indexesOf(relation.id),
      byId: catalog.indexesOf(relation.id).map(({ id }) => catalog.indexById(id)),
      byName: catalog.indexesOf(relation.id).map((index) => catalog.index(index)),
      constraints: catalog.constraintsOf(relation.id),
      constraintsById: catalog.constraintsOf(relation.id).map(({ id }) => catalog.constraintById(id)),
      constraintsByName: catalog.constraintsOf(relation.id).map(({ name }) => catalog.constraint(relation.id, name)),
      referencing: catalog.referencing(relation.id),
      children: catalog.children(relation.id),
      tree: catalog.tree(relation.id),
      dependents: catalog.dependents(relation.id),
      sequences: catalog.ownedSequences(relation.id),
      triggers: catalog.triggersOf(relation.id),
      policies: catalog.policiesOf(relation.id),
      rules: catalog.rulesOf(relation.id),
      statistics: catalog.statisticsOf(relation.id),
    })),
    types: [...catalog.types()].map((type) => ({ type, byName: catalog.type(type), users: catalog.usersOfType(type.id) })),
    routines: [...catalog.routines()].map((routine) => ({ routine, overloads: catalog.functions(routine) })),
    publications: [...catalog.publications()],
  }
}

/** The whole store as plain data, all values made. */
function made(catalog: MutableCatalog): unknown {
  const plain = (value: unknown): unknown => {
    if (value instanceof Map) return [...(value as ReadonlyMap<unknown, unknown>)].map(([key, inner]) => [key, plain(inner)])
    return value
  }
  return Object.entries(thaw(frozen(catalog))).flatMap(([name, part]) => (name === "now" ? [] : [[name, plain(part)]]))
}

function sqlBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sql"))
    .sort()
    .map((path) => readFileSync(join(folder, path), "utf8"))
}

function replayAnything(texts: readonly string[], catalog?: MutableCatalog): MutableCatalog {
  let into = catalog
  for (const [index, sql] of texts.entries()) {
    try {
      into = replay(sql, { complete: false, transaction: index * 1000, ...(into !== undefined && { catalog: into }) }).catalog
    } catch {
      // Fixtures with mistakes in their SQL.
    }
    into?.commit()
    into?.endSession()
  }
  return into ?? createCatalog({ complete: false, pgVersion: 16 })
}

describe("a frozen catalog", () => {
  const texts = [...sqlBelow(join(FIXTURES, "projects")), ...sqlBelow(join(FIXTURES, "rules"))]

  it("tells what the catalog of all fixtures told", () => {
    const catalog = replayAnything(texts)
    expect([...catalog.relations()].length).toBeGreaterThan(80)
    expect(everything(thawed(catalog))).toStrictEqual(everything(catalog))
  })

  it("goes on as the catalog does, whatever was asked for in between", () => {
    for (let from = 0; from < texts.length; from += 40) {
      const some = texts.slice(from, from + 40)
      const catalog = replayAnything(some.slice(0, 25))
      const cold = thawed(catalog)
      const warm = thawed(catalog)
      everything(warm)
      for (const one of [catalog, cold, warm]) replayAnything(some.slice(20), one)
      expect(everything(cold)).toStrictEqual(everything(catalog))
      expect(made(cold)).toStrictEqual(made(catalog))
      expect(made(warm)).toStrictEqual(made(catalog))
      // Texts that nobody asked for are taken over.
      expect(made(thawed(thawed(catalog)))).toStrictEqual(made(catalog))
    }
  })

  it("goes on as the catalog does, for any statements", () => {
    fc.assert(
      fc.property(script, script, fc.boolean(), (before, after, complete) => {
        const { catalog } = replay(before, { complete })
        catalog.commit()
        catalog.endSession()
        const other = thawed(catalog)
        const refused = replay(after, { catalog, transaction: 1 }).conflicts
        expect(replay(after, { catalog: other, transaction: 1 }).conflicts).toStrictEqual(refused)
        for (const one of [catalog, other]) one.rollback()
        expect(everything(other)).toStrictEqual(everything(catalog))
        expect(made(other)).toStrictEqual(made(catalog))
      }),
      { numRuns: 300 },
    )
  })

  it("is not made in the middle of a transaction", () => {
    const { catalog } = replay("BEGIN; CREATE TABLE a (id int)")
    expect(catalog.freeze(() => undefined)).toBeNull()
    catalog.rollback()
    expect(catalog.freeze(() => undefined)).not.toBeNull()
  })

  it("is pure ASCII, so that a record is found by its offset", () => {
    const { catalog } = replay(`CREATE TABLE "grün" ("über" text DEFAULT '🐘', x int); CREATE SCHEMA "schön"`)
    const texts: string[] = []
    expect(catalog.freeze((text) => texts.push(text))?.json).toMatch(/^[ -~]*$/)
    expect(texts.join("")).toMatch(/^[ -~]*$/)
    expect(everything(thawed(catalog))).toStrictEqual(everything(catalog))
  })

  it("holds nothing that JSON would drop or change", () => {
    const check = (value: unknown): void => {
      if (value === null || typeof value === "string" || typeof value === "boolean") return
      if (typeof value === "number") expect(Number.isFinite(value) && !Object.is(value, -0)).toBe(true)
      else if (Array.isArray(value)) value.forEach(check)
      else {
        if (typeof value !== "object") throw new Error(`not plain: ${typeof value}`)
        expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
        Object.values(value).forEach(check)
      }
    }
    check(everything(replayAnything(texts)).relations)
    check(everything(replayAnything(texts)).types)
    check(everything(replayAnything(texts)).routines)
  })
})
