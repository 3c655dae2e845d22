import { describe, expect, it } from "vitest"
import { child, children, isNode, type Node } from "../../src/embedded/node.ts"
import { parseCode } from "../../src/code/parse.ts"
import { createScope } from "../../src/code/scope.ts"
import { readRails } from "../../src/code/languages/rails/read.ts"
import { sqlFileIn, withFiles } from "../../src/code/languages/sql-files.ts"
import { sqlFileOf, type SqlFileRequest } from "../../src/code/sql-files.ts"

/** What the last statement, an expression, says of a file. */
function requestOf(source: string): SqlFileRequest | null {
  const program = parseCode(source)
  const last: Node | undefined = program === null ? undefined : children(program, "body").at(-1)
  const expression = last === undefined ? null : child(last, "expression")
  if (program === null || !isNode(expression)) throw new Error("no expression")
  return sqlFileOf(expression, createScope(program).resolve)
}

describe("a file of SQL that code reads", () => {
  it("is told by a path below the folder of the migration", () => {
    expect(requestOf('fs.readFileSync(path.join(__dirname, "..", "sql", "a.sql"), "utf8").trim()')).toMatchObject({ exact: "../sql/a.sql", name: "a.sql" })
    expect(requestOf("const name = 'a'; await readFile(`${__dirname}/sql/${name}.sql`)")).toMatchObject({ exact: "sql/a.sql", name: "a.sql" })
    expect(requestOf('__dirname + "/a.sql"')).toMatchObject({ exact: "a.sql", name: "a.sql" })
    expect(requestOf('readFileSync(new URL("./a.sql", import.meta.url))')).toMatchObject({ exact: "./a.sql", name: "a.sql" })
    expect(requestOf('readFileSync(join(import.meta.dirname, "a.sql"))')).toMatchObject({ exact: "a.sql", name: "a.sql" })
  })
  it("is told by its name and the folders that the code names", () => {
    expect(requestOf('const FOLDER = "orders"; load("a.sql", FOLDER)')).toEqual({ exact: null, name: "a.sql", folders: ["orders"] })
    expect(requestOf('path.resolve(root, "db/sql", "a.sql")')).toEqual({ exact: null, name: "a.sql", folders: ["db", "sql"] })
  })
  it("is none where its name is not in sight, or where there are several", () => {
    expect(requestOf("fs.readFileSync(path.join(__dirname, `${name}.sql`))")).toBeNull()
    expect(requestOf('concat("a.sql", "b.sql")')).toBeNull()
    expect(requestOf('build("orders")')).toBeNull()
  })
})

describe("a file of SQL that code in another language reads", () => {
  it.each([
    ['File.read(Rails.root.join("db/sql", "a.sql"))', ["db", "sql"]],
    ["Rails.root.join('db', 'a.sql').read", ["db"]],
    ['File.read(File.expand_path("../sql/a.sql", __dir__))', ["sql"]],
    ['Path(__file__).parent.joinpath("map", "a.sql").read_text()', ["map"]],
    ['open(os.path.join(HERE, "a.sql")).read()', []],
    ['File.read!(Path.join(:code.priv_dir(:shop), "repo/a.sql"))', ["repo"]],
    ["file_get_contents(__DIR__ . '/sql/a.sql')", ["sql"]],
    ['File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sql/a.sql"))', ["Sql"]],
  ])("is told by its name: %s", (expression, folders) => {
    expect(sqlFileIn(expression)).toEqual({ exact: null, name: "a.sql", folders })
  })
  it.each([
    'File.read("#{name}.sql")',
    'File.read("a.sql").gsub("x", "y")',
    'File.read("a.sql") % { table: name }',
    'ERB.new(File.read("a.sql")).result',
    '[File.read("a.sql"), File.read("b.sql")].join',
    'query("a.sql")',
  ])("is none where another text is made of it, or nothing reads it: %s", (expression) => {
    expect(sqlFileIn(expression)).toBeNull()
  })
  it("takes the place of the call that sends it", () => {
    const source = `class A < ActiveRecord::Migration[7.1]
  def up
    execute "SELECT 1"
    if old?
      execute File.read("a.sql")
    end
    execute File.read("missing.sql")
  end
  def down
    execute File.read("a.sql")
  end
end`
    const all = withFiles(readRails(source), source, ({ name }) => (name === "a.sql" ? { path: "db/a.sql", text: "SELECT 2;" } : null))
    expect(all.calls.map(({ text, down, conditional }) => [text.sql, text.file, down, conditional])).toEqual([
      ["SELECT 1", undefined, false, false],
      ["SELECT 2;", "db/a.sql", false, true],
      ["SELECT 2;", "db/a.sql", true, false],
    ])
    expect(all.unread.map(({ start, end }) => source.slice(start, end))).toEqual(['File.read("missing.sql")'])
  })

  it("is that of a view of the gem scenic by its name and version", () => {
    const source = `class A < ActiveRecord::Migration[7.1]
  def up
    create_view :lates
    update_view "app.lates", version: 12, revert_to_version: 11 if late?
    replace_view(:lates, version: 3)
    create_view :stored, materialized: true, version: 2
    update_view :stored, materialized: true, version: 2
    update_view :lates, version: LATEST
    update_view :missing, version: 1
  end
end`
    const texts = new Map([["lates_v01.sql", "SELECT 1;"], ["app_lates_v12.sql", "SELECT 12"], ["lates_v03.sql", "SELECT 3"], ["stored_v02.sql", "SELECT 2"]])
    const asked: SqlFileRequest[] = []
    const all = withFiles(readRails(source), source, (request) => {
      asked.push(request)
      const text = texts.get(request.name)
      return text === undefined ? null : { path: `db/views/${request.name}`, text }
    })
    expect(all.calls.map(({ text, conditional }) => [text.sql, text.file, conditional])).toEqual([
      ['CREATE VIEW "lates" AS SELECT 1;', "db/views/lates_v01.sql", false],
      ['DROP VIEW "app"."lates"', undefined, true],
      ['CREATE VIEW "app"."lates" AS SELECT 12', "db/views/app_lates_v12.sql", true],
      ['CREATE OR REPLACE VIEW "lates" AS SELECT 3', "db/views/lates_v03.sql", false],
      ['CREATE MATERIALIZED VIEW "stored" AS SELECT 2', "db/views/stored_v02.sql", false],
    ])
    expect(asked.every(({ folders }) => folders.join("/") === "db/views")).toBe(true)
    expect(all.builders.map(({ start, end }) => source.slice(start, end))).toEqual(["update_view :stored, materialized: true, version: 2", "update_view :lates, version: LATEST", "update_view :missing, version: 1"])
    const [created] = all.calls
    const query = created?.text.segments.find(({ kind }) => kind === "plain")
    expect({ from: query?.from, to: query?.to, sql: created?.text.sql.slice(query?.start, query?.end) }).toEqual({ from: 0, to: 9, sql: "SELECT 1;" })
  })
})
