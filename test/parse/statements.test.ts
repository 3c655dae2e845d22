import { beforeAll, describe, expect, it } from "vitest"
import type { ParsedStatements } from "../../src/parse/statements.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parsePieces, parseStatements, statementTokens } from "../../src/parse/statements.ts"
import { createSource } from "../../src/source/source.ts"
import { tokenText } from "../../src/source/tokens.ts"

beforeAll(loadGrammar)

function parse(sql: string): ParsedStatements {
  return parseStatements(createSource(sql))
}

function texts(sql: string): string[] {
  return parse(sql).statements.map(({ span }) => sql.slice(span.start, span.end))
}

function errors(sql: string): string[][] {
  return parse(sql).errors.map(({ message, span, statement }) => [
    message,
    sql.slice(span.start, span.end),
    sql.slice(statement.start, statement.end),
  ])
}

/** The text at the first `location` of each statement that has one. */
function located(sql: string): string[] {
  return parse(sql).statements.map(({ node, at }) => {
    const match = /"location":(\d+)/.exec(JSON.stringify(node))
    const offset = at(Number(match?.[1] ?? 0))
    return /^\S+/.exec(sql.slice(offset))?.[0] ?? ""
  })
}

describe("plain SQL", () => {
  it("trims spans of blanks, comments and semicolons", () => {
    expect(texts(" -- a\n/* b */ select 1 /* c */ ; select 2 -- d\n;\r\n select 3 -- e")).toEqual([
      "select 1",
      "select 2",
      "select 3",
    ])
  })
  it("is not fooled by dashes in a string of the last line", () => {
    expect(texts("select '--x';select 1 - -1; select '*/'")).toEqual(["select '--x'", "select 1 - -1", "select '*/'"])
  })
  it("gives nothing for nothing", () => {
    for (const sql of ["", " ", "-- a", ";;", "\ufeff", "\\echo x"]) {
      expect(parse(sql)).toEqual({ statements: [], errors: [] })
    }
  })
  it("keeps offsets true with a byte order mark, emoji and CRLF", () => {
    const sql = "\ufeffselect 'é\u{1f600}';\r\ndrop table \"täble\", x;\r\nalter table \u{1f600} add b int;"
    expect(texts(sql)).toEqual(["select 'é\u{1f600}'", 'drop table "täble", x', "alter table \u{1f600} add b int"])
    expect(located("select 'é\u{1f600}'; alter table 表 add b int; update ééé set a = 1")).toEqual([
      "'é\u{1f600}';",
      "表",
      "ééé",
    ])
  })
  it("ends the last statement of a part that a tool cuts out, with or without `;`", () => {
    expect(texts("create table a (b int)\n--> statement-breakpoint\ndrop table c;--> statement-breakpoint\ndrop table d")).toEqual([
      "create table a (b int)",
      "drop table c",
      "drop table d",
    ])
    const sql = "-- migrate:up\ncreate table a (b int)\n\n-- migrate:down\ndrop table a\n"
    expect(parse(sql).errors).toEqual([])
    expect(texts(sql)).toEqual(["create table a (b int)", "drop table a"])
  })
  it("keeps BEGIN ATOMIC and rules whole", () => {
    const atomic = "create function f() returns int begin atomic select 1; select 2; end"
    const rule = "create rule r as on insert to t do (delete from a; delete from b)"
    expect(texts(`${atomic}; ${rule}`)).toEqual([atomic, rule])
  })
})

