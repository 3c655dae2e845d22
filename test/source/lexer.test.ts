import { describe, expect, it } from "vitest"
import { lex } from "../../src/source/lexer.ts"
import { foldIdentifier, identifierName, stringValue } from "../../src/source/names.ts"
import { createSource } from "../../src/source/source.ts"
import {
  closingBracket,
  findKeyword,
  findKeywords,
  isKeyword,
  isSymbol,
  kindOf,
  spanOf,
  tokenIndexAt,
  TokenKind,
  tokensBetween,
  tokenText,
} from "../../src/source/tokens.ts"

const KIND_NAMES = Object.fromEntries(Object.entries(TokenKind).map(([name, kind]) => [kind, name]))

/** Tokens as `kind text`. */
function list(sql: string): string[] {
  const tokens = lex(sql)
  return tokens.kinds.map((kind, i) => `${KIND_NAMES[kind] ?? "?"} ${tokenText(tokens, i)}`)
}

function texts(sql: string): string[] {
  return list(sql).map((token) => token.slice(token.indexOf(" ") + 1))
}

function comments(sql: string): string[] {
  return lex(sql).comments.map(({ start, end }) => sql.slice(start, end))
}

describe("words and names", () => {
  it("takes letters, digits, _, $ and everything above ASCII for a name", () => {
    expect(list("Übung_1$x \u{1f600}t a\u00a0b")).toEqual(["word Übung_1$x", "word \u{1f600}t", "word a\u00a0b"])
  })
  it("reads quoted names with doubled quotes and U& names", () => {
    expect(list('"a""b" U&"d\\0061t" u&"x"')).toEqual([
      'quotedName "a""b"',
      'quotedName U&"d\\0061t"',
      'quotedName u&"x"',
    ])
  })
  it("does not take a lone U& for a name", () => {
    expect(list("u & b")).toEqual(["word u", "operator &", "word b"])
  })
  it("folds ASCII letters only", () => {
    expect(foldIdentifier("FooBÄR")).toBe("foobÄr")
    expect(foldIdentifier("plain")).toBe("plain")
  })
  it("decodes the name a token stands for", () => {
    const name = (sql: string): string | undefined => identifierName(lex(sql), 0)
    expect(name("FOO")).toBe("foo")
    expect(name('"Fo""O"')).toBe('Fo"O')
    expect(name('U&"d\\0061t\\+000061"')).toBe("data")
    expect(name(`U&"d!0061t!!" UESCAPE '!'`)).toBe("dat!")
    expect(name("'x'")).toBeUndefined()
  })
})

describe("strings", () => {
  it("reads every spelling", () => {
    expect(list("'a''b' E'a\\'b' e'' B'01' x'ff' N'n' U&'u'")).toEqual([
      "string 'a''b'",
      "string E'a\\'b'",
      "string e''",
      "string B'01'",
      "string x'ff'",
      "string N'n'",
      "string U&'u'",
    ])
  })
  it("gives a backslash a meaning in E'' only", () => {
    expect(texts("'a\\' b")).toEqual(["'a\\'", "b"])
    expect(texts("E'\\\\' b")).toEqual(["E'\\\\'", "b"])
  })
  it("takes a prefix only when the quote touches it", () => {
    expect(list("e 'x' xe'y'")).toEqual(["word e", "string 'x'", "word xe", "string 'y'"])
  })
  it("gives their values", () => {
    const value = (sql: string): string | undefined => stringValue(lex(sql), 0)
    expect(value("'it''s'")).toBe("it's")
    expect(value("E'a\\n\\x41\\u00e9\\U0001F600\\101\\q''\\''")).toBe("a\nAé\u{1f600}Aq''")
    expect(value("U&'\\0441\\\\'")).toBe("с\\")
    expect(value("N'x'")).toBe("x")
    expect(value("$$a'b$$")).toBe("a'b")
    expect(value("$t$a$$b$t$")).toBe("a$$b")
    expect(value("B'01'")).toBeUndefined()
    expect(value("word")).toBeUndefined()
  })
  it("runs an unclosed quote to the end", () => {
    for (const sql of ["'abc; d", '"abc; d', "E'abc\\'", "$$ a", "$a$ b $$ ;", "/* a /* b */"]) {
      expect(list(sql)).toEqual([`invalid ${sql}`])
    }
  })
})

