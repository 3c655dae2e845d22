import { beforeAll, describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { loadCode } from "../../src/cli/code-files.ts"
import { atHome } from "../../src/cli/hosted.ts"
import { finderFor } from "../../src/cli/sql-files.ts"
import { readLiquibase } from "../../src/code/languages/liquibase/read.ts"
import type { Finding } from "../../src/engine/finding.ts"
import { activate } from "../../src/engine/select.ts"
import { createSession } from "../../src/engine/session.ts"
import { detectProjects } from "../../src/files/detect.ts"
import { toml, xml, yaml } from "../../src/files/format-libraries.ts"
import { languageOf } from "../../src/files/languages.ts"
import { parseFile } from "../../src/parse/index.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { tree } from "../files/memory.ts"
import { summary } from "./summary.ts"

beforeAll(() => { loadGrammar() })

const FILES: Readonly<Record<string, string>> = { "views.sql": "CREATE VIEW v AS SELECT 1;\n/\nSELECT 2" }

const MASTER = { "db/changelog/master.xml": '<databaseChangeLog><includeAll path="db/changelog"/></databaseChangeLog>' }

function read(text: string, path = "db/changes.xml", properties: Readonly<Record<string, string>> = {}, occasion: "always" | "perhaps" | "never" = "always") {
  const place = { formats: () => ({ toml, xml, yaml }), properties: new Map(Object.entries(properties)), hasRun: () => false, onlyRan: false, occasion, file: (name: string) => (FILES[name] === undefined ? null : { path: name, text: FILES[name] }) }
  const found = readLiquibase(path, text, place)
  if (found === null) throw new Error("not read")
  return { ...summary(text, { ...found, calls: found.calls.filter(({ text: { file } }) => file === undefined) }), calls: found.calls, left: found.builders.map(({ start, end }) => text.slice(start, end)) }
}

const changelog = (body: string): string => `<databaseChangeLog>${body}</databaseChangeLog>`
const changeSet = (body: string, attributes = ""): string => changelog(`<changeSet id="1" author="t"${attributes}>${body}</changeSet>`)

describe("a changelog", () => {
  it.each([
    ["XML", "db/changes.xml", changeSet('<dropColumn tableName="a" columnName="b"/><sql>SELECT 1 &lt; 2 <!-- c --><![CDATA[AND 3 < 4]]></sql>')],
    ["XML with a prefix", "db/changes.xml", '<x:databaseChangeLog xmlns:x="y"><x:changeSet id="1" author="t"><x:dropColumn tableName="a" columnName="b"/><x:sql>SELECT 1 &lt; 2 AND 3 &#60; 4</x:sql></x:changeSet></x:databaseChangeLog>'],
    ["YAML", "db/changes.yaml", "databaseChangeLog:\n- changeSet:\n    id: 1\n    author: t\n    changes:\n    - dropColumn: {tableName: a, columnName: b}\n    - sql:\n        sql: >-\n          SELECT 1 < 2\n          AND 3 < 4\n"],
    ["JSON", "db/changelog.json", '{ "databaseChangeLog": [{ "changeSet": { "id": 1, "author": "t", "changes": [{ "dropColumn": { "tableName": "a", "columnName": "b" } }, { "sql": { "sql": "SELECT 1 < 2 AND 3 \\u003c 4" } }] } }] }'],
  ])("may be %s", (_, path, text) => {
    expect(read(text, path)).toMatchObject({ sql: ["up: ALTER TABLE a DROP COLUMN b", "up: SELECT 1 < 2 AND 3 < 4"], unread: [], builders: 0 })
  })

  it("is none in other YAML and XML, and where these are broken", () => {
    const place = { formats: () => ({ toml, xml, yaml }), properties: new Map<string, string>(), hasRun: () => false, onlyRan: false, occasion: "always" as const, file: () => null }
    for (const text of ["<project/>", "<databaseChangeLog>", "<databaseChangeLog><changeSet></databaseChangeLog>"]) expect(readLiquibase("a.xml", text, place)).toBeNull()
    for (const text of ["a: b\n", "databaseChangeLog: [", ""]) expect(readLiquibase("a.yaml", text, place)).toBeNull()
  })

  it("leaves a change that is not known, or lacks something, unread as a whole", () => {
    const { sql, left } = read(changeSet('<customChange class="org.shop.Fill"/><createTable tableName="a"/><dropTable tableName="${unknown}"/><dropTable tableName="b"/>'))
    expect(sql).toEqual(["up: DROP TABLE b"])
    expect(left).toEqual(['<customChange class="org.shop.Fill"/>', '<createTable tableName="a"/>', '<dropTable tableName="${unknown}"/>'])
  })

  it("passes over what changes nothing of the schema", () => {
    expect(read(changeSet('<comment>Rows</comment><tagDatabase tag="v1"/><output>Hi</output><empty/><loadData tableName="a" file="a.csv"/><validCheckSum>ANY</validCheckSum>'))).toMatchObject({ sql: [], builders: 0 })
  })

  it("runs back from its end what its rollbacks say", () => {
    const one = '<changeSet id="1" author="t"><sql>SELECT 1</sql><rollback>SELECT -1</rollback></changeSet>'
    const two = '<changeSet id="2" author="t"><sql>SELECT 2</sql><rollback><dropTable tableName="a"/><sql>SELECT -2</sql></rollback></changeSet>'
    expect(read(changelog(one + two)).sql).toEqual(["up: SELECT 1", "up: SELECT 2", "down: DROP TABLE a", "down: SELECT -2", "down: SELECT -1"])
  })

  it("reads the files that its changes name", () => {
    const { calls, left } = read(changeSet('<sqlFile path="views.sql"/><sqlFile path="missing.sql"/><createProcedure path="views.sql"/>'))
    expect(calls.map(({ text: { sql, file } }) => [file, sql])).toEqual([["views.sql", "CREATE VIEW v AS SELECT 1;\n;\nSELECT 2"], [undefined, "CREATE VIEW v AS SELECT 1;\n/\nSELECT 2"]])
    expect(left).toEqual(['<sqlFile path="missing.sql"/>'])
  })

  it("may have a single column in YAML, and single values that mean nothing", () => {
    const text = "databaseChangeLog:\n- changeSet:\n    id: 1\n    changes:\n    - tagDatabase:\n    - tag: v1\n    - addColumn:\n        tableName: a\n        columns:\n          name: b\n          type: int\n"
    expect(read(text, "a.yml")).toMatchObject({ sql: ["up: ALTER TABLE a ADD b INTEGER"], builders: 0 })
  })

  it("tells an empty text from no text", () => {
    const column = (value: string): string => `databaseChangeLog:\n- changeSet:\n    id: 1\n    changes:\n    - addColumn:\n        tableName: a\n        columns:\n        - column: { name: b, type: text, defaultValue: ${value} }\n`
    expect(read(column('""'), "a.yml").sql).toEqual(["up: ALTER TABLE a ADD b TEXT DEFAULT ''"])
    for (const none of ["", "{}", "~"]) expect(read(column(none), "a.yml").sql).toEqual(["up: ALTER TABLE a ADD b TEXT"])
  })

  it("takes anchors and merges of YAML for what they stand for", () => {
    const text = "x-key: &key\n  type: uuid\n  constraints: { primaryKey: true }\ndatabaseChangeLog:\n- changeSet:\n    id: 1\n    changes:\n    - createTable:\n        tableName: a\n        columns:\n        - column: { name: id, <<: *key }\n"
    expect(read(text, "a.yml").sql).toEqual(["up: CREATE TABLE a (id UUID NOT NULL, CONSTRAINT a_pkey PRIMARY KEY (id))"])
  })
})

it("drops a primary key by the name that the changes before gave it, and by the server's where none did", () => {
  const table = '<createTable tableName="a"><column name="id" type="int"><constraints primaryKey="true" primaryKeyName="a_key"/></column></createTable>'
  const drop = '<dropPrimaryKey tableName="a"/>'
  const dropped = (changes: string): readonly string[] => read(changeSet(changes)).sql.filter((text) => text.includes("DROP")).map((text) => text.replace("up: ALTER TABLE a DROP CONSTRAINT ", ""))
  expect(dropped(`${table}${drop}<addPrimaryKey tableName="a" columnNames="id" constraintName="a_id"/>${drop}`)).toEqual(["a_key", "a_id"])
  expect(dropped(drop)).toEqual(["a_pkey"])
})

describe("placeholders", () => {
  const property = (name: string, value: string, more = ""): string => `<property name="${name}" value="${value}"${more}/>`
  const drop = (name: string): string => `<changeSet id="1" author="t"><dropTable tableName="${name}"/></changeSet>`

  it("stand for the first property of PostgreSQL that is called so", () => {
    const properties = property("table", "oracles", ' dbms="oracle"') + property("table", "a_${rest}") + property("table", "other") + property("rest", "b")
    expect(read(changelog(properties + drop("${table}"))).sql).toEqual(["up: DROP TABLE a_b"])
  })

  it("stand for what another changelog said before, if not for one of the file alone", () => {
    expect(read(changelog(property("table", "own") + drop("${table}")), "a.xml", { table: "shared" }).sql).toEqual(["up: DROP TABLE shared"])
    expect(read(changelog(property("table", "own", ' global="false"') + drop("${table}")), "a.xml", { table: "shared" }).sql).toEqual(["up: DROP TABLE own"])
  })

  it("leave the value of SQL open where nothing tells it, and so they do a schema", () => {
    const { sql, calls } = read(changeSet('<sql>UPDATE a SET b = \'${region}\'</sql><dropTable schemaName="${schema}" tableName="a"/><dropTable schemaName="${database.defaultSchemaName}" tableName="c"/><sql>DROP TABLE ${database.defaultSchemaName}.d</sql><insert tableName="a"><column name="b" value="${region}"/></insert>'))
    expect(sql).toEqual(["up: UPDATE a SET b = '${region}'", "up: DROP TABLE ${...}.a", "up: DROP TABLE c", "up: DROP TABLE d", "up: INSERT INTO a (b) VALUES ('${region}')"])
    expect(calls.map(({ text: { holes } }) => holes.length)).toEqual([1, 1, 0, 0, 0])
  })
})

describe("preconditions", () => {
  const guarded = (conditions: string, onFail = "MARK_RAN"): string => {
    const { calls } = read(changeSet(`<preConditions onFail="${onFail}">${conditions}</preConditions><sql>SELECT 1</sql>`))
    return calls.map(({ guards = [], maybe = false }) => [...guards.map(({ question: { relation, column }, answer }) => `${[relation.schema, relation.name, column].filter((part) => part !== null).join(".")}=${String(answer)}`), ...(maybe ? ["?"] : [])].join(" ") || "always").join(", ") || "never"
  }

  it.each([
    ['<tableExists tableName="Orders" schemaName="app"/>', "app.Orders=true"],
    ['<not><tableExists tableName="orders"/></not>', "orders=false"],
    ['<not><columnExists tableName="ORDERS" columnName="CODE"/></not>', "orders.code=false"],
    ['<and><tableExists tableName="a"/><not><viewExists viewName="b"/></not></and>', "a=true b=false"],
    ['<or><tableExists tableName="a"/><tableExists tableName="b"/></or>', "?"],
    ['<or><dbms type="oracle"/><dbms type="postgresql"/></or>', "always"],
    ['<dbms type="mysql,oracle"/>', "never"],
    ['<not><dbms type="mysql"/></not>', "always"],
    ['<not><indexExists indexName="i"/></not>', "?"],
    ['<sqlCheck expectedResult="0">SELECT count(*) FROM a</sqlCheck>', "?"],
    ['<tableExists tableName="${a}"/>', "?"],
  ])("%s", (conditions, expected) => {
    expect(guarded(conditions)).toBe(expected)
  })

  it("that stop everything, or only warn, leave nothing out", () => {
    expect(guarded('<tableExists tableName="a"/>', "HALT")).toBe("always")
    expect(guarded('<dbms type="oracle"/>', "WARN")).toBe("always")
  })

  it("may be contexts and labels, which nobody knows", () => {
    const perhaps = (attributes: string): readonly string[] => read(changeSet("<sql>SELECT 1</sql>", attributes)).sql
    expect(perhaps(' context="prod"')).toEqual(["up perhaps: SELECT 1"])
    expect(perhaps(' labels="a"')).toEqual(["up perhaps: SELECT 1"])
    expect(perhaps(' context=""')).toEqual(["up: SELECT 1"])
    expect(perhaps(' contextFilter="prod and !test"')).toEqual(["up perhaps: SELECT 1"])
    expect(read(changeSet("<sql>SELECT 1</sql>"), "a.xml", {}, "perhaps").sql).toEqual(["up perhaps: SELECT 1"])
  })
})

describe("contexts that are called like databases", () => {
  it.each([
    ["postgresql", "up: SELECT 1"],
    ["mysql, postgres", "up: SELECT 1"],
    ["!mysql", "up: SELECT 1"],
    ["mysql or h2", ""],
    ["prod and mysql", ""],
    ["not postgresql", ""],
    ["postgresql and prod", "up perhaps: SELECT 1"],
    ["(mysql)", "up perhaps: SELECT 1"],
  ])("%s", (context, expected) => {
    expect(read(changeSet("<sql>SELECT 1</sql>", ` context="${context}"`)).sql.join()).toBe(expected)
  })

  it("leave out what is included for others", () => {
    const files = { "db/changelog/all.xml": changelog('<include file="db/changelog/mysql.xml" context="mysql"/><include file="db/changelog/1.xml"/>'), "db/changelog/1.xml": changelog(TABLE), "db/changelog/mysql.xml": changelog(TABLE) }
    const [project] = detectProjects(tree(files), Object.keys(files))
    expect(project?.files.map(({ path, role }) => `${path} ${role}`)).toEqual(["db/changelog/all.xml migration", "db/changelog/mysql.xml foreign", "db/changelog/1.xml migration"])
  })
})

interface Linted {
  readonly found: readonly string[]
  readonly findings: readonly Finding[]
}

/** `rule file: text` of what is found in all files of a project of Liquibase, each of them a deploy. */
function lint(files: Readonly<Record<string, string>>): Linted {
  const disk = tree(files)
  const [project, ...others] = detectProjects(disk, Object.keys(files).filter((path) => languageOf(path) !== undefined || path.endsWith(".sql")))
  if (project === undefined || others.length > 0) throw new Error("not one project")
  const session = createSession({ pgVersion: 17, rules: activate(rules, { ignore: ["lock-timeout-missing"] }), runner: project.runner, direction: "up" })
  const findings = project.files.filter(({ role }) => role === "migration").flatMap((file): Finding[] => {
    const text = files[file.path] ?? ""
    if (languageOf(file.path) === undefined) return [...session.analyze({ sql: text, parsed: parseFile(text), file, report: true }).findings]
    const code = loadCode(file.path, text, project.runner, "up", finderFor(file.path, project, disk))
    if ("message" in code) throw new Error(code.message)
    return [...atHome(session.analyze({ ...code, file, report: true }).findings, code, file.path).values()].flat()
  })
  return { findings, found: findings.map(({ rule, file, span }) => `${rule} ${file}: ${(files[file] ?? "").slice(span.start, span.end)}`) }
}

const TABLE = '<changeSet id="a" author="t"><createTable tableName="orders"><column name="id" type="bigint" autoIncrement="true"><constraints primaryKey="true"/></column><column name="code" type="varchar(9)"/></createTable></changeSet>'

describe("findings in changelogs", () => {
  it("stand at the attributes and keys that make the statement", () => {
    const { found } = lint({
      "db/changelog/1.xml": changelog(TABLE),
      "db/changelog/2.xml": changelog('<changeSet id="b" author="t"><createIndex tableName="orders" indexName="orders_code"><column name="code"/></createIndex></changeSet>'),
      "db/changelog/3.yaml": "databaseChangeLog:\n- changeSet:\n    id: c\n    author: t\n    changes:\n    - modifyDataType:\n        tableName: orders\n        columnName: code\n        newDataType: int\n    - dropColumn: { tableName: orders, columnName: code }\n",
      ...MASTER,
    })
    expect(found).toEqual([
      "index-creation-blocks-writes db/changelog/2.xml: orders",
      "type-change-blocks-queries db/changelog/3.yaml: int",
      "column-drop-breaks-code db/changelog/3.yaml: dropColumn: { tableName: orders, columnName: code",
    ])
  })

  it("have the fix that turns off the transaction of their changeset", () => {
    const concurrently = "CREATE INDEX CONCURRENTLY ON orders (code)"
    const files = {
      "db/changelog/1.xml": changelog(TABLE),
      "db/changelog/2.xml": changelog(`<changeSet id="b" author="t" >\n<sql>${concurrently}</sql></changeSet>`),
      "db/changelog/3.yaml": `databaseChangeLog:\n  - changeSet:\n      id: c\n      author: t\n      changes:\n        - sql: ${concurrently}\n`,
      "db/changelog/4-changelog.json": `{ "databaseChangeLog": [{ "changeSet": { "id": "d", "author": "t", "changes": [{ "sql": { "sql": "${concurrently}" } }] } }] }`,
      "db/changelog/master.xml": changelog('<include file="db/changelog/1.xml"/><include file="db/changelog/2.xml"/><include file="db/changelog/3.yaml"/><include file="db/changelog/4-changelog.json"/>'),
    }
    const edited = (file: keyof typeof files): string => {
      const [fix] = lint(files).findings.flatMap((one) => (one.file === file && one.rule === "forbidden-in-transaction" && one.fix !== null ? [one.fix] : []))
      const [edit] = fix?.edits ?? []
      if (edit === undefined) throw new Error("no fix")
      return files[file].slice(0, edit.span.start) + edit.text + files[file].slice(edit.span.end)
    }
    expect(edited("db/changelog/2.xml")).toContain('<changeSet id="b" author="t" runInTransaction="false" >')
    expect(edited("db/changelog/3.yaml")).toContain("  - changeSet:\n      runInTransaction: false\n      id: c\n")
    expect(edited("db/changelog/4-changelog.json")).toContain('"changeSet": { "runInTransaction": false, "id": "d"')
    for (const file of ["db/changelog/2.xml", "db/changelog/3.yaml", "db/changelog/4-changelog.json"] as const) {
      expect(lint({ ...files, [file]: edited(file) }).found.filter((one) => one.startsWith(`forbidden-in-transaction ${file}`))).toEqual([])
    }
  })

  it("say in their steps what is written in that format", () => {
    const index = (body: string, path: string): readonly string[] => lint({ ...MASTER, "db/changelog/1.xml": changelog(TABLE), [path]: body }).findings.flatMap(({ steps }) => steps.flatMap(({ note }) => /With Liquibase: (.*?)\./.exec(note ?? "")?.[1] ?? []))
    expect(index(changelog('<changeSet id="b" author="t"><createIndex tableName="orders" indexName="i"><column name="code"/></createIndex></changeSet>'), "db/changelog/2.xml")).toContain('add `runInTransaction="false"` to this changeSet')
    expect(index("databaseChangeLog:\n- changeSet:\n    id: c\n    changes:\n    - createIndex: { tableName: orders, indexName: i, columns: [{ column: { name: code } }] }\n", "db/changelog/2.yaml")).toContain("add `runInTransaction: false` to this changeSet")
  })

  it("may be silenced by comments in XML and YAML", () => {
    const drop = '<dropColumn tableName="orders" columnName="code"/>'
    const marked = lint({ ...MASTER, "db/changelog/1.xml": changelog(TABLE), "db/changelog/2.xml": `<databaseChangeLog>\n<changeSet id="b" author="t">\n<!-- pgsafe-ignore column-drop-breaks-code - unused -->\n${drop}\n</changeSet>\n</databaseChangeLog>` })
    expect(marked.found).toEqual([])
    const yamls = lint({ ...MASTER, "db/changelog/1.xml": changelog(TABLE), "db/changelog/2.yaml": "databaseChangeLog:\n- changeSet:\n    id: b\n    changes:\n    # pgsafe-ignore column-drop-breaks-code -- unused\n    - dropColumn: { tableName: orders, columnName: code }\n" })
    expect(yamls.found).toEqual([])
  })

  it("never miss what a statement that cannot be read may have made", () => {
    const broken = '<changeSet id="b" author="t"><addColumn tableName="orders"><column name="region" type="interval day to week"/></addColumn></changeSet>'
    const index = '<changeSet id="c" author="t"><createIndex tableName="orders" indexName="i"><column name="region"/></createIndex></changeSet>'
    expect(lint({ "db/changelog/1.xml": changelog(TABLE + broken + index) }).found).toEqual([])
    expect(lint({ "db/changelog/1.xml": changelog(TABLE + index) }).found).toEqual(["statement-fails db/changelog/1.xml: <createIndex"])
  })

  it("know the schema that Liquibase works in", () => {
    const set = '<changeSet id="b" author="t"><sql>SET search_path TO ${database.defaultSchemaName}; CREATE INDEX i ON ${database.defaultSchemaName}.orders (nothing)</sql></changeSet>'
    expect(lint({ "db/changelog/1.xml": changelog(TABLE + set) }).found).toEqual(["statement-fails db/changelog/1.xml: CREATE INDEX"])
    expect(lint({ "liquibase.properties": "defaultSchemaName=app\n", "db/changelog/1.xml": changelog(TABLE + set) }).found).toEqual(["statement-fails db/changelog/1.xml: CREATE INDEX"])
  })

  it("know what one changeset holds, and what several do", () => {
    const two = ['<addColumn tableName="orders"><column name="note" type="text"/></addColumn>', '<update tableName="carts"><column name="code" value="x"/></update>']
    const base = { ...MASTER, "db/changelog/1.xml": changelog(TABLE + TABLE.replace('id="a"', 'id="aa"').replaceAll("orders", "carts")) }
    const holds = (body: string): boolean => lint({ ...base, "db/changelog/2.xml": changelog(body) }).found.some((one) => one.startsWith("backfill-holds-lock "))
    expect(holds(`<changeSet id="b" author="t">${two.join("")}</changeSet>`)).toBe(true)
    expect(holds(two.map((one, index) => `<changeSet id="b${String(index)}" author="t">${one}</changeSet>`).join(""))).toBe(false)
    expect(holds(`<changeSet id="b" author="t" runInTransaction="false">${two.join("")}</changeSet>`)).toBe(false)
  })
})
