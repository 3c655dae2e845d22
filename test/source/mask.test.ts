import { describe, expect, it } from "vitest"
import { createSource } from "../../src/source/source.ts"

function masked(sql: string): string {
  return createSource(sql).masked().text
}

describe("masking", () => {
  it("returns the very same text when there is nothing to mask", () => {
    const sql = "select a[1:n], b::int, '${x}', c ? 'd', f(x := 1) -- :y {{z}}"
    const source = createSource(sql)
    expect(source.masked().text).toBe(sql)
    expect(source.masked().holes).toEqual([])
    expect(source.maskedTokens()).toBe(source.tokens())
  })
  it("turns a template into a name that keeps its letters", () => {
    expect(masked("alter table ${schema}.t")).toBe("alter table __schema_.t")
    expect(masked("create index on {{ .Schema }}.t (a)")).toBe("create index on ____Schema___.t (a)")
    expect(masked("alter role {owner} bypassrls")).toBe("alter role _owner_ bypassrls")
    expect(masked("grant app to {owner}\n")).toBe("grant app to _owner_\n")
    expect(masked("select ${a}_x, p${b}")).toBe("select __a__x, p__b_")
    expect(masked("select ${é😀}")).toBe("select ______")
  })
  it("turns variables into names and strings", () => {
    expect(masked("grant a to :APP_USER")).toBe("grant a to _APP_USER")
    expect(masked("set x = :'v'")).toBe("set x = '_v'")
    expect(masked('drop table :"v"')).toBe('drop table "_v"')
    expect(masked("limit :1")).toBe("limit _1")
    expect(masked("where a = $name")).toBe("where a = _name")
    expect(masked("create role a PASSWORD :secret VALID UNTIL :t")).toBe("create role a PASSWORD '     ' VALID UNTIL ''")
    expect(masked("where password = :secret")).toBe("where password = _secret")
  })
  it("blanks psql commands, and keeps the end of a statement that they send", () => {
    expect(masked("\\set x 1\nselect 1;")).toBe("        \nselect 1;")
    expect(masked("select 1 \\gset\nselect 2")).toBe("select 1 ;    \nselect 2")
    expect(masked("select 1;\n\\gexec\n")).toBe("select 1;\n      \n")
    expect(masked("select 1\\;select 2;")).toBe("select 1;;select 2;")
  })
  it("takes the marks of Play for no SQL, and one of two semicolons in its texts", () => {
    expect(masked("# Boats\n# --- !Ups\ndrop table a\n  #!Downs\n")).toBe("# Boats\n;         \ndrop table a\n  ;      \n")
    expect(masked("# --- !Ups\nselect a # 2;\n-- !Downs")).toBe("          \nselect a # 2;\n-- !Downs")
    expect(masked("-- !Ups\ndo $$ begin a;; end;; $$; select 'a;;;;b';")).toBe("-- !Ups\ndo $$ begin a;  end;  $$; select 'a; ; b';")
    expect(masked("do $$ begin a;; end $$ # !Ups")).toBe("do $$ begin a;; end $$ # !Ups")
  })
  it("ends a statement where a tool cuts the text", () => {
    expect(masked("drop table a\n--> statement-breakpoint\ndrop table b")).toBe(`drop table a\n;${" ".repeat(23)}\ndrop table b`)
    expect(masked("-- migrate:up\ndrop table a -- old\n-- migrate:down\nselect 1")).toBe("-- migrate:up\ndrop table a -- old\n;              \nselect 1")
    expect(masked("drop table a\n---- create above / drop below ----\nselect 1")).toBe(`drop table a\n;${" ".repeat(34)}\nselect 1`)
    expect(masked("-- Up Migration\ndrop table a\n-- Down Migration\nselect 1")).toBe(`-- Up Migration\ndrop table a\n;${" ".repeat(16)}\nselect 1`)
    expect(masked("-- rambler up\ndrop table a\n-- rambler down\nselect 1")).toBe(`-- rambler up\ndrop table a\n;${" ".repeat(14)}\nselect 1`)
    expect(masked("drop table a\n--bun:split\nselect 1")).toBe("drop table a\n;          \nselect 1")
    for (const tool of ["goose", "migrate"]) {
      const end = `-- +${tool} StatementEnd`
      const section = `-- +${tool} Up\n-- +${tool} StatementBegin\ncreate table a ();\ndrop table b\n${end}\n-- +${tool} Down\nselect 1;`
      expect(masked(section)).toBe(section.replace(end, `;${" ".repeat(end.length - 1)}`))
    }
    const changelog = "--liquibase formatted sql\n--changeset a:1\ndrop table a\n--changeset a:2\ndrop table b"
    expect(masked(changelog)).toBe(changelog.replace("--changeset a:2", ";              "))
  })
  it("ends a statement at the delimiter that a changeset of Liquibase names, and reads over that", () => {
    const changelog = (head: string, body: string): string => `--liquibase formatted sql\n--changeset a:1 ${head}\n${body}`
    const body = (head: string, sql: string): string => masked(changelog(head, sql)).slice(changelog(head, "").length)
    expect(body("endDelimiter:/", "select 4 / 2\n/\nselect 2\n/\n")).toBe("select 4 / 2\n;\nselect 2\n;\n")
    expect(body("endDelimiter:GO splitStatements:true", "select gone\nGO\nselect 'go'\ngo")).toBe("select gone\n; \nselect 'go'\n; ")
    expect(body("endDelimiter:\\nGO", "select go from go\n  GO\nselect 2")).toBe("select go from go\n  ; \nselect 2")
    expect(body("endDelimiter:#", "select 1; select 2;\n#\n#")).toBe("select 1; select 2;\n \n ")
    expect(body("endDelimiter://", "select $$//$$\n//\n")).toBe("select $$//$$\n; \n")
    expect(body("endDelimiter:--end", "select 1\n--end\nselect 2")).toBe("select 1\n;    \nselect 2")
    expect(body("endDelimiter:;", "select 1;\n")).toBe("select 1;\n")
    // Without one of its own, lines with nothing but these end a statement, too.
    expect(body("", "select 4\n/ 2\ngo\n")).toBe("select 4\n; 2\n; \n")
    expect(body("", "select 1;\n--changeset a:2 endDelimiter:#\nselect 1\n#\n--changeset a:3\nselect 1 # 2;")).toBe("select 1;\n--changeset a:2 endDelimiter:#\nselect 1\n;\n--changeset a:3\nselect 1 # 2;")
    expect(masked("select 4\n/\n2")).toBe("select 4\n/\n2")
  })
  it("reads over the lines that Liquibase ignores", () => {
    const head = "--liquibase formatted sql\n--changeset a:1\n"
    expect(masked(`${head}select 1;\n--ignoreLines:start\nselect ?;\nx\n--ignoreLines:end\nselect 2;`)).toBe(`${head}select 1;\n--ignoreLines:start\n           \n--ignoreLines:end\nselect 2;`)
    expect(masked(`${head}--ignoreLines:2\na\nb\nselect 2;`)).toBe(`${head}--ignoreLines:2\n   \nselect 2;`)
    expect(masked(`${head}--ignoreLines:9\na`)).toBe(`${head}--ignoreLines:9\n `)
  })
  it("ends a statement at the delimiter that a file of Atlas names in its first line", () => {
    expect(masked("-- atlas:delimiter -- end\n\nselect 1\n-- end\nselect 2\n-- end")).toBe("-- atlas:delimiter -- end\n\nselect 1\n;     \nselect 2\n-- end")
    expect(masked("-- atlas:delimiter \\n\\n\nselect 1 -- one\n\n-- two\nselect 2\n\n")).toBe("-- atlas:delimiter \\n\\n\nselect 1 -- one\n;-- two\nselect 2\n\n")
    expect(masked("-- x\n-- atlas:delimiter //\nselect 1\n//")).toBe("-- x\n-- atlas:delimiter //\nselect 1\n//")
  })
  it("keeps such comments where no statement is open, and where the tool does not cut", () => {
    for (const sql of [
      "drop table a;--> statement-breakpoint\ndrop table b",
      "-- migrate:up\ndrop table a;\n-- migrate:down\n",
      "-- +goose Up\ndrop table a\n-- +goose Down\nselect 1",
      "drop table a\n--changeset a:2\ncascade",
      "select '--> statement-breakpoint' from t -- see --> statement-breakpoint",
    ]) {
      expect(masked(sql)).toBe(sql)
    }
  })
  it("blanks COPY data", () => {
    expect(masked("copy t from stdin;\n1\t;\n\\.\nselect 1")).toBe("copy t from stdin;       \nselect 1")
  })
  it("gives a template with and without quotes round it the same name", () => {
    expect(masked('"{{ index .Options "Schema" }}".t')).toBe('"___index__options__schema____".t')
    expect(masked('{{ index .Options "Schema" }}.t').toLowerCase()).toBe("___index__options__schema____.t")
  })

  it("blanks control flow and a template that is a statement of its own line", () => {
    expect(masked("{{ if .X }}\nselect 1;\n{{ end }}\n")).toBe(`${" ".repeat(11)}\nselect 1;\n${" ".repeat(9)}\n`)
    expect(masked("{% if a %} select {{ b }} {# c #}")).toBe(`${" ".repeat(11)}select ___b___ ${" ".repeat(7)}`)
    expect(masked("${header}\nselect 1")).toBe("         \nselect 1")
    expect(masked('{{ template "x" . }}\nselect 1')).toBe(`${" ".repeat(20)}\nselect 1`)
    expect(masked("${table}.x")).toBe("__table_.x")
  })
  it("blanks a byte order mark without making it a hole", () => {
    const source = createSource("\ufeffselect 1")
    expect(source.masked()).toEqual({ text: " select 1", holes: [] })
  })
  it("lists the holes", () => {
    const source = createSource("\\set a 1\nselect ${b}, :c;\ncopy t from stdin;\n1\n\\.\n")
    expect(source.masked().holes).toEqual([
      { span: { start: 0, end: 8 }, text: "\\set a 1", kind: "meta-command" },
      { span: { start: 16, end: 20 }, text: "${b}", kind: "template" },
      { span: { start: 22, end: 24 }, text: ":c", kind: "variable" },
      { span: { start: 44, end: 49 }, text: "\n1\n\\.", kind: "copy data" },
    ])
  })
})
