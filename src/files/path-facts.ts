/** What the paths of a folder's files say. */
import type { Framework, KnownFiles, PathFacts } from "./framework.ts"
import { plainName } from "./paths.ts"

/** What the path of a file says, as a tool sees it; undefined when the tool would not take the file. */
export type ReadPath = (framework: Framework, name: string) => PathFacts | undefined

/** Reads the names of files in a folder, whatever database stands behind their `.sql`, and however the tool's settings say that they are called. */
export function pathsIn(files: KnownFiles, folder: string): ReadPath {
  const folders = folder.split("/").filter(Boolean).reverse()
  const usual = new Map<Framework, ((name: string) => string) | undefined>()
  return (framework, name) => {
    const plain = plainName(name)
    if (framework.usualName === undefined) return framework.path(plain, folders)
    if (!usual.has(framework)) usual.set(framework, framework.usualName({ files, root: folder, above: files.above(folder) }))
    return framework.path(usual.get(framework)?.(plain) ?? plain, folders)
  }
}
