import { existsSync, readFileSync } from "node:fs"
import { isAbsolute, relative, resolve } from "node:path"
import { loadConfig, type LoadedConfig } from "../../config/load.ts"
import type { Severity } from "../../engine/finding.ts"
import type { ResultError, ResultSummary } from "../../engine/result.ts"
import { PRESETS, unknownNames, type RuleSelection } from "../../engine/select.ts"
import { parseSizes } from "../../engine/read-sizes.ts"
import type { Sizes } from "../../engine/sizes.ts"
import { PG_VERSIONS } from "../../engine/versions.ts"
import { decodeUtf8 } from "../../files/decode.ts"
import { discover, isCode } from "../../files/discover.ts"
import type { Change, ChangedFile } from "../../files/git.ts"
import { isCodeMigration } from "../../files/likely.ts"
import { reason } from "../../files/reason.ts"
import type { Unstaged } from "../../files/staged-files.ts"
import type { Format, Reporter } from "../../report/reporter.ts"
import { visiblePath } from "../../report/text.ts"
import { rules } from "../../../rules/index.ts"
import { cacheFolder } from "../cache-folder.ts"
import { frameworkId } from "../framework-id.ts"
import { describeProjects, describeUnread, hintAtVersion, listed, tellLeftOut, tellUnread } from "../notes.ts"
import { stderr, stdout } from "../output.ts"
import type { Task } from "../parse-task.ts"
import { run, type RunOptions } from "../run.ts"
import { stdoutColors, stdoutWidth, type ColorChoice } from "../terminal.ts"
import { didYouMean, EXIT, UsageError } from "../usage.ts"
import { VERSION } from "../version.ts"

/** What commander hands over for `pgsafe lint`. */
export interface LintFlags {
  readonly pgVersion?: number
  readonly format?: Format
  readonly select?: readonly string[]
  readonly ignore?: readonly string[]
  readonly transaction?: boolean
  readonly direction: "up" | "down" | "both"
  readonly searchPath?: readonly string[]
  readonly framework?: string
  readonly maxWarnings?: number
  readonly quiet?: boolean
  readonly color?: ColorChoice | boolean
  readonly config?: string
  readonly stdinFilename?: string
  readonly since?: string
  readonly staged?: boolean
  readonly schema?: string
  readonly stats?: string
  readonly app?: readonly string[]
  readonly cache?: boolean
  readonly cacheLocation?: string
  readonly verbose?: boolean
}

/** What standard input is called when `--stdin-filename` gives it no name. */
const STDIN = "<stdin>"

