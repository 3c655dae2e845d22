import { existsSync } from "node:fs"
import { Command, CommanderError, InvalidArgumentError, Option } from "commander"
import { ConfigError } from "../config/load.ts"
import { nearest } from "../source/nearest.ts"
import { SIZES_QUERY } from "../engine/sizes.ts"
import { PG_VERSIONS } from "../engine/versions.ts"
import { FORMATS } from "../report/reporter.ts"
import { internalError } from "./internal-error.ts"
import { ClosedPipe, OutputError, stderr, stdout } from "./output.ts"
import type { LintFlags } from "./commands/lint.ts"
import type { LocksFlags } from "./commands/locks.ts"
import type { SchemaFlags } from "./commands/schema.ts"
import { COLOR_CHOICES } from "./terminal.ts"
import { EXIT, UsageError } from "./usage.ts"
import { VERSION } from "./version.ts"

/** Runs the command line and resolves to the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = EXIT.clean
  const program = createProgram((result) => { code = result })
  try {
    await program.parseAsync(withColorValue(asOption(argv, program.commands.map((command) => command.name()))), { from: "user" })
    stdout.flush()
    return code
  } catch (error) {
    return report(error)
  }
}

function report(error: unknown): number {
  try {
    if (error instanceof CommanderError && error.exitCode === 0) {
      stdout.flush()
      return EXIT.clean
    }
    if (error instanceof ClosedPipe) return EXIT.clean
    if (error instanceof UsageError || error instanceof ConfigError || error instanceof OutputError) stderr.write(`pgsafe: ${error.message}\n`)
    else if (!(error instanceof CommanderError)) {
      stderr.write(`pgsafe: internal error, please report it: ${internalError(error)}\n`)
    }
    return EXIT.failure
  } catch (closed) {
    if (closed instanceof ClosedPipe) return EXIT.clean
    // Neither stream can be written to: there is nobody left to tell.
    if (closed instanceof OutputError) return EXIT.failure
    throw closed
  }
}

const EXAMPLES = `
Examples:
  pgsafe lint                          lint the migrations of this project
  pgsafe lint db/migrate/*.sql         lint some files
  git show :a.sql | pgsafe lint -      lint standard input
  pgsafe lint --format sarif > a.sarif
  pgsafe explain index-creation-blocks-writes
  pgsafe locks "ALTER TABLE orders ADD COLUMN code text"

Exit codes: 0 nothing found, or only warnings; 1 errors found; 2 wrong usage, or
something could not be read.`

const LINT_EXAMPLES = `
Examples:
  pgsafe lint                                   the usual folders
  pgsafe lint db/migrations --pg-version 16     a folder and everything below it
  pgsafe lint 'services/*/migrations/**/*.sql'  a pattern
  pgsafe lint --since origin/main               what this branch changes
  pgsafe lint --since main --app 'src/**/*.ts'  and who uses what it removes
  pgsafe lint - --stdin-filename db/V7__a.sql   standard input
  pgsafe lint --select vacuum-full-rewrites-table,style

Warnings alone exit with 0; --max-warnings 0 makes them exit with 1.`

const LOCKS_EXAMPLES = `
Examples:
  pgsafe locks "ALTER TABLE t ADD COLUMN a int DEFAULT 0"
  pgsafe locks "DROP TABLE orders" --schema schema.sql --pg-version 16
  pgsafe locks add column`

const STATS_EXAMPLES = `
Examples:
  pgsafe stats | psql -At production > stats.json
  pgsafe lint --stats stats.json db/migrations

