/** Lints the migrations of one project, one after the other. */
import type { ActiveRules } from "../engine/select.ts"
import { createSession } from "../engine/session.ts"
import { migrationsBeside } from "../files/beside.ts"
import { holdsNamedQueries } from "../files/queries.ts"
import { isLoose } from "../files/sequence.ts"
import type { MigrationFile, Project, ProjectFiles } from "../files/types.ts"
import type { ParsedFile } from "../parse/index.ts"
import type { LoadDump } from "./dump-loader.ts"
import { atHome, othersAtHome, type Hosted } from "./hosted.ts"
import { orError } from "./internal-error.ts"
import { includeError, type ReadMigration, type UnreadMigration } from "./migrations.ts"
import { parseTask } from "./parse-task.ts"
import type { Reports } from "./reports.ts"
import type { RunPlan } from "./run-plan.ts"
import type { RunOptions, RunSink, Unread } from "./run.ts"

/** What all projects of a run have in common. */
export interface ProjectRunScope {
  readonly options: RunOptions
  readonly rules: ActiveRules
  readonly plan: RunPlan
  readonly files: ProjectFiles
  readonly sink: Pick<RunSink, "error">
  readonly reports: Reports
  readonly tally: Tally
  readonly load: LoadDump
}

/** What a run has read, for its summary. */
export interface Tally {
  files: number
  statements: number
  /** How many statements run in any case and are none of the PostgreSQL major. */
  unsupported: number
  readonly unread: OpenUnread
}

interface OpenUnread extends Unread {
  calls: number
  readonly builders: Map<string, number>
  readonly includes: Set<string>
  readonly silent: string[]
  readonly queries: string[]
}

/** The run of one project. */
export interface ProjectRun {
  readonly project: Project
  /** Takes the next migration: replays what belongs to the history, and reports what is found in the others. */
  take(migration: ReadMigration | UnreadMigration): void
  /** Reports what the end of the history decides, if it has come. */
  finish(): void
}

/** Nothing has been read yet. */
export function createTally(): Tally {
  return { files: 0, statements: 0, unsupported: 0, unread: { calls: 0, builders: new Map(), includes: new Set(), silent: [], queries: [] } }
}

/** Starts with what is known of the project from a dump or an earlier run. */
export function createProjectRun(project: Project, { options, rules, plan, files, sink, reports, tally, load }: ProjectRunScope): ProjectRun {
  const { direction, pgVersion, together, versionIsAssumed } = options
  const history = plan.histories.get(project) ?? null
  const session = createSession({
    pgVersion,
    versionIsAssumed,
    rules,
    runner: project.runner,
    elsewhere: migrationsBeside(project, files),
    direction,
    together,
    sizes: options.sizes,
    usesAreKnown: options.app !== undefined,
    resume: history?.session === undefined ? undefined : { ...history.session, reload },
  })
  const hosts = new Map<string, Hosted>()
  const dump = plan.dumps.get(project)
  if (dump !== undefined && history?.knowsDump !== true) {
    const { text, isWhole, hosted } = load(session, dump)
    if (hosted !== null) hosts.set(dump.path, hosted)
    // What is passed over is said in every run.
    history?.replayed(session, isWhole ? text : null)
    if (text !== null) reports.read(dump.path, text)
  }
  /** The last migration that was counted: code comes once for each direction. */
  let counted = null as object | null

  const skip = ({ step, error, names }: UnreadMigration): void => {
    session.skip(names)
    history?.replayed(session, null)
    if (step.file.requested) sink.error(error)
  }

  const count = ({ step, input, hosted, code, included }: ReadMigration, statements: number, unsupported: number): void => {
    const { unread } = tally
    const { path } = step.file
    if (hosted === null && isLoose(project.framework) && holdsNamedQueries(input.sql)) unread.queries.push(path)
    else if (step !== counted) tally.files += 1 + included
    counted = step
    tally.statements += statements
    tally.unsupported += unsupported
    unread.calls += code?.unread ?? 0
    if (code?.unread === 0 && statements === 0 && project.framework === "plain") unread.silent.push(path)
    if (code !== null && code.builders > 0) unread.builders.set(project.runner.name, (unread.builders.get(project.runner.name) ?? 0) + code.builders)
  }

  return {
    project,
    take(migration) {
      if ("error" in migration) {
        skip(migration)
        return
      }
      const { step, input, hosted, problems } = migration
      const { path } = step.file
      const result = orError(path, () => session.analyze({ ...input, file: step.file, report: step.report }))
      if ("message" in result) {
        session.skip()
        history?.replayed(session, null)
        sink.error(result)
        return
      }
      if (hosted === null) reports.read(path, input.sql)
      else hosts.set(path, hosted)
      if (migration.hasRun === true) return
      if (!step.report) {
        // Files that are included, or cannot be, are no part of what is compared later.
        history?.replayed(session, hosted === null && problems.length === 0 ? input.sql : null)
        return
      }
      count(migration, result.statements, result.unsupported)
      for (const problem of problems) {
        if (problem.unsure) tally.unread.includes.add(`${problem.file}: ${problem.message}`)
        else sink.error(includeError(problem, hosted?.textOf(problem.file) ?? input.sql))
      }
      if (hosted === null) reports.add(othersAtHome(result.findings, hosts), input.sql, session.catalog)
      else for (const [file, findings] of atHome(result.findings, hosted, path)) reports.add(othersAtHome(findings, hosts), hosted.textOf(file), session.catalog)
    },
    finish() {
      // The end has not come while there are later migrations that nobody asked for.
      if (direction !== "up" || lastOf(project.files) !== plan.steps.findLast((step) => step.project === project)?.file) return
      for (const { path, findings, sql } of session.finish()) {
        const hosted = hosts.get(path)
        if (hosted === undefined) reports.add(findings, sql, session.catalog)
        else for (const [file, own] of atHome(findings, hosted, path)) reports.add(own, hosted.textOf(file), session.catalog)
      }
    },
  }
}

/** The last migration that goes up, of those that repeat only what was asked for. */
function lastOf(files: readonly MigrationFile[]): MigrationFile | undefined {
  return files.findLast(({ role, direction, repeats, requested }) => role === "migration" && direction !== "down" && (repeats !== true || requested))
}

/** A file of the history that an earlier run has read. */
function reload(path: string): { readonly sql: string; readonly parsed: ParsedFile } {
  const again = parseTask({ path })
  return "error" in again ? { sql: "", parsed: { statements: [], errors: [], suppressions: [] } } : again
}
