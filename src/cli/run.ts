import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import type { Finding, Severity } from "../engine/finding.ts"
import { toResultFinding, type ResultError, type ResultFinding, type ResultSummary } from "../engine/result.ts"
import { activate, type RuleSelection } from "../engine/select.ts"
import { createSession, type Session } from "../engine/session.ts"
import type { Sizes } from "../engine/sizes.ts"
import { createContract } from "../engine/uses.ts"
import { detectProjects } from "../files/detect.ts"
import { isCode } from "../files/discover.ts"
import { nodeFiles } from "../files/node-files.ts"
import { dumpOf, sequenceOf } from "../files/sequence.ts"
import type { FrameworkId, Project } from "../files/types.ts"
import type { Catalog } from "../schema/catalog.ts"
import { createLineMap, type LineMap } from "../source/text.ts"
import { rules } from "../../rules/index.ts"
import { includesOf } from "./includes.ts"
import { loadAll } from "./parse-pool.ts"
import { parseTask, readTask, type Task } from "./parse-task.ts"

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
  /** A dump of the schema, which stands for the history. */
  readonly schema: string | undefined
  readonly sizes: Sizes | undefined
  /** Sources of the application, as absolute paths, for the search for uses of what the migrations remove. */
  readonly app: readonly string[] | undefined
  /** What a dump was before the files that are linted changed; undefined: as it is on disk. */
  before(path: string): Uint8Array | undefined
}

export interface RunSink {
  projects(projects: readonly Project[]): void
  /** Findings of one file; those of a large file come in several parts. */
  file(findings: readonly ResultFinding[], sql: string): void
  error(error: ResultError): void
  /** How many calls in the code of migrations were not understood. */
  unread(count: number): void
  /** Files that scripts of psql include and that are not linted by themselves. */
  notIncluded(paths: readonly string[]): void
}

/** Findings of one file that are turned into text together: all of a large file's would take hundreds of megabytes. */
const FINDINGS_AT_ONCE = 5000

/** Lints files from disk, in the order in which their tools run them. */
export async function run(options: RunOptions, sink: RunSink): Promise<Omit<ResultSummary, "durationMs">> {
  const { direction, pgVersion, together } = options
  const active = activate(rules, options.selection)
  const code = options.tasks.filter(({ path }) => isCode(path))
  const tasks = new Map(options.tasks.filter(({ path }) => !isCode(path)).map((task) => [task.path, task]))
  const disk = nodeFiles(process.cwd())
  const projects = detectProjects(disk, [...tasks.keys()], {
    history: options.schema === undefined,
    ...(options.framework !== undefined && { framework: options.framework }),
    ...(options.transaction !== undefined && { transaction: options.transaction }),
  })
  sink.projects(projects)
  const count: Record<Severity, number> = { error: 0, warning: 0 }
  let files = 0
  let statements = 0
  const emit = (findings: readonly Finding[], sql: string): void => {
    if (findings.length === 0) return
    const lines = createLineMap(sql)
    for (const { severity } of findings) count[severity] += 1
    for (let from = 0; from < findings.length; from += FINDINGS_AT_ONCE) {
      const some = findings.slice(from, from + FINDINGS_AT_ONCE)
      sink.file(some.map((finding) => toResultFinding(finding, sql, lines, linesOf)), sql)
    }
  }
  const contract = options.app === undefined ? null : createContract()
  // All sources are searched once, for what all findings remove: until then these have to wait.
  const held: { readonly findings: readonly Finding[]; readonly sql: string }[] = []
  const report = (findings: readonly Finding[], sql: string, catalog: Catalog | null): void => {
    if (contract === null) return emit(findings, sql)
    contract.expect(findings, catalog)
    held.push({ findings, sql })
  }

  const sequence = projects.flatMap((project) => sequenceOf(project, direction).map((step) => ({ project, ...step })))
  let project: Project | null = null
  let session = null as Session | null
  const named = new Set([...tasks.keys()].map((path) => resolve(path)))
  const notIncluded = new Set<string>()
  let at = 0
  for await (const loaded of loadAll(sequence.map(({ file: { path } }) => tasks.get(path) ?? { path }))) {
    const next = sequence[at++]
    if (next === undefined) break
    if (session === null || project !== next.project) {
      project = next.project
      session = createSession({ pgVersion, rules: active, runner: project.runner, direction, together, sizes: options.sizes, usesAreKnown: contract !== null })
      const dump = options.schema ?? dumpOf(sequence.filter((step) => step.project === project), project, disk)
      if (dump !== undefined) loadDump(session, dump, options, sink)
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
    if (project.runner.send === "psql") {
      for (const { written, full } of includesOf(next.file.path, sql)) if (!named.has(full)) notIncluded.add(written)
    }
    report(result.findings, sql, session.catalog)
  }
  if (notIncluded.size > 0) sink.notIncluded([...notIncluded])
  if (code.length > 0) {
    const { lintCode } = await import("./code-files.ts")
    let unread = 0
    for (const task of code) {
      const read = readTask(task)
      const result = "error" in read ? read.error : lintCode(task.path, read.text, { pgVersion, rules: active, transaction: options.transaction })
      if (result === null) continue
      if ("message" in result) {
        sink.error(result)
        continue
      }
      files += 1
      statements += result.statements
      unread += result.unread
      if (!("error" in read)) report(result.findings, read.text, null)
    }
    if (unread > 0) sink.unread(unread)
  }
  if (contract !== null) {
    const { sourcesOf } = await import("./app-sources.ts")
    contract.search(sourcesOf(options.app ?? [], [...projects.flatMap((one) => one.files), ...code].map(({ path }) => path), projects.map(({ root }) => root)))
    for (const { findings, sql } of held) emit(findings.flatMap((finding) => contract.judged(finding) ?? []), sql)
  }
  return { files, statements, errors: count.error, warnings: count.warning }
}

/** Starts from a dump; one that was asked for has to be readable. */
function loadDump(session: Session, path: string, options: RunOptions, sink: RunSink): void {
  const bytes = options.before(path)
  const loaded = parseTask({ path, ...(bytes !== undefined && { bytes }) })
  if (!("error" in loaded)) session.load(loaded)
  else if (path === options.schema) sink.error(loaded.error)
}

/** The lines of another file, for places that a finding refers to; it was read before, so it is there. */
function linesOf(path: string): LineMap | undefined {
  try {
    return createLineMap(readFileSync(path, "utf8"))
  } catch {
    return undefined
  }
}
