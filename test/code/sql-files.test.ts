import { describe, expect, it } from "vitest"
import { child, children, isNode, type Node } from "../../src/embedded/node.ts"
import { parseCode } from "../../src/code/parse.ts"
import { createScope } from "../../src/code/scope.ts"
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