export async function lintCommand(paths: readonly string[], flags: LintFlags): Promise<number> {
  const started = process.hrtime()
  const cwd = process.cwd()
  const loaded = await loadConfig(cwd, flags.config)
  const { config } = loaded
  const selection: RuleSelection = {
    ...(config.rules !== undefined && { severities: config.rules }),
    ...(flags.select !== undefined && { select: flags.select }),
    ...(flags.ignore !== undefined && { ignore: flags.ignore }),
  }
  checkNames(selection)
  const pgVersion = flags.pgVersion ?? config.pgVersion ?? PG_VERSIONS.default
  const format = flags.format ?? (process.env["GITHUB_ACTIONS"] === "true" ? "github" : "pretty")
  const reporter = await createReporter(format, pgVersion, flags)
  const framework = flags.framework === undefined ? config.framework : frameworkId(flags.framework)

  const change = changeOf(paths, flags)
  const { tasks, problems, leftOut, unread, unstaged } = change === null ? await inputs(paths, flags, loaded, cwd) : await changedInputs(paths, change, loaded, cwd)
  const schema = schemaDump(flags, loaded, cwd)
  const sizes = sizesFrom(flags, loaded, cwd)
  const app = await appFiles(flags, loaded, cwd)
  const git = change === null ? null : await import("../../files/git.ts")
  const before = (path: string): Uint8Array | undefined => (change === null ? undefined : git?.contentBefore(cwd, change, nearby(resolve(cwd, path), cwd)))
  let failed = 0
  /** How many files no tool runs, which was said. */
  let unknown = 0
  const fail = (error: ResultError): void => {
    failed += 1
    // An annotation of a workflow is itself a diagnostic; every other format leaves standard output to the findings.
    if (format !== "github") stderr.write(`pgsafe: ${place(error)}: ${error.message}\n`)
    stdout.write(reporter.error(error))
  }
  stdout.needExitCode()
  stdout.write(reporter.start())
  for (const problem of [...problems, ...(app?.problems ?? [])]) fail(problem)
  const summary = await run(
    { tasks, pgVersion, selection, transaction: flags.transaction ?? config.transaction, searchPath: flags.searchPath ?? config.searchPath, framework, direction: flags.direction, together: change !== null, schema, sizes, app: app?.paths, cache: cacheOf(flags, loaded, cwd), unstaged, before },
    {
      projects: (projects) => {
        if (flags.verbose === true) describeProjects(projects, tasks)
        else unknown = tellLeftOut(projects, tasks, paths)
      },
      file(findings, sql) {
        const shown = flags.quiet === true ? findings.filter(({ severity }) => severity === "error") : findings
        if (shown.length > 0) stdout.write(reporter.file(shown, sql))
      },
      error: fail,
      passedOver: (part) => { stderr.write(`pgsafe: ${place(part)}: ${part.message}\n`) },
      unread: describeUnread,
      unsupported(statements) {
        // Nobody said which major it is.
        if (statements > 0 && flags.pgVersion === undefined && config.pgVersion === undefined) stderr.write(hintAtVersion(statements, pgVersion))
      },
    },
  )
  const [seconds, nanoseconds] = process.hrtime(started)
  stdout.write(reporter.end({ ...summary, durationMs: Math.round(seconds * 1e3 + nanoseconds / 1e6) }))
  if (tasks.length === 0 && change !== null && failed === 0) {
    if (!unread) stderr.write(`pgsafe: no migration ${"since" in change ? `changed since ${change.since}` : "is staged"}\n`)
  } else if (summary.files === 0 && failed === 0 && (unknown === 0 || unknown < tasks.length)) {
    const why = tasks.length > 0 ? "none of these files is a migration that runs in this direction; --verbose and --direction both tell more" : leftOut ? "the configuration ignores all of these files" : "none of these files holds SQL"
    stderr.write(`pgsafe: ${why}\n`)
  }
  return exitCode(failed, summary, flags.maxWarnings)
}

interface Inputs {
  readonly tasks: readonly Task[]
  readonly problems: readonly ResultError[]
  /** Whether the configuration ignores something that was asked for. */
  readonly leftOut: boolean
  /** Whether there are migrations that are not read, which was said. */
  readonly unread: boolean
  /** Where the folder differs from what is to be committed, when that is linted. */
  readonly unstaged: Unstaged
}

/** What is to be linted: standard input, or the files that the paths mean. */
async function inputs(paths: readonly string[], { stdinFilename }: LintFlags, { config, folder }: LoadedConfig, cwd: string): Promise<Inputs> {
  const wantsStdin = paths.includes("-") || (stdinFilename !== undefined && paths.length === 0)
  const named = paths.filter((path) => path !== "-")
  const tasks: Task[] = wantsStdin ? [{ path: stdinFilename ?? STDIN, bytes: readStdin() }] : []
  if (wantsStdin && named.length === 0) return { tasks, problems: [], leftOut: false, unread: false, unstaged: new Map() }
  const found = await discover(named, { cwd, ignore: config.ignore ?? [], ignoreFrom: folder })
  if (found.picked.length > 0) stderr.write(`pgsafe: linting ${listed(found.picked, "folders")}\n`)
  const unread = tellUnread(found)
  if (named.length === 0 && found.picked.length === 0) {
    throw new UsageError(`no migrations found in the usual folders${found.leftOut ? " that the configuration does not ignore" : ""}; name the files or folders to lint, as in: pgsafe lint db/migrations`)
  }
  const problems = found.errors.map(({ file, message }) => ({ file, message }))
  return { tasks: [...tasks, ...[...found.files, ...found.code].map((path) => ({ path }))], problems, leftOut: found.leftOut, unread, unstaged: new Map() }
}

/** @throws {UsageError} when it is something that has no content, as a folder. */
function readStdin(): Uint8Array {
  try {
    return readFileSync(0)
  } catch (error) {
    throw new UsageError(`cannot read standard input: ${reason(error)}`)
  }
}