describe("dollar quotes", () => {
  it("reads tags and ignores other tags inside", () => {
    expect(list("$$a;b$$ $fn$ $$ ; $fn$")).toEqual(["dollarString $$a;b$$", "dollarString $fn$ $$ ; $fn$"])
  })
  it("is no quote after a name character", () => {
    expect(list("a$b$c")).toEqual(["word a$b$c"])
  })
  it("tells parameters from quotes", () => {
    expect(list("$1 + $23")).toEqual(["parameter $1", "operator +", "parameter $23"])
    expect(list("$ x")).toEqual(["invalid $", "word x"])
    expect(list("$name, $n$")).toEqual(["variable $name", "punctuation ,", "invalid $n$"])
  })
})

describe("numbers", () => {
  it("reads PostgreSQL's spellings", () => {
    expect(list("1 1.5 .5 1e10 1.e-5 0xFF 0b10 0o17 1_000 1..10 1e x.1")).toEqual([
      "number 1",
      "number 1.5",
      "number .5",
      "number 1e10",
      "number 1.e-5",
      "number 0xFF",
      "number 0b10",
      "number 0o17",
      "number 1_000",
      "number 1",
      "punctuation ..",
      "number 10",
      "number 1",
      "word e",
      "word x",
      "number .1",
    ])
  })
})

describe("operators", () => {
  it("takes the longest run", () => {
    expect(texts("a->>b <=> c || d @> e ? f ?| g #>> h")).toEqual(
      "a ->> b <=> c || d @> e ? f ?| g #>> h".split(" "),
    )
  })
  it("stops before a comment", () => {
    expect(texts("a+--b\nc*/*d*/e")).toEqual(["a", "+", "c", "*", "e"])
  })
  it("ends in + or - only with a special character", () => {
    expect(texts("a=-1 a@-1 a*+-1")).toEqual(["a", "=", "-", "1", "a", "@-", "1", "a", "*", "+", "-", "1"])
  })
  it("keeps casts, assignments and slices", () => {
    expect(list("a::int f(x := 1, y => 2) z[1:n] w[:m]").filter((token) => token.startsWith("variable"))).toEqual([])
    expect(texts("a::int x:=1")).toEqual(["a", "::", "int", "x", ":=", "1"])
  })
})

describe("comments", () => {
  it("lists them apart from the tokens", () => {
    const sql = "-- one\r\nselect /* two /* nested */ */ 1 -- three"
    expect(texts(sql)).toEqual(["select", "1"])
    expect(comments(sql)).toEqual(["-- one", "/* two /* nested */ */", "-- three"])
  })
  it("finds none in strings", () => {
    expect(comments("'-- a' \"/* b */\" $$ -- c $$")).toEqual([])
  })
})

