/** Which files a command line means. */
import { lstatSync, readdirSync, statSync, type Dirent, type Stats } from "node:fs"
import { resolve } from "node:path"
import { isChangelog, mayBeChangelog } from "./changelog/detect.ts"
import { treeOf } from "./changelog/tree.ts"
import type { KnownFiles } from "./framework.ts"
import { pathMatcher } from "./glob.ts"
import { knownFiles } from "./known-files.ts"
import { languageOf } from "./languages.ts"
import { codeMigration, isCodeMigration, isGuessed, isSearched, isSequence, mayBeSequence, unmistakable, versioned } from "./likely.ts"
import { nodeFiles } from "./node-files.ts"
import { codeOf, reason } from "./reason.ts"
import { absolute, byName, isSqlFile, join, plainName, relative } from "./paths.ts"

/** A path that could not be used. */
export interface PathError {
  /** As it was given. */
  readonly file: string
  readonly message: string
  /** `missing`: there is nothing. `unreadable`: the system refused. `empty`: a folder or pattern with no SQL in it. */
  readonly kind: "missing" | "unreadable" | "empty"
}

/** The answer. */
export interface Discovery {
  /** With `/` between the parts, each once, in the order of the inputs and by name in a folder. */
  readonly files: readonly string[]
  /** Of code: the files that were named, and those in folders that are called like a migration or are changelogs of Liquibase. In the same form and order. */
  readonly code: readonly string[]
  readonly errors: readonly PathError[]
  /** The folders that were chosen because no path was given, and changelogs that lie in others. */
  readonly picked: readonly string[]
  /** Files that were named, but hold no SQL, as their names tell: what a shell makes of `migrations/*`. */
  readonly others: readonly string[]
  /** Whether patterns have left out something that would have been found. */
  readonly leftOut: boolean
}

/** How to look. */
export interface DiscoverOptions {
  /** What relative paths are relative to. */
  readonly cwd: string
  /** Patterns of paths to leave out. */
  readonly ignore?: readonly string[]
  /** The folder that these patterns are relative to, absolute; `cwd` when absent. */
  readonly ignoreFrom?: string
  /** Absolute paths of files that count as if they were on disk: what was staged and then deleted. */
  readonly gone?: readonly string[]
}

/** Texts, settings and data that lie beside migrations. */
const noSql = /\.(?:adoc|cfg|conf|csv|ini|jsonl?|lock|markdown|mdx?|properties|rst|sum|toml|tsv|xml|ya?ml)$/i

/** How deep folders are looked for when none is given. */
const deepestGuess = 12

/**
 * Finds the SQL files that are meant by files, folders (with everything below) and glob patterns. Without any path it
 * looks for folders that usually hold migrations. Links to files are followed, links to folders are not.
 */
export async function discover(inputs: readonly string[], options: DiscoverOptions): Promise<Discovery> {
  const cwd = options.cwd.replaceAll("\\", "/")
  const base = (options.ignoreFrom ?? cwd).replaceAll("\\", "/")
  const matches = pathMatcher(options.ignore ?? [])
  const ignored = (full: string): boolean => matches(below(full, base))
  const search: Search = { cwd, ignored, files: new Map(), code: new Map(), others: new Set(), known: knownFiles(nodeFiles(cwd)), errors: [], leftOut: false, gone: options.gone ?? [] }
  const picked = inputs.length === 0 ? guess(search) : []
  for (const input of inputs) await add(search, input)
  for (const path of picked) {
    if (addChangelog(search, path, "with what it includes")) continue
    addFolder(search, path, isGuessed)
    addGone(search, path, isGuessed)
  }
  return { files: [...search.files.values()], code: [...search.code.values()], errors: search.errors, picked, others: [...search.others], leftOut: search.leftOut }
}

interface Search {
  readonly cwd: string
  /** Whether an absolute path is to be left out. */
  readonly ignored: (full: string) => boolean
  /** What is found, by absolute path. */
  readonly files: Map<string, string>
  readonly code: Map<string, string>
  readonly others: Set<string>
  /** The files of the disk, each looked into once. */
  readonly known: KnownFiles
  readonly errors: PathError[]
  /** What is not on disk and counts all the same. */
  readonly gone: readonly string[]
  leftOut: boolean
}

