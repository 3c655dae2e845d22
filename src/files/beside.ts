/** What other migrations of a repository may have made, when they run on the same database. */
import { languageOf } from "./languages.ts"
import { codeMigration, isGuessed, skippedWhenGuessing, versioned } from "./likely.ts"
import { absolute, baseName, isSqlFile, join, parent, plainName } from "./paths.ts"
import type { Project, ProjectFiles } from "./types.ts"

/** Of how many files of other migrations the texts are read at most. */
const MOST_FILES = 2000
/** How deep they lie in their folders: `migrations/20240102_orders/migration.sql`. */
const DEEPEST = 2
/** How far behind CREATE or RENAME a name is looked for, in UTF-16 units. */
const FAR = 200

/**
 * What other folders of the repository hold in migrations: `db/post_migrate` beside `db/migrate`, `services/users/migrations` beside
 * `services/orders/migrations`, or code in the same folder as files of SQL. They are read when the first name is asked for.
 */
export interface Beside {
  /** Whether they seem to make something of a name. */
  readonly makes: (name: string) => boolean
  /** Whether they may give a column to one of the tables: they speak of both in one file. */
  readonly adds: (column: string, tables: readonly string[]) => boolean
}

export function migrationsBeside(project: Project, files: ProjectFiles): Beside {
  let read: readonly string[] | null = null
  const texts = () => (read ??= pathsBeside(project, files).map((path) => files.read(path) ?? ""))
  return {
    makes(name) {
      const makes = new RegExp(`(?:\\bcreate|\\brename)[^;]{0,${String(FAR)}}?${asWord(name)}`, "i")
      return texts().some((text) => makes.test(text))
    },
    adds(column, tables) {
      const [wanted, ...owners] = [column, ...tables].map((name) => new RegExp(asWord(name), "i"))
      return texts().some((text) => wanted?.test(text) === true && owners.some((owner) => owner.test(text)))
    },
  }
}

function asWord(name: string): string {
  return `(?<![\\w$])${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?![\\w$])`
}

function pathsBeside(project: Project, files: ProjectFiles): readonly string[] {
  const others = likeFolders(project, files).flatMap((folder) => migrationsBelow(folder, files))
  return [...othersWithin(project, files), ...others].slice(0, MOST_FILES)
}

/** What lies in the same folder and is no part of the project: code beside files of SQL. */
function othersWithin({ root, files: members }: Project, files: ProjectFiles): readonly string[] {
  const own = new Set(members.map(({ path }) => absolute(path, files.cwd)))
  return migrationsBelow(root, files).filter((path) => !own.has(path))
}

/** Folders with migrations that lie in the repository as those of the project do. */
function likeFolders({ root, above }: Pick<Project, "root" | "above">, files: ProjectFiles): readonly string[] {
  const top = above.at(-1) ?? root
  // Elsewhere nobody knows what belongs together, and examples and tests have nothing to do with each other.
  if (!files.exists(join(top, ".git")) || root.slice(top.length).split("/").some((part) => skippedWhenGuessing.has(part))) return []
  return above.slice(0, -1).flatMap((folder) => {
    const around = parent(folder)
    const below = root.slice(folder.length)
    const beside = files.list(around).filter((entry) => entry.folder && entry.name !== baseName(folder) && isGuessed(entry.name))
    return beside.map(({ name }) => `${join(around, name)}${below}`).filter((path) => holdsMigrations(path, files))
  })
}

function holdsMigrations(folder: string, files: ProjectFiles, depth = 1): boolean {
  return files.list(folder).some((entry) => {
    const path = join(folder, entry.name)
    if (!entry.folder) return versioned.test(plainName(entry.name)) || codeMigration.test(path)
    return files.exists(join(path, "migration.sql")) || (depth < DEEPEST && holdsMigrations(path, files, depth + 1))
  })
}

function migrationsBelow(root: string, files: ProjectFiles): readonly string[] {
  const walk = (folder: string, depth: number): readonly string[] =>
    files.list(folder).flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.folder) return depth < DEEPEST ? walk(path, depth + 1) : []
      return isSqlFile(path) || languageOf(path) !== undefined ? [path] : []
    })
  return walk(root, 1)
}
