import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { runProgram, statementsOf } from "./program.ts"
import { majors, type Major } from "./versions.ts"
import type { Workbench } from "./workbench.ts"

const FOLDER = fileURLToPath(new URL("programs/", import.meta.url))

/** Statements that run one after the other from an empty database; each is compared like a case. */
export interface Program {
  readonly title: string
  readonly statements: readonly string[]
  /** Majors on which it differs for the reason that the file gives. */
  readonly except: readonly Major[]
}

/**
 * The programs of a file: each begins with `-- title`; `-- except 12 13: reason` may follow. A statement ends with a semicolon at the end
 * of a line, outside of dollar quotes.
 */
export function readPrograms(text: string): readonly Program[] {
  return text
    .split(/^(?=-- (?!except ))/m)
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const title = /^-- (.*)$/m.exec(part)?.[1] ?? ""
      const except = /^-- except ([\d ]+):/m.exec(part)?.[1]?.split(" ").map(Number) ?? []
      const sql = part.replaceAll(/^--.*\n/gm, "")
      const statements = (sql.match(STATEMENT) ?? []).map((statement) => statement.replace(/;\s*$/, "").trim())
      return { title, except: majors.filter((major) => except.includes(major)), statements: statements.filter((statement) => statement !== "") }
    })
}

const STATEMENT = /(?:\$(\w*)\$[\s\S]*?\$\1\$|(?!\$\w*\$)[\s\S])*?;[ \t]*$/gm

/** All programs: every disagreement that random programs showed is among them, reduced. */
export function allPrograms(): readonly Program[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .flatMap((name) => readPrograms(readFileSync(`${FOLDER}${name}`, "utf8")))
}

/** Runs the programs on one server; what differs, in words. `statements` counts those that the server was asked to run. */
export async function programDifferences(
  bench: Workbench,
  programs: readonly Program[],
): Promise<{ readonly differences: readonly string[]; readonly statements: number }> {
  const differences: string[] = []
  let statements = 0
  for (const program of programs) {
    if (program.except.includes(bench.server.major)) continue
    const outcome = await runProgram(bench, statementsOf(program.statements))
    statements += outcome.statements
    for (const line of outcome.differences) differences.push(`${program.title}: ${outcome.program.at(-1) ?? ""}: ${line}`)
  }
  return { differences, statements }
}
