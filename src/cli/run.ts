import { statSync } from "node:fs"
import { dumpErrors } from "../engine/dump-errors.ts"
import type { ResultError, ResultFinding, ResultSummary } from "../engine/result.ts"
import { activate, type RuleSelection } from "../engine/select.ts"
import { createSession, type Session } from "../engine/session.ts"
import type { Sizes } from "../engine/sizes.ts"
import { makersBeside } from "../files/beside.ts"
import { nodeFiles } from "../files/node-files.ts"
import { absolute } from "../files/paths.ts"
import { holdsNamedQueries } from "../files/queries.ts"
import { stagedFiles, type Unstaged } from "../files/staged-files.ts"
import { dumpOf, isLoose, isReadInPart, sequenceOf } from "../files/sequence.ts"
import type { FrameworkId, MigrationFile, Project, ProjectFiles } from "../files/types.ts"
import { learnedStatements, recallStatements, type ParsedFile } from "../parse/index.ts"
import { rules } from "../../rules/index.ts"
import { isBundled } from "./build.ts"
import { foundProjects } from "./found-projects.ts"
import { atHome, relatedAtHome, type Hosted } from "./hosted.ts"
import { keepStatements, keptStatements } from "./kept-statements.ts"
import { includeError, readMigrations, withContents, withoutIncluded, type ProjectStep } from "./migrations.ts"
import { parseTask, type Task } from "./parse-task.ts"
import type { Dump, KeptHistory } from "./replayed.ts"
import { orError } from "./internal-error.ts"
import { createReports } from "./reports.ts"

