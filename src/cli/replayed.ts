/** Which part of the history of a project is known from an earlier run. */
import type { Session } from "../engine/session.ts"
import { languageOf } from "../files/languages.ts"
import type { Step } from "../files/sequence.ts"
import type { MigrationFile, Project } from "../files/types.ts"
import { openHistory, type History } from "./history-cache.ts"
import type { Task } from "./parse-task.ts"

/** A dump of the schema, which stands for a history. */
export interface Dump {
  readonly path: string
  /** What it was before the change that is linted; undefined: as it is on disk. */
  readonly bytes: Uint8Array | undefined
  /** What is linted may have run before it was taken. */
  readonly mayBeNewer: boolean
}

/** The history of one project, as far as it may be kept. */
export interface KeptHistory {
  /** How many of the first steps have been replayed already. */
  readonly known: number
  /** The dump has been loaded already. */
  readonly knowsDump: boolean
  readonly session: History["session"]
  /**
   * The dump was loaded, or the next step analyzed, from this text.
   *
   * @param text null when it was not simply the text of the file; then nothing is kept from here on
   */
  replayed(session: Session, text: string | null): void
}

/**
 * @param folder where histories are kept
 * @param steps the steps of one project, in their order
 * @param started when the run began, in milliseconds
 * @param contents contents that are not those on disk, by path
 */
export function keptHistory(
  folder: string,
  project: Project,
  steps: readonly Step[],
  dump: Dump | undefined,
  { pgVersion, started, contents }: { readonly pgVersion: number; readonly started: number; readonly contents: ReadonlyMap<string, Task> },
): KeptHistory | null {
  const end = steps.findIndex(({ file, report }) => report || file.requested || languageOf(file.path) !== undefined)
  const files: (MigrationFile | Pick<Dump, "path" | "mayBeNewer">)[] = steps.slice(0, end < 0 ? steps.length : end).map(({ file }) => file)
  if (dump !== undefined) files.unshift({ path: dump.path, mayBeNewer: dump.mayBeNewer })
  const given = (path: string): Uint8Array | undefined => (path === dump?.path ? dump.bytes : contents.get(path)?.bytes)
  const history = openHistory(folder, { pgVersion, runner: project.runner }, { files, given }, started)
  if (history === null) return null
  let broken = false
  return {
    known: Math.max(0, history.known - (dump === undefined ? 0 : 1)),
    knowsDump: dump !== undefined && history.known > 0,
    session: history.session,
    replayed(session, text) {
      if (text === null) broken = true
      else if (!broken) history.replayed(text, session)
    },
  }
}

export { leavesOut } from "./history-cache.ts"