describe("errors", () => {
  it("lets one bad statement cost only itself", () => {
    const sql = "select 1;\nselec 2;\ncreate table t (a int;\nselect 3"
    expect(texts(sql)).toEqual(["select 1", "select 3"])
    expect(errors(sql)).toEqual([
      ['syntax error at or near "selec"', "selec", "selec 2"],
      ["syntax error at end of input", "", "create table t (a int"],
    ])
  })
  it("spans the offending token whatever precedes it", () => {
    expect(errors("select 'é\u{1f600}', 'x' 'y'z")).toEqual([
      ["syntax error at or near \"'y'\"", "'y'", "select 'é\u{1f600}', 'x' 'y'z"],
    ])
    expect(errors("alter table t add from int")).toEqual([
      ['syntax error at or near "from"', "from", "alter table t add from int"],
    ])
  })
  it("spans an unclosed quote", () => {
    expect(errors("select 1; select 'abc; select 2")).toEqual([
      ["unterminated quoted string at or near \"'abc; select 2\"", "'abc; select 2", "select 'abc; select 2"],
    ])
  })
  it("shows where something is opened that is not closed, and not all the rest of the file", () => {
    const rest = "\n" + "insert into t values (1);\n".repeat(2000)
    expect(errors(`select 1; select 'abc${rest}`).map(([message, token]) => [message, token])).toEqual([["unterminated quoted string at or near \"'abc...\"", "'abc"]])
    expect(errors(`select 1; select $q$\r\nabc${rest}`).map(([message, token]) => [message, token])).toEqual([["unterminated dollar-quoted string at or near \"$q$...\"", "$q$"]])
    expect(errors(`select 1; /* ${"🙂".repeat(100)}${rest}`).map(([message]) => message)).toEqual([`unterminated /* comment at or near "/* ${"🙂".repeat(57)}..."`])
  })
  it("takes a no-break space for the letter that it is to PostgreSQL, and says so", () => {
    const hint = (code: string): string => `, which has ${code} in it: that cannot be seen, and is no blank to PostgreSQL`
    expect(errors("select\u00a01 from t").map(([message]) => message)).toEqual([`syntax error at or near "select\u00a01"${hint("U+00A0")}`])
    expect(errors("select 1;\n\ufeffdrop table t").map(([message]) => message)).toEqual([`syntax error at or near "\ufeffdrop"${hint("U+FEFF")}`])
  })
  it("rejects a text with a NUL as a whole", () => {
    expect(parse("select 1; \0 drop table t")).toEqual({
      statements: [],
      errors: [
        {
          message: 'invalid byte sequence for encoding "UTF8": 0x00',
          span: { start: 10, end: 11 },
          statement: { start: 10, end: 11 },
        },
      ],
    })
  })
  it("survives statements that overflow the stack between good ones", () => {
    const deep = `select ${"'a' || ".repeat(40_000)}'a'`
    const sql = `select 1; ${deep}; select 2; ${deep}; select 3`
    expect(texts(sql)).toEqual(["select 1", "select 2", "select 3"])
    expect(parse(sql).errors.map(({ message }) => message)).toEqual(Array(2).fill("stack depth limit exceeded"))
  })
  it("names a hole as it was written", () => {
    expect(errors("drop ${a}.b ${c}")).toEqual([
      ['syntax error at or near "${a}"', "${a}", "drop ${a}.b ${c}"],
    ])
  })
  it("takes a hole that stands where no name can for one that may be empty", () => {
    expect(errors("drop table ${a} ${b}")).toEqual([])
    expect(parse("drop table ${a} ${b}").statements.map(({ holes }) => holes.map(({ text }) => text))).toEqual([["${a}", "${b}"]])
    expect(errors("drop table a, ${b} c")).toEqual([['syntax error at or near "c"', "c", "drop table a, ${b} c"]])
  })
})

describe("holes", () => {
  it("are parsed around and belong to their statement", () => {
    const sql = "\\set x 1\nalter table ${schema}.t add b int;\nselect 1;\nselect :'v', :n;\n"
    expect(texts(sql)).toEqual(["alter table ${schema}.t add b int", "select 1", "select :'v', :n"])
    expect(parse(sql).statements.map(({ holes }) => holes.map(({ text }) => text))).toEqual([
      ["${schema}"],
      [],
      [":'v'", ":n"],
    ])
    expect(errors(sql)).toEqual([])
  })
  it("leave COPY data and psql commands out", () => {
    const sql = "copy t from stdin;\n1\t'\n\\.\nselect 1 \\gset\nselect 2"
    expect(texts(sql)).toEqual(["copy t from stdin", "select 1", "select 2"])
  })
  it("are filled in the tokens of a statement", () => {
    const source = createSource("select 1; drop table ${a}.b")
    const statement = parseStatements(source).statements[1]
    if (statement === undefined) throw new Error("no statement")
    const tokens = statementTokens(source, statement)
    expect(tokens.starts.map((_, i) => tokenText(tokens, i))).toEqual(["drop", "table", "__a_", ".", "b"])
  })
})