The query:`

function createProgram(exit: (code: number) => void): Command {
  const program = new Command("pgsafe")
    .description("Tells what a PostgreSQL migration locks, rewrites, scans and breaks, and the safe version of it.")
    .version(VERSION, "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ sortOptions: false, helpWidth: 80 })
    .configureOutput({
      writeOut: (text) => { stdout.write(text) },
      writeErr: (text) => { stderr.write(text) },
      outputError: (text, write) => { write(text.replace(/^error: /, "pgsafe: ")) },
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpCommand(false)
    .addHelpText("after", EXAMPLES)

  // Without a command there is help; an unknown one is compared with those that exist.
  program.argument("[command]").action((name: string | undefined) => {
    if (name === undefined) program.help()
    else unknownCommand(name, program.commands.map((command) => command.name()))
  }).usage("<command> [options]").allowExcessArguments()

  program
    .command("lint")
    .description("lint migrations: files, folders, globs, or - for standard input")
    .argument("[paths...]", "what to lint; without it, the usual folders are looked for")
    .addOption(option("--pg-version <major>", `PostgreSQL major, ${PG_VERSIONS.oldest} to ${PG_VERSIONS.newest} (default: ${PG_VERSIONS.default})`, pgVersion))
    .addOption(option("-f, --format <format>", `${FORMATS.join(", ")} (default: pretty; github under GITHUB_ACTIONS)`, oneOf(FORMATS)))
    .option("--since <commit>", "lint the migrations that changed since the branch left this commit, as one deploy")
    .option("--staged", "lint the migrations that are staged for the next commit, as one deploy")
    .option("--schema <file>", "a dump of the schema (pg_dump --schema-only) to start from, instead of the earlier migrations")
    .option("--stats <file>", "sizes of tables, so that severity follows them; pgsafe stats prints the query")
    .option("--app <pattern>", "sources of the application, searched for uses of what is dropped or renamed; may be repeated", collect)
    .option("--select <rules>", "only these rules or presets, separated by commas", list)
    .option("--ignore <rules>", "all but these rules, separated by commas", list)
    .option("--transaction", "each file runs in a transaction of its own")
    .option("--no-transaction", "no file runs in a transaction")
    .addOption(option("--direction <direction>", `which migrations to lint: ${DIRECTIONS.join(", ")}`, oneOf(DIRECTIONS)).default("up", "up"))
    .option("--framework <id>", "the tool that runs the migrations (default: found out from the files)")
    .option("--max-warnings <count>", "exit with 1 when there are more warnings than this", count)
    .option("-q, --quiet", "report errors only, no warnings")
    .addOption(option("--color [when]", `colour the output: ${COLOR_CHOICES.join(", ")} (default: auto)`, oneOf(COLOR_CHOICES)))
    .option("--no-color", "the same as --color never")
    .option("--config <file>", "configuration file (default: pgsafe.config.json or package.json#pgsafe)")
    .option("--stdin-filename <path>", "lint standard input as if it were this file")
    .option("--no-cache", "replay the whole history, and keep nothing of it for the next run")
    .option("--cache-location <folder>", "where to keep what the history has taught (default: node_modules/.cache/pgsafe)")
    .option("--verbose", "say which tool runs the files, and how that was found out")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", LINT_EXAMPLES)
    .action(async (paths: string[], options: LintFlags) => {
      const { lintCommand } = await import("./commands/lint.ts")
      exit(await lintCommand(paths, options))
    })

  program
    .command("locks")
    .description("what statements lock, rewrite and scan: one statement, or all forms that match some words")
    .argument("[what...]", "a statement, or words such as add column; without it, all forms")
    .addOption(option("--pg-version <major>", `PostgreSQL major, ${PG_VERSIONS.oldest} to ${PG_VERSIONS.newest} (a statement: default ${PG_VERSIONS.default})`, pgVersion))
    .option("--schema <file>", "SQL that made the database in which the statement runs")
    .addOption(option("-f, --format <format>", "pretty or json (default: pretty)", oneOf(["pretty", "json"] as const)))
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", LOCKS_EXAMPLES)
    .action(async (what: string[], options: LocksFlags) => {
      const { locksCommand } = await import("./commands/locks.ts")
      locksCommand(what.join(" "), options)
    })

  program
    .command("stats")
    .description("print the query that tells the sizes of tables, for pgsafe lint --stats")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", STATS_EXAMPLES)
    .addHelpText("after", `\n${SIZES_QUERY}`)
    .action(() => { stdout.write(`${SIZES_QUERY}\n`) })

  program
    .command("schema")
    .description("print the schema that the migrations have built, as pgsafe understands it")
    .argument("[paths...]", "migrations; without it, the usual folders are looked for")
    .option("--at <file>", "the schema after this migration (default: after the last one)")
    .option("--json", "as JSON")
    .addOption(option("--pg-version <major>", `PostgreSQL major, ${PG_VERSIONS.oldest} to ${PG_VERSIONS.newest} (default: ${PG_VERSIONS.default})`, pgVersion))
    .helpOption("-h, --help", "print this help")
    .action(async (paths: string[], options: SchemaFlags) => {
      const { schemaCommand } = await import("./commands/schema.ts")
      await schemaCommand(paths, options)
    })

  program
    .command("explain")
    .description("explain a rule: what it reports, why, and what to do instead")
    .argument("<rule>", "the rule's id")
    .helpOption("-h, --help", "print this help")
    .action(async (id: string) => {
      const { explainCommand } = await import("./commands/explain.ts")
      explainCommand(id)
    })

  program
    .command("rules")
    .description("list all rules")
    .option("--json", "as JSON")
    .helpOption("-h, --help", "print this help")
    .action(async (options: { json?: boolean }) => {
      const { rulesCommand } = await import("./commands/rules.ts")
      rulesCommand(options)
    })

  return program
}

/** `pgsafe help lint` means `pgsafe lint --help`; what is no command is an unknown one. */
function asOption(argv: readonly string[], commands: readonly string[]): readonly string[] {
  const [first, name, ...rest] = argv
  if (first !== "help") return argv
  if (name === undefined) return ["--help"]
  return commands.includes(name) ? [name, ...rest, "--help"] : [name, ...rest]
}

/** `--color` alone must not take a path for its value. */
function withColorValue(argv: readonly string[]): string[] {
  const end = argv.indexOf("--")
  return argv.map((argument, index) => {
    const alone = argument === "--color" && (end < 0 || index < end) && !isOneOf(COLOR_CHOICES, argv[index + 1])
    return alone ? "--color=always" : argument
  })
}

function unknownCommand(name: string, known: readonly string[]): never {
  const close = nearest(name, known)
  if (close === undefined && (name === "-" || /[/\\.*]/.test(name) || existsSync(name))) {
    throw new UsageError(`unknown command "${name}"; to lint it: pgsafe lint ${name}`)
  }
  const hint = close === undefined ? `; the commands are ${known.join(", ")}` : ` (did you mean "${close}"?)`
  throw new UsageError(`unknown command "${name}"${hint}`)
}

const DIRECTIONS = ["up", "down", "both"] as const

function option<T>(flags: string, description: string, parse: (value: string) => T): Option {
  return new Option(flags, description).argParser(parse)
}

function oneOf<const T extends string>(known: readonly T[]): (value: string) => T {
  return (value) => {
    if (isOneOf(known, value)) return value
    const close = nearest(value, known)
    throw new InvalidArgumentError(close === undefined ? `It must be one of ${known.join(", ")}.` : `Did you mean "${close}"?`)
  }
}

function isOneOf<const T extends string>(known: readonly T[], value: string | undefined): value is T {
  return (known as readonly (string | undefined)[]).includes(value)
}

function list(value: string): string[] {
  return value.split(",").map((item) => item.trim()).filter((item) => item !== "")
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
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