describe("what is no SQL", () => {
  it("sees templates", () => {
    expect(list("${a}.t {{ .B }} pre${c} ${ {a:1}.a } {% if x %} {# c #} {d} {é_1}x")).toEqual([
      "template ${a}",
      "punctuation .",
      "word t",
      "template {{ .B }}",
      "word pre",
      "template ${c}",
      "template ${ {a:1}.a }",
      "template {% if x %}",
      "template {# c #}",
      "template {d}",
      "template {é_1}",
      "word x",
    ])
  })
  it("sees what CREATE EXTENSION replaces, and operators", () => {
    expect(list("create table @extschema@.t (a @extschema:cube@.c)").filter((token) => token.startsWith("template"))).toEqual(["template @extschema@", "template @extschema:cube@"])
    for (const operators of ["select @a@>b", "select @ a @> b", "select a <@b@ c", "select @a, @b", "select @-@b@"]) {
      expect(list(operators).filter((token) => token.startsWith("template"))).toEqual([])
    }
  })

  it("leaves templates in quotes to the quotes", () => {
    expect(list("'${a}' \"{{b}}\" $$ ${c} $$")).toEqual([
      "string '${a}'",
      'quotedName "{{b}}"',
      "dollarString $$ ${c} $$",
    ])
  })
  it("does not end a quoted name at the quotes of its template", () => {
    expect(list('"{{ index .Options "Schema" }}".t "{{ "a" }}b" "{{ f "a"')).toEqual([
      'template "{{ index .Options "Schema" }}"',
      "punctuation .",
      "word t",
      'quotedName "{{ "',
      "word a",
      'quotedName " }}b"',
      'quotedName "{{ f "',
      "word a",
      'invalid "',
    ])
  })
  it("sees variables", () => {
    expect(list(":a :'b' :\"c\" :APP_USER (:d) ARRAY[:e, :f]").filter((t) => t.startsWith("variable"))).toEqual([
      "variable :a",
      "variable :'b'",
      'variable :"c"',
      "variable :APP_USER",
      "variable :d",
      "variable :e",
      "variable :f",
    ])
  })
  it("sees psql commands to the end of the line", () => {
    expect(list("\\set x 'a;b\nselect 1 \\gset\r\nselect 2\\;select 3;")).toEqual([
      "metaCommand \\set x 'a;b",
      "word select",
      "number 1",
      "metaCommand \\gset",
      "word select",
      "number 2",
      "metaCommand \\",
      "punctuation ;",
      "word select",
      "number 3",
      "punctuation ;",
    ])
  })
  it("sees COPY data up to its end line", () => {
    expect(list("COPY t (a) FROM stdin WITH CSV;\n1;'x\n\\N\n\\.\nselect 1")).toEqual([
      "word COPY",
      "word t",
      "punctuation (",
      "word a",
      "punctuation )",
      "word FROM",
      "word stdin",
      "word WITH",
      "word CSV",
      "punctuation ;",
      "copyData \n1;'x\n\\N\n\\.",
      "word select",
      "number 1",
    ])
  })
  it("handles empty COPY data, CRLF, \\copy and a file that holds no data", () => {
    expect(texts("copy t from stdin;\r\n\\.\r\nx")).toEqual(["copy", "t", "from", "stdin", ";", "\r\n\\.", "x"])
    expect(texts("\\copy t from stdin\n1\n\\.\nx")).toEqual(["\\copy t from stdin", "\n1\n\\.", "x"])
    expect(texts("copy t from stdin;\nselect 1;")).toEqual(["copy", "t", "from", "stdin", ";", "select", "1", ";"])
    expect(texts("copy t to stdout;\nselect 1;")).toEqual(["copy", "t", "to", "stdout", ";", "select", "1", ";"])
  })
})

describe("helpers", () => {
  const sql = 'ALTER TABLE "T" ADD COLUMN c int DEFAULT (f(1)), DROP COLUMN d'
  const tokens = lex(sql)
  it("finds words whatever their case, and never quoted ones", () => {
    expect(findKeyword(tokens, "add")).toBe(3)
    expect(findKeyword(tokens, "t")).toBe(-1)
    expect(findKeyword(tokens, "column", 5)).toBe(16)
    expect(findKeywords(tokens, ["drop", "column"])).toBe(15)
    expect(findKeywords(tokens, ["column", "drop"])).toBe(-1)
    expect(isKeyword(tokens, 0, "alter")).toBe(true)
    expect(isKeyword(tokens, 99, "alter")).toBe(false)
  })
  it("finds brackets and symbols", () => {
    expect(isSymbol(tokens, 8, "(")).toBe(true)
    expect(closingBracket(tokens, 8)).toBe(13)
    expect(closingBracket(lex("((a)"), 0)).toBe(-1)
  })
  it("finds tokens by offset", () => {
    expect(tokenIndexAt(tokens, sql.indexOf("DROP"))).toBe(15)
    expect(tokensBetween(tokens, sql.indexOf("ADD"), sql.indexOf("DEFAULT"))).toEqual({ from: 3, to: 7 })
    expect(spanOf(tokens, 0)).toEqual({ start: 0, end: 5 })
    expect(spanOf(tokens, 99)).toEqual({ start: sql.length, end: sql.length })
    expect(kindOf(tokens, 2)).toBe(TokenKind.quotedName)
    expect(kindOf(tokens, 99)).toBeUndefined()
  })
  it("lexes a part of a text in the text's own offsets", () => {
    const part = lex("select 1; select a b; x", 10, 20)
    expect(part.starts).toEqual([10, 17, 19])
    expect(part.ends).toEqual([16, 18, 20])
  })
})

it("reads hostile texts in linear time", () => {
  const pieces = ["${", "{{", "{%", "$a", ":'a", "/*", "\\g\n", "{{x}}\n", "copy t from stdin;\n", "u&", "[", "1."]
  for (const piece of pieces) {
    const sql = piece.repeat(100_000)
    expect(createSource(sql).masked().text).toHaveLength(sql.length)
  }
})
