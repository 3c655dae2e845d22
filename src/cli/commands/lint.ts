import { relative } from "node:path"
import { loadConfig } from "../../config/load.ts"
import type { Severity } from "../../engine/finding.ts"
import { PG_VERSIONS } from "../../engine/lint.ts"
import type { ResultError } from "../../engine/result.ts"
import { PRESETS, unknownNames, type RuleSelection } from "../../engine/select.ts"
import { discover } from "../../files/discover.ts"
import type { FrameworkId } from "../../files/types.ts"
import type { Format, Reporter } from "../../report/reporter.ts"
import { rules } from "../../../rules/index.ts"
import { didYouMean, EXIT, UsageError } from "../main.ts"
import { bufferedOutput } from "../output.ts"
import { run } from "../run.ts"
import { VERSION } from "../version.ts"
import { colorsFor, widthOf, type ColorChoice } from "../terminal.ts"

/** What commander hands over for `pgsafe lint`. */
export interface LintFlags {
  readonly pgVersion?: number
  readonly format?: Format
  readonly select?: readonly string[]
  readonly ignore?: readonly string[]
  readonly transaction?: boolean
  readonly direction: "up" | "down" | "both"
  readonly framework?: FrameworkId
  readonly maxWarnings?: number
  readonly quiet?: boolean
  readonly color: ColorChoice | false
  readonly config?: string
  readonly verbose?: boolean
}

export async function lintCommand(paths: readonly string[], flags: LintFlags): Promise<number> {
  const started = performance.now()
  const cwd = process.cwd()
  const { config, folder } = await loadConfig(cwd, flags.config)
  const selection: RuleSelection = {
    ...(config.rules !== undefined && { severities: config.rules }),
    ...(flags.select !== undefined && { select: flags.select }),
    ...(flags.ignore !== undefined && { ignore: flags.ignore }),
  }
  checkNames(selection)
  const pgVersion = flags.pgVersion ?? config.pgVersion ?? PG_VERSIONS.default
  const format = flags.format ?? (process.env["GITHUB_ACTIONS"] === "true" ? "github" : "pretty")
  const color: ColorChoice = flags.color === false ? "never" : flags.color
  const stdout = bufferedOutput(1)
  const reporter = await createReporter(format, pgVersion, color, flags.quiet === true)

  const found = await discover(paths, { cwd, ignore: ignoredFrom(config.ignore ?? [], folder, cwd) })
  if (found.picked.length > 0) process.stderr.write(`pgsafe: linting ${found.picked.join(", ")}\n`)
  if (paths.length === 0 && found.picked.length === 0) {
    throw new UsageError("no migrations found in the usual folders; name the files or folders to lint, as in `pgsafe lint db/migrations`")
  }
  let failed = 0
  const fail = (error: ResultError): void => {
    failed += 1
    stdout.write(reporter.error(error))
  }
  stdout.write(reporter.start())
  for (const { file, message } of found.errors) fail({ file, message })
  const summary = await run(
    {
      paths: found.files,
      pgVersion,
      selection,
      transaction: flags.transaction ?? config.transaction,
      framework: flags.framework ?? config.framework,
      direction: flags.direction,
    },
    {
      projects(projects) {
        if (flags.verbose !== true) return
        for (const { root, runner, evidence } of projects) {
          process.stderr.write(`pgsafe: ${root}: ${runner.name}, recognized by ${evidence}; ${runner.why}\n`)
        }
      },
      file(findings, sql) {
        const shown = flags.quiet === true ? findings.filter(({ severity }) => severity === "error") : findings
        if (shown.length > 0) stdout.write(reporter.file(shown, sql))
      },
      error: fail,
    },
  )
  stdout.write(reporter.end({ ...summary, durationMs: Math.round(performance.now() - started) }))
  stdout.flush()
  return exitCode(failed, summary, flags.maxWarnings)
}

function exitCode(failed: number, { errors, warnings }: Record<`${Severity}s`, number>, maxWarnings: number | undefined): number {
  if (failed > 0) return EXIT.failure
  if (errors > 0) return EXIT.findings
  return maxWarnings !== undefined && warnings > maxWarnings ? EXIT.findings : EXIT.clean
}

/** Patterns of the configuration's folder as patterns of the current one. */
function ignoredFrom(patterns: readonly string[], folder: string, cwd: string): string[] {
  const prefix = relative(cwd, folder).replaceAll("\\", "/")
  return prefix === "" ? [...patterns] : patterns.map((pattern) => `${prefix}/${pattern}`)
}

function checkNames(selection: RuleSelection): void {
  const [name] = unknownNames(rules, selection)
  if (name === undefined) return
  const known = [...PRESETS, ...rules.map(({ id }) => id)]
  throw new UsageError(`unknown rule "${name}"${didYouMean(name, known)}; \`pgsafe rules\` lists them`)
}

async function createReporter(format: Format, pgVersion: number, color: ColorChoice, quiet: boolean): Promise<Reporter> {
  switch (format) {
    case "json": {
      const { jsonReporter } = await import("../../report/json.ts")
      return jsonReporter(pgVersion)
    }
    case "pretty": {
      const { prettyReporter } = await import("../../report/pretty.ts")
      return prettyReporter({ colors: colorsFor(color, process.stdout, process.env), width: widthOf(process.stdout), quiet })
    }
    case "github": {
      const { githubReporter } = await import("../../report/github.ts")
      return githubReporter()
    }
    case "sarif": {
      const { sarifReporter } = await import("../../report/sarif.ts")
      return sarifReporter(rules, VERSION)
    }
  }
}
