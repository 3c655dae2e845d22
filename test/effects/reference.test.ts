import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { findReference, referenceEntries } from "../../src/effects/reference.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { asReadBy, parseFile } from "../../src/parse/index.ts"
import { locksPage, referenceModule } from "../truth/reference.ts"

loadGrammar()

const root = new URL("../../", import.meta.url)
const stale = "run npm run generate"

test("docs/locks.md and the data of pgsafe locks say what the effects say", { timeout: 120_000 }, () => {
  expect(readFileSync(new URL("docs/locks.md", root), "utf8") === locksPage(), stale).toBe(true)
  expect(readFileSync(new URL("src/effects/reference-rows.ts", root), "utf8") === referenceModule(), stale).toBe(true)
})

test("entries are whole", () => {
  const entries = referenceEntries()
  expect(entries.length).toBeGreaterThan(1000)
  for (const one of entries) {
    expect(one.since >= 11 && one.since <= one.until && one.until <= 18, one.sql).toBe(true)
    expect(asReadBy(one.until, parseFile(one.sql)).errors, one.sql).toEqual([])
  }
})

test("a pattern finds forms by all of its words", () => {
  const [found, ...rest] = findReference("ADD column: constant default, not", 14)
  expect(rest).toEqual([])
  expect(found).toEqual({
    kind: "add column",
    form: "constant default, not null",
    sql: "ALTER TABLE t ADD COLUMN z int NOT NULL DEFAULT 0",
    since: 11,
    until: 18,
    locks: [{ relation: "t", mode: "ACCESS EXCLUSIVE" }],
    rewrites: [],
    scans: [],
    builds: [],
    transaction: "allowed",
  })
})

test("a major leaves out forms that it does not have", () => {
  expect(findReference("generated virtual", 17)).toEqual([])
  expect(findReference("generated virtual", 18).length).toBeGreaterThan(0)
})
