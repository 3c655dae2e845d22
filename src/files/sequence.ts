/** Which files of a project are read, and which of them are linted. */
import { frameworks } from "./frameworks/index.ts"
import { languageOf } from "./languages.ts"
import type { MigrationFile, Project } from "./types.ts"

/** A file in the order in which it is read. */
export interface Step {
  readonly file: MigrationFile
  /** False for history: it is replayed for what it teaches. */
  readonly report: boolean
}

/**
 * The files of a project up to the last one that is linted. Earlier migrations that nobody asked about come in between, to
 * be replayed.
 *
 * Migrations that repeat and have not changed ran with earlier deploys: before the newest version runs, what they make is there.
 *
 * Down migrations have no history: before one runs, the migrations after it have been reverted, and its own has not.
 */
export function sequenceOf({ framework, files }: Pick<Project, "framework" | "files">, direction: "up" | "down" | "both"): Step[] {
  const steps = withRepeated(files.map((file) => ({ file, report: isLinted(file, direction) })))
  const end = steps.findLastIndex(({ report, file }) => report || file.requested) + 1
  const replays = direction !== "down" && (!isLoose(framework) || steps.every(({ file, report }) => !report || isNumbered(file)))
  return steps.slice(0, end).filter(({ file, report }) => report || file.requested || (replays && isHistory(file, framework)))
}

/** Nobody knows what repeated migrations were like when an older version ran. */
function withRepeated(steps: readonly Step[]): readonly Step[] {
  const isOld = ({ file, report }: Step): boolean => file.repeats === true && !report && !file.requested
  const first = steps.findIndex(({ report }) => report)
  const last = steps.findLastIndex(({ report, file }) => report && file.repeats !== true)
  if (last < 0 || !steps.some(isOld) || steps.slice(last + 1).some(({ file }) => file.repeats !== true && file.role === "migration" && !file.requested)) return steps
  return [...steps.slice(0, first).filter((step) => !isOld(step)), ...steps.filter(isOld), ...steps.slice(first).filter((step) => !isOld(step))]
}

/** Whether the tool's migrations are in a language of which code is not followed, but read by its tokens: its history may tell less than a dump does. */
export function isReadInPart({ framework, files }: Pick<Project, "framework" | "files">): boolean {
  const [first] = files
  const language = first === undefined ? undefined : languageOf(first.path)
  return language !== undefined && language !== "javascript" && framework !== "plain"
}

/** Whether what the tool's schema builder makes is read there, too. */
export function readsBuilder({ framework }: Pick<Project, "framework">): boolean {
  return frameworks.find(({ id }) => id === framework)?.code?.readsBuilder === true
}

/** Whether a file is linted, as opposed to only read. */
function isLinted(file: MigrationFile, wanted: "up" | "down" | "both"): boolean {
  return file.requested && file.role === "migration" && runsIn(file, wanted)
}

/** Whether a file has something that runs in a direction. */
export function runsIn({ direction }: Pick<MigrationFile, "direction">, wanted: "up" | "down" | "both"): boolean {
  return wanted === "both" || direction === "both" || direction === wanted
}

function isHistory(file: MigrationFile, framework: Project["framework"]): boolean {
  return (file.role === "migration" || file.role === "unread") && file.direction !== "down" && (!isLoose(framework) || isNumbered(file))
}

/** Files that no migration tool runs may be scripts that have nothing to do with each other. */
export function isLoose(framework: Project["framework"]): boolean {
  return framework === "plain" || framework === "psql"
}

/** Without a tool only a number in front of the name tells that files run one after the other. */
function isNumbered({ key }: MigrationFile): boolean {
  return /^v?\d/i.test(key)
}
