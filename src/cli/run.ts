import type { ResultError, ResultFinding, ResultSummary } from "../engine/result.ts"
import { activate, type RuleSelection } from "../engine/select.ts"
import type { Sizes } from "../engine/sizes.ts"
import { nodeFiles } from "../files/node-files.ts"
import { overlaid, type Overlay } from "../files/overlay.ts"
import type { FrameworkId, Project, ProjectFiles } from "../files/types.ts"
import { learnedStatements, recallStatements } from "../parse/index.ts"
import { rules } from "../../rules/index.ts"
import { isBundled } from "./build.ts"
import { dumpLoader } from "./dump-loader.ts"
import { foundProjects } from "./found-projects.ts"
import { keepStatements, keptStatements } from "./kept-statements.ts"
import { readMigrations } from "./migrations.ts"
import type { Task } from "./parse-task.ts"
import { createProjectRun, createTally, type ProjectRun } from "./project-run.ts"
import { createReports } from "./reports.ts"
import { overlaidHistory, planRun } from "./run-plan.ts"

export interface RunOptions {
  /** What to lint, in any order. */
  readonly tasks: readonly Task[]
  readonly pgVersion: number
  /** Nobody has said that it is this major. */
  readonly versionIsAssumed: boolean
  readonly selection: RuleSelection
  readonly transaction: boolean | undefined
  readonly searchPath: readonly string[] | undefined
  readonly framework: FrameworkId | undefined
  readonly direction: "up" | "down" | "both"
  /** The files are deployed together. */
  readonly together: boolean
  /** A dump of the schema, which stands for the history. */
  readonly schema: { readonly path: string; /** What named it. */ readonly from: string } | undefined
  readonly sizes: Sizes | undefined
  /** Sources of the application, as absolute paths, for the search for uses of what the migrations remove. */
  readonly app: readonly string[] | undefined
  /** Where histories are kept between runs; null: nowhere. */
  readonly cache: string | null
  /** Contents that count in place of those on the disk. */
  readonly overlay: Overlay
  /** What a dump was before the files that are linted changed; undefined: as it is on disk. */
  before(path: string): Uint8Array | undefined
}

export interface Unread {
  /** How many calls and texts in code only running it would tell. */
  readonly calls: number
  /** How many calls of schema builders were not read, by tool. */
  readonly builders: ReadonlyMap<string, number>
  /** Files that scripts include and that were not followed, each with its reason. */
  readonly includes: ReadonlySet<string>
  /** Migrations in code of no known tool in which no SQL was found. */
  readonly silent: readonly string[]
  /** Files of queries that an application runs by name. */
  readonly queries: readonly string[]
}

export interface RunSink {
  projects(projects: readonly Project[]): void
  /** Findings of one file; those of a large file come in several parts. */
  file(findings: readonly ResultFinding[], sql: string): void
  error(error: ResultError): void
  /** A part of a file was passed over, and the rest of it used. */
  passedOver(part: ResultError): void
  /** What could not be read in the migrations that were linted. */
  unread(unread: Unread): void
  /** How many statements run in any case and are none of the PostgreSQL major. */
  unsupported(statements: number): void
}

/** Lints files from disk, in the order in which their tools run them. */
export async function run(options: RunOptions, sink: RunSink): Promise<Omit<ResultSummary, "durationMs">> {
  for (;;) {
    try {
      return await lintFiles(options, sink)
    } catch (error) {
      const { leavesOut } = await import("./replayed.ts")
      if (!leavesOut(error)) throw error
    }
  }
}

/** Says nothing before it returns when it could still turn out that what was kept of a history is damaged. */
async function lintFiles(options: RunOptions, actual: RunSink): Promise<Omit<ResultSummary, "durationMs">> {
  const started = Date.now()
  const { cache, direction } = options
  const tasks = new Map(options.tasks.map((task) => [task.path, task]))
  const files = overlaid(nodeFiles(process.cwd()), options.overlay)
  const projects = projectsOf(options, files, [...tasks.keys()], started)
  for (const task of overlaidHistory(projects, options.overlay, files)) if (!tasks.has(task.path)) tasks.set(task.path, task)
  if (cache !== null && isBundled) recallStatements(() => keptStatements(cache))
  const plan = await planRun(projects, options, { tasks, files, started })
  const held = [...plan.histories.values()].some((kept) => kept?.session !== undefined) ? holding(actual) : null
  const sink = held?.sink ?? actual
  sink.projects(projects)
  const reports = createReports(options.app, sink)
  const tally = createTally()
  const scope = { options, rules: activate(rules, options.selection), plan, files, sink, reports, tally, load: await dumpLoader(options, plan.dumps.values(), sink) }
  let current = null as ProjectRun | null
  for await (const migration of readMigrations(plan.sequence, { direction, tasks, files, before: options.before })) {
    const { project } = migration.step
    if (current?.project !== project) {
      current?.finish()
      current = createProjectRun(project, scope)
    }
    current.take(migration)
  }
  current?.finish()
  sink.unread(tally.unread)
  sink.unsupported(tally.unsupported)
  await reports.end(projects)
  held?.release()
  if (cache !== null && isBundled) keepLearned(cache)
  return { files: tally.files, statements: tally.statements, errors: reports.count.error, warnings: reports.count.warning }
}

/** The projects that the files belong to, as far as options do not say otherwise. */
function projectsOf(options: RunOptions, files: ProjectFiles, paths: readonly string[], started: number): readonly Project[] {
  const { cache, framework, schema, searchPath, transaction, overlay } = options
  const detection = {
    history: schema === undefined,
    ...(framework !== undefined && { framework }),
    ...(transaction !== undefined && { transaction }),
    ...(searchPath !== undefined && { searchPath }),
  }
  // What is not on the disk is not seen by the times of files.
  return foundProjects(files, paths, detection, overlay.size > 0 ? null : cache, started)
}

/** What only a later run needs is not worth an error. */
function keepLearned(folder: string): void {
  const learned = learnedStatements()
  if (learned !== null) keepStatements(folder, learned)
}

/** A sink that keeps to itself what it is told until it is released. */
function holding(sink: RunSink): { readonly sink: RunSink; readonly release: () => void } {
  const told: (() => void)[] = []
  return {
    sink: {
      projects: (projects) => { told.push(() => { sink.projects(projects) }) },
      file: (findings, sql) => { told.push(() => { sink.file(findings, sql) }) },
      error: (error) => { told.push(() => { sink.error(error) }) },
      passedOver: (part) => { told.push(() => { sink.passedOver(part) }) },
      unread: (unread) => { told.push(() => { sink.unread(unread) }) },
      unsupported: (statements) => { told.push(() => { sink.unsupported(statements) }) },
    },
    release() {
      for (const tell of told) tell()
    },
  }
}
