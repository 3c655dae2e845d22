import { describe, expect, it } from "vitest"
import type { Step } from "../../src/playbook/index.ts"
import { stepsFor } from "./recipe.ts"

const schema = `CREATE TABLE nodes (id int PRIMARY KEY, parent int, place int, path text);
  CREATE TABLE places (id int PRIMARY KEY, place int, path text);`

const steps = (migration: string, seen = schema): Step[] => stepsFor({ schema: seen, migration, pgVersion: 14 })

describe("batches of an UPDATE that writes what it reads", () => {
  it.each([
    ["changes the key that the batches go by", "UPDATE nodes SET id = id + 1000", schema, /changes the key/],
    ["goes by pages, between which rows move", "UPDATE nodes SET place = place + 1", "", /no key of nodes is known/],
    ["reads other rows", "UPDATE nodes SET path = p.path || nodes.id FROM nodes AS p WHERE p.id = nodes.parent", schema, /other rows of nodes/],
    ["reads other rows in a sub-query", "UPDATE nodes SET place = (SELECT count(*) FROM nodes AS n WHERE n.place < nodes.place)", schema, /other rows of nodes/],
  ])("are left to a person where it %s", (_, migration, seen, why) => {
    const [step, ...rest] = steps(migration, seen)
    expect(rest).toEqual([])
    expect(step?.sql).toBe("")
    expect(step?.note).toMatch(why)
  })

  it.each([
    ["its WHERE leaves out what is done", "UPDATE nodes SET id = id + 1000 WHERE id < 1000"],
    ["each row is in one batch", "UPDATE nodes SET place = place + 1"],
  ])("are written where %s, with a word on running them twice", (_, migration) => {
    const [step] = steps(migration)
    expect(step?.sql).toMatch(/^DO /)
    expect(step?.note).toMatch(/a second run changes them twice/)
  })

  it.each([
    ["a sub-query", "UPDATE nodes SET place = s.place FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM nodes) AS s WHERE s.id = nodes.id"],
    ["another table", "UPDATE nodes AS n SET place = places.place, path = p.path FROM places, places AS p WHERE places.id = n.id AND p.id = n.parent"],
  ])("do not take a column of %s for one of the table", (_, migration) => {
    const [step] = steps(migration)
    expect(step?.sql).toMatch(/^DO /)
    expect(step?.note).not.toMatch(/twice/)
  })
})

describe("batches that go by temporary tables", () => {
  const seen = `${schema} CREATE TEMP TABLE twins AS SELECT id FROM nodes; CREATE TEMP TABLE "Kept" (id int);`

  it("ask for them where they run", () => {
    const notesOf = (migration: string): string => steps(migration, seen).map(({ note }) => note ?? "").join("\n")
    expect(notesOf("DELETE FROM nodes WHERE id IN (SELECT id FROM twins)")).toMatch(/twins is a temporary table: make it, outside a transaction, in the session that runs this\./)
    expect(notesOf('UPDATE nodes SET path = NULL FROM twins WHERE nodes.id = twins.id AND twins.id NOT IN (SELECT id FROM "Kept")')).toMatch(/twins and "Kept" are temporary tables/)
    expect(notesOf("DELETE FROM nodes WHERE id IN (SELECT id FROM places)")).not.toMatch(/temporary/)
  })
})
