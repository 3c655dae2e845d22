import { absolute, parent } from "./paths.ts"
import type { Entry, ProjectFiles } from "./types.ts"

/** A file system made of texts by path, for callers that have no disk. */
export function memoryFiles(texts: ReadonlyMap<string, string>): ProjectFiles {
  const cwd = "/"
  const files = new Map<string, string>()
  const folders = new Map<string, Map<string, Entry>>()
  for (const [path, text] of texts) {
    const full = absolute(path, cwd)
    files.set(full, text)
    for (let at = full, folder = false; at !== "/" && at !== ""; at = parent(at), folder = true) {
      const above = parent(at)
      const entries = folders.get(above) ?? new Map<string, Entry>()
      const name = at.slice(at.lastIndexOf("/") + 1)
      const known = entries.has(name)
      entries.set(name, { name, folder })
      folders.set(above, entries)
      if (known || above === at) break
    }
  }
  return {
    cwd,
    list: (folder) => [...(folders.get(folder)?.values() ?? [])],
    exists: (path) => files.has(path) || folders.has(path),
    read: (path) => files.get(path),
    head: (path) => files.get(path),
  }
}
