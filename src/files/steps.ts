/** Folders that are steps of one sequence: `migrations/v1/001.sql`, `migrations/v2/001.sql`. */
import type { Framework, KnownFiles, PathFacts } from "./framework.ts"
import { baseName, natureKey, parent, versionKey } from "./paths.ts"

/** A number or version and nothing else: what has a name of its own may be a database of its own. */
const VERSION = /^v?\d+(?:[._-]\d+)*$/i

/**
 * What a path says, in a folder that may be one of several numbered ones. Their migrations are one sequence, in the order of the folders, even
 * where the tool reads a single folder: such projects hand it all of them.
 */
export function factsIn(files: KnownFiles, framework: Framework, folder: string, facts: PathFacts): PathFacts {
  if (typeof framework.order !== "string") return facts
  const steps: string[] = []
  let root = ancestor(folder, facts.depth - 1)
  while (isStep(files, root)) {
    steps.unshift(baseName(root))
    root = parent(root)
  }
  return steps.length === 0 ? facts : { ...facts, depth: facts.depth + steps.length, key: [...steps, facts.key].join("/") }
}

function isStep(files: KnownFiles, folder: string): boolean {
  if (!VERSION.test(baseName(folder))) return false
  const outer = parent(folder)
  // The first month of a year has no other beside it.
  return files.list(outer).filter((entry) => entry.folder && VERSION.test(entry.name)).length > 1 || isStep(files, outer)
}

export function ancestor(path: string, levels: number): string {
  let folder = path
  for (let level = 0; level < levels; level += 1) folder = parent(folder)
  return folder
}

const keys = { numeric: natureKey, natural: natureKey, name: String, dotted: versionKey }

/** What keys sort by; folders in them are compared as versions. */
export function sortKey(key: string, order: keyof typeof keys): string {
  const parts = key.split("/")
  return parts.map((part, index) => (index < parts.length - 1 ? versionKey(part) : keys[order](part))).join("\0")
}
