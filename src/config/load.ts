import { existsSync, lstatSync, readFileSync } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { decodeUtf8 } from "../files/decode.ts"
import { namesIn } from "../files/names-in.ts"
import { nearby } from "../files/nearby.ts"
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
const MANIFEST = "package.json"

/**
 * How configurations are called elsewhere: `.pgsaferc`, `pgsafe.config.yaml`, `pgsafe.toml`. Passed over in silence, the settings in them would
 * be taken for obeyed.
 */
const NEVER_READ = /^(?:\.pgsaferc(?:\.(?:json[5c]?|ya?ml|toml|[cm]?[jt]s))?|\.?pgsafe\.config(?:\.(?:json[5c]?|ya?ml|toml|[cm]?[jt]s))?|\.?pgsafe\.(?:json[5c]?|ya?ml|toml))$/

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
    const shown = nearby(path, cwd)
    const content = basename(path) === MANIFEST ? partOf(path, shown) : readJson(path, shown)
    if (content === undefined) throw new ConfigError(`${shown} has no configuration under "pgsafe"`)
    return { config: await check(shown, content), path, folder: dirname(path) }
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = configIn(folder, cwd)
    if (found !== null) return { config: await check(nearby(found.path, cwd), found.content), path: found.path, folder }
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return { config: {}, folder: cwd }
  }
}

/** What one folder says. @throws {ConfigError} when it says it twice, or where nobody reads it. */
function configIn(folder: string, cwd: string): { readonly path: string; readonly content: unknown } | null {
  const own = join(folder, FILE)
  const manifest = join(folder, MANIFEST)
  const part = existsSync(manifest) ? partOf(manifest, nearby(manifest, cwd)) : undefined
  // A link counts even when it leads nowhere.
  if (lstatSync(own, { throwIfNoEntry: false }) !== undefined) {
    const shown = nearby(own, cwd)
    if (part !== undefined) throw new ConfigError(`both ${shown} and "pgsafe" in ${nearby(manifest, cwd)} are configurations; keep one of them`)
    return { path: own, content: readJson(own, shown) }
  }
  if (part !== undefined) return { path: manifest, content: part }
  const other = namesIn(folder).find((name) => NEVER_READ.test(name) && !isResult(join(folder, name)))
  if (other !== undefined) throw new ConfigError(`${nearby(join(folder, other), cwd)} is not read; the configuration is JSON, in ${FILE} or under "pgsafe" in ${MANIFEST}`)
  return null
}

/** Whether a file is what `pgsafe lint --format json > pgsafe.json` has written, or is about to write. */
function isResult(path: string): boolean {
  if (basename(path) !== "pgsafe.json") return false
  try {
    const text = readFileSync(path, "utf8")
    return text.trim() === "" || text.includes('"findings"')
  } catch {
    return false
  }
}

/** What a manifest has under `pgsafe`. Most have nothing, and are not even parsed. */
function partOf(manifest: string, shown: string): unknown {
  if (!contentOf(manifest, shown).includes('"pgsafe"')) return undefined
  const content = readJson(manifest, shown)
  return typeof content === "object" && content !== null && "pgsafe" in content ? content.pgsafe : undefined
}

/** @throws {ConfigError} */
function contentOf(path: string, shown: string): string {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new ConfigError(`cannot read the configuration ${shown}: ${reason(error)}`)
  }
  const decoded = decodeUtf8(bytes)
  if ("text" in decoded) return decoded.text.replace(/^\uFEFF/, "")
  throw new ConfigError(`${shown}:${String(decoded.line)}:${String(decoded.column)}: ${decoded.message}`)
}

function readJson(path: string, shown: string): unknown {
  const text = contentOf(path, shown)
  try {
    return JSON.parse(text)
  } catch (error) {
    const { message, offset } = mistakeIn(text, error instanceof Error ? error.message : String(error))
    if (offset === null) throw new ConfigError(`${shown}: ${message}`)
    const before = text.slice(0, offset).split("\n")
    throw new ConfigError(`${shown}:${String(before.length)}:${String((before.at(-1) ?? "").length + 1)}: ${message}`)
  }
}

/** What V8 says of a text that is no JSON: with the place at the end, or with the text round it and no place. */
function mistakeIn(text: string, said: string): { readonly message: string; readonly offset: number | null } {
  const placed = / in JSON at position (\d+).*$/s.exec(said)
  if (placed !== null) {
    const offset = Number(placed[1])
    return { message: said.slice(0, placed.index) + hintAt(text[offset]), offset }
  }
  const token = /^Unexpected token '(.+?)', /su.exec(said)?.[1]
  if (token === undefined) return { message: said, offset: null }
  let offset = text.indexOf(token)
  while (offset >= 0 && !endsUnexpectedly(text.slice(0, offset + token.length))) offset = text.indexOf(token, offset + 1)
  return { message: `Unexpected token '${token}'${hintAt(token)}`, offset: offset < 0 ? null : offset }
}

function hintAt(character: string | undefined): string {
  return character === "/" || character === "#" ? "; JSON has no comments" : ""
}

/** Whether the end of a text is what makes it no JSON; a text that only stops too early is not meant. */
function endsUnexpectedly(start: string): boolean {
  try {
    JSON.parse(start)
    return false
  } catch (error) {
    return error instanceof Error && error.message.startsWith("Unexpected token")
  }
}

/** The schema's library is loaded only when there is something to check. */
async function check(shown: string, content: unknown): Promise<Config> {
  const { checkConfig } = await import("./schema.ts")
  const result = checkConfig(content)
  if ("config" in result) return result.config
  throw new ConfigError(`${shown}: ${result.problems.join("; ")}`)
}
