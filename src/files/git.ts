/** Asks git which files a pending deploy changes. */
import { spawnSync } from "node:child_process"
import { mayBeChangelog } from "./changelog/detect.ts"
import { languageOf } from "./languages.ts"
import { absolute, baseName, isSqlFile, join } from "./paths.ts"
import type { Overlay } from "./overlay.ts"

/** Why git could not say it; the message is for the user. */
export class GitError extends Error {}

/** A file that a change adds or alters. */
export interface ChangedFile {
  /** Absolute, with `/` between the parts. */
  readonly path: string
  /** The content that is staged, when that was asked for; of a link it is what the link leads to on disk, and not given. */
  readonly bytes?: Uint8Array
}

/** `since`: what differs from where the current branch left that commit, untracked files included. `staged`: what the next commit holds. */
export type Change = { readonly since: string } | { readonly staged: true }

/**
 * The files that a change adds, alters or renames, in the whole repository of `cwd`: those of SQL and code, and those that may be changelogs.
 *
 * A file that only moved to another folder under its old name is not changed: tools know migrations by their names.
 *
 * @throws {GitError} without git, outside of a repository, or when there is no such commit.
 */
export function changedFiles(cwd: string, change: Change): readonly ChangedFile[] {
  const top = topOf(cwd)
  const compared = "staged" in change ? ["--cached"] : [baseOf(cwd, change.since)]
  // Files that only moved have the same hash: git need not read, and a partial clone not fetch, what else has changed.
  // From the top: in a subdirectory the user's `diff.relative` would leave the others out.
  const listed = git(top, ["diff", "--raw", "-z", "--find-renames=100%", "--diff-filter=ACMRT", "--ignore-submodules", ...compared])
  const entries = changedEntries(listed.split("\0"))
  if ("staged" in change) {
    const wanted = entries.filter(({ path }) => isRead(path))
    return wanted.map(({ path, link }) => ({ path: join(top, path), ...(!link && { bytes: stagedContent(cwd, path) }) }))
  }
  // Relative to the top, wherever git runs.
  const untracked = git(cwd, ["ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/"])
  return [...new Set([...entries.map(({ path }) => path), ...untracked.split("\0")])].filter(isRead).map((path) => ({ path: join(top, path) }))
}

/**
 * Where the folder is not what is staged. Files that git ignores are nobody's business, and links lead where they lead.
 *
 * @throws {GitError}
 */
export function unstagedFiles(cwd: string): Overlay {
  const top = topOf(cwd)
  const found = new Map<string, (() => Uint8Array) | null>()
  const fields = git(top, ["diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--ignore-submodules"]).split("\0")
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [mode, , hash = "", , status] = (fields[at] ?? "").split(" ")
    const path = join(top, fields[at + 1] ?? "")
    if (status === "A") found.set(path, null)
    else if (status !== "U" && mode !== `:${LINK}`) found.set(path, () => blob(top, hash))
  }
  for (const path of git(top, ["ls-files", "--others", "--exclude-standard", "-z"]).split("\0")) if (path !== "") found.set(join(top, path), null)
  return found
}

/** @throws {GitError} */
function blob(cwd: string, hash: string): Uint8Array {
  const { stdout, status } = spawn(cwd, ["cat-file", "blob", hash])
  if (status !== 0) throw new GitError(`git does not give the staged content ${hash}`)
  return stdout
}

/** @throws {GitError} outside of a work tree, where there are no files: in a bare repository, or inside of `.git`. */
function topOf(cwd: string): string {
  // In a bare repository git leaves out the answer to the first question.
  const answers = git(cwd, ["rev-parse", "--show-cdup", "--is-inside-work-tree"]).trimEnd().split("\n")
  if (answers.at(-1) !== "true") throw new GitError("this folder is in a git repository, but not in its work tree, so there are no files to lint; a bare repository has none")
  return absolute(answers[0] || ".", cwd.replaceAll("\\", "/"))
}

/** A file as it was before the change; undefined when it was not there. */
export function contentBefore(cwd: string, change: Change, path: string): Uint8Array | undefined {
  const commit = "staged" in change ? "HEAD" : baseOf(cwd, change.since)
  // The path is relative to the folder in which git runs.
  const { status, stdout } = spawn(cwd, ["cat-file", "blob", `${commit}:./${path}`])
  return status === 0 ? stdout : undefined
}

/** Where the current branch left the commit; the commit itself when the history is too shallow to tell. */
function baseOf(cwd: string, ref: string): string {
  const commit = ask(cwd, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])
  if (commit === null) {
    const shallow = git(cwd, ["rev-parse", "--is-shallow-repository"]).trim() === "true"
    throw new GitError(
      shallow
        ? `this shallow clone does not have the commit "${ref}"; fetch it first, for example with: git fetch --depth=1 origin ${ref.replace(/^origin\//, "")}`
        : `git knows no commit "${ref}"`,
    )
  }
  return (ask(cwd, ["merge-base", commit.trim(), "HEAD"]) ?? commit).trim()
}

/** What git keeps as the mode of a symbolic link. */
const LINK = "120000"

/** Reads `git diff --raw -z`: modes, hashes and a status, then the path, or for renames the old and the new path. */
function changedEntries(fields: readonly string[]): { readonly path: string; readonly link: boolean }[] {
  const entries: { path: string; link: boolean }[] = []
  for (let at = 0; at + 1 < fields.length; ) {
    const [, mode, , , status = ""] = (fields[at] ?? "").split(" ")
    const old = fields[at + 1] ?? ""
    const twoPaths = /^[RC]/.test(status)
    const path = twoPaths ? (fields[at + 2] ?? "") : old
    at += twoPaths ? 3 : 2
    if (status !== "R100" || baseName(old) !== baseName(path)) entries.push({ path, link: mode === LINK })
  }
  return entries
}

function isRead(path: string): boolean {
  const language = languageOf(path)
  return isSqlFile(path) || (language === "changelog" ? mayBeChangelog(path) : language !== undefined)
}

/** @throws {GitError} */
function stagedContent(cwd: string, path: string): Uint8Array {
  const { stdout, status } = spawn(cwd, ["cat-file", "blob", `:${path}`])
  if (status !== 0) throw new GitError(`git does not give the staged content of ${path}`)
  return stdout
}

/** @throws {GitError} in git's own words when it fails. */
function git(cwd: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawn(cwd, args)
  if (status === 0) return stdout.toString("utf8")
  const words = stderr.toString("utf8").trim()
  throw new GitError(/not a git repository/i.test(words) ? "this folder is not in a git repository" : `git says: ${words}`)
}

function ask(cwd: string, args: readonly string[]): string | null {
  const { status, stdout } = spawn(cwd, args)
  return status === 0 ? stdout.toString("utf8") : null
}

function spawn(cwd: string, args: readonly string[]): { readonly status: number | null; readonly stdout: Buffer; readonly stderr: Buffer } {
  const result = spawnSync("git", args, { cwd, maxBuffer: 2 ** 30, env: { ...process.env, LC_ALL: "C" }, windowsHide: true })
  if (result.error !== undefined) {
    const missing = "code" in result.error && result.error.code === "ENOENT"
    throw new GitError(missing ? "git is not installed, or not on the PATH" : `git could not be run: ${result.error.message}`)
  }
  return result
}
