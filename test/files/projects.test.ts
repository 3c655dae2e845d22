/** Every framework has a small project in fixtures/projects; what is recognized there is recorded in golden/. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { contextOf } from "../../src/files/context.ts"
import { detectProjects, readUnits } from "../../src/files/detect.ts"
import { discover } from "../../src/files/discover.ts"
import { frameworks } from "../../src/files/frameworks/index.ts"
import { nodeFiles } from "../../src/files/node-files.ts"
import type { MigrationFile, Project } from "../../src/files/types.ts"

const projects = fileURLToPath(new URL("../../fixtures/projects", import.meta.url))

describe.each(frameworks.map(({ id }) => id))("the project of %s", (id) => {
  const cwd = `${projects}/${id}`

  it("is recognized, in order, with the transaction of every part", async () => {
    const found = detectProjects(nodeFiles(cwd), (await discover(["."], { cwd })).files)
    await expect(report(cwd, found)).toMatchFileSnapshot(`golden/${id}.txt`)
  })

  it("is recognized from any single file", async () => {
    const { files } = await discover(["."], { cwd })
    const whole = new Map(detectProjects(nodeFiles(cwd), files).flatMap(({ framework, files: members }) =>
      members.map(({ path }) => [path, framework] as const),
    ))
    const single = new Map(files.map((file) => [file, detectProjects(nodeFiles(cwd), [file])[0]?.framework]))
    expect(Object.fromEntries(single)).toEqual(Object.fromEntries(whole))
  })
})

it("recognizes all projects of a monorepo at once", async () => {
  const { files } = await discover(["."], { cwd: projects })
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
  const units = readUnits(project.runner, file, text).map((unit) => {
    const { directive } = unit
    const said = directive && `; line ${directive.line} ${directive.text}: ${directive.reason ?? "works"}`
    const name = unit.name === undefined ? "" : ` ${unit.name}`
    const { kind } = contextOf(unit, 2)
    return `    ${unit.direction}${name} ${unit.start}-${unit.end} ${kind}: ${unit.why}${said ?? ""}`
  })
  return [`  ${file.path} (${file.direction}, ${file.role}, ${file.key})`, ...units]
}
