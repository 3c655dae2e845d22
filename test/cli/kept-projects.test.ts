/** Which projects were found is kept only as long as finding them again would give the same. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { keepProjects, keptProjects } from "../../src/cli/kept-projects.ts"
import { detectProjects } from "../../src/files/detect.ts"
import { watched } from "../../src/files/looks.ts"
import { nodeFiles } from "../../src/files/node-files.ts"
import type { Project } from "../../src/files/types.ts"

const QUESTION = `["build","v1",["db/migrations/V9__orders.sql"]]`
/** A run that begins when the times of all files are long past. */
const LATER = Date.now() + 3_600_000

let root: string
let kept: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pgsafe-projects-"))
  kept = join(root, "node_modules/.cache/pgsafe")
  mkdirSync(join(root, ".git"))
  mkdirSync(join(root, "db/migrations"), { recursive: true })
  for (let version = 1; version < 10; version++) write(`db/migrations/V${String(version)}__orders.sql`, `ALTER TABLE orders ADD COLUMN c${String(version)} int;\n`)
  write("flyway.conf", "flyway.schemas=shop\n")
  mkdirSync(join(root, "node_modules/.cache"), { recursive: true })
})
afterEach(() => { rmSync(root, { recursive: true, force: true }) })

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text)
}

/** Finds the projects and keeps them. */
function find(started = LATER): readonly Project[] {
  const { files, paths } = watched(nodeFiles(root))
  const projects = detectProjects(files, ["db/migrations/V9__orders.sql"], { history: true })
  keepProjects(kept, QUESTION, projects, paths, started)
  return projects
}

const read = (started = LATER): readonly Project[] | null => keptProjects(kept, QUESTION, started)

describe("which projects were found", () => {
  it("is the same when it was kept, patterns included", () => {
    const projects = find()
    expect(projects.map(({ framework }) => framework)).toEqual(["flyway"])
    expect(projects[0]?.files).toHaveLength(9)
    expect(JSON.stringify(projects, (_, value: unknown) => (value instanceof RegExp ? String(value) : value))).toContain("/^")
    expect(read()).toEqual(projects)
  })

  it("is no answer to another question", () => {
    find()
    expect(keptProjects(kept, QUESTION.replace("V9", "V8"), LATER)).toBeNull()
  })

  it.each<readonly [string, () => void]>([
    ["a file is added", () => { write("db/migrations/V10__more.sql", "SELECT 1;\n") }],
    ["a file is removed", () => { unlinkSync(join(root, "db/migrations/V2__orders.sql")) }],
    ["a file is renamed", () => { renameSync(join(root, "db/migrations/V2__orders.sql"), join(root, "db/migrations/V2__other.sql")) }],
    ["the file that is linted is another", () => { write("db/migrations/V9__orders.sql", "-- +goose Up\nSELECT 1;\n") }],
    ["settings change", () => { write("flyway.conf", "flyway.schemas=mall\n") }],
    ["settings go", () => { unlinkSync(join(root, "flyway.conf")) }],
    ["another tool's settings come", () => { write("atlas.hcl", "env \"local\" {}\n") }],
    ["settings come that were looked for in vain", () => { write("db/migrations/V9__orders.sql.conf", "executeInTransaction=false\n") }],
  ])("is asked again when %s", (_, change) => {
    const before = find()
    expect(read()).toEqual(before)
    change()
    expect(read()).toBeNull()
    const after = find()
    expect(read()).toEqual(after)
  })

  it.skipIf(process.platform === "win32")("is asked again when a link leads elsewhere", () => {
    mkdirSync(join(root, "elsewhere"))
    symlinkSync(join(root, "elsewhere"), join(root, "db/migrations/more"))
    find()
    expect(read()).not.toBeNull()
    rmSync(join(root, "elsewhere"), { recursive: true })
    writeFileSync(join(root, "elsewhere"), "")
    expect(read()).toBeNull()
  })

  it("is not kept when something has just changed, since it may change again unseen", () => {
    find(Date.now())
    expect(read()).toBeNull()
    find()
    expect(read()).not.toBeNull()
    expect(read(Date.now())).toBeNull()
  })

  it("is not there when a file is damaged, or belongs to another run", () => {
    find()
    const paths = ["projects.json", "projects.files.json"].map((name) => join(kept, name))
    for (const path of paths) {
      const intact = readFileSync(path)
      for (const damaged of [intact.subarray(0, intact.length / 2), Buffer.alloc(0), intact.map((byte, at) => (at === intact.length - 9 ? byte ^ 1 : byte))]) {
        writeFileSync(path, damaged)
        expect(read()).toBeNull()
      }
      writeFileSync(path, intact)
      expect(read()).not.toBeNull()
    }
    const [, rest = ""] = paths
    const other = readFileSync(rest)
    write("db/migrations/V10__more.sql", "SELECT 1;\n")
    find()
    writeFileSync(rest, other)
    expect(read()).toBeNull()
  })

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)("is not kept where nothing can be written, without a word", () => {
    chmodSync(join(root, "node_modules/.cache"), 0o500)
    expect(find()).toHaveLength(1)
    expect(read()).toBeNull()
    chmodSync(join(root, "node_modules/.cache"), 0o700)
  })
})
