import { existsSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import type { Config } from "./schema.ts"

/** A configuration file that cannot be used; the message says which, where and what to do. */
export class ConfigError extends Error {}

export interface LoadedConfig {
  readonly config: Config
  /** Absent when no configuration was found. */
  readonly path?: string
  /** What relative patterns in it are relative to. */
  readonly folder: string
}

const FILE = "pgsafe.config.json"

/**
 * The configuration for a folder: the file given, else the nearest `pgsafe.config.json` or `package.json` with a `pgsafe` key in the
 * folder or above it, up to the top of the repository.
 *
 * @throws {ConfigError}
 */
export async function loadConfig(cwd: string, explicit: string | undefined): Promise<LoadedConfig> {
  if (explicit !== undefined) {
    const path = resolve(cwd, explicit)
    if (!existsSync(path)) throw new ConfigError(`the configuration file ${explicit} does not exist`)
    return { config: await check(path, readJson(path)), path, folder: dirname(path) }
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const own = join(folder, FILE)
    if (existsSync(own)) return { config: await check(own, readJson(own)), path: own, folder }
    const manifest = join(folder, "package.json")
    if (existsSync(manifest) && readFileSync(manifest, "utf8").includes('"pgsafe"')) {
      const content = readJson(manifest)
      if (typeof content === "object" && content !== null && "pgsafe" in content && typeof content.pgsafe === "object") {
        return { config: await check(manifest, content.pgsafe), path: manifest, folder }
      }
    }
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return { config: {}, folder: cwd }
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, ""))
  } catch (error) {
    throw new ConfigError(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The schema's library is loaded only when there is something to check. */
async function check(path: string, content: unknown): Promise<Config> {
  const { checkConfig } = await import("./schema.ts")
  const result = checkConfig(content)
  if ("config" in result) return result.config
  throw new ConfigError(`${path}: ${result.problems.join("; ")}`)
}
