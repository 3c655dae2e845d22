/** What a run is told besides the files to lint, by an option or by the configuration. */
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import type { LoadedConfig } from "../config/load.ts"
import { parseSizes } from "../engine/read-sizes.ts"
import type { ResultError } from "../engine/result.ts"
import type { Sizes } from "../engine/sizes.ts"
import { decodeUtf8 } from "../files/decode.ts"
import { nearby } from "../files/nearby.ts"
import { reason } from "../files/reason.ts"
import { cacheFolder } from "./cache-folder.ts"
import type { LintFlags } from "./lint-flags.ts"
import type { RunOptions } from "./run.ts"
import { UsageError } from "./usage.ts"

/** The dump to start from, with what named it. */
export function schemaDump({ schema }: LintFlags, { config, folder, path: from }: LoadedConfig, cwd: string): RunOptions["schema"] {
  if (schema !== undefined) return { path: schema, from: "--schema" }
  if (config.schema === undefined) return undefined
  return { path: nearby(resolve(folder, config.schema), cwd), from: from === undefined ? "the configuration" : `"schema" in ${nearby(from, cwd)}` }
}

/** @throws {UsageError} when the file is not what the query of `pgsafe stats` gives. */
export function sizesFrom({ stats }: LintFlags, { config, folder, path: from }: LoadedConfig, cwd: string): Sizes | undefined {
  const path = stats ?? (config.stats === undefined ? undefined : nearby(resolve(folder, config.stats), cwd))
  if (path === undefined) return undefined
  const fail = (why: string): never => {
    throw new UsageError(`${stats === undefined ? inConfig("stats", from, cwd) : ""}${path}: ${why}; pgsafe stats prints the query that gives it`)
  }
  let decoded: ReturnType<typeof decodeUtf8>
  try {
    decoded = decodeUtf8(readFileSync(path))
  } catch (error) {
    return fail(reason(error))
  }
  if (!("text" in decoded)) return fail(decoded.message)
  try {
    return parseSizes(decoded.text.replace(/^\uFEFF/, ""))
  } catch (error) {
    return fail(reason(error))
  }
}

/** Where a setting stands, in front of what is wrong with it. */
function inConfig(key: keyof LoadedConfig["config"], path: string | undefined, cwd: string): string {
  return path === undefined ? "" : `"${key}" in ${nearby(path, cwd)}: `
}

export function cacheOf({ cache, cacheLocation }: LintFlags, { config, folder }: LoadedConfig, cwd: string): string | null {
  if (cache === false) return null
  if (cacheLocation !== undefined) return resolve(cwd, cacheLocation)
  return config.cacheLocation === undefined ? cacheFolder(cwd) : resolve(folder, config.cacheLocation)
}

/**
 * The application's sources, as absolute paths, and the folders of them that may not be looked into.
 *
 * @throws {UsageError} when a pattern means no source at all.
 */
export async function appFiles({ app }: LintFlags, { config, folder, path }: LoadedConfig, cwd: string): Promise<{ readonly paths: readonly string[]; readonly problems: readonly ResultError[] } | undefined> {
  const patterns = app ?? config.app ?? []
  if (patterns.length === 0) return undefined
  const [{ findAppFiles }, { unreadSource }] = await Promise.all([import("../files/app-files.ts"), import("./app-sources.ts")])
  const { paths, empty, unreadable } = findAppFiles(patterns, app === undefined ? folder : cwd)
  const [nothing] = empty
  if (nothing !== undefined) throw new UsageError(`${app === undefined ? inConfig("app", path, cwd) : "--app: "}no source file matches "${nothing}"; what git ignores, tests and files of data do not count`)
  return { paths, problems: unreadable.map((one) => unreadSource(nearby(one.path, cwd), one.reason)) }
}
