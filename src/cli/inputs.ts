/** What is to be linted: files that the paths mean, standard input, or what has changed in git. */
import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import type { LoadedConfig } from "../config/load.ts"
import type { ResultError } from "../engine/result.ts"
import { mayBeChangelog } from "../files/changelog/detect.ts"
import { treeWith } from "../files/changelog/tree.ts"
import { discover } from "../files/discover.ts"
import type { Change, ChangedFile } from "../files/git.ts"
import { knownFiles } from "../files/known-files.ts"
import { languageOf } from "../files/languages.ts"
import { isCodeMigration } from "../files/likely.ts"
import { nearby } from "../files/nearby.ts"
import { nodeFiles } from "../files/node-files.ts"
import type { Overlay } from "../files/overlay.ts"
import { absolute, isSqlFile } from "../files/paths.ts"
import { reason } from "../files/reason.ts"
import type { LintFlags } from "./lint-flags.ts"
import { listed, tellOthers } from "./notes.ts"
import { stderr } from "./output.ts"
import type { Task } from "./parse-task.ts"
import { UsageError } from "./usage.ts"

/** What standard input is called when `--stdin-filename` gives it no name. */
export const STDIN = "<stdin>"

export interface Inputs {
  readonly tasks: readonly Task[]
  readonly problems: readonly ResultError[]
  /** Whether the configuration ignores something that was asked for. */
  readonly leftOut: boolean
  /** Contents that count in place of those on the disk: standard input, and what is to be committed. */
  readonly overlay: Overlay
}

/** What is to be linted: standard input, or the files that the paths mean. */
export async function inputs(paths: readonly string[], { stdinFilename }: LintFlags, { config, folder }: LoadedConfig, cwd: string): Promise<Inputs> {
  const wantsStdin = paths.includes("-") || (stdinFilename !== undefined && paths.length === 0)
  const named = paths.filter((path) => path !== "-")
  const tasks: { path: string; bytes: Uint8Array }[] = wantsStdin ? [{ path: stdinFilename ?? STDIN, bytes: readStdin() }] : []
  const overlay = new Map(tasks.map(({ path, bytes }) => [absolute(path, cwd.replaceAll("\\", "/")), () => bytes]))
  if (wantsStdin && named.length === 0) return { tasks, problems: [], leftOut: false, overlay }
  const found = await discover(named, { cwd, ignore: config.ignore ?? [], ignoreFrom: folder })
  if (found.picked.length > 0) stderr.write(`pgsafe: linting ${listed(found.picked, "folders")}\n`)
  tellOthers(found.others)
  if (named.length === 0 && found.picked.length === 0) {
    throw new UsageError(`no migrations found in the usual folders${found.leftOut ? " that the configuration does not ignore" : ""}; name the files or folders to lint, as in: pgsafe lint db/migrations`)
  }
  const problems = found.errors.map(({ file, message }) => ({ file, message }))
  return { tasks: [...tasks, ...[...found.files, ...found.code].map((path) => ({ path }))], problems, leftOut: found.leftOut, overlay }
}

/** @throws {UsageError} when it is something that has no content, as a folder. */
function readStdin(): Uint8Array {
  try {
    return readFileSync(0)
  } catch (error) {
    throw new UsageError(`cannot read standard input: ${reason(error)}`)
  }
}

export function changeOf(paths: readonly string[], { since, staged, stdinFilename }: LintFlags): Change | null {
  const isChange = since !== undefined || staged === true
  if (isChange && (paths.includes("-") || stdinFilename !== undefined)) throw new UsageError("standard input is no file of which git could say whether it has changed; lint it without --since and --staged")
  if (stdinFilename !== undefined && paths.length > 0 && !paths.includes("-")) throw new UsageError("--stdin-filename gives a name to standard input, which is linted only when - is among the paths")
  if (since !== undefined && staged === true) throw new UsageError("--since and --staged are two different questions; take one")
  if (since !== undefined) return { since }
  return staged === true ? { staged } : null
}

/** Of the files that the paths mean, those that the change touches; without paths and usual folders, all that it touches. */
export async function changedInputs(paths: readonly string[], change: Change, { config, folder }: LoadedConfig, cwd: string): Promise<Inputs> {
  const { changedFiles, contentBefore, GitError, unstagedFiles } = await import("../files/git.ts")
  let changed: ReadonlyMap<string, ChangedFile>
  let overlay: Overlay = new Map()
  try {
    changed = new Map(changedFiles(cwd, change).map((file) => [file.path, file]))
    if ("staged" in change && changed.size > 0) overlay = unstagedFiles(cwd)
  } catch (error) {
    throw error instanceof GitError ? new UsageError(error.message) : error
  }
  const gone = [...changed.values()].filter(({ path, bytes }) => bytes !== undefined && !existsSync(path)).map(({ path }) => path)
  const options = { cwd, ignore: config.ignore ?? [], ignoreFrom: folder, gone }
  const usual = await discover(paths, options)
  const readers = changelogsReading([...changed.keys()].filter((path) => isSqlFile(path)), cwd)
  const found = paths.length > 0 || usual.picked.length > 0 ? usual : await discover([...changed.keys(), ...readers.keys()].filter(isLikely).map((path) => nearby(path, cwd)), options)
  const fullOf = (path: string): string => resolve(cwd, path).replaceAll("\\", "/")
  const changedAs = (path: string): ChangedFile | undefined => changed.get(fullOf(path))
  // Without paths, only what has changed was asked for.
  const problems = found.errors.filter(({ file }) => paths.length > 0 || changedAs(file) !== undefined).map(({ file, message }) => ({ file, message }))
  const parts = found.code.flatMap((path) => readers.get(fullOf(path)) ?? []).map((path) => nearby(path, cwd))
  const tasks = [...new Set([...found.files, ...found.code, ...parts])].flatMap((path): Task[] => {
    const file = changedAs(path)
    if (file === undefined && !readers.has(fullOf(path))) return []
    const bytes = file === undefined && "staged" in change ? contentBefore(cwd, change, nearby(fullOf(path), cwd)) : file?.bytes
    return [{ path, ...(bytes !== undefined && { bytes }) }]
  })
  return { tasks, problems, leftOut: found.leftOut, overlay }
}

/** The changelogs of Liquibase whose changesets read files of SQL, with these, all by their absolute paths: what such a file holds is a part of them. */
function changelogsReading(sql: readonly string[], cwd: string): ReadonlyMap<string, readonly string[]> {
  const files = knownFiles(nodeFiles(cwd))
  const readers = new Map<string, readonly string[]>()
  for (const path of sql) for (const changelog of treeWith(files, path)?.read.get(path) ?? []) readers.set(changelog, [...(readers.get(changelog) ?? []), path])
  return readers
}

/** Of everything that changed, what is a migration by its name. */
function isLikely(path: string): boolean {
  return languageOf(path) === undefined || isCodeMigration(path) || mayBeChangelog(path)
}
