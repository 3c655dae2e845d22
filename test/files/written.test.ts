import { describe, expect, it } from "vitest"
import { settingsIn } from "../../src/files/written.ts"

const read = (name: string, text: string): string[] => settingsIn(name, text).map(({ key, line, value }) => `${String(line)} ${key} = ${value}`)

describe("settings as files write them", () => {
  it("are read from properties", () => {
    expect(read("flyway.conf", "# flyway.schemas=x\nflyway.schemas = app, audit\r\nflyway.url: jdbc:postgresql://h/d?currentSchema=a\n\n! flyway.group=true\nempty=\n")).toEqual([
      "2 flyway.schemas = app, audit",
      "3 flyway.url = jdbc:postgresql://h/d?currentSchema=a",
      "6 empty = ",
    ])
  })

  it("are read from TOML, with lists that go on for some lines", () => {
    const text = '[environments.production]\nurl = "jdbc:x" # the real one\nschemas = [\n  "app", # first\n  \'audit\',\n]\n\n[flyway]\ndefault-schema = "app"\n#group = true\n'
    expect(read("flyway.toml", text)).toEqual(["2 environments.production.url = jdbc:x", "3 environments.production.schemas = app,audit", "9 flyway.defaultschema = app"])
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
      "4 spring.flyway.defaultschema = app",
      "5 spring.flyway.schemas = app,audit",
      "8 spring.flyway.locations = a,b",
      "10 spring.datasource.url = jdbc:postgresql://h/d",
      "12 spring.flyway.schemas = other",
      "14 default.schemasearchpath = app,public",
      "18 list.name = a",
      "19 list.kind = b",
    ])
  })
})
