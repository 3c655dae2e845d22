/** Finds the files that migrations in code read or import. */
import type { FindFiles, FindSqlFile, SqlFileRequest } from "../code/index.ts"
import { absolute, baseName, join, parent, relative } from "../files/paths.ts"
import type { Project, ProjectFiles, Runner } from "../files/types.ts"
import { moduleFinder } from "./code-modules.ts"
import { changelogPlace, type ChangelogPart } from "./changelog-place.ts"
import { djangoProject } from "./django-project.ts"
import { pythonModules } from "./python-modules.ts"

/** Folders with copies of sources, or with nothing of the project. */
const SKIPPED = /^(?:\..*|node_modules|bower_components|build|out|dist|target|vendor|coverage)$/
const MOST_FOLDERS = 5_000

type FinderProject = Pick<Project, "root" | "framework" | "above"> & { readonly runner: Pick<Runner, "session"> }

/** @param path The migration, as it was given. @param part What of it is read, if it is a changelog; null for all of it. */
export function finderFor(path: string, project: FinderProject, files: ProjectFiles, part: ChangelogPart | null = null): FindFiles {
  return { sqlFile: sqlFileFinder(path, project, files), module: moduleFinder(absolute(path, files.cwd), files), django: djangoProject(project, files), python: project.framework === "alembic" ? pythonModules(project, files) : null, changelog: project.framework === "liquibase" ? changelogPlace(absolute(path, files.cwd), project.runner, files, part) : null }
}

function sqlFileFinder(path: string, { root }: Pick<Project, "root">, files: ProjectFiles): FindSqlFile {
  const here = parent(absolute(path, files.cwd))
  return (request) => {
    const found = exactly(request, here, files) ?? nearest(request, parent(root), files)
    const text = found === null ? undefined : files.read(found)
    if (found === null || text === undefined) return null
    return { path: relative(found, files.cwd), text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text }
  }
}

function exactly({ exact }: SqlFileRequest, here: string, files: ProjectFiles): string | null {
  const path = exact === null ? null : absolute(exact, here)
  return path !== null && files.exists(path) ? path : null
}

/** Code often puts a path together in another file. Of several files with the name, the one whose folders the code names. */
function nearest({ name, folders }: SqlFileRequest, top: string, files: ProjectFiles): string | null {
  const candidates = sqlFilesBelow(top, files).get(name) ?? []
  const ranked = candidates.map((path) => {
    const parts = parent(path).split("/")
    return { path, named: folders.filter((folder) => parts.includes(folder)).length }
  })
  const most = Math.max(...ranked.map(({ named }) => named))
  const [best, second] = ranked.filter(({ named }) => named === most)
  return best === undefined || second !== undefined ? null : best.path
}

const known = new WeakMap<ProjectFiles, Map<string, ReadonlyMap<string, readonly string[]>>>()

/** All files of SQL below a folder by their name. */
function sqlFilesBelow(top: string, files: ProjectFiles): ReadonlyMap<string, readonly string[]> {
  const folders = known.get(files) ?? new Map<string, ReadonlyMap<string, readonly string[]>>()
  known.set(files, folders)
  const listed = folders.get(top)
  if (listed !== undefined) return listed
  const found = new Map<string, string[]>()
  const waiting = [top]
  for (let index = 0; index < waiting.length && index < MOST_FOLDERS; index += 1) {
    const folder = waiting[index] ?? top
    for (const entry of files.list(folder)) {
      const path = join(folder, entry.name)
      if (entry.folder) {
        if (!SKIPPED.test(entry.name)) waiting.push(path)
      } else if (/\.sql$/i.test(entry.name)) found.set(baseName(path), [...(found.get(baseName(path)) ?? []), path])
    }
  }
  folders.set(top, found)
  return found
}
