/** Every framework has a small project in fixtures/projects; what is recognized there is recorded in golden/. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, it } from "vitest"
import { loadCode } from "../../src/cli/code-files.ts"
import { finderFor } from "../../src/cli/sql-files.ts"
import { contextOf } from "../../src/files/context.ts"
import { detectProjects, readUnits } from "../../src/files/detect.ts"
import { discover } from "../../src/files/discover.ts"
import { frameworks } from "../../src/files/frameworks/index.ts"
import { compose, includesOthers } from "../../src/files/includes.ts"
import { languageOf } from "../../src/files/languages.ts"
import { nodeFiles } from "../../src/files/node-files.ts"
import type { MigrationFile, Project } from "../../src/files/types.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"

const projects = fileURLToPath(new URL("../../fixtures/projects", import.meta.url))

beforeAll(() => { loadGrammar() })

/** SQL and code. */
async function filesIn(cwd: string): Promise<readonly string[]> {
  const { files, code } = await discover(["."], { cwd })
  return [...files, ...code]
}

describe.each(frameworks.map(({ id }) => id))("the project of %s", (id) => {
  const cwd = `${projects}/${id}`

  it("is recognized, in order, with the transaction of every part", async () => {
    const found = detectProjects(nodeFiles(cwd), await filesIn(cwd))
    await expect(report(cwd, found)).toMatchFileSnapshot(`golden/${id}.txt`)
  })

  it("is recognized from any single file", async () => {
    const files = await filesIn(cwd)
    const whole = new Map(detectProjects(nodeFiles(cwd), files).flatMap(({ framework, files: members }) =>
      members.map(({ path }) => [path, framework] as const),
    ))
    const single = new Map(files.map((file) => [file, detectProjects(nodeFiles(cwd), [file])[0]?.framework]))
    expect(Object.fromEntries(single)).toEqual(Object.fromEntries(whole))
  })
})

it("recognizes all projects of a monorepo at once", async () => {
  const files = await filesIn(projects)
  const found = detectProjects(nodeFiles(projects), files)
  for (const { id } of frameworks) {
    expect(found.filter(({ root }) => `${root}/`.startsWith(`${projects}/${id}/`)).map(({ framework }) => framework)).toContain(id)
  }
})

function report(cwd: string, found: readonly Project[]): string {
  const lines = found.flatMap((project) => [
    `${project.framework} in ${project.root.replace(cwd, ".")}, recognized by ${project.evidence}`,
    `  ${project.runner.why}`,
    `  switch: ${project.runner.offSwitch.how}`,
    ...project.files.flatMap((file) => reportFile(cwd, project, file)),
  ])
  return `${lines.join("\n")}\n`
}

function reportFile(cwd: string, project: Project, file: MigrationFile): readonly string[] {
  const text = readFileSync(`${cwd}/${file.path}`, "utf8")
  if (languageOf(file.path) !== undefined) return [`  ${file.path} (${file.role}, ${file.key})`, ...(["up", "down"] as const).flatMap((direction) => reportCode(cwd, project, file.path, text, direction))]
  const units = readUnits(project.runner, file, text).map((unit) => {
    const { directive } = unit
    const said = directive && `; line ${directive.line} ${directive.text}: ${directive.reason ?? "works"}`
    const name = unit.name === undefined ? "" : ` ${unit.name}`
    const { kind } = contextOf(unit, 2)
    return `    ${unit.direction}${name} ${unit.start}-${unit.end} ${kind}: ${unit.why}${said ?? ""}`
  })
  return [`  ${file.path} (${file.direction}, ${file.role}, ${file.key})`, ...units, ...includedIn(cwd, project, file, text)]
}

function includedIn(cwd: string, { framework, runner, root, above }: Project, { path }: MigrationFile, text: string): readonly string[] {
  const project = { framework, isPsql: runner.send === "psql", root, above }
  if (!includesOthers(text, project)) return []
  const { included, problems } = compose(path, text, project, nodeFiles(cwd))
  return [...[...included].map((full) => `    includes ${full.replace(`${cwd}/`, "")}`), ...problems.map(({ message }) => `    ${message}`)]
}

/** Each statement of code with its transaction and its line. */
function reportCode(cwd: string, project: Project, path: string, source: string, direction: "up" | "down"): readonly string[] {
  const code = loadCode(path, source, project.runner, direction, finderFor(path, project, nodeFiles(cwd)))
  if ("message" in code) return [`    ${code.message}`]
  const statements = code.parsed.statements.map(({ span }) => {
    const unit = code.units?.find(({ start, end }) => start <= span.start && span.start < end)
    const place = code.place(span)
    const line = place === null ? "from nowhere" : `line ${String(source.slice(0, place.span.start).split("\n").length)}`
    const said = unit?.directive === undefined ? "" : `; ${unit.directive.text}: ${unit.directive.reason ?? "works"}`
    return `    ${direction} ${line} ${unit === undefined ? "in no unit" : contextOf(unit, 1).kind}: ${code.sql.slice(span.start, span.end).replace(/\s+/g, " ")}${said}`
  })
  const left = [code.unread > 0 ? `${String(code.unread)} unread` : "", code.builders > 0 ? `${String(code.builders)} builder calls` : ""].filter(Boolean)
  return left.length === 0 ? statements : [...statements, `    ${direction}: ${left.join(", ")}`]
}
