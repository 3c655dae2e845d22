import { Command, CommanderError, InvalidArgumentError, Option } from "commander"
import { ConfigError } from "../config/load.ts"
import { PG_VERSIONS } from "../engine/lint.ts"
import { nearest } from "../engine/nearest.ts"
import { FORMATS } from "../report/reporter.ts"
import { ClosedPipe } from "./output.ts"
import type { LintFlags } from "./commands/lint.ts"
import { VERSION } from "./version.ts"

/** Exit codes: nothing at or above the threshold; findings; usage, configuration, unreadable input or internal error. */
export const EXIT = { clean: 0, findings: 1, failure: 2 } as const

/** Runs the command line and resolves to the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = EXIT.clean
  const program = createProgram((result) => { code = result })
  try {
    await program.parseAsync(argv, { from: "user" })
    return code
  } catch (error) {
    if (error instanceof ClosedPipe) return EXIT.clean
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.failure
    if (error instanceof UsageError || error instanceof ConfigError) {
      process.stderr.write(`pgsafe: ${error.message}\n`)
      return EXIT.failure
    }
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(`pgsafe: internal error, please report it: ${details}\n`)
    return EXIT.failure
  }
}

/** What the user can put right: a wrong option value, an unusable configuration file. */
export class UsageError extends Error {}

function createProgram(exit: (code: number) => void): Command {
  const program = new Command("pgsafe")
    .description("Tells what a PostgreSQL migration locks, rewrites, scans and breaks, and the safe version of it.")
    .version(VERSION, "-v, --version")
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ sortOptions: false })
    .helpCommand(false)

  program
    .command("lint")
    .description("lint migrations: files, folders, globs, or - for standard input")
    .argument("[paths...]", "what to lint; without it, the usual folders are looked for")
    .addOption(new Option("--pg-version <major>", `PostgreSQL major, ${PG_VERSIONS.oldest} to ${PG_VERSIONS.newest} (default: ${PG_VERSIONS.default})`).argParser(pgVersion))
    .addOption(new Option("-f, --format <format>", "how to print findings (default: pretty; github under GITHUB_ACTIONS)").choices(FORMATS))
    .option("--select <rules>", "only these rules or presets, separated by commas", list)
    .option("--ignore <rules>", "all but these rules, separated by commas", list)
    .option("--transaction", "each file runs in a transaction of its own")
    .option("--no-transaction", "no file runs in a transaction")
    .addOption(new Option("--direction <direction>", "which migrations to lint").choices(["up", "down", "both"]).default("up"))
    .option("--framework <id>", "the tool that runs the migrations (default: found out from the files)")
    .option("--max-warnings <count>", "exit with 1 when there are more warnings than this", count)
    .option("-q, --quiet", "report errors only, no warnings")
    .addOption(new Option("--color [when]", "colour the output").choices(["auto", "always", "never"]).default("auto").preset("always"))
    .option("--no-color", "do not colour the output")
    .option("--config <file>", "configuration file (default: pgsafe.config.json or package.json#pgsafe)")
    .option("--stdin-filename <path>", "what to call standard input")
    .option("--verbose", "say which tool runs the files, and how that was found out")
    .action(async (paths: string[], options: LintFlags) => {
      const { lintCommand } = await import("./commands/lint.ts")
      exit(await lintCommand(paths, options))
    })

  program
    .command("explain")
    .description("explain a rule: what it reports, why, and what to do instead")
    .argument("<rule>", "the rule's id")
    .action(async (id: string) => {
      const { explainCommand } = await import("./commands/explain.ts")
      exit(explainCommand(id))
    })

  program
    .command("rules")
    .description("list all rules")
    .option("--json", "as JSON")
    .action(async (options: { json?: boolean }) => {
      const { rulesCommand } = await import("./commands/rules.ts")
      exit(rulesCommand(options))
    })

  return program
}

function list(value: string): string[] {
  return value.split(",").map((item) => item.trim()).filter((item) => item !== "")
}

function pgVersion(value: string): number {
  const major = /^\d+(?:\.\d+)?$/.test(value) ? Math.trunc(Number(value)) : Number.NaN
  if (major >= PG_VERSIONS.oldest && major <= PG_VERSIONS.newest) return major
  throw new InvalidArgumentError(`It must be a PostgreSQL major from ${PG_VERSIONS.oldest} to ${PG_VERSIONS.newest}.`)
}

function count(value: string): number {
  if (/^\d+$/.test(value)) return Number(value)
  throw new InvalidArgumentError("It must be a whole number, 0 or more.")
}

/** The words "did you mean" for a mistyped name, or nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const close = nearest(name, known)
  return close === undefined ? "" : ` (did you mean "${close}"?)`
}