/** The dump to start from, with what named it. */
function schemaDump({ schema }: LintFlags, { config, folder, path: from }: LoadedConfig, cwd: string): RunOptions["schema"] {
  if (schema !== undefined) return { path: schema, from: "--schema" }
  if (config.schema === undefined) return undefined
  return { path: nearby(resolve(folder, config.schema), cwd), from: from === undefined ? "the configuration" : `"schema" in ${nearby(from, cwd)}` }
}

/** @throws {UsageError} when the file is not what the query of `pgsafe stats` gives. */
function sizesFrom({ stats }: LintFlags, { config, folder, path: from }: LoadedConfig, cwd: string): Sizes | undefined {
  const path = stats ?? (config.stats === undefined ? undefined : nearby(resolve(folder, config.stats), cwd))
  if (path === undefined) return undefined
  const fail = (why: string): never => {
    throw new UsageError(`${stats === undefined ? inConfig("stats", from, cwd) : ""}${path}: ${why}; pgsafe stats prints the query that gives it`)
  }
  let decoded: ReturnType<typeof decodeUtf8>
  try {
    decoded = decodeUtf8(readFileSync(path))
  } catch (error) {
    return fail(reason(error))
  }
  if (!("text" in decoded)) return fail(decoded.message)
  try {
    return parseSizes(decoded.text.replace(/^\uFEFF/, ""))
  } catch (error) {
    return fail(reason(error))
  }
}

/** Where a setting stands, in front of what is wrong with it. */
function inConfig(key: keyof LoadedConfig["config"], path: string | undefined, cwd: string): string {
  return path === undefined ? "" : `"${key}" in ${nearby(path, cwd)}: `
}

function cacheOf({ cache, cacheLocation }: LintFlags, { config, folder }: LoadedConfig, cwd: string): string | null {
  if (cache === false) return null
  if (cacheLocation !== undefined) return resolve(cwd, cacheLocation)
  return config.cacheLocation === undefined ? cacheFolder(cwd) : resolve(folder, config.cacheLocation)
}

/**
 * The application's sources, as absolute paths, and the folders of them that may not be looked into.
 *
 * @throws {UsageError} when a pattern means no source at all.
 */
async function appFiles({ app }: LintFlags, { config, folder, path }: LoadedConfig, cwd: string): Promise<{ readonly paths: readonly string[]; readonly problems: readonly ResultError[] } | undefined> {
  const patterns = app ?? config.app ?? []
  if (patterns.length === 0) return undefined
  const [{ findAppFiles }, { unreadSource }] = await Promise.all([import("../../files/app-files.ts"), import("../app-sources.ts")])
  const { paths, empty, unreadable } = findAppFiles(patterns, app === undefined ? folder : cwd)
  const [nothing] = empty
  if (nothing !== undefined) throw new UsageError(`${app === undefined ? inConfig("app", path, cwd) : "--app: "}no source file matches "${nothing}"; what git ignores, tests and files of data do not count`)
  return { paths, problems: unreadable.map((one) => unreadSource(nearby(one.path, cwd), one.reason)) }
}

function changeOf(paths: readonly string[], { since, staged, stdinFilename }: LintFlags): Change | null {
  const isChange = since !== undefined || staged === true
  if (isChange && (paths.includes("-") || stdinFilename !== undefined)) throw new UsageError("standard input is no file of which git could say whether it has changed; lint it without --since and --staged")
  if (stdinFilename !== undefined && paths.length > 0 && !paths.includes("-")) throw new UsageError("--stdin-filename gives a name to standard input, which is linted only when - is among the paths")
  if (since !== undefined && staged === true) throw new UsageError("--since and --staged are two different questions; take one")
  if (since !== undefined) return { since }
  return staged === true ? { staged } : null
}

