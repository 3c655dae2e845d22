import { describe, expect, it } from "vitest"
import { findSuppressions, suppressionsIn } from "../../src/source/directives.ts"
import { lex } from "../../src/source/lexer.ts"
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
      },
    ])
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
  it("reads those of a body that is lexed by itself", () => {
    const sql = "do $$ -- pgsafe-ignore b\n$$"
    expect(suppressionsIn(lex(sql, 5, sql.length - 2)).map(({ span }) => sql.slice(span.start, span.end))).toEqual([
      "-- pgsafe-ignore b",
    ])
  })
})
