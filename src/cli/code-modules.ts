/** Finds the files of a project that its code imports. */
import type { FindModule } from "../code/index.ts"
import { absolute, join, parent } from "../files/paths.ts"
import type { ProjectFiles } from "../files/types.ts"

/** What may stand behind the name of a file in an import. */
const ENDINGS = [".ts", ".js", ".mts", ".cts", ".mjs", ".cjs", "/index.ts", "/index.js"]

/** @param migration Absolute path of the migration. */
export function moduleFinder(migration: string, files: ProjectFiles): FindModule {
  return (specifier, from) => {
    const folder = parent(from ?? migration)
    for (const path of specifier.startsWith(".") ? [absolute(specifier, folder)] : aliased(specifier, folder, files)) {
      // TypeScript imports the JavaScript that is made of it.
      const named = /\.[cm]?[jt]s$/.test(path) ? [path, path.replace(/js$/, "ts")] : []
      for (const candidate of [...named, ...ENDINGS.map((ending) => path + ending)]) {
        const source = files.exists(candidate) ? files.read(candidate) : undefined
        if (source !== undefined) return { path: candidate, source: source.charCodeAt(0) === 0xfeff ? source.slice(1) : source }
      }
    }
    return null
  }
}

/** Paths that stand for a name by `imports` of the package (`#src/*`), or by `paths` and `baseUrl` of TypeScript (`@/*`). */
function aliased(specifier: string, folder: string, files: ProjectFiles): readonly string[] {
  const isPackage = specifier.startsWith("#")
  for (const above of foldersAbove(folder)) {
    if (!isPackage) {
      const found = byTypeScript(specifier, join(above, "tsconfig.json"), files)
      if (found !== null) return found
      continue
    }
    const settings = settingsIn(join(above, "package.json"), files)
    if (settings !== null) return matches(specifier, settings["imports"], above)
  }
  return []
}

/** How far configurations of TypeScript are followed that extend others. */
const DEEPEST = 5

/** What the first configuration makes of a name that says something of names; null when none does. */
function byTypeScript(specifier: string, path: string, files: ProjectFiles, depth = 0): readonly string[] | null {
  const settings = depth > DEEPEST ? null : settingsIn(path, files)
  if (settings === null) return null
  const folder = parent(path)
  const options = settings["compilerOptions"]
  if (isRecord(options) && (options["paths"] !== undefined || typeof options["baseUrl"] === "string")) {
    const base = typeof options["baseUrl"] === "string" ? absolute(options["baseUrl"], folder) : null
    const found = matches(specifier, options["paths"], base ?? folder)
    return found.length > 0 || base === null ? found : [join(base, specifier)]
  }
  for (const extended of targetsOf(settings["extends"])) {
    if (!extended.startsWith(".")) continue
    const found = byTypeScript(specifier, absolute(extended.endsWith(".json") ? extended : `${extended}.json`, folder), files, depth + 1)
    if (found !== null) return found
  }
  // What says nothing may still stand between the file and one that does.
  return isRecord(options) && depth === 0 ? [] : null
}

function foldersAbove(folder: string): readonly string[] {
  const above = parent(folder)
  return above === folder ? [folder] : [folder, ...foldersAbove(above)]
}

/** What a table of patterns with one `*` makes of a name. */
function matches(specifier: string, table: unknown, base: string): readonly string[] {
  if (!isRecord(table)) return []
  return Object.entries(table).flatMap(([pattern, given]) => {
    const [before = "", after] = pattern.split("*")
    const isMatch = after === undefined ? specifier === pattern : specifier.startsWith(before) && specifier.endsWith(after) && specifier.length >= pattern.length
    if (!isMatch) return []
    const middle = after === undefined ? "" : specifier.slice(before.length, specifier.length - after.length)
    return targetsOf(given).map((target) => absolute(target.replace("*", middle), base))
  })
}

/** One path, several, or one for each condition. */
function targetsOf(given: unknown): readonly string[] {
  if (typeof given === "string") return [given]
  if (Array.isArray(given)) return given.flatMap(targetsOf)
  return isRecord(given) ? Object.values(given).flatMap(targetsOf) : []
}

/** JSON, in which TypeScript allows comments and commas at the end. */
function settingsIn(path: string, files: ProjectFiles): Record<string, unknown> | null {
  const text = files.exists(path) ? files.read(path) : undefined
  if (text === undefined) return null
  const plain = text.replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, "$1").replace(/,(?=\s*[\]}])/g, "")
  try {
    const value: unknown = JSON.parse(plain)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
