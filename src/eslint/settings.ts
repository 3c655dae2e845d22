/** What the user says in `settings.pgsafe`. */
import type { RuleContext } from "./host.ts"
import { CODE_TOOLS, createTargets, isCodeTool, type CodeToolId, type Target, type Targets } from "../embedded/index.ts"
import { PG_VERSIONS } from "../engine/versions.ts"
import { frameworks } from "../files/frameworks/index.ts"
import { pathMatcher } from "../files/glob.ts"
import type { FrameworkId } from "../files/types.ts"

export interface Settings {
  readonly pgVersion: number
  readonly targets: Targets
  /** The tool that runs SQL files. */
  readonly framework: FrameworkId | null
  /** The tool that runs migrations in code. */
  readonly codeTool: CodeToolId | null
  readonly transaction: boolean | null
  /** Which files of code are migrations; null: found out from path and content. The path is relative to the working directory. */
  readonly isMigration: ((path: string) => boolean) | null
  /** Whether texts that cannot be parsed are reported; null: only those that the user called SQL. */
  readonly reportsUnparsable: boolean | null
  /** Whether earlier migrations of the project are read from disk when a SQL file is linted. */
  readonly history: boolean
}

const KEYS = ["targets", "postgresVersion", "framework", "transaction", "migrations", "onUnparsable", "history"]

/** ESLint hands every rule the same object for all files with the same configuration. */
const known = new WeakMap<object, Settings>()

/** @throws {TypeError} naming the setting that cannot be used, and what it may be. */
export function settingsOf({ settings: { pgsafe } }: RuleContext): Settings {
  const given = pgsafe ?? DEFAULTS
  if (typeof given !== "object" || Array.isArray(given)) return wrong("", "an object", given)
  const found = known.get(given) ?? read(new Map(Object.entries(given)))
  known.set(given, found)
  return found
}

const DEFAULTS = {}

function read(given: ReadonlyMap<string, unknown>): Settings {
  for (const key of given.keys()) if (!KEYS.includes(key)) wrong(`.${key}`, `absent: the settings are ${KEYS.join(", ")}`, undefined)
  const framework = given.get("framework")
  return {
    pgVersion: readVersion(given.get("postgresVersion")),
    targets: readTargets(given.get("targets")),
    ...readFramework(framework),
    transaction: readBoolean("transaction", given.get("transaction")),
    isMigration: readMigrations(given.get("migrations")),
    reportsUnparsable: readUnparsable(given.get("onUnparsable")),
    history: readBoolean("history", given.get("history")) ?? false,
  }
}

function readVersion(value: unknown): number {
  if (value === undefined) return PG_VERSIONS.default
  if (typeof value === "number" && Number.isInteger(value) && value >= PG_VERSIONS.oldest && value <= PG_VERSIONS.newest) return value
  return wrong(".postgresVersion", `a PostgreSQL major from ${String(PG_VERSIONS.oldest)} to ${String(PG_VERSIONS.newest)}`, value)
}

function readTargets(value: unknown): Targets {
  if (value === undefined) return createTargets()
  if (Array.isArray(value)) return createTargets(value.map(readTarget))
  if (typeof value === "object" && value !== null && Object.keys(value).length === 1) {
    if ("add" in value && Array.isArray(value.add)) return createTargets(value.add.map(readTarget))
    if ("replace" in value && Array.isArray(value.replace)) return createTargets(value.replace.map(readTarget), "replace")
  }
  return wrong(".targets", "a list, { add: [...] } or { replace: [...] }", value)
}

/** Configurations in JSON write a pattern as `"/.../"`. */
function readTarget(value: unknown): Target {
  if (value instanceof RegExp) return value
  if (typeof value !== "string") return wrong(".targets", "a list of names and regular expressions", value)
  const pattern = /^\/(.+)\/([iu]*)$/.exec(value)
  if (pattern === null) return value
  try {
    return new RegExp(pattern[1] ?? "", pattern[2])
  } catch {
    return wrong(".targets", "a list of names and regular expressions", value)
  }
}

function readFramework(value: unknown): Pick<Settings, "framework" | "codeTool"> {
  if (value === undefined) return { framework: null, codeTool: null }
  const found = frameworks.find(({ id }) => id === value)
  const codeTool = typeof value === "string" && isCodeTool(value) ? value : null
  if (found === undefined && codeTool === null) {
    wrong(".framework", `one of ${[...new Set([...frameworks.map(({ id }) => id), ...CODE_TOOLS])].sort().join(", ")}`, value)
  }
  return { framework: found?.id ?? null, codeTool }
}

function readMigrations(value: unknown): Settings["isMigration"] {
  if (value === undefined) return null
  const patterns: readonly unknown[] = Array.isArray(value) ? value : [value]
  return pathMatcher(patterns.map(readPattern))
}

/** What can match no path, or would be taken for the opposite of what it says, is none. */
function readPattern(value: unknown): string {
  if (typeof value !== "string") return wrong(".migrations", "a list of glob patterns", value)
  return /^[^!/]/.test(value) ? value : wrong(".migrations", "a list of glob patterns, relative to where ESLint runs and without a ! in front", value)
}

function readUnparsable(value: unknown): boolean | null {
  if (value === undefined) return null
  if (value === "ignore") return false
  return value === "warn" || value === "error" ? true : wrong(".onUnparsable", '"ignore", "warn" or "error"', value)
}

function readBoolean(key: string, value: unknown): boolean | null {
  if (value === undefined) return null
  return typeof value === "boolean" ? value : wrong(`.${key}`, "true or false", value)
}

function wrong(key: string, expected: string, value: unknown): never {
  const given = value === undefined ? "" : `, not ${JSON.stringify(value)}`
  throw new TypeError(`settings.pgsafe${key} must be ${expected}${given}`)
}
