/** Tells what of a file system was looked at. */
import { absolute, join } from "./paths.ts"
import type { ProjectFiles } from "./types.ts"

export interface Looks {
  /** The same file system. */
  readonly files: ProjectFiles
  /** Absolute paths of files and folders, also of those that are not there, that every answer so far came from. */
  readonly paths: ReadonlySet<string>
}

export function watched(files: ProjectFiles): Looks {
  const paths = new Set<string>()
  const look = (path: string): string => {
    const full = absolute(path, files.cwd)
    paths.add(full)
    return full
  }
  return {
    paths,
    files: {
      ...files,
      list(folder) {
        const full = look(folder)
        const entries = files.list(folder)
        // What a link leads to may change while its own folder does not.
        for (const { name, linked } of entries) if (linked === true) paths.add(join(full, name))
        return entries
      },
      exists(path) {
        look(path)
        return files.exists(path)
      },
      read(path) {
        look(path)
        return files.read(path)
      },
      head(path) {
        look(path)
        return files.head(path)
      },
    },
  }
}
