import { describe, expect, it } from "vitest"
import { createSource } from "../../src/source/source.ts"

/** What the grammar gets, without the blanks that stand for templates. */
function read(sql: string): string {
  const source = createSource(sql)
  expect(source.masked().text).toHaveLength(sql.length)
  return source.masked().text.replace(/\s+/g, " ").trim()
}

describe("branches of templates", () => {
  it("leaves out what only other databases get", () => {
    expect(read("{{if .mysql}}ALTER TABLE a DROP PRIMARY KEY;{{end}}SELECT 1;")).toBe("SELECT 1;")
    expect(read("a {{if .mysql}}`b`{{else}}b{{end}} {{if .postgres}}JSON{{else}}TEXT{{end}}")).toBe("a b JSON")
    expect(read("{{- if eq .Dialect \"sqlite3\" -}} A; {{- else if eq .Dialect \"postgres\" -}} B; {{- else -}} C; {{- end -}} D;")).toBe("B; D;")
    expect(read("{{if not .postgres}}A;{{end}}{{if ne .db \"mysql\"}}B;{{end}}C;")).toBe("B; C;")
    expect(read("{% if dialect == 'mysql' %}A;{% elif dialect == 'postgresql' %}B;{% else %}C;{% endif %}")).toBe("B;")
    expect(read("{{#if isMysql}}A;{{else}}B;{{/if}}")).toBe("B;")
  })

  it("combines conditions where that is certain", () => {
    expect(read("{{if or .postgres .mysql}}A;{{end}}{{if or .mysql .sqlite}}B;{{end}}")).toBe("A;")
    expect(read("{{if and .mysql .plugin}}A;{{else}}B;{{end}}{{if and .postgres .plugin}}C;{{end}}")).toBe("B; C;")
    expect(read("{{if or .mysql .plugin}}A;{{end}}{{if (not .mysql)}}B;{{end}}")).toBe("A; B;")
  })

  it("reads one alternative inside a statement, and all whole statements, when only the tool knows the condition", () => {
    expect(read("CREATE TABLE a (b {{if .plugin}}text{{else}}int{{end}});")).toBe("CREATE TABLE a (b text );")
    expect(read("{{if .plugin}}A;{{else}}B;{{end}}")).toBe("A; B;")
  })

  it("knows loops, conditions inside others, and templates that do not add up", () => {
    expect(read("{{range .x}}{{if .mysql}}A{{if .y}}B{{end}};{{end}}C;{{end}}")).toBe("C;")
    expect(read("{{with .x}}A;{{else}}B;{{end}}{{if .sqlite}}C;{{end}}")).toBe("A; B;")
    expect(read("{{if .mysql}}A;")).toBe("A;")
    expect(read("{{if .mysql}}A;{{end}}{{end}}")).toBe("A;")
  })

  it("leaves out what psql never sends", () => {
    expect(read("\\if false\nA;\n\\endif\nB;")).toBe("B;")
    expect(read("\\if on\nA;\n\\else\nB;\n\\endif\nC;")).toBe("A; C;")
    expect(read("\\if 0\nA;\n\\elif 'yes'\nB;\n\\else\nC;\n\\endif\nD;")).toBe("B; D;")
    expect(read("\\if NO\nA;\n\\if :x\nB;\n\\endif\nC;\n\\endif\nD;")).toBe("D;")
  })

  it("reads every branch of psql whose condition only running it tells", () => {
    expect(read("\\if :is_new\nA;\n\\else\nB;\n\\endif\nC;")).toBe("A; B; C;")
    expect(read("\\if `test -e x`\nA;\n\\elif false\nB;\n\\endif\nC;")).toBe("A; C;")
    expect(read("\\if false\nA;")).toBe("A;")
  })

  it("leaves comments out together with the branch", () => {
    const source = createSource("{{if .mysql}}-- pgsafe-ignore-file\nA;{{end}}\n-- b\nB;")
    expect(source.tokens().comments.map(({ start, end }) => source.text.slice(start, end))).toEqual(["-- b"])
  })
})
