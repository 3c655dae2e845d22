import { readFileSync } from "node:fs"
import type { Severity } from "../engine/finding.ts"
import { toResultFinding, type ResultError, type ResultFinding, type ResultSummary } from "../engine/result.ts"
import { activate, type RuleSelection } from "../engine/select.ts"
import { createSession } from "../engine/session.ts"
import { detectProjects } from "../files/detect.ts"
import { nodeFiles } from "../files/node-files.ts"
import { sequenceOf } from "../files/sequence.ts"
import type { FrameworkId, Project } from "../files/types.ts"
import { createLineMap, type LineMap } from "../source/text.ts"
import { rules } from "../../rules/index.ts"
import { loadAll } from "./parse-pool.ts"
import type { Task } from "./parse-task.ts"

export interface RunOptions {
  /** What to lint, in any order. */
  readonly tasks: readonly Task[]
  readonly pgVersion: number
  readonly selection: RuleSelection
  readonly transaction: boolean | undefined
  readonly framework: FrameworkId | undefined
  readonly direction: "up" | "down" | "both"
  /** The files are deployed together. */
  readonly together: boolean
}

export interface RunSink {
  projects(projects: readonly Project[]): void
  file(findings: readonly ResultFinding[], sql: string): void
  error(error: ResultError): void
}

/** Lints files from disk, in the order in which their tools run them. */
export async function run(options: RunOptions, sink: RunSink): Promise<Omit<ResultSummary, "durationMs">> {
  const { direction, pgVersion, together } = options
  const active = activate(rules, options.selection)
  const tasks = new Map(options.tasks.map((task) => [task.path, task]))
  const projects = detectProjects(nodeFiles(process.cwd()), [...tasks.keys()], {
    history: true,
    ...(options.framework !== undefined && { framework: options.framework }),
    ...(options.transaction !== undefined && { transaction: options.transaction }),
  })
  sink.projects(projects)
  const count: Record<Severity, number> = { error: 0, warning: 0 }
  let files = 0
  let statements = 0

  const sequence = projects.flatMap((project) => sequenceOf(project, direction).map((step) => ({ project, ...step })))
  let project: Project | null = null
  let session = null as ReturnType<typeof createSession> | null
  let at = 0
  for await (const loaded of loadAll(sequence.map(({ file: { path } }) => tasks.get(path) ?? { path }))) {
    const next = sequence[at++]
    if (next === undefined) break
    if (session === null || project !== next.project) {
      project = next.project
      session = createSession({ pgVersion, rules: active, runner: project.runner, direction, together })
    }
    if ("error" in loaded) {
      session.skip()
      if (next.file.requested) sink.error(loaded.error)
      continue
    }
    const { sql, parsed } = loaded
    const result = session.analyze({ file: next.file, sql, parsed, report: next.report })
    if (!next.report) continue
    files += 1
    statements += result.statements
    if (result.findings.length === 0) continue
    const lines = createLineMap(sql)
    for (const { severity } of result.findings) count[severity] += 1
    sink.file(result.findings.map((finding) => toResultFinding(finding, sql, lines, linesOf)), sql)
  }
  return { files, statements, errors: count.error, warnings: count.warning }
}

/** The lines of another file, for places that a finding refers to; it was read before, so it is there. */
function linesOf(path: string): LineMap | undefined {
  try {
    return createLineMap(readFileSync(path, "utf8"))
  } catch {
    return undefined
  }
}
