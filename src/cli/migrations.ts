/** Reads the migrations of all projects, each in the form in which the engine takes it. */
import type { ResultError } from "../engine/result.ts"
import type { SessionFile } from "../engine/input.ts"
import { wordsIn } from "../engine/words.ts"
import { decodeSql } from "../files/decode.ts"
import { compose, includesOthers, type IncludeProblem, type IncludeProject } from "../files/includes.ts"
import { languageOf } from "../files/languages.ts"
import { absolute } from "../files/paths.ts"
import { isLoose, type Step } from "../files/sequence.ts"
import type { Project, ProjectFiles } from "../files/types.ts"
import { createLineMap } from "../source/text.ts"
import type { HostedCode } from "./code-files.ts"
import type { Hosted } from "./hosted.ts"
import { orError } from "./internal-error.ts"
import { hasPsqlDoubts, hostedComposition } from "./included-files.ts"
import { loadAll } from "./parse-pool.ts"
import { readTask, type Task } from "./parse-task.ts"

/** A migration of a project in its turn. */
export interface ProjectStep extends Step {
  readonly project: Project
}

/** What is known of one migration: its text as the engine takes it. */
export interface ReadMigration {
  readonly step: ProjectStep
  readonly input: Pick<SessionFile, "sql" | "parsed" | "units" | "doubts" | "guarded" | "inCode">
  /** Null for a plain file of SQL. */
  readonly hosted: Hosted | null
  /** Code that could not be read in full. */
  readonly code: Pick<HostedCode, "unread" | "builders"> | null
  /** Files that cannot be included. */
  readonly problems: readonly IncludeProblem[]
  /** The files that this one includes. */
  readonly included: number
  /** It is what a changelog had before it was changed; the rest of it comes next. */
  readonly hasRun?: true
}

export interface UnreadMigration {
  readonly step: ProjectStep
  readonly error: ResultError
  /** What may be names in it, where it is text. */
  readonly names?: readonly string[]
}

export interface MigrationOptions {
  readonly direction: "up" | "down" | "both"
  /** Contents that do not come from the disk, by path. */
  readonly tasks: ReadonlyMap<string, Task>
  readonly files: ProjectFiles
  /** What a file was like before the change that is linted; undefined for nothing. */
  readonly before?: (path: string) => Uint8Array | undefined
}

/** Reads migrations in their order. Plain files of SQL may be read ahead on threads. */
export async function* readMigrations(steps: readonly ProjectStep[], options: MigrationOptions): AsyncGenerator<ReadMigration | UnreadMigration> {
  const taskOf = ({ file: { path } }: ProjectStep): Task => options.tasks.get(path) ?? { path }
  const scripts = loadAll(steps.filter(({ file }) => file.role !== "unread" && languageOf(file.path) === undefined).map(taskOf))
  // The first of them also sets up the grammar, which code needs, too.
  let ahead: ReturnType<typeof scripts.next> | null = scripts.next()
  if (steps.some(({ file }) => languageOf(file.path) !== undefined)) await ahead
  try {
    for (const step of steps) {
      if (step.file.role === "unread") {
        yield { step, names: wordsIn(options.files.read(absolute(step.file.path, options.files.cwd)) ?? ""), error: { file: step.file.path, message: "the language of this migration is not read, so that anything may exist after it" } }
        continue
      }
      if (languageOf(step.file.path) !== undefined) {
        yield* readCodeFile(step, taskOf(step), options)
        continue
      }
      const { value } = await (ahead ?? scripts.next())
      ahead = null
      if (value === undefined) return
      yield "error" in value ? { step, error: value.error } : withIncludes(step, value, options)
    }
  } finally {
    // Threads end with the generator, which nobody asks for more than there is.
    await scripts.return(undefined)
  }
}

