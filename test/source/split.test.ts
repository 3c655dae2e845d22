import { describe, expect, it } from "vitest"
import { createSource } from "../../src/source/source.ts"
import { splitStatements } from "../../src/source/split.ts"

function statements(sql: string): string[] {
  return splitStatements(createSource(sql).maskedTokens()).flatMap(({ statement }) =>
    statement === undefined ? [] : [sql.slice(statement.start, statement.end)],
  )
}

describe("splitStatements", () => {
  it("trims blanks and comments and tiles the text", () => {
    const sql = "  -- a\n select 1 /* b */ ; ; select 2 -- c\n"
    const pieces = splitStatements(createSource(sql).maskedTokens())
    expect(pieces.map(({ start, end }) => sql.slice(start, end))).toEqual([
      "  -- a\n select 1 /* b */ ;",
      " ;",
      " select 2 -- c\n",
    ])
    expect(statements(sql)).toEqual(["select 1", "select 2"])
  })
  it("gives a text without statements one piece, and an empty text none", () => {
    expect(splitStatements(createSource("-- a\n").maskedTokens())).toEqual([{ start: 0, end: 5, statement: undefined }])
    expect(splitStatements(createSource("").maskedTokens())).toEqual([])
  })
  it("finds no end in quotes and comments", () => {
    expect(statements("select ';', \";\", $$;$$, E'\\';' /* ; */ -- ;\n; x")).toEqual([
      "select ';', \";\", $$;$$, E'\\';'",
      "x",
    ])
  })
  it("finds an end at Drizzle's marker", () => {
    const sql = "alter table a drop column b--> statement-breakpoint\n--> statement-breakpoint\nselect 1;--> statement-breakpoint\nselect '--> statement-breakpoint'"
    expect(statements(sql)).toEqual(["alter table a drop column b", "select 1", "select '--> statement-breakpoint'"])
  })
  it("keeps BEGIN ATOMIC bodies together, with CASE in them", () => {
    const body = "SELECT CASE WHEN a THEN 1 END; SELECT 2;"
    const create = `CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC ${body} END`
    expect(statements(`${create}; select 1`)).toEqual([create, "select 1"])
    expect(statements("create procedure p() begin atomic; end; begin; end")).toEqual([
      "create procedure p() begin atomic; end",
      "begin",
      "end",
    ])
  })
  it("keeps the actions of a rule together", () => {
    const rule = "create rule r as on insert to t do also (delete from a; delete from b)"
    expect(statements(`${rule}; select 1`)).toEqual([rule, "select 1"])
  })
  it("lets an unclosed parenthesis cost one statement", () => {
    expect(statements("create table t (a int; select 1; select 2")).toEqual([
      "create table t (a int",
      "select 1",
      "select 2",
    ])
  })
  it("takes a psql command that sends for an end", () => {
    expect(statements("select 1 \\gset\nselect 2;\n\\echo x;y\nselect 3")).toEqual(["select 1", "select 2", "select 3"])
  })
})
