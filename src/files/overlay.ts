/** Files whose content is not that of the disk: those of the next commit, and standard input under the name that it is given. */
import { decodeSql } from "./decode.ts"
import { absolute, baseName, parent } from "./paths.ts"
import type { ProjectFiles } from "./types.ts"

/** By absolute path: what gives the content, or null for a file that counts as missing. */
export type Overlay = ReadonlyMap<string, (() => Uint8Array) | null>

/** A file system in which these files take the place of those on the disk. */
export function overlaid(files: ProjectFiles, overlay: Overlay): ProjectFiles {
  if (overlay.size === 0) return files
  const full = (path: string): string => absolute(path, files.cwd)
  const textOf = (content: () => Uint8Array): string | undefined => {
    const decoded = decodeSql(content())
    return "text" in decoded ? decoded.text : undefined
  }
  const inFolder = new Map<string, string[]>()
  for (const path of overlay.keys()) {
    const others = inFolder.get(parent(path))
    if (others === undefined) inFolder.set(parent(path), [path])
    else others.push(path)
  }
  const read = (path: string, orElse: (path: string) => string | undefined): string | undefined => {
    const content = overlay.get(full(path))
    return content === undefined ? orElse(path) : content === null ? undefined : textOf(content)
  }
  return {
    ...files,
    list(folder) {
      const entries = files.list(folder)
      const own = inFolder.get(full(folder))
      if (own === undefined) return entries
      const known = new Set(entries.map(({ name }) => name))
      const added = own.filter((path) => overlay.get(path) !== null && !known.has(baseName(path)))
      const kept = entries.filter(({ name, folder: isFolder }) => isFolder || overlay.get(`${full(folder)}/${name}`) !== null)
      return [...kept, ...added.map((path) => ({ name: baseName(path), folder: false }))]
    },
    exists(path) {
      const content = overlay.get(full(path))
      return content === undefined ? files.exists(path) : content !== null
    },
    read: (path) => read(path, (one) => files.read(one)),
    head: (path) => read(path, (one) => files.head(one)),
  }
}