async function add(search: Search, input: string): Promise<void> {
  if (input === "") {
    search.errors.push({ file: '""', message: "the path is empty; the current folder is .", kind: "missing" })
    return
  }
  const windows = /^[A-Za-z]:/.test(search.cwd)
  const path = clean(windows ? input.replaceAll("\\", "/") : input)
  const found = stats(search, path)
  if (found === "denied") {
    search.errors.push({ file: input, message: "permission denied", kind: "unreadable" })
  } else if (found?.isDirectory() === true) {
    const inside: Search = { ...search, leftOut: false }
    const before = search.files.size + search.code.size
    addFolder(inside, path)
    addGone(inside, path)
    search.leftOut ||= inside.leftOut
    const nothing = search.files.size + search.code.size === before && search.errors.every(({ file }) => file !== path)
    if (nothing && !inside.leftOut && !hasKnown(search, path)) {
      search.errors.push({ file: input, message: "there is no .sql file and no migration in code in this folder", kind: "empty" })
    }
  } else if (found !== undefined && addChangelog(search, path, "with what it includes")) return
  else if (found !== undefined && noSql.test(path)) search.others.add(path)
  else if (found !== undefined) addFile(search, path)
  else if (addGone(search, path)) return
  else if (/[*?[{]|[!@+]\(/.test(path)) await addPattern(search, path, input)
  else search.errors.push({ file: input, message: isLink(search, path) ? LEADS_NOWHERE : "there is no such file or folder", kind: "missing" })
}

const LEADS_NOWHERE = "the link leads nowhere"

function isLink(search: Search, path: string): boolean {
  try {
    return lstatSync(resolve(search.cwd, path), { throwIfNoEntry: false })?.isSymbolicLink() === true
  } catch {
    // A file stands where a folder would have to be.
    return false
  }
}

/** Adds the files that are gone from a folder, or the file that is gone. False when there is none. */
function addGone(search: Search, path: string, enter: (name: string) => boolean = isSearched): boolean {
  const full = absolute(path, search.cwd)
  const below = search.gone.filter((file) => file === full || (file.startsWith(`${full}/`) && file.slice(full.length + 1).split("/").slice(0, -1).every(enter)))
  for (const file of below) addFile(search, relative(file, search.cwd))
  return below.length > 0
}

/** Whether an earlier input already brought the files of a folder. */
function hasKnown(search: Search, folder: string): boolean {
  const start = `${absolute(folder, search.cwd)}/`
  return [...search.files.keys(), ...search.code.keys()].some((path) => path.startsWith(start))
}

function stats(search: Search, path: string): Stats | "denied" | undefined {
  try {
    // As the system reads paths: only Windows takes a backslash for the end of a folder's name.
    return statSync(resolve(search.cwd, path), { throwIfNoEntry: false })
  } catch (error) {
    return codeOf(error) === "EACCES" ? "denied" : undefined
  }
}

async function addPattern(search: Search, pattern: string, input: string): Promise<void> {
  const before = search.errors.length
  const entries = await entriesMatching(search, pattern, input)
  const matching = entries
    .filter(({ path, dirent }) => isMigration(search, path) && isFileOrLink(search, path, dirent))
    .map(({ path }) => path)
    .sort(byName)
  const isMeant = pathMatcher([absolute(pattern, search.cwd)], "whole paths")
  const gone = search.gone.filter((file) => isMeant(file.replace(/^\//, ""))).map((file) => relative(file, search.cwd))
  for (const path of [...matching, ...gone]) addFile(search, path)
  if (matching.length + gone.length === 0 && search.errors.length === before) {
    search.errors.push({ file: input, message: "no .sql file and no code matches this pattern", kind: "empty" })
  }
}

/** Everything that a pattern matches. A folder that cannot be read is an error, and does not hide the others. */
async function entriesMatching({ cwd, errors }: Search, pattern: string, input: string): Promise<readonly Match[]> {
  const { default: glob } = await import("fast-glob")
  // Links are no files to it; whether they lead to one is asked later.
  const options = { cwd, ignore: ["**/node_modules/**"], followSymbolicLinks: false, onlyFiles: false, objectMode: true as const }
  try {
    return await glob(pattern, options)
  } catch (error) {
    const folder = error instanceof Error && "path" in error ? ` ${shownIn(cwd, String(error.path))}` : ""
    errors.push({ file: input, message: `cannot read the folder${folder}: ${reason(error)}`, kind: "unreadable" })
    return glob(pattern, { ...options, suppressErrors: true })
  }
}

function shownIn(cwd: string, path: string): string {
  return relative(path.replaceAll("\\", "/"), cwd)
}

interface Match {
  readonly path: string
  readonly dirent: Pick<Dirent, "isFile" | "isSymbolicLink">
}

function isFileOrLink(search: Search, path: string, entry: Match["dirent"]): boolean {
  return entry.isFile() || (entry.isSymbolicLink() && isLinkedFile(search, path))
}

/** Whether a file may be a migration that nobody has named: SQL, code, or a changelog. */
function isMigration(search: Search, path: string): boolean {
  const language = languageOf(path)
  return isSqlFile(path) || (language === "changelog" ? isOneOfLiquibase(search, absolute(path, search.cwd)) : language !== undefined)
}

function isOneOfLiquibase({ known }: Search, full: string): boolean {
  return mayBeChangelog(full) && isChangelog(full, known.head(full))
}

function addFile(search: Search, path: string): void {
  const full = absolute(path, search.cwd)
  const known = languageOf(path) === undefined ? search.files : search.code
  if (search.ignored(full)) search.leftOut = true
  else if (!known.has(full)) known.set(full, path)
}

function addFolder(search: Search, folder: string, enter: (name: string) => boolean = isSearched): void {
  const entries = read(search, folder)
  for (const entry of entries) {
    const path = folder === "." ? entry.name : join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!enter(entry.name)) continue
      if (search.ignored(absolute(path, search.cwd))) search.leftOut = true
      else addFolder(search, path, enter)
    } else if ((isSqlFile(entry.name) || isCodeMigration(absolute(path, search.cwd))) && isFileOrLink(search, path, entry)) {
      addFile(search, path)
    } else if (entry.isFile()) addChangelog(search, path, "alone")
  }
}

/** Adds a changelog; false for any other file. Whoever names one means what it includes as well. */
function addChangelog(search: Search, path: string, how: "alone" | "with what it includes"): boolean {
  const full = absolute(path, search.cwd)
  if (!isOneOfLiquibase(search, full)) return false
  addFile(search, path)
  if (how === "with what it includes") for (const file of treeOf(search.known, full).files.keys()) addFile(search, relative(file, search.cwd))
  return true
}

/** Whether a link leads to a file; a migration that cannot be reached is an error. */
function isLinkedFile(search: Search, path: string): boolean {
  const target = stats(search, path)
  if (target === undefined) search.errors.push({ file: path, message: LEADS_NOWHERE, kind: "missing" })
  else if (target === "denied") search.errors.push({ file: path, message: "permission denied", kind: "unreadable" })
  else return target.isFile()
  return false
}

function read(search: Search, folder: string): readonly Dirent[] {
  try {
    const entries = readdirSync(absolute(folder, search.cwd), { withFileTypes: true })
    return entries.sort((left, right) => byName(left.name, right.name))
  } catch (error) {
    const code = codeOf(error)
    const message = code === "EACCES" || code === "EPERM" ? "permission denied" : `the folder cannot be read (${code === "" ? String(error) : code})`
    search.errors.push({ file: folder, message, kind: "unreadable" })
    return []
  }
}

/**
 * Folders that usually hold migrations, if there is SQL in them; where there are none, those called `sql` whose files have versions; else those
 * whose files are called like migrations, or at least like the parts of a sequence.
 */
function guess(search: Search): readonly string[] {
  const found: string[] = []
  const plain: string[] = []
  const told: string[] = []
  const sequences: string[] = []
  const walk = (folder: string, depth: number): void => {
    const entries = read({ ...search, errors: [] }, folder)
    const holds = (name: string): boolean => entries.some((entry) => entry.name === name)
    // Atlas lists the files of a folder of migrations in it, and Alembic has what runs them beside them, whatever the folder is called.
    const isAlembics = holds("script.py.mako") || (holds("env.py") && holds("versions"))
    if (folder !== "." && ((holds("atlas.sum") && holdsPath(search, folder, /\.sql$/i)) || (isAlembics && holdsPath(search, folder, codeMigration)))) {
      found.push(folder)
      return
    }
    const names = entries.flatMap((entry) => (entry.isFile() ? [entry.name] : []))
    if (folder !== "." && !isBelow(folder, told) && names.some((name) => unmistakable.test(name))) told.push(folder)
    if (folder !== "." && mayBeSequence(folder) && !isBelow(folder, sequences) && (isSequence(names) || isSequenceOfFolders(search, folder, entries))) sequences.push(folder)
    const plan = holds("sqitch.plan")
    for (const entry of entries) {
      const path = folder === "." ? entry.name : join(folder, entry.name)
      // All changes of a project may stand in one file: `src/main/resources/migrations.xml`.
      if (entry.isFile() && /migrat|changelog|liquibase/i.test(entry.name) && isOneOfLiquibase(search, absolute(path, search.cwd))) found.push(path)
      if (!entry.isDirectory() || !isGuessed(entry.name)) continue
      if (search.ignored(absolute(path, search.cwd))) {
        search.leftOut = true
        continue
      }
      // Deep in a repository, a folder of that name may also hold the queries of an application.
      const doubtful = depth > 3 && /migrat/i.test(entry.name)
      const usual = isUsual(entry.name) && (holdsPath(search, path, doubtful ? versioned : /\.sql$/i) || holdsPath(search, path, codeMigration) || holdsChangelog(search, path) || isSequence(namesIn(search, path)))
      const deployed = plan && entry.name === "deploy" && holdsPath(search, path, /\.sql$/)
      if (usual || deployed) found.push(path)
      else {
        if (entry.name === "sql" && !isBelow(path, plain) && holdsPath(search, path, versioned)) plain.push(path)
        if (depth < deepestGuess) walk(path, depth + 1)
      }
    }
  }
  walk(".", 1)
  // `sql/2024-01-01_a.sql` beside `sql/migration-helpers/b.sql`.
  const around = plain.filter((folder) => namesIn(search, folder).filter((name) => versioned.test(name)).length >= SEVERAL)
  const isInside = found.length > 0 && found.every((path) => isBelow(path, around))
  return [isInside ? around : withoutIncluded(search, found), plain, told, sequences].find(({ length }) => length > 0) ?? []
}

/** So many files with versions are no chance. */
const SEVERAL = 3

/**
 * Whether at least three folders are called by versions and have SQL in them: `delta/72/01_a.sql`, `versioned/v1.2/b.sql`, `upgrade/1-2/c.sql`.
 */
function isSequenceOfFolders(search: Search, folder: string, entries: readonly Dirent[]): boolean {
  const versions = entries.filter((entry) => entry.isDirectory() && /^v?\d+(?:[.-]\d+)*$/i.test(entry.name))
  return versions.length >= 3 && versions.filter(({ name }) => namesIn(search, join(folder, name)).some(isSqlFile)).length >= 3
}

function namesIn(search: Search, folder: string): readonly string[] {
  return read({ ...search, errors: [] }, folder).flatMap((entry) => (entry.isFile() ? [entry.name] : []))
}

function isBelow(folder: string, others: readonly string[]): boolean {
  return others.some((one) => folder.startsWith(`${one}/`))
}

/** Without the changelogs that others of them include. */
function withoutIncluded({ known, cwd }: Search, found: readonly string[]): readonly string[] {
  const changelogs = found.filter((path) => /\.\w+$/.test(path)).map((path) => absolute(path, cwd)).filter((full) => isChangelog(full, known.head(full)))
  return found.filter((path) => {
    const full = absolute(path, cwd)
    return !changelogs.some((other) => other !== full && treeOf(known, other).files.has(full) && !treeOf(known, full).files.has(other))
  })
}

function isUsual(name: string): boolean {
  return /^(?:.*[_-]|pg|postgres|db|sql)?(?:migrations?|migrate|changelogs?|drizzle|alembic|evolutions|flyway|liquibase)(?:[_-].*)?$/i.test(name)
}

function holdsPath(search: Search, folder: string, path: RegExp): boolean {
  const entries = read({ ...search, errors: [] }, folder)
  return (
    entries.some((entry) => !entry.isDirectory() && path.test(join(folder, plainName(entry.name)))) ||
    entries.some((entry) => {
      return entry.isDirectory() && isGuessed(entry.name) && holdsPath(search, join(folder, entry.name), path)
    })
  )
}

function holdsChangelog(search: Search, folder: string): boolean {
  return read({ ...search, errors: [] }, folder).some((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? isGuessed(entry.name) && holdsChangelog(search, path) : isOneOfLiquibase(search, absolute(path, search.cwd))
  })
}

/** `./a//b/` as `a/b`; the current folder as `.`. */
function clean(path: string): string {
  const tidy = path.replace(/\/{2,}/g, "/").replace(/^(?:\.\/)+(?=.)/, "")
  return tidy.length > 1 ? tidy.replace(/\/$/, "") : tidy
}

/** An absolute path as patterns see it: relative to the current folder when it is below that. */
function below(path: string, cwd: string): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path
}
