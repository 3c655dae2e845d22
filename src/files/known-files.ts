/** Asks a file system each question only once. */
import type { KnownFiles } from "./framework.ts"
import { baseName, join, parent } from "./paths.ts"
import { settingsIn } from "./settings.ts"
import type { Entry, ProjectFiles } from "./types.ts"

/** How far up a repository is looked for. */
const deepest = 12

interface Folder {
  readonly entries: readonly Entry[]
  readonly names: ReadonlySet<string>
}

export function knownFiles(files: ProjectFiles): KnownFiles {
  const folder = once((path: string): Folder => {
    const entries = files.list(path)
    return { entries, names: new Set(entries.map(({ name }) => name)) }
  })
  const exists = once((path: string) => files.exists(path))
  const holds = (path: string, name: string): boolean => {
    const slash = name.indexOf("/")
    if (slash < 0) return folder(path).names.has(name)
    return folder(path).names.has(name.slice(0, slash)) && exists(join(path, name))
  }
  const read = once((path: string) => files.read(path))
  return {
    cwd: files.cwd,
    list: (path) => folder(path).entries,
    exists,
    read,
    settings: once((path: string) => settingsIn(baseName(path), read(path) ?? "", files.formats)),
    head: once((path: string) => files.head(path)),
    holds,
    ...(files.formats !== undefined && { formats: files.formats }),
    // Folders that are not the project's may be large, and change all the time.
    above: once((path: string) => above(path, files.cwd, (at) => exists(join(at, ".git")))),
  }
}

function once<T>(ask: (path: string) => T): (path: string) => T {
  const known = new Map<string, { readonly answer: T }>()
  return (path) => {
    const entry = known.get(path) ?? { answer: ask(path) }
    known.set(path, entry)
    return entry.answer
  }
}

function above(path: string, cwd: string, isTop: (folder: string) => boolean): readonly string[] {
  const folders = [path]
  let folder = path
  while (!isTop(folder)) {
    if (folder === parent(folder) || folders.length === deepest) {
      const current = folders.indexOf(cwd)
      return folders.slice(0, current < 0 ? 3 : current + 1)
    }
    folder = parent(folder)
    folders.push(folder)
  }
  return folders
}
