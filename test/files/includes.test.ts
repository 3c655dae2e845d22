import { describe, expect, it } from "vitest"
import { compose, includesOthers, type Composition, type IncludeProject } from "../../src/files/includes.ts"
import { tree } from "./memory.ts"

const PSQL: IncludeProject = { framework: "psql", isPsql: true, root: "/repo/db", above: ["/repo/db", "/repo"] }

function composed(files: Readonly<Record<string, string>>, path: string, project: IncludeProject = PSQL): Composition {
  return compose(path, files[path] ?? "", project, tree(files))
}

/** The text without the line ends and semicolons that are put between its parts. */
function words({ text }: Composition): string {
  return text.replace(/\s+/g, " ").replace(/(?: ;)+/g, " ;").trim()
}

/** Each part as `file: text`. */
function parts({ text, parts: all, texts }: Composition): string[] {
  return all.map(({ start, end, file, from }) => {
    expect(texts.get(file)?.slice(from, from + end - start)).toBe(text.slice(start, end))
    return `${file}: ${text.slice(start, end).trim()}`
  })
}

describe("what psql includes", () => {
  it("is read from the folder of the script with \\ir, and from the current one with \\i", () => {
    const files = {
      "db/a.sql": "SELECT 1;\n\\ir sub/b.sql\n\\i db/c.sql\nSELECT 4;\n",
      "db/sub/b.sql": "SELECT 2;\n\\ir d.sql\n",
      "db/sub/d.sql": "SELECT 2.5",
      "db/c.sql": "SELECT 3;\n",
    }
    const composition = composed(files, "db/a.sql")
    // What has no semicolon at the end of a file is sent all the same.
    expect(words(composition)).toBe("SELECT 1; SELECT 2; SELECT 2.5 ; SELECT 3; ; SELECT 4;")
    expect(parts(composition).filter((part) => !part.endsWith(": "))).toEqual([
      "db/a.sql: SELECT 1;",
      "db/sub/b.sql: SELECT 2;",
      "db/sub/d.sql: SELECT 2.5",
      "db/c.sql: SELECT 3;",
      "db/a.sql: SELECT 4;",
    ])
    expect([...composition.included]).toEqual(["/repo/db/sub/b.sql", "/repo/db/sub/d.sql", "/repo/db/c.sql"])
    expect(composition.problems).toEqual([])
  })

  it("is found from a folder above the script, where psql may have been started", () => {
    const files = { "app/db/a.sql": "\\i db/b.sql\n", "app/db/b.sql": "SELECT 1;" }
    const project = { ...PSQL, root: "/repo/app/db", above: ["/repo/app/db", "/repo/app", "/repo"] }
    expect([...composed(files, "app/db/a.sql", project).included]).toEqual(["/repo/app/db/b.sql"])
  })

  it("may be named by a variable that the script sets, in quotes, and by the long command", () => {
    const files = {
      "db/a.sql": "\\set where sub\n\\include_relative :where/b.sql\n\\ir 'sub/with space.sql'\n\\include :unknown/x.sql\n",
      "db/sub/b.sql": "SELECT 1;",
      "db/sub/with space.sql": "SELECT 2;",
    }
    const { included, problems } = composed(files, "db/a.sql")
    expect([...included]).toEqual(["/repo/db/sub/b.sql", "/repo/db/sub/with space.sql"])
    expect(problems).toMatchObject([{ file: "db/a.sql", start: 71, unsure: true, message: ":unknown/x.sql is not followed: only running the script tells which file it is" }])
  })

  it("is not looked for in texts, comments and data", () => {
    const files = { "db/a.sql": "SELECT '\n\\ir b.sql\n';\n/*\n\\ir b.sql\n*/\nCOPY t FROM stdin;\n\\ir b.sql\n\\.\n\\if true\n", "db/b.sql": "" }
    expect([...composed(files, "db/a.sql").included]).toEqual([])
    const told = composed({ "db/a.sql": "\\qecho 'then: \\i b.sql'\n\\qecho '\\\\i c.sql'\n\\echo 'x' \\i 'd.sql'\n", "d.sql": "SELECT 1;" }, "db/a.sql")
    expect([[...told.included], told.problems]).toEqual([["/repo/d.sql"], []])
  })

  it("has to be there, unless a condition or another folder leaves that open", () => {
    const files = { "db/a.sql": "SELECT 1;\n\\ir gone.sql\n\\if :x\n\\ir maybe.sql\n\\endif\n\\i /usr/share/x.sql\n" }
    expect(composed(files, "db/a.sql").problems).toEqual([
      { file: "db/a.sql", start: 10, end: 22, unsure: false, message: "there is no file gone.sql to include (looked in db)" },
      { file: "db/a.sql", start: 30, end: 43, unsure: true, message: "there is no file maybe.sql to include (looked in db)" },
      { file: "db/a.sql", start: 51, end: 70, unsure: true, message: "there is no file /usr/share/x.sql to include (looked in /usr/share)" },
    ])
  })

  it("must not come round to itself", () => {
    const files = { "db/a.sql": "\\ir b.sql\n", "db/b.sql": "SELECT 1;\n\\ir a.sql\n" }
    expect(composed(files, "db/a.sql").problems).toMatchObject([
      { file: "db/b.sql", start: 10, unsure: false, message: "db/a.sql includes itself, by way of db/a.sql, db/b.sql, db/a.sql" },
    ])
  })
})

describe("other tools", () => {
  it("include fixtures in Graphile Migrate", () => {
    const project: IncludeProject = { framework: "graphile-migrate", isPsql: false, root: "/repo/migrations", above: ["/repo/migrations", "/repo"] }
    const files = {
      "migrations/current.sql": "--! include a.sql\n--!include sub/b.sql\nSELECT 3;\n--!include none.sql\n",
      "migrations/fixtures/a.sql": "SELECT 1;\n",
      "migrations/fixtures/sub/b.sql": "SELECT 2;\n",
    }
    const composition = composed(files, "migrations/current.sql", project)
    expect(words(composition)).toBe("SELECT 1; SELECT 2; SELECT 3; --!include none.sql")
    expect(composition.problems).toMatchObject([{ file: "migrations/current.sql", unsure: false }])
  })

  it("include templates in tern, also in the midst of a statement", () => {
    const project: IncludeProject = { framework: "tern", isPsql: false, root: "/repo/db", above: ["/repo/db"] }
    const files = {
      "db/001_a.sql": 'CREATE TABLE a (\n  id int,\n  {{ template "shared/times.sql" . }}\n);\n{{ .owner }}',
      "db/shared/times.sql": "at timestamptz",
    }
    expect(words(composed(files, "db/001_a.sql", project))).toBe("CREATE TABLE a ( id int, at timestamptz ); {{ .owner }}")
  })

  it("do not know the commands of psql", () => {
    expect(includesOthers("\\ir a.sql\n", { framework: "flyway", isPsql: false })).toBe(false)
    expect(includesOthers("\\ir a.sql\n", { framework: "sqitch", isPsql: true })).toBe(true)
    expect(includesOthers("\\if true\n\\echo i\n", { framework: "psql", isPsql: true })).toBe(false)
  })
})
