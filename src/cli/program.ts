/** The commands and options of the command line. */
import { existsSync } from "node:fs"
import { Command } from "commander"
import { SIZES_QUERY } from "../engine/sizes.ts"
import { PG_VERSIONS } from "../engine/versions.ts"
import { FORMATS } from "../report/reporter.ts"
import { nearest } from "../source/nearest.ts"
import type { LintFlags } from "./lint-flags.ts"
import type { LocksFlags } from "./commands/locks.ts"
import type { SchemaFlags } from "./commands/schema.ts"
import { collect, configOption, count, filled, frameworkOption, list, notBoth, once, oneOf, option, pgVersionOption, searchPathOption } from "./option-values.ts"
import { stderr, stdout } from "./output.ts"
import { COLOR_CHOICES } from "./terminal.ts"
import { UsageError } from "./usage.ts"
import { VERSION } from "./version.ts"

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
  pgsafe stats | psql -XAt production > stats.json
  pgsafe lint --stats stats.json db/migrations

The query:`

const DIRECTIONS = ["up", "down", "both"] as const

/** All commands with their options. Each loads what it needs when it runs. @param exit Takes the exit code of a run that ends well. */
export function createProgram(exit: (code: number) => void): Command {
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
      outputError: (text, write) => { write(withHint(text.replace(/^error: /, "pgsafe: "), program)) },
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

  addLint(program, exit)
  addLocks(program)
  addStats(program)
  addSchema(program, exit)
  addExplain(program)
  addRules(program)
  return program
}

function addLint(program: Command, exit: (code: number) => void): void {
  notBoth(program.command("lint"), "transaction")
    .description("lint migrations: files, folders, globs, or - for standard input")
    .argument("[paths...]", "what to lint; without it, the usual folders are looked for")
    .addOption(pgVersionOption(`default: what supabase/config.toml says, or ${PG_VERSIONS.default}`))
    .addOption(option("-f, --format <format>", `${FORMATS.join(", ")} (default: pretty; github under GITHUB_ACTIONS)`, oneOf(FORMATS)))
    .option("--since <commit>", "lint the migrations that changed since the branch left this commit, as one deploy", once("--since"))
    .option("--staged", "lint the migrations that are staged for the next commit, as one deploy")
    .option("--schema <file>", "a dump of the schema (pg_dump --schema-only) to start from, instead of the earlier migrations", once("--schema"))
    .option("--stats <file>", "sizes of tables, so that severity follows them; pgsafe stats prints the query", once("--stats"))
    .option("--app <pattern>", "sources of the application, searched for uses of what is dropped or renamed; may be repeated", collect)
    .option("--select <rules>", "only these rules or presets, separated by commas; may be repeated", list)
    .option("--ignore <rules>", "all but these rules, separated by commas; may be repeated", list)
    .option("--transaction", "each file runs in a transaction of its own")
    .option("--no-transaction", "no file runs in a transaction")
    .addOption(searchPathOption())
    .addOption(option("--direction <direction>", `which migrations to lint: ${DIRECTIONS.join(", ")}`, oneOf(DIRECTIONS)).default("up", "up"))
    .addOption(frameworkOption())
    .option("--max-warnings <count>", "exit with 1 when there are more warnings than this", count)
    .option("-q, --quiet", "report errors only, no warnings")
    .addOption(option("--color [when]", `colour the output: ${COLOR_CHOICES.join(", ")} (default: auto)`, oneOf(COLOR_CHOICES)))
    .option("--no-color", "the same as --color never")
    .addOption(configOption())
    .option("--stdin-filename <path>", "lint standard input as if it were this file", once("--stdin-filename"))
    .option("--no-cache", "replay the whole history, and keep nothing of it for the next run")
    .option("--cache-location <folder>", "where to keep what the history has taught (default: node_modules/.cache/pgsafe)", filled("--cache-location"))
    .option("--verbose", "say which tool runs the files, and how that was found out")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", LINT_EXAMPLES)
    .action(async (paths: string[], options: LintFlags) => {
      const { lintCommand } = await import("./commands/lint.ts")
      exit(await lintCommand(paths, options))
    })
}

function addLocks(program: Command): void {
  program
    .command("locks")
    .description("what statements lock, rewrite and scan: one statement, or all forms that match some words")
    .argument("[what...]", "a statement, or words such as add column; without it, all forms")
    .addOption(pgVersionOption(`a statement: default ${PG_VERSIONS.default}`))
    .option("--schema <file>", "SQL that made the database in which the statement runs", once("--schema"))
    .addOption(option("-f, --format <format>", "pretty or json (default: pretty)", oneOf(["pretty", "json"] as const)))
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", LOCKS_EXAMPLES)
    .action(async (what: string[], options: LocksFlags) => {
      const { locksCommand } = await import("./commands/locks.ts")
      locksCommand(what.join(" "), options)
    })
}

function addStats(program: Command): void {
  program
    .command("stats")
    .allowExcessArguments(false)
    .description("print the query that tells the sizes of tables, for pgsafe lint --stats")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", STATS_EXAMPLES)
    .addHelpText("after", `\n${SIZES_QUERY}`)
    .action(() => { stdout.write(`${SIZES_QUERY}\n`) })
}

function addSchema(program: Command, exit: (code: number) => void): void {
  program
    .command("schema")
    .description("print the schema that the migrations have built, as pgsafe understands it")
    .argument("[paths...]", "migrations; without it, the usual folders are looked for")
    .option("--at <file>", "the schema after this migration (default: after the last one)", once("--at"))
    .option("--schema <file>", "a dump of the schema, alone or with the migrations that are named on top of it", once("--schema"))
    .option("--json", "as JSON")
    .addOption(pgVersionOption())
    .addOption(searchPathOption())
    .addOption(frameworkOption())
    .addOption(configOption())
    .helpOption("-h, --help", "print this help")
    .action(async (paths: string[], options: SchemaFlags) => {
      const { schemaCommand } = await import("./commands/schema.ts")
      exit(await schemaCommand(paths, options))
    })
}

function addExplain(program: Command): void {
  program
    .command("explain")
    .allowExcessArguments(false)
    .description("explain a rule: what it reports, why, and what to do instead")
    .argument("<rule>", "the rule's id")
    .helpOption("-h, --help", "print this help")
    .action(async (id: string) => {
      const { explainCommand } = await import("./commands/explain.ts")
      explainCommand(id)
    })
}

function addRules(program: Command): void {
  program
    .command("rules")
    .allowExcessArguments(false)
    .description("list all rules")
    .option("--json", "as JSON")
    .helpOption("-h, --help", "print this help")
    .action(async (options: { json?: boolean }) => {
      const { rulesCommand } = await import("./commands/rules.ts")
      rulesCommand(options)
    })
}

/** What is taken for an option may be the name of a file, or come before the command that it belongs to. */
function withHint(text: string, { commands }: Command): string {
  const [, name] = /unknown option '(.+)'/.exec(text) ?? []
  if (name === undefined) return text
  if (existsSync(name)) return `${text.trimEnd()}; the file of that name is ./${name}\n`
  const owner = text.includes("Did you mean") ? undefined : commands.find((command) => command.options.some(({ long, short }) => [long, short].includes(name.replace(/=.*$/s, ""))))
  return owner === undefined ? text : `${text.trimEnd()}; it is one of pgsafe ${owner.name()}\n`
}

function unknownCommand(name: string, known: readonly string[]): never {
  const close = nearest(name, known)
  if (close === undefined && (name === "-" || /[/\\.*]/.test(name) || existsSync(name))) {
    throw new UsageError(`unknown command "${name}"; to lint it: pgsafe lint ${name}`)
  }
  const hint = close === undefined ? `; the commands are ${known.join(", ")}` : ` (did you mean "${close}"?)`
  throw new UsageError(`unknown command "${name}"${hint}`)
}
