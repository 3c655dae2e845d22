/** Reads what the Go sources round the migrations say about the tool that runs them. */
import type { Place } from "./framework.ts"
import { isGuessed } from "./likely.ts"
import { join } from "./paths.ts"

/** How deep below the module's folder sources lie that are looked into, and of how many folders and sources at most. */
const DEEPEST = 4
const MOST_FOLDERS = 300
const MOST_SOURCES = 200

/** Where programs run migrations: `cmd/migrate/main.go`, `internal/database/postgres.go`, `pkg/store/store.go`. */
const LIKELY = /migrat|database|\bdb|postgres|pgx|sql|stor(?:e|age)|repo|main\.go$|\b(?:app|server|setup|init)/i

/** Whether a source of the Go module that the migrations belong to is one of those that are looked for. */
export function inGoSources({ files, above }: Place, isIt: (source: string) => boolean): boolean {
  const module = above.find((folder) => files.holds(folder, "go.mod"))
  let [folders, sources] = [0, 0]
  /** @param path From the module's folder on. */
  const has = (folder: string, path: string, depth: number): boolean => {
    folders += 1
    const entries = files.list(folder)
    const within = entries.filter((entry) => entry.folder && isGuessed(entry.name))
    const found = entries.some((entry) => {
      const isLikely = !entry.folder && /(?<!_test)\.go$/.test(entry.name) && LIKELY.test(`${path}/${entry.name}`) && sources < MOST_SOURCES
      if (isLikely) sources += 1
      return isLikely && isIt(files.read(join(folder, entry.name)) ?? "")
    })
    return found || (depth < DEEPEST && within.some(({ name }) => folders < MOST_FOLDERS && has(join(folder, name), `${path}/${name}`, depth + 1)))
  }
  return module !== undefined && has(module, "", 0)
}
