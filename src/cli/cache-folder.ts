import { existsSync } from "node:fs"
import { dirname, join } from "node:path"

/** Where tools keep what they can make again: in the nearest `node_modules`, up to the top of the repository. Null without one. */
export function cacheFolder(cwd: string): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules")
    if (existsSync(modules)) return join(modules, ".cache", "pgsafe")
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return null
  }
}
