import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

/** Where tools keep what they can make again: in the nearest `node_modules`, up to the top of the repository. Null without one. */
export function cacheFolder(cwd: string): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules")
    if (existsSync(modules)) return join(modules, ".cache", "pgsafe")
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return null
  }
}

/**
 * Makes a folder and those above it. `mkdirSync(folder, { recursive: true })` does not come back where a folder that is there refuses
 * entries as if it were missing, as those of /proc do (seen in Node.js 20).
 *
 * @throws when it cannot be made.
 */
export function makeFolder(folder: string): void {
  const made = attempt(folder)
  if (made !== "ENOENT") return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}

/** @returns why there is none yet; null when there is one. */
function attempt(folder: string): "ENOENT" | null {
  try {
    mkdirSync(folder)
    return null
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined
    if (code === "EEXIST") return null
    if (code === "ENOENT" && dirname(folder) !== folder) return code
    throw error
  }
}

/** Others see the old content or the new one. What cannot be written is not kept: then the next run does the work again. */
export function replaceFile(path: string, content: Uint8Array): void {
  const unfinished = `${path}.${String(process.pid)}`
  try {
    writeFileSync(unfinished, content)
    renameSync(unfinished, path)
  } catch {
    // As above.
  }
}