async function* readCodeFile(step: ProjectStep, task: Task, { direction, files, tasks, before }: MigrationOptions): AsyncGenerator<ReadMigration | UnreadMigration> {
  const [{ loadCode }, { finderFor }] = await Promise.all([import("./code-files.ts"), import("./sql-files.ts")])
  const read = readTask(task)
  const wanted = step.report ? direction : "up"
  const { path } = step.file
  const changed = new Set([...tasks.keys()].map((one) => absolute(one, files.cwd)))
  const old = step.report && languageOf(path) === "changelog" ? earlier(before?.(path)) : null
  for (const one of wanted === "both" ? (["up", "down"] as const) : [wanted]) {
    for (const hasRun of old === null ? [null] : one === "up" ? [true, false] : [false]) {
      const part = old === null || hasRun === null ? null : { hasRun, before: old, isChanged: (full: string) => changed.has(full) }
      const code = "error" in read ? read.error : orError(path, () => loadCode(path, read.text, step.project.runner, one, finderFor(path, step.project, files, part)))
      if ("message" in code) {
        yield { step, error: code }
        return
      }
      const { sql, parsed, units, doubts, guarded } = code
      const input = { sql, parsed, inCode: true, ...(units !== undefined && { units }), ...(doubts !== undefined && { doubts }), ...(guarded !== undefined && { guarded }) }
      const whole = { step, input, hosted: code, code, problems: [], included: code.sqlFiles }
      yield hasRun === true ? { ...whole, step: { ...step, report: false }, hasRun } : whole
    }
  }
}

function earlier(bytes: Uint8Array | undefined): string | null {
  const decoded = bytes === undefined ? null : decodeSql(bytes)
  return decoded !== null && "text" in decoded ? decoded.text : null
}

function withIncludes(step: ProjectStep, { sql, parsed }: Pick<SessionFile, "sql" | "parsed">, { files }: MigrationOptions): ReadMigration {
  const project = includeProject(step.project)
  const plain = { step, hosted: null, code: null, problems: [], included: 0 }
  const includes = includesOthers(sql, project)
  if (!includes && !(project.isPsql && hasPsqlDoubts(sql))) return { ...plain, input: { sql, parsed } }
  const composition = compose(step.file.path, sql, project, files)
  // What is not included does run, and nobody knows what it does.
  const unknown = composition.problems.length === 0 ? [] : [{ at: 0, words: [] }]
  const hosted = composition.included.size === 0 ? hostedComposition(composition, parsed) : hostedComposition(composition)
  const input = { sql: hosted.sql, parsed: hosted.parsed, doubts: [...unknown, ...(hosted.doubts ?? [])] }
  return { step, input, hosted, code: null, problems: composition.problems, included: composition.included.size }
}

/** Without the files that others of them include, or that code reads: these run there, and not by themselves. */
export async function withoutIncluded(steps: readonly ProjectStep[], files: ProjectFiles): Promise<readonly ProjectStep[]> {
  const included = new Set<string>(await readByCode(steps, files))
  for (const { file, project, report } of steps) {
    // Of files that no tool claims nobody expects includes; to read them all twice would cost too much.
    if (!report || languageOf(file.path) !== undefined || !/^(?:psql|sqitch|graphile-migrate)$/.test(project.framework)) continue
    const full = absolute(file.path, files.cwd)
    if (included.has(full)) continue
    const text = files.read(full) ?? ""
    if (!includesOthers(text, includeProject(project))) continue
    for (const path of compose(file.path, text, includeProject(project), files).included) if (path !== full) included.add(path)
  }
  return included.size === 0 ? steps : steps.filter(({ file }) => !included.has(absolute(file.path, files.cwd)))
}

/** Absolute paths of the files of SQL that migrations in JavaScript and TypeScript read. */
async function readByCode(steps: readonly ProjectStep[], files: ProjectFiles): Promise<readonly string[]> {
  const code = steps.filter(({ file }) => languageOf(file.path) === "javascript")
  // What the tools themselves run is a migration, whoever else reads it.
  if (code.length === 0 || !steps.some(({ file, project }) => languageOf(file.path) === undefined && isLoose(project.framework))) return []
  const texts = code.map((step) => ({ step, text: files.read(absolute(step.file.path, files.cwd)) ?? "" })).filter(({ text }) => text.includes(".sql"))
  if (texts.length === 0) return []
  const [{ sqlFilesOf }, { finderFor }] = await Promise.all([import("../code/index.ts"), import("./sql-files.ts")])
  return texts.flatMap(({ step: { file, project }, text }) => {
    const paths = sqlFilesOf({ path: file.path, source: text }, project.runner, finderFor(file.path, project, files))
    return [...paths].map((path) => absolute(path, files.cwd))
  })
}

function includeProject({ framework, runner, root, above }: Project): IncludeProject {
  return { framework, isPsql: runner.send === "psql", root, above }
}

/** A problem as an error of the run, at its place. */
export function includeError({ file, start, message }: IncludeProblem, text: string): ResultError {
  return { file, message, ...createLineMap(text).position(start) }
}
