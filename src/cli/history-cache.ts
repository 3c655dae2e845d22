/**
 * Keeps what the history of a project has taught from one run to the next. It is found by all that made it: the build of pgsafe, the
 * PostgreSQL major, the tool, and the files of the history in their order, with their content. It is kept a few files before the end
 * of the history, which is where files are added and changed.
 *
 * Nothing here fails a run: what cannot be read, or is damaged, is not there; what cannot be written is not kept.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs"
import { basename, join } from "node:path"
import { crc32 } from "node:zlib"
import type { FrozenSession, Session } from "../engine/session.ts"
import { namesIn } from "../files/names-in.ts"
import type { Runner } from "../files/types.ts"
import { BUILD, isBundled } from "./build.ts"
import { makeFolder, replaceFile } from "./cache-folder.ts"
import { areAsKept, DIGEST, digestOf, keptFiles, type HistoryFiles } from "./history-files.ts"
import { DamagedSession } from "./damaged-session.ts"
import { readSession, writeSession } from "./session-file.ts"

export interface History {
  /** How many of the files the session has replayed already. */
  readonly known: number
  readonly session: FrozenSession | undefined
  /** To be called after each of the other files, with its text. Keeps the session where that is worth it. */
  replayed(text: string, session: Session): void
}

/** Replaying fewer UTF-16 units of SQL than this takes no longer than reading what was kept (measured). */
const WORTH_KEEPING = 60_000
/** Files at the end of the history that are replayed in every run: those that may still change. */
const TAIL = 8
/** At most this many are kept for all projects, and at most so many bytes. */
const MOST_KEPT = 8
const MOST_BYTES = 400_000_000
const ABANDONED_AFTER = 3_600_000

/** `history-<what ran>-<number of files>-<their content>`, with `.bin` for the session and `.files` for the files. */
const NAME = /^(history-([0-9a-f]{8})-(\d+)-[0-9a-f]{20})\.bin$/

/**
 * @param folder where histories are kept; it need not exist
 * @param project what its files teach depends on it, too
 * @param started when the run began, in milliseconds
 */
export function openHistory(
  folder: string,
  project: { readonly pgVersion: number; readonly runner: Runner },
  { files, given }: Pick<HistoryFiles, "files" | "given">,
  started: number,
): History | null {
  if (!isBundled || files.length === 0) return null
  const what = JSON.stringify([BUILD, process.version, project], (_, value: unknown) => (value instanceof RegExp ? String(value) : value))
  const history = { what, files, given }
  const kind = crc32(what).toString(16).padStart(8, "0")
  const found = findLongest(folder, kind, history, started)
  const checkpoint = files.length - Math.min(TAIL, files.length >> 2)
  const known = (found?.digests.length ?? 0) / DIGEST
  let digests = found?.digests ?? ""
  let count = known
  let units = 0
  return {
    known,
    session: found?.session,
    replayed(text, session) {
      if (count >= checkpoint) return
      digests += digestOf(text)
      count += 1
      units += text.length
      if (count < checkpoint || units < WORTH_KEEPING) return
      const content = digestOf(digests, "hex").slice(0, 20)
      keep(folder, `history-${kind}-${String(checkpoint)}-${content}`, session, keptFiles(history, digests, started))
    },
  }
}

interface Found {
  readonly session: FrozenSession
  /** Of the contents of the files that it has replayed. */
  readonly digests: string
}

function findLongest(folder: string, kind: string, history: HistoryFiles, started: number): Found | null {
  const candidates = namesIn(folder).flatMap((name) => {
    const [, base = "", ofKind, count = ""] = NAME.exec(name) ?? []
    return ofKind === kind && Number(count) <= history.files.length ? [{ path: join(folder, base), count: Number(count) }] : []
  })
  for (const { path, count } of candidates.sort((left, right) => right.count - left.count)) {
    const checked = areAsKept(readOrNothing(`${path}.files`), history, count, started)
    const session = checked === null ? null : read(`${path}.bin`)
    if (checked === null || session === null) continue
    if (checked.renewed !== null) replaceFile(`${path}.files`, checked.renewed)
    return { session, digests: checked.digests }
  }
  return null
}

function readOrNothing(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

function keep(folder: string, name: string, session: Session, files: Uint8Array): void {
  const path = join(folder, `${name}.bin`)
  const unfinished = `${path}.${String(process.pid)}`
  try {
    makeFolder(folder)
    const file = openSync(unfinished, "wx")
    try {
      if (!writeSession(file, session)) return rmSync(unfinished, { force: true })
    } finally {
      closeSync(file)
    }
    replaceFile(join(folder, `${name}.files`), files)
    // Others see the whole file or none.
    renameSync(unfinished, path)
    removeOld(folder)
  } catch {
    try {
      rmSync(unfinished, { force: true })
    } catch {
      // As above: what cannot be written is not kept.
    }
  }
}

function read(path: string): FrozenSession | null {
  try {
    const session = damaged.has(path) ? null : readSession(path)
    if (session === null) return null
    // When files have to go, those that nobody used for long are the first.
    const now = new Date()
    utimesSync(path, now, now)
    return session
  } catch {
    return null
  }
}

/** The files that turned out to be damaged only when they were in use. */
const damaged = new Set<string>()

/** Whether it was damage of what is kept that ended a run. The next run of this process does without. */
export function leavesOut(error: unknown): boolean {
  if (!(error instanceof DamagedSession)) return false
  damaged.add(error.path)
  return true
}

function removeOld(folder: string): void {
  const now = Date.now()
  const files = namesIn(folder)
    .filter((name) => name.startsWith("history-"))
    .map((name) => ({ path: join(folder, name), base: NAME.exec(name)?.[1], ...statOf(join(folder, name)) }))
    .sort((left, right) => right.time - left.time)
  let bytes = 0
  const kept: string[] = []
  for (const { path, base, size } of files) {
    if (base === undefined) continue
    bytes += size
    if (kept.length < 2 * MOST_KEPT && bytes <= MOST_BYTES) kept.push(`${base}.bin`, `${base}.files`)
    else rmSync(path, { force: true })
  }
  // What is in nobody's hands: without its session, or not finished by a process that has ended meanwhile.
  for (const { path, base, time } of files) {
    if (base === undefined && !kept.includes(basename(path)) && now - time > ABANDONED_AFTER) rmSync(path, { force: true })
  }
}

function statOf(path: string): { readonly time: number; readonly size: number } {
  const stats = statSync(path, { throwIfNoEntry: false })
  return { time: stats?.mtimeMs ?? 0, size: stats?.size ?? 0 }
}
