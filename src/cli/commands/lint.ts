import { resolve } from "node:path"
import { loadConfig } from "../../config/load.ts"
import type { Severity } from "../../engine/finding.ts"
import type { ResultError, ResultSummary } from "../../engine/result.ts"
import { PRESETS, unknownNames, type RuleSelection } from "../../engine/select.ts"
import { PG_VERSIONS } from "../../engine/versions.ts"
import { nearby } from "../../files/nearby.ts"
import { statedMajor } from "../../files/stated-major.ts"
import type { Project } from "../../files/types.ts"
import { visiblePath } from "../../report/text.ts"
import { rules } from "../../../rules/index.ts"
import { didYouMean } from "../../source/nearest.ts"
import { createReporter } from "../create-reporter.ts"
import { frameworkId } from "../framework-id.ts"
import { changedInputs, changeOf, inputs } from "../inputs.ts"
import { appFiles, cacheOf, schemaDump, sizesFrom } from "../knowledge.ts"
import type { LintFlags } from "../lint-flags.ts"
import { describeProjects, describeUnread, hintAtVersion, tellLeftOut, tellNothingLinted } from "../notes.ts"
import { stderr, stdout } from "../output.ts"
import { run } from "../run.ts"
import { EXIT, UsageError } from "../usage.ts"

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
  const git = change === null ? null : await import("../../files/git.ts")
  const before = (path: string): Uint8Array | undefined => (change === null ? undefined : git?.contentBefore(cwd, change, nearby(resolve(cwd, path), cwd)))
  let failed = 0
  let projects: readonly Project[] = []
  /** Of how many files it was said why they are not linted. */
  let told = 0
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
    { tasks, pgVersion, selection, transaction: flags.transaction ?? config.transaction, searchPath: flags.searchPath ?? config.searchPath, framework, direction: flags.direction, together: change !== null, schema, sizes, app: app?.paths, cache: cacheOf(flags, loaded, cwd), overlay, before },
    {
      projects: (found) => {
        projects = found
        if (flags.verbose === true) describeProjects(projects, tasks)
        else told = tellLeftOut(projects, tasks, [...paths, ...(flags.stdinFilename === undefined ? [] : [flags.stdinFilename])])
      },
      file(findings, sql) {
        const shown = flags.quiet === true ? findings.filter(({ severity }) => severity === "error") : findings
        if (shown.length > 0) stdout.write(reporter.file(shown, sql))
      },
      error: fail,
      passedOver: (part) => { stderr.write(`pgsafe: ${place(part)}: ${part.message}\n`) },
      unread(unread) {
        told += unread.queries.length
        describeUnread(unread)
      },
      unsupported(statements) {
        // Nobody said which major it is.
        if (statements > 0 && said === undefined) stderr.write(hintAtVersion(statements, pgVersion))
      },
    },
  )
  const [seconds, nanoseconds] = process.hrtime(started)
  stdout.write(reporter.end({ ...summary, durationMs: Math.round(seconds * 1e3 + nanoseconds / 1e6) }))
  if (tasks.length === 0 && change !== null && failed === 0) {
    stderr.write(`pgsafe: no migration ${"since" in change ? `changed since ${change.since}` : "is staged"}\n`)
  } else if (summary.files === 0 && failed === 0) {
    if (tasks.length > 0) tellNothingLinted(projects, flags.direction, flags.verbose === true || told >= tasks.length)
    else stderr.write(`pgsafe: ${leftOut ? "the configuration ignores all of these files" : "none of these files holds SQL"}\n`)
  }
  return exitCode(failed, summary, flags.maxWarnings)
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