describe("long texts", () => {
  const line = "alter table 'é' add b int; ".replace("'é'", '"é"')
  it("are cut at statement ends", () => {
    const sql = `${line.repeat(9000)}select 1`
    const { statements, errors: failures } = parse(sql)
    expect(failures).toEqual([])
    expect(statements).toHaveLength(9001)
    expect(new Set(texts(sql))).toEqual(new Set([line.slice(0, -2), "select 1"]))
    expect(new Set(located(sql).slice(0, -1))).toEqual(new Set(['"é"']))
  })
  it("keep a statement that is longer than a piece", () => {
    const long = `insert into t values ${"(1, 'x;y'),".repeat(20_000)}(2, 'z')`
    expect(texts(`select 1; ${long}; select 2;`)).toEqual(["select 1", long, "select 2"])
  })
  it("lose only the bad statements and see holes late in the text", () => {
    const sql = `${line.repeat(3000)}bad; ${line.repeat(3000)}drop table :x; ${line.repeat(10)}`
    const { statements, errors: failures } = parse(sql)
    expect(failures.map(({ span }) => sql.slice(span.start, span.end))).toEqual(["bad"])
    expect(statements).toHaveLength(6011)
    expect(statements[6000]?.holes.map(({ text }) => text)).toEqual([":x"])
  })
  it.each(["\n", "\r\n"])("are cut behind a line end %j that ends a statement, and at no other", (newline) => {
    const code = ["", "begin;", "return 1;", "end;", ""].join(newline)
    const body = `create function f() returns int language plpgsql as $$${code}$$`
    const query = `select 1 -- one;${newline}, 2 /* two;${newline} */, ';${newline}'`
    const atomic = `create function g() returns int begin atomic${newline}select 1;${newline}end`
    const statements = [body, query, atomic]
    const sql = Array.from({ length: 1500 }, (_, i) => statements[i % 3] ?? "").join(`;${newline}`)
    expect(sql.length).toBeGreaterThan(65_000)
    expect(errors(sql)).toEqual([])
    expect(texts(sql)).toEqual(Array.from({ length: 1500 }, (_, i) => statements[i % 3]))
  })
  it("read the same piece by piece", () => {
    const source = createSource(`select 1;\nbad;\ndrop table \${x};\n`.repeat(4000))
    const pieces = [...parsePieces(source)]
    expect(pieces.length).toBeGreaterThan(1)
    const whole = parseStatements(source)
    expect(pieces.flatMap(({ statements }) => statements.map(({ span }) => span))).toEqual(
      whole.statements.map(({ span }) => span),
    )
    expect(pieces.flatMap(({ errors: failures }) => failures)).toEqual(whole.errors)
    expect(whole.statements).toHaveLength(8000)
    expect(whole.errors).toHaveLength(4000)
  })
  it("skip COPY data that is longer than a piece", () => {
    const sql = `copy t from stdin;\n${"1;2\t'3\n".repeat(30_000)}\\.\nselect 1; copy u from stdin;\n\\.\nselect 2;`
    expect(texts(sql)).toEqual(["copy t from stdin", "select 1", "copy u from stdin", "select 2"])
    expect(errors(sql)).toEqual([])
  })
  it("never take COPY data for statements", () => {
    const sql = `select 1;\ncopy queries from stdin;\n${"drop table t;\n".repeat(5000)}\\.\nselect 2;`
    expect(texts(sql)).toEqual(["select 1", "copy queries from stdin", "select 2"])
  })
})

describe("a word that a later major reserved", () => {
  it("is a name for the majors before", () => {
    const sql = "select 1;\nalter table app.system_user add /* system_user */ SYSTEM_USER text default 'system_user';"
    const [error] = parse(sql).errors
    expect(errors(sql)).toEqual([['syntax error at or near "SYSTEM_USER"', "SYSTEM_USER", expect.stringMatching(/^alter/)]])
    expect(error?.before?.major).toBe(16)
    expect(error?.before?.statement.span).toEqual(error?.statement)
    const tree = JSON.stringify(error?.before?.statement.node)
    expect(tree).toContain('"relname":"system_user"')
    expect(tree).toContain('"colname":"system_user"')
    expect(tree).toContain('"sval":"system_user"')
  })
  it("is a name of a function and of its parameters, too", () => {
    const before = (sql: string): number | undefined => parse(sql).errors[0]?.before?.major
    expect(before("create function f() returns table (id int, json jsonb) language sql as 'select 1'")).toBe(17)
    expect(before("create function json_array(json json) returns int language sql as 'select 1'")).toBe(16)
    expect(before("create function f(normalize int) returns int language sql as 'select 1'")).toBe(13)
    const tree = JSON.stringify(parse("create function json_array(json jsonb) returns json language sql as 'select 1'").errors[0]?.before?.statement.node)
    expect(tree).toContain('"funcname":[{"String":{"sval":"json_array"}}]')
    expect(tree).toContain('"name":"json"')
  })
  it("does not mend what is wrong otherwise", () => {
    expect(parse("create function f(json jsonb returns int").errors[0]?.before).toBeUndefined()
    const [error] = parse("alter tabel system_user add system_user text").errors
    expect(error?.message).toBe('syntax error at or near "tabel"')
    expect(error?.before).toBeUndefined()
  })
})
