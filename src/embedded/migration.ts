/** Recognizes migrations written in JavaScript and TypeScript, and the tool that runs them. */
import { speaksToOthers } from "../files/dialect.ts"
import type { Framework, Place } from "../files/framework.ts"
import { frameworks, type FrameworkId } from "../files/frameworks/index.ts"
import { knownFiles } from "../files/known-files.ts"
import { memoryFiles } from "../files/memory-files.ts"
import type { Runner } from "../files/types.ts"

/** The tools with migrations in JavaScript or TypeScript. Where several seem to fit, the first one is taken. */
const CODE_TOOL_IDS = ["typeorm", "node-pg-migrate", "mikro-orm", "payload", "lucid", "sequelize", "kysely", "knex", "db-migrate", "slonik"] as const satisfies readonly FrameworkId[]

export type CodeToolId = (typeof CODE_TOOL_IDS)[number]

export const CODE_TOOLS: readonly string[] = CODE_TOOL_IDS

export function isCodeTool(id: string): id is CodeToolId {
  return CODE_TOOLS.includes(id)
}

/** Folders and files that hold migrations, and those that only test them or fill databases for development. */
const MIGRATION_PATH = /(?:^|\/)(?:[\w.-]*[-_.])?(?:db)?migrations?\/|(?:^|\/)migrate\/|\.migration\.[cm]?[jt]sx?$|(?:^|\/)\d{13,14}[-_][^/]*$|(?:^|\/)Migration\d{14}[^/]*$/i
const TEST_PATH = /\.(?:test|spec|e2e|stories)\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|tests?|specs?|e2e|seeds?|seeders?)\//i

/** What only a migration has: an implemented interface, or an exported `up`. */
const MIGRATION_CODE =
  /\bimplements\s+MigrationInterface\b|\bextends\s+Migration\b|\bexports\.up\s*=|\bexport\s+(?:async\s+)?(?:function|const)\s+up\b|\bup\s*[:(=].*\bqueryInterface\b/

/** An object or class with a way up and a way down, not a call of one. */
const UP = /(?<!\.)\bup\s*\(|\bup\s*(?::\s*(?:async\b|\(|function\b)|=\s*async\b)/
const DOWN = /(?<!\.)\bdown\s*\(|\bdown\s*(?::\s*(?:async\b|\(|function\b)|=\s*async\b)/

/** What runs migrations has an `up` and a `down`, too. */
const RUNS_OTHERS = /\bnew\s+(?:Umzug|Migrator)\s*[(<]/

/** Whether a file is likely a migration, by its path (with `/`) and its text. */
export function isCodeMigration(path: string, source: string): boolean {
  if (TEST_PATH.test(path)) return false
  if (!MIGRATION_PATH.test(path) && !MIGRATION_CODE.test(source) && !(UP.test(source) && DOWN.test(source) && !RUNS_OTHERS.test(source))) return false
  return !speaksToOthers(source)
}

/** The tool that runs a migration written in code, with its usual settings. `id` names it when the user did. */
export function codeRunner(source: string, id?: CodeToolId): Runner {
  const adapter = adapters().find((one) => (id === undefined ? one.code?.sign.test(source) === true : one.id === id))
  if (adapter === undefined) {
    return {
      framework: "plain",
      name: "the tool that runs this file",
      wrap: "unknown",
      send: "split",
      why: "no migration tool was recognized, so this file may or may not run in a transaction",
      offSwitch: { kind: "none", how: "run this statement in a migration of its own, and without a transaction round it" },
    }
  }
  const runner = adapter.runner(NOWHERE)
  const off = adapter.code?.off?.test(source) === true
  // A file by itself says nothing about those before it, so that it is none of the project's.
  const alone = { ...runner, framework: "plain", send: "split" } as const
  return off ? { ...alone, wrap: "none", why: "the migration turns its transaction off" } : alone
}

let known: readonly Framework[] | undefined

/** Those of `CODE_TOOL_IDS`, looked up once: this is asked for every file. */
function adapters(): readonly Framework[] {
  return (known ??= CODE_TOOL_IDS.flatMap((id) => frameworks.filter((one) => one.id === id)))
}

/** A place without any file. */
const NOWHERE: Place = { files: knownFiles(memoryFiles(new Map())), root: "/", above: [] }
