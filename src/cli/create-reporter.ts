import { isAbsolute, relative, resolve } from "node:path"
import type { Format, Reporter } from "../report/reporter.ts"
import { rules } from "../../rules/index.ts"
import { STDIN } from "./inputs.ts"
import type { LintFlags } from "./lint-flags.ts"
import { stdoutColors, stdoutWidth, type ColorChoice } from "./terminal.ts"
import { VERSION } from "./version.ts"

export async function createReporter(format: Format, pgVersion: number, flags: LintFlags): Promise<Reporter> {
  switch (format) {
    case "json": {
      const { jsonReporter } = await import("../report/json.ts")
      return jsonReporter(pgVersion)
    }
    case "pretty": {
      const { prettyReporter } = await import("../report/pretty.ts")
      return prettyReporter({ colors: stdoutColors(colorChoice(flags)), width: stdoutWidth(), quiet: flags.quiet === true })
    }
    case "github": {
      const { githubReporter } = await import("../report/github.ts")
      return inWorkspace(githubReporter())
    }
    case "sarif": {
      const { sarifReporter } = await import("../report/sarif.ts")
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
  const { renamed } = await import("../report/renamed.ts")
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
