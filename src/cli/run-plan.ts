/** What a run reads, in which order, and what of it is known from earlier runs. */
import { statSync } from "node:fs"
import { absolute } from "../files/paths.ts"
import { dumpOf, type FoundDump } from "../files/dumps.ts"
import { isReadInPart, readsBuilder, sequenceOf } from "../files/sequence.ts"
import type { Overlay } from "../files/overlay.ts"
import type { Project, ProjectFiles } from "../files/types.ts"
import { withoutIncluded, type ProjectStep } from "./migrations.ts"
import type { Task } from "./parse-task.ts"
import type { Dump, KeptHistory } from "./replayed.ts"
import type { RunOptions } from "./run.ts"

/** In files, and in bytes. */
const LONG_HISTORY = 30
const LARGE_DUMP = 60_000

/** What a run reads. */
export interface RunPlan {
  /** All migrations. */
  readonly steps: readonly ProjectStep[]
  /** Without what is known from earlier runs. */
  readonly sequence: readonly ProjectStep[]
  /** Dumps that projects start from. */
  readonly dumps: ReadonlyMap<Project, Dump>
  readonly histories: ReadonlyMap<Project, KeptHistory | null>
}

/** What a run has found on disk. */
interface Found {
  /** What was asked for, and contents that are not those of the disk, by path. */
  readonly tasks: ReadonlyMap<string, Task>
  readonly files: ProjectFiles
  /** When the run began, in milliseconds. */
  readonly started: number
}

/** Puts the migrations of projects in their order, and looks for what earlier runs have kept of their histories. */
export async function planRun(projects: readonly Project[], options: RunOptions, { tasks, files, started }: Found): Promise<RunPlan> {
  const dumps = new Map<Project, Dump>()
  const steps = projects.flatMap((project) => {
    const all = sequenceOf(project, options.direction).map(({ file, report }) => ({ project, file, report }))
    const reported = all.filter(({ report }) => report)
    const sequence = isReadInPart(project) && dumpBeside(project, reported, options, files) !== undefined ? reported : all
    const dump = options.schema === undefined ? dumpBeside(project, sequence, options, files) : { path: options.schema.path, mayBeNewer: false }
    if (dump !== undefined) dumps.set(project, { ...dump, bytes: options.before(dump.path) })
    return sequence
  })
  const histories = new Map<Project, KeptHistory | null>()
  const sequence: ProjectStep[] = []
  const wanted = await withoutIncluded(steps, files)
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

/** The dump that a project starts from when none was asked for. Git has the one of before the change that is linted. */
function dumpBeside(project: Project, steps: readonly ProjectStep[], { together }: RunOptions, files: ProjectFiles): FoundDump | undefined {
  const found = dumpOf(steps, project, files)
  if (found === undefined || together) return found && { ...found, mayBeNewer: false }
  // A history that is read tells what came before a migration; a newer dump only what came after it.
  return found.mayBeNewer && readsBuilder(project) ? undefined : found
}

/** Whether replaying a history takes long enough to look for what is known of it. */
function isLong(steps: readonly ProjectStep[], dump: Dump | undefined): boolean {
  if (dump === undefined) return steps.filter(({ report }) => !report).length >= LONG_HISTORY
  return (dump.bytes?.length ?? statSync(dump.path, { throwIfNoEntry: false })?.size ?? 0) >= LARGE_DUMP
}

/** Earlier migrations of which the disk does not have the content that counts. */
export function overlaidHistory(projects: readonly Project[], overlay: Overlay, { cwd }: ProjectFiles): readonly Task[] {
  if (overlay.size === 0) return []
  return projects.flatMap(({ files }) =>
    files.flatMap(({ path }) => {
      const content = overlay.get(absolute(path, cwd))
      return content === undefined || content === null ? [] : [{ path, bytes: content() }]
    }),
  )
}