export interface RunOptions {
  /** What to lint, in any order. */
  readonly tasks: readonly Task[]
  readonly pgVersion: number
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
  /** Where the folder differs from what is to be committed, when that is linted. */
  readonly unstaged: Unstaged
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

/** In files, and in bytes. */
const LONG_HISTORY = 30
const LARGE_DUMP = 60_000

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
  const { direction, pgVersion, together } = options
  const active = activate(rules, options.selection)
  const tasks = new Map(options.tasks.map((task) => [task.path, task]))
  const disk = stagedFiles(nodeFiles(process.cwd()), options.unstaged)
  const detection = {
    history: options.schema === undefined,
    ...(options.framework !== undefined && { framework: options.framework }),
    ...(options.transaction !== undefined && { transaction: options.transaction }),
    ...(options.searchPath !== undefined && { searchPath: options.searchPath }),
  }
  // What git has is not seen by the times of files.
  const projects = foundProjects(disk, [...tasks.keys()], detection, options.unstaged.size > 0 ? null : options.cache, started)
  for (const task of stagedHistory(projects, options.unstaged, disk)) if (!tasks.has(task.path)) tasks.set(task.path, task)
  let files = 0
  let statements = 0
  let unsupported = 0
  const texts = withContents(disk, tasks)
  const { cache } = options
  if (cache !== null && isBundled) recallStatements(() => keptStatements(cache))
  const { steps, sequence, dumps, histories } = await planned(projects, options, tasks, disk, texts, started)
  const held = [...histories.values()].some((kept) => kept?.session !== undefined) ? holding(actual) : null
  const sink = held?.sink ?? actual
  sink.projects(projects)
  const reports = createReports(options.app, sink)
  let project: Project | null = null
  let session = null as Session | null
  let history = null as KeptHistory | null
  const hosts = new Map<string, Hosted>()
  const start = dumpLoader(options, sink)
  /** The last migration that was counted: code comes once for each direction. */
  let counted = null as object | null
  const unread = { calls: 0, builders: new Map<string, number>(), includes: new Set<string>(), queries: [] as string[] }
  /** Reports what the end of a history decides; it has not come while there are later migrations that nobody asked for. */
  const finish = (): void => {
    if (session === null || direction !== "up" || lastOf(project?.files) !== steps.findLast((step) => step.project === project)?.file) return
    for (const { path, findings, sql } of session.finish()) {
      const hosted = hosts.get(path)
      if (hosted === undefined) reports.add(findings, sql, session.catalog)
      else for (const [file, own] of atHome(findings, hosted, path)) reports.add(own, hosted.textOf(file), session.catalog)
    }
  }
  for await (const migration of readMigrations(sequence, { direction, tasks, files: texts })) {
    const { step } = migration
    const { path, requested } = step.file
    if (session === null || project !== step.project) {
      finish()
      project = step.project
      history = histories.get(project) ?? null
      session = createSession({ pgVersion, rules: active, runner: project.runner, elsewhere: makersBeside(project, disk), direction, together, sizes: options.sizes, usesAreKnown: options.app !== undefined, resume: history?.session === undefined ? undefined : { ...history.session, reload } })
      const dump = dumps.get(project)
      if (dump !== undefined && history?.knowsDump !== true) {
        const { text, isWhole } = start(session, dump)
        // What is passed over is said in every run.
        history?.replayed(session, isWhole ? text : null)
        if (text !== null) reports.read(dump.path, text)
      }
    }
    if ("error" in migration) {
      session.skip(migration.names)
      history?.replayed(session, null)
      if (requested) sink.error(migration.error)
      continue
    }
    const { input, hosted, code, problems, included } = migration
    const { analyze } = session
    const result = orError(path, () => analyze({ ...input, file: step.file, report: step.report }))
    if ("message" in result) {
      session.skip()
      history?.replayed(session, null)
      sink.error(result)
      continue
    }
    if (hosted === null) reports.read(path, input.sql)
    else hosts.set(path, hosted)
    if (!step.report) {
      // Files that are included, or cannot be, are no part of what is compared later.
      history?.replayed(session, hosted === null && problems.length === 0 ? input.sql : null)
      continue
    }
    const isQueries = hosted === null && isLoose(project.framework) && holdsNamedQueries(input.sql)
    if (isQueries) unread.queries.push(path)
    else if (step !== counted) files += 1 + included
    counted = step
    statements += result.statements
    unsupported += result.unsupported
    unread.calls += code?.unread ?? 0
    if (code !== null && code.builders > 0) unread.builders.set(project.runner.name, (unread.builders.get(project.runner.name) ?? 0) + code.builders)
    for (const problem of problems) {
      if (problem.unsure) unread.includes.add(`${problem.file}: ${problem.message}`)
      else sink.error(includeError(problem, hosted?.textOf(problem.file) ?? input.sql))
    }
    if (hosted === null) reports.add(relatedAtHome(result.findings, hosts), input.sql, session.catalog)
    else for (const [file, findings] of atHome(result.findings, hosted, path)) reports.add(relatedAtHome(findings, hosts), hosted.textOf(file), session.catalog)
  }
  finish()
  sink.unread(unread)
  sink.unsupported(unsupported)
  await reports.end(projects)
  held?.release()
  if (cache !== null && isBundled) keepLearned(cache)
  return { files, statements, errors: reports.count.error, warnings: reports.count.warning }
}

/** What only a later run needs is not worth an error. */
function keepLearned(folder: string): void {
  const learned = learnedStatements()
  if (learned !== null) keepStatements(folder, learned)
}

/** Earlier migrations of which the folder does not have the content that is to be committed. */
function stagedHistory(projects: readonly Project[], unstaged: Unstaged, { cwd }: ProjectFiles): readonly Task[] {
  if (unstaged.size === 0) return []
  return projects.flatMap(({ files }) =>
    files.flatMap(({ path }) => {
      const content = unstaged.get(absolute(path, cwd))
      return content === undefined || content === null ? [] : [{ path, bytes: content() }]
    }),
  )
}

/** What a run reads. */
interface Planned {
  /** All migrations. */
  readonly steps: readonly ProjectStep[]
  /** Without what is known from earlier runs. */
  readonly sequence: readonly ProjectStep[]
  /** Dumps that projects start from. */
  readonly dumps: ReadonlyMap<Project, Dump>
  readonly histories: ReadonlyMap<Project, KeptHistory | null>
}

