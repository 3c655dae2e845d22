import { existsSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { reason } from "../files/reason.ts"
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
  const shown = (path: string): string => relative(cwd, path).replaceAll("\\", "/")
  if (explicit !== undefined) {
    const path = resolve(cwd, explicit)
    if (!existsSync(path)) throw new ConfigError(`the configuration file ${explicit} does not exist`)
    return { config: await check(shown(path), readJson(path, shown(path))), path, folder: dirname(path) }
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const own = join(folder, FILE)
    if (existsSync(own)) return { config: await check(shown(own), readJson(own, shown(own))), path: own, folder }
    const manifest = join(folder, "package.json")
    if (existsSync(manifest) && contentOf(manifest, shown(manifest)).includes('"pgsafe"')) {
      const content = readJson(manifest, shown(manifest))
      if (typeof content === "object" && content !== null && "pgsafe" in content) {
        return { config: await check(shown(manifest), content.pgsafe), path: manifest, folder }
      }
    }
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return { config: {}, folder: cwd }
  }
}

/** @throws {ConfigError} */
function contentOf(path: string, shown: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    throw new ConfigError(`cannot read the configuration ${shown}: ${reason(error)}`)
  }
}

function readJson(path: string, shown: string): unknown {
  const text = contentOf(path, shown).replace(/^\uFEFF/, "")
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const offset = / in JSON at position (\d+).*$/.exec(message)
    if (offset === null) throw new ConfigError(`${shown}: ${message}`)
    const before = text.slice(0, Number(offset[1])).split("\n")
    const place = `${before.length}:${(before.at(-1) ?? "").length + 1}`
    throw new ConfigError(`${shown}:${place}: ${message.slice(0, offset.index)}`)
  }
}

/** The schema's library is loaded only when there is something to check. */
async function check(shown: string, content: unknown): Promise<Config> {
  const { checkConfig } = await import("./schema.ts")
  const result = checkConfig(content)
  if ("config" in result) return result.config
  throw new ConfigError(`${shown}: ${result.problems.join("; ")}`)
}
