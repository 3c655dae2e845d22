import { beforeAll, describe, expect, it } from "vitest"
import { hasUnread } from "../../src/engine/unread.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"
import type { Statement } from "../../src/parse/operation.ts"
import type { Runner } from "../../src/files/types.ts"

beforeAll(() => { loadGrammar() })

/** Whether something nobody could read stands behind the first statement. */
function isUnreadBehindFirst(sql: string, runner: Runner | null = null): boolean {
  const { statements } = parseFile(sql)
  return hasUnread(sql, { start: statements[0]?.span.end ?? 0, end: sql.length }, statements, runner)
}

describe("what nobody could read", () => {
  it.each([
    ["a syntax error", "BEGIN; SELEC 1;"],
    ["an included file", "BEGIN;\n\\i other.sql\n"],
    ["a branch of psql", "BEGIN;\n\\if :ok\nCOMMIT;\n\\endif\n"],
    ["a query whose rows are run", "BEGIN;\nSELECT 'COMMIT' \\gexec\n"],
    ["a statement in a variable", "BEGIN; SELECT 1;\n:finish;\n"],
    ["a branch of a template", "BEGIN;\n{% if done %} COMMIT; {% endif %}\n"],
  ])("is %s", (_, sql) => {
    expect(isUnreadBehindFirst(sql)).toBe(true)
  })

  it.each([
    ["statements, comments and blanks", "BEGIN;\n-- COMMIT;\n/* \\i x */ SELECT ';', $$ \\i x $$;;\n"],
    ["a variable inside a statement", "BEGIN; SELECT :n;"],
    ["rows for COPY", "BEGIN;\nCOPY t FROM stdin;\n\\i\n1\n\\.\nSELECT 1;\n"],
    ["commands of psql that run nothing", "BEGIN;\n\\echo done\n\\set n 1\n\\timing\nSELECT 1 \\g\n"],
    ["what stands before", "SELEC 1;\n\\i x.sql\nBEGIN; SELECT 1;"],
  ])("is not %s", (_, sql) => {
    expect(isUnreadBehindFirst(sql)).toBe(false)
  })

  it("is what the tool itself includes", () => {
    const runner: Runner = { framework: "tern", name: "tern", wrap: "none", send: "split", why: "", offSwitch: { kind: "none", how: "" } }
    expect(isUnreadBehindFirst('BEGIN;\n-- {{ template "shared.sql" . }}\n', runner)).toBe(true)
    expect(isUnreadBehindFirst('BEGIN;\n-- {{ template "shared.sql" . }}\n')).toBe(false)
  })

  it("is found out once for a file, however many statements ask", () => {
    const sql = "SELECT 1;\nSELECT 2;\n".repeat(200) + "SELEC 3;\n"
    let looks = 0
    const get = (target: readonly Statement[], key: string | symbol): unknown => {
      looks += 1
      return Reflect.get(target, key)
    }
    const statements = new Proxy(parseFile(sql).statements, { get })
    const unread = parseFile(sql).statements.map(({ span: { end } }) => [hasUnread(sql, { start: end, end: sql.length }, statements, null), hasUnread(sql, { start: 0, end }, statements, null)])
    expect(unread).toEqual(unread.map(() => [true, false]))
    expect(looks).toBeLessThan(20 * unread.length)
  })
})
