import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { snapshot } from "../../src/schema/index.ts"
import { script } from "./random-script.ts"
import { replay } from "./replay.ts"

describe("any statements", () => {
  it("leave no trace when rolled back", () => {
    fc.assert(
      fc.property(script, script, script, fc.boolean(), (before, after, more, complete) => {
        const { catalog } = replay(before, { complete })
        const state = (): unknown => [
          snapshot(catalog),
          catalog.complete,
          catalog.searchPath,
          catalog.creationSchema,
          catalog.hasSchema("s"),
        ]
        const start = state()
        replay(`BEGIN; ${after}`, { catalog })
        const middle = state()
        replay(`SAVEPOINT sp; ${more}; ROLLBACK TO sp`, { catalog })
        expect(state()).toEqual(middle)
        replay("ROLLBACK", { catalog })
        expect(state()).toEqual(start)
      }),
      { numRuns: 150 },
    )
  })

  it("keep what belongs together consistent", () => {
    fc.assert(
      fc.property(script, fc.boolean(), (sql, complete) => {
        const { catalog } = replay(sql, { complete })
        for (const relation of catalog.relations()) {
          expect(catalog.relation(relation)).toBe(relation)
          for (const index of catalog.indexesOf(relation.id)) {
            expect(catalog.index(index)).toBe(index)
            expect(catalog.indexById(index.id)).toBe(index)
            if (index.constraint !== null) expect(catalog.constraintById(index.constraint)?.index).toBe(index.id)
          }
          for (const constraint of catalog.constraintsOf(relation.id)) {
            expect(catalog.constraintById(constraint.id)).toBe(constraint)
            if (constraint.references !== null)
              expect(catalog.referencing(constraint.references.table)).toContain(constraint)
          }
          for (const child of catalog.children(relation.id)) {
            expect([...child.inherits, child.partition?.parent]).toContain(relation.id)
          }
          for (const view of catalog.dependents(relation.id)) {
            expect(view.dependencies.map((dependency) => dependency.relation)).toContain(relation.id)
          }
        }
      }),
      { numRuns: 150 },
    )
  })
})
