import { CommanderError } from "commander"
import { ConfigError } from "../config/load.ts"
import { internalError } from "./internal-error.ts"
import { isOneOf } from "./option-values.ts"
import { ClosedPipe, OutputError, stderr, stdout } from "./output.ts"
import { createProgram } from "./program.ts"
import { COLOR_CHOICES } from "./terminal.ts"
import { EXIT, UsageError } from "./usage.ts"

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
    else if (isFolderGone(error)) stderr.write("pgsafe: the current folder does not exist any more\n")
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

/** Whether the system does not know the current folder: it was deleted, or its place in the tree may not be seen. */
function isFolderGone(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && error.syscall === "uv_cwd"
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
