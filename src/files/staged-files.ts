/** The files of the next commit, where the folder has others. */
import { decodeSql } from "./decode.ts"
import { absolute, baseName, parent } from "./paths.ts"
import type { ProjectFiles } from "./types.ts"

/** By absolute path: what gives the staged content, or null for what is not in the next commit. */
export type Unstaged = ReadonlyMap<string, (() => Uint8Array) | null>

/** A file system as it will be when what is staged has been committed. */
export function stagedFiles(files: ProjectFiles, unstaged: Unstaged): ProjectFiles {
  if (unstaged.size === 0) return files
  const full = (path: string): string => absolute(path, files.cwd)
  const textOf = (content: () => Uint8Array): string | undefined => {
    const decoded = decodeSql(content())
    return "text" in decoded ? decoded.text : undefined
  }
  const inFolder = new Map<string, string[]>()
  for (const path of unstaged.keys()) {
    const others = inFolder.get(parent(path))
    if (others === undefined) inFolder.set(parent(path), [path])
    else others.push(path)
  }
  const read = (path: string, orElse: (path: string) => string | undefined): string | undefined => {
    const content = unstaged.get(full(path))
    return content === undefined ? orElse(path) : content === null ? undefined : textOf(content)
  }
  return {
    ...files,
    list(folder) {
      const entries = files.list(folder)
      const own = inFolder.get(full(folder))
      if (own === undefined) return entries
      const known = new Set(entries.map(({ name }) => name))
      const deleted = own.filter((path) => unstaged.get(path) !== null && !known.has(baseName(path)))
      const kept = entries.filter(({ name, folder: isFolder }) => isFolder || unstaged.get(`${full(folder)}/${name}`) !== null)
      return [...kept, ...deleted.map((path) => ({ name: baseName(path), folder: false }))]
    },
    exists(path) {
      const content = unstaged.get(full(path))
      return content === undefined ? files.exists(path) : content !== null
    },
    read: (path) => read(path, (one) => files.read(one)),
    head: (path) => read(path, (one) => files.head(one)),
  }
}