async function planned(projects: readonly Project[], options: RunOptions, tasks: ReadonlyMap<string, Task>, disk: ProjectFiles, texts: ProjectFiles, started: number): Promise<Planned> {
  const dumps = new Map<Project, Dump>()
  const steps = projects.flatMap((project) => {
    const all = sequenceOf(project, options.direction).map(({ file, report }) => ({ project, file, report }))
    const sequence = isReadInPart(project) && dumpOf(all.filter(({ report }) => report), project, disk) !== undefined ? all.filter(({ report }) => report) : all
    const path = options.schema?.path ?? dumpOf(sequence, project, disk)
    if (path !== undefined) dumps.set(project, { path, bytes: options.before(path), mayBeNewer: path !== options.schema?.path && !options.together })
    return sequence
  })
  const histories = new Map<Project, KeptHistory | null>()
  const sequence: ProjectStep[] = []
  const wanted = await withoutIncluded(steps, texts)
  for (const project of projects) {
    const own = projects.length === 1 ? wanted : wanted.filter((step) => step.project === project)
    const dump = dumps.get(project)
    const keeper = options.cache === null || !isLong(own, dump) ? null : await import("./replayed.ts")
    const kept = keeper?.keptHistory(options.cache ?? "", project, own, dump, { pgVersion: options.pgVersion, started, contents: tasks }) ?? null
    histories.set(project, kept)
    for (const step of own.slice(kept?.known ?? 0)) sequence.push(step)
  }
  return { steps, sequence, dumps, histories }
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

/** The last migration that goes up, of those that repeat only what was asked for. */
function lastOf(files: readonly MigrationFile[] = []): MigrationFile | undefined {
  return files.findLast(({ role, direction, repeats, requested }) => role === "migration" && direction !== "down" && (repeats !== true || requested))
}

/** Whether replaying a history takes long enough to look for what is known of it. */
function isLong(steps: readonly ProjectStep[], dump: Dump | undefined): boolean {
  if (dump === undefined) return steps.filter(({ report }) => !report).length >= LONG_HISTORY
  return (dump.bytes?.length ?? statSync(dump.path, { throwIfNoEntry: false })?.size ?? 0) >= LARGE_DUMP
}

/** How many statements of a dump are named that could not be read. */
const NAMED_IN_DUMP = 5

interface LoadedDump {
  /** Null when it could not be read. */
  readonly text: string | null
  /** Nothing in it was passed over. */
  readonly isWhole: boolean
}

/** Starts sessions from dumps; one that was asked for has to be readable. What is wrong with a dump is said once, not for each project. */
function dumpLoader({ pgVersion, schema }: RunOptions, sink: RunSink): (session: Session, dump: Dump) => LoadedDump {
  const told = new Set<string>()
  const isNew = (path: string): boolean => !told.has(path) && told.add(path).size > 0
  return (session, { path, bytes, mayBeNewer }) => {
    const asked = path === schema?.path ? ` that ${schema.from} names` : ""
    const loaded = parseTask({ path, ...(bytes !== undefined && { bytes }) })
    if ("error" in loaded) {
      if (asked !== "" && isNew(path)) sink.error({ ...loaded.error, message: `cannot start from the dump${asked}: ${loaded.error.message}` })
      return { text: null, isWhole: false }
    }
    session.load({ ...loaded, mayBeNewer })
    const problems = dumpErrors(path, loaded.sql, loaded.parsed, pgVersion)
    const [first] = problems
    if (first !== undefined && isNew(path)) {
      if (asked !== "" && loaded.parsed.statements.length === 0) sink.error({ ...first, message: `cannot start from the dump${asked}, of which nothing can be read: ${first.message}` })
      else for (const problem of named(problems)) sink.passedOver(problem)
    }
    return { text: loaded.sql, isWhole: first === undefined }
  }
}

/** The first problems, and how many more there are. */
function named(problems: readonly ResultError[]): readonly ResultError[] {
  const shown = problems.slice(0, NAMED_IN_DUMP)
  const rest = problems.length - shown.length
  return shown.map((problem, index) => (rest > 0 && index === shown.length - 1 ? { ...problem, message: `${problem.message}; so are ${String(rest)} more` } : problem))
}

/** A file of the history that an earlier run has read. */
function reload(path: string): { readonly sql: string; readonly parsed: ParsedFile } {
  const again = parseTask({ path })
  return "error" in again ? { sql: "", parsed: { statements: [], errors: [], suppressions: [] } } : again
}
