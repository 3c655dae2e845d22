import { describe, expect, it } from "vitest"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"

loadGrammar()

/** What each statement does: the operations, with the text of their spans. */
function run(sql: string): readonly string[] {
  return parseFile(sql).statements.map(({ operations }) => operations.map(({ op, span }) => `${op}: ${sql.slice(span.start, span.end)}`).join("; "))
}

describe("EXECUTE", () => {
  it("is what was prepared, wherever that stands", () => {
    expect(run("PREPARE p (int) AS UPDATE t SET a = $1; EXECUTE p (1)")).toEqual(["plan: PREPARE p (int) AS UPDATE t SET a = $1", "update: UPDATE t SET a = $1"])
    expect(run('PREPARE "P q" AS DELETE FROM t; EXPLAIN (ANALYZE) EXECUTE "P q"').at(-1)).toBe("delete: DELETE FROM t")
    expect(run("PREPARE p AS VALUES (1); BEGIN; ROLLBACK; EXECUTE P").at(-1)).toBe("select: VALUES (1)")
    expect(run('PREPARE "as" AS SELECT 1; EXECUTE "as"').at(-1)).toBe("select: SELECT 1")
  })

  it("is the first one that has the name", () => {
    expect(run("PREPARE p AS SELECT 1; PREPARE p AS SELECT 2; EXECUTE p").at(-1)).toBe("select: SELECT 1")
    expect(run("PREPARE p AS SELECT 1; DEALLOCATE p; PREPARE p AS SELECT 2; EXECUTE p").at(-1)).toBe("select: SELECT 2")
  })

  it.each(["DEALLOCATE p", "DEALLOCATE PREPARE p", "DEALLOCATE ALL", "DEALLOCATE PREPARE ALL", "DISCARD ALL"])("is nothing known after %s", (statement) => {
    expect(run(`PREPARE p AS SELECT 1; ${statement}; EXECUTE p`).at(-1)).toBe("execute: EXECUTE p")
  })

  it.each(["DISCARD PLANS", "DEALLOCATE q"])("stays known after %s", (statement) => {
    expect(run(`PREPARE p AS SELECT 1; ${statement}; EXECUTE p`).at(-1)).toBe("select: SELECT 1")
  })

  it("is not known before it is prepared", () => {
    expect(run("EXECUTE p; PREPARE p AS SELECT 1")[0]).toBe("execute: EXECUTE p")
  })
})