/** Of the files that the paths mean, those that the change touches; without paths and usual folders, all that it touches. */
async function changedInputs(paths: readonly string[], change: Change, { config, folder }: LoadedConfig, cwd: string): Promise<Inputs> {
  const { changedFiles, GitError, unstagedFiles } = await import("../../files/git.ts")
  let changed: ReadonlyMap<string, ChangedFile>
  let unstaged: Unstaged = new Map()
  try {
    changed = new Map(changedFiles(cwd, change).map((file) => [file.path, file]))
    if ("staged" in change && changed.size > 0) unstaged = unstagedFiles(cwd)
  } catch (error) {
    throw error instanceof GitError ? new UsageError(error.message) : error
  }
  const gone = [...changed.values()].filter(({ path, bytes }) => bytes !== undefined && !existsSync(path)).map(({ path }) => path)
  const options = { cwd, ignore: config.ignore ?? [], ignoreFrom: folder, gone }
  const usual = await discover(paths, options)
  const found = paths.length > 0 || usual.picked.length > 0 ? usual : await discover([...changed.keys()].filter(isLikely).map((path) => nearby(path, cwd)), options)
  const changedAs = (path: string): ChangedFile | undefined => changed.get(resolve(cwd, path).replaceAll("\\", "/"))
  // Without paths, only what has changed was asked for.
  const problems = found.errors.filter(({ file }) => paths.length > 0 || changedAs(file) !== undefined).map(({ file, message }) => ({ file, message }))
  const tasks = [...found.files, ...found.code].flatMap((path): Task[] => {
    const file = changedAs(path)
    return file === undefined ? [] : [{ path, ...(file.bytes !== undefined && { bytes: file.bytes }) }]
  })
  const isChanged = (path: string): boolean => changedAs(path) !== undefined
  // Most of what a change touches is no migration, and needs no word.
  const unread = tellUnread({ others: [], changelogs: found.changelogs.filter(isChanged) })
  return { tasks, problems, leftOut: found.leftOut, unread, unstaged }
}

/** Of everything that changed, what is a migration by its name. */
function isLikely(path: string): boolean {
  return !isCode(path) || isCodeMigration(path)
}

function nearby(path: string, cwd: string): string {
  return relative(cwd, path).replaceAll("\\", "/")
}

function place({ file, line, column }: ResultError): string {
  return visiblePath(file) + (line === undefined ? "" : `:${String(line)}:${String(column ?? 1)}`)
}

function exitCode(failed: number, { errors, warnings }: Pick<ResultSummary, `${Severity}s`>, maxWarnings: number | undefined): number {
  if (failed > 0) return EXIT.failure
  if (errors > 0) return EXIT.findings
  return maxWarnings !== undefined && warnings > maxWarnings ? EXIT.findings : EXIT.clean
}

function checkNames(selection: RuleSelection): void {
  // An empty list, as an unset variable of a script makes it, would select nothing and find nothing.
  if (selection.select?.length === 0) throw new UsageError("--select names no rule")
  const [name] = unknownNames(rules, selection)
  if (name === undefined) return
  const known = [...PRESETS, ...rules.map(({ id }) => id)]
  throw new UsageError(`unknown rule "${name}"${didYouMean(name, known)}; pgsafe rules lists them, and the presets are ${PRESETS.join(", ")}`)
}

async function createReporter(format: Format, pgVersion: number, flags: LintFlags): Promise<Reporter> {
  switch (format) {
    case "json": {
      const { jsonReporter } = await import("../../report/json.ts")
      return jsonReporter(pgVersion)
    }
    case "pretty": {
      const { prettyReporter } = await import("../../report/pretty.ts")
      return prettyReporter({ colors: stdoutColors(colorChoice(flags)), width: stdoutWidth(), quiet: flags.quiet === true })
    }
    case "github": {
      const { githubReporter } = await import("../../report/github.ts")
      return inWorkspace(githubReporter())
    }
    case "sarif": {
      const { sarifReporter } = await import("../../report/sarif.ts")
      return inWorkspace(sarifReporter(rules, VERSION))
    }
  }
}

/**
 * GitHub takes relative paths to be relative to the repository, wherever in it a step runs (GitHub documentation, "Variables reference",
 * GITHUB_WORKSPACE).
 */
async function inWorkspace(reporter: Reporter): Promise<Reporter> {
  const workspace = process.env["GITHUB_WORKSPACE"]
  if (workspace === undefined || workspace === "") return reporter
  const { renamed } = await import("../../report/renamed.ts")
  return renamed(reporter, (file) => {
    const path = relative(workspace, resolve(file))
    return file === STDIN || /^\.\.(?:[\\/]|$)/.test(path) || isAbsolute(path) ? file : path.replaceAll("\\", "/")
  })
}

/** `--color` has a value, `--no-color` is false. */
function colorChoice({ color }: LintFlags): ColorChoice {
  if (typeof color === "string") return color
  return color === false ? "never" : "auto"
}
