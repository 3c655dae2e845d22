import { describe, expect, it } from "vitest"
import { toml, xml, yaml } from "../../src/files/format-libraries.ts"
import { settingsIn } from "../../src/files/settings.ts"

const read = (name: string, text: string): string[] => settingsIn(name, text, () => ({ toml, xml, yaml })).map(({ key, at, value }) => `${at} ${key} = ${value}`)

describe("settings as files write them", () => {
  it("are read from properties", () => {
    expect(read("flyway.conf", "# flyway.schemas=x\nflyway.schemas = app, audit\r\nflyway.url: jdbc:postgresql://h/d?currentSchema=a\n\n! flyway.group=true\nempty=\n")).toEqual([
      ":2 flyway.schemas = app, audit",
      ":3 flyway.url = jdbc:postgresql://h/d?currentSchema=a",
      ":6 empty = ",
    ])
  })

  it("are read from TOML, with lists that go on for some lines", () => {
    const text = '[environments.production]\nurl = "jdbc:x" # the real one\nschemas = [\n  "app", # first\n  \'audit\',\n]\n\n[flyway]\ndefault-schema = "app"\n#group = true\n'
    expect(read("flyway.toml", text)).toEqual([":2 environments.production.url = jdbc:x", ":3 environments.production.schemas = app,audit", ":9 flyway.defaultschema = app"])
  })

  it("are read from YAML, with lists, comments, anchors and several documents", () => {
    const text = [
      "spring:",
      "  # flyway:",
      "  flyway: # how it runs",
      "    default-schema: 'app'",
      "    schemas:",
      "      - app",
      '      - "audit" # of the auditor',
      "    locations: [a, 'b']",
      "  datasource:",
      "    url: jdbc:postgresql://h/d # here",
      "---",
      "spring.flyway.schemas: other",
      "default: &default",
      "  schema_search_path: app,public",
      "production:",
      "  <<: *default",
      "list:",
      "- name: a",
      "  kind: b",
    ]
    expect(read("application.yml", text.join("\n"))).toEqual([
      ":4 spring.flyway.defaultschema = app",
      ":5 spring.flyway.schemas = app,audit",
      ":8 spring.flyway.locations = a,b",
      ":10 spring.datasource.url = jdbc:postgresql://h/d",
      ":12 spring.flyway.schemas = other",
      ":14 default.schemasearchpath = app,public",
      ":14 production.schemasearchpath = app,public",
      ":18 list.name = a",
      ":19 list.kind = b",
    ])
  })

  it("are read from properties with continued lines, escapes, blanks and documents", () => {
    expect(read("a.properties", "a = one,\\\n    two\nb three\n\\#c\\:d : \\u00e4\\\\\n#---\n!x = y\r\ne=f\n")).toEqual([":1 a = one,two", ":3 b = three", ":4 #c:d = ä\\", ":7 e = f"])
    expect(settingsIn("a.properties", "a=1\n#---\na=2\n", undefined).map(({ document, value }) => [document, value])).toEqual([[0, "1"], [1, "2"]])
  })

  it("have what maps merge, where they do not say otherwise", () => {
    const text = "a: &a { x: 1, y: 2 }\nb: &b\n  y: 3\nc:\n  <<: [*b, *a]\n  x: 4\nd: *b\n"
    expect(read("a.yml", text)).toEqual([":1 a.x = 1", ":1 a.y = 2", ":3 b.y = 3", ":3 c.y = 3", ":1 c.y = 2", ":6 c.x = 4", ":3 d.y = 3"])
  })

  it("are as they are written, whatever YAML makes of them", () => {
    expect(read("a.yml", "a: 001\nb: yes\nc: ~\nd:\ne: '@x'\nf: @y@\ng: >-\n  one\n  two\n1: 'it''s'\n")).toEqual([":1 a = 001", ":2 b = yes", ":5 e = @x", ":6 f = @y@", ":7 g = one two", ":10 1 = it's"])
  })

  it("end where anchors lead on for ever", () => {
    expect(read("a.yml", "a: &a\n  b: 1\n  c: *a\n").length).toBeLessThan(200)
    const bomb = ["a0: &a0 { x: 1 }", ...Array.from({ length: 20 }, (_, at) => `a${String(at + 1)}: &a${String(at + 1)} [*a${String(at)}, *a${String(at)}]`)].join("\n")
    expect(read("a.yml", bomb).length).toBeLessThan(200)
  })

  it("are unknown where a file is damaged, written by a program, or of a format that nobody reads here", () => {
    expect(read("a.yml", "a: b\n\tc: d\n")).toEqual([])
    expect(read("a.yml", "<% if x %>\na: b\n<% end %>\n")).toEqual([])
    expect(read("a.yml", "a: {{ x }}\nb: *nowhere\nc: d\n")).toEqual([":3 c = d"])
    expect(read("a.yml", "a: b\na: c\n---\nd: 'e\n")).toEqual([":1 a = b", ":2 a = c"])
    expect(read("a.yml", "")).toEqual([])
    expect(read("a.toml", "a = 1\nb = {{ x }}\n")).toEqual([])
    expect(settingsIn("a.yml", "a: b", undefined)).toEqual([])
  })

  it("may be tables, lists and large numbers in TOML", () => {
    expect(read("a.toml", 'a.b = 9007199254740993\nc = [1, [2, 3]]\n[d]\n"e-f" = { g = true }\n[[h]]\ni = 1\n')).toEqual([
      ":1 a.b = 9007199254740993",
      ":2 c = 1,2,3",
      ", d.e-f.g d.ef.g = true",
      ":6 h.i = 1",
    ])
  })
})
