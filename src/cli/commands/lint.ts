import { resolve } from "node:path"
import { loadConfig } from "../../config/load.ts"
import type { Config } from "../../config/schema.ts"
import type { Severity } from "../../engine/finding.ts"
import type { ResultError, ResultSummary } from "../../engine/result.ts"
import { PRESETS, unknownNames, type RuleSelection } from "../../engine/select.ts"
import { PG_VERSIONS } from "../../engine/versions.ts"
import type { Change } from "../../files/git.ts"
import { nearby } from "../../files/nearby.ts"
import { statedMajor } from "../../files/stated-major.ts"
import type { Project } from "../../files/types.ts"
import { visiblePath } from "../../report/text.ts"
import { didYouMean } from "../../source/nearest.ts"
import { rules } from "../../../rules/index.ts"
import { createReporter } from "../create-reporter.ts"
import { frameworkId } from "../framework-id.ts"
import { changedInputs, changeOf, inputs } from "../inputs.ts"
import { appFiles, cacheOf, schemaDump, sizesFrom } from "../knowledge.ts"
import type { LintFlags } from "../lint-flags.ts"
import { describeProjects, describeUnread, hintAtVersion, tellLeftOut, tellNothingLinted } from "../notes.ts"
import { stderr, stdout } from "../output.ts"
import { run, type RunOptions } from "../run.ts"
import { EXIT, UsageError } from "../usage.ts"

export async function lintCommand(paths: readonly string[], flags: LintFlags): Promise<number> {
  const started = process.hrtime()
  const cwd = process.cwd()
  const loaded = await loadConfig(cwd, flags.config)
  const { config } = loaded
  const selection = selectionOf(flags, config)
  const format = flags.format ?? (process.env["GITHUB_ACTIONS"] === "true" ? "github" : "pretty")
  const framework = flags.framework === undefined ? config.framework : frameworkId(flags.framework)
  const change = changeOf(paths, flags)
  const { tasks, problems, leftOut, overlay } = change === null ? await inputs(paths, flags, loaded, cwd) : await changedInputs(paths, change, loaded, cwd)
  const said = flags.pgVersion ?? config.pgVersion ?? statedMajor(tasks.map(({ path }) => path), cwd, PG_VERSIONS)
  const pgVersion = said ?? PG_VERSIONS.default
  const reporter = await createReporter(format, pgVersion, flags)
  const schema = schemaDump(flags, loaded, cwd)
  const sizes = sizesFrom(flags, loaded, cwd)
  const app = await appFiles(flags, loaded, cwd)
  const options: RunOptions = {
    tasks,
    overlay,
    pgVersion,
    versionIsAssumed: said === undefined,
    selection,
    framework,
    transaction: flags.transaction ?? config.transaction,
    searchPath: flags.searchPath ?? config.searchPath,
    direction: flags.direction,
    together: change !== null,
    schema,
    sizes,
    app: app?.paths,
    cache: cacheOf(flags, loaded, cwd),
    before: await contentBeforeOf(change, cwd),
  }
  let failed = 0
  const fail = (error: ResultError): void => {
    failed += 1
    // An annotation of a workflow is itself a diagnostic; every other format leaves standard output to the findings.
    if (format !== "github") tell(error)
    stdout.write(reporter.error(error))
  }
  stdout.needExitCode()
  stdout.write(reporter.start())
  for (const problem of [...problems, ...(app?.problems ?? [])]) fail(problem)
  let projects: readonly Project[] = []
  /** Of how many files it was said why they are not linted. */
  let told = 0
  const summary = await run(options, {
    projects(found) {
      projects = found
      if (flags.verbose === true) describeProjects(found, tasks)
      else told = tellLeftOut(found, tasks, [...paths, ...(flags.stdinFilename === undefined ? [] : [flags.stdinFilename])])
    },
    file(findings, sql) {
      const shown = flags.quiet === true ? findings.filter(({ severity }) => severity === "error") : findings
      if (shown.length > 0) stdout.write(reporter.file(shown, sql))
    },
    error: fail,
    passedOver: tell,
    unread(unread) {
      told += unread.queries.length
      describeUnread(unread)
    },
    unsupported(statements) {
      // Nobody said which major it is.
      if (statements > 0 && said === undefined) stderr.write(hintAtVersion(statements, pgVersion))
    },
  })
  const [seconds, nanoseconds] = process.hrtime(started)
  stdout.write(reporter.end({ ...summary, durationMs: Math.round(seconds * 1e3 + nanoseconds / 1e6) }))
  if (summary.files === 0 && failed === 0) {
    if (tasks.length === 0) stderr.write(`pgsafe: ${whyNothing(change, leftOut)}\n`)
    else tellNothingLinted(projects, flags.direction, flags.verbose === true || told >= tasks.length)
  }
  return exitCode(failed, summary, flags.maxWarnings)
}

/** @throws {UsageError} */
function selectionOf({ select, ignore }: LintFlags, { rules: severities }: Config): RuleSelection {
  const selection = { ...(severities !== undefined && { severities }), ...(select !== undefined && { select }), ...(ignore !== undefined && { ignore }) }
  checkNames(selection)
  return selection
}

/** What gives the content of a file before the change that is linted. */
async function contentBeforeOf(change: Change | null, cwd: string): Promise<RunOptions["before"]> {
  if (change === null) return () => undefined
  const { contentBefore } = await import("../../files/git.ts")
  return (path) => contentBefore(cwd, change, nearby(resolve(cwd, path), cwd))
}

/** Why there was no file to lint. */
function whyNothing(change: Change | null, leftOut: boolean): string {
  if (change !== null) return `no migration ${"since" in change ? `changed since ${change.since}` : "is staged"}`
  return leftOut ? "the configuration ignores all of these files" : "none of these files holds SQL"
}

function tell(error: ResultError): void {
  stderr.write(`pgsafe: ${place(error)}: ${error.message}\n`)
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

