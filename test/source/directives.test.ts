import { describe, expect, it } from "vitest"
import { findSuppressions } from "../../src/source/directives.ts"
import { createSource } from "../../src/source/source.ts"

describe("suppression comments", () => {
  it("reads rules with their spans, and the reason", () => {
    const sql = "select 1; -- pgsafe-ignore drop-column, rename-table -- nobody reads it -- really\n"
    expect(findSuppressions(createSource(sql))).toEqual([
      {
        kind: "next",
        rules: [
          { name: "drop-column", span: { start: 27, end: 38 } },
          { name: "rename-table", span: { start: 40, end: 52 } },
        ],
        reason: "nobody reads it -- really",
        span: { start: 10, end: 81 },
        inCode: false,
      },
    ])
  })
  it("reads comments of several lines, which may begin with asterisks", () => {
    const sql = "/*\n * pgsafe-ignore drop-column,\n *   rename-table -- nobody\n * reads it\n */\n/** pgsafe-ignore-next-line drop-column */"
    const found = findSuppressions(createSource(sql))
    expect(found.map(({ kind, rules, reason, word }) => [kind, rules.map(({ name }) => name), reason, word])).toEqual([
      ["next", ["drop-column", "rename-table"], "nobody reads it", undefined],
      ["unknown", [], undefined, "pgsafe-ignore-next-line"],
    ])
    expect(found[0]?.rules.map(({ span }) => sql.slice(span.start, span.end))).toEqual(["drop-column", "rename-table"])
  })
  it("reads the file form, no reason, no rule, and block comments", () => {
    const sql = "--pgsafe-ignore-file a\n-- pgsafe-ignore\n/* pgsafe-ignore b -- why */\n-- pgsafe-ignore -- why"
    expect(
      findSuppressions(createSource(sql)).map(({ kind, rules, reason }) => [kind, rules.map((r) => r.name), reason]),
    ).toEqual([
      ["file", ["a"], undefined],
      ["next", [], undefined],
      ["next", ["b"], "why"],
      ["next", [], "why"],
    ])
  })
  it("ignores look-alikes and strings", () => {
    const sql = "-- pgsafe-ignored a\n-- see pgsafe-ignore a\nselect '-- pgsafe-ignore a', $$ -- pgsafe-ignore b\n$$"
    expect(findSuppressions(createSource(sql))).toEqual([])
  })
  it("reads those of the code in bodies, and of no other string", () => {
    const sql =
      "DO $$ -- pgsafe-ignore a\n$$; DO LANGUAGE plpgsql $x$ BEGIN EXECUTE $$ -- pgsafe-ignore no\n$$; END $x$;\n" +
      "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $f$\n/* pgsafe-ignore b */ SELECT 1 $f$; -- pgsafe-ignore c"
    expect(
      findSuppressions(createSource(sql)).map(({ span, inCode }) => [sql.slice(span.start, span.end), inCode]),
    ).toEqual([
      ["-- pgsafe-ignore a", true],
      ["/* pgsafe-ignore b */", true],
      ["-- pgsafe-ignore c", false],
    ])
  })
})
