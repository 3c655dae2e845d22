/** Finds the apps of a Django project, whose migrations build on each other. */
import type { DjangoProject } from "../code/index.ts"
import { absolute, baseName, join, parent } from "../files/paths.ts"
import type { Project, ProjectFiles } from "../files/types.ts"
import { moduleIn } from "./python-modules.ts"

/** Folders with copies of sources, or with nothing of the project. */
const SKIPPED = /^(?:\..*|node_modules|bower_components|build|dist|vendor|site-packages|static|coverage|venv|env)$/
const MOST_FOLDERS = 20_000
const MIGRATION = /^\d{4,}_\w+\.py$/
/** Django takes any module of the folder for a migration whose name begins with neither of `_~`, if it has a class for it. */
const MODULE = /^([A-Za-z0-9]\w*)\.py$/
const MIGRATIONS = /^(?:\w+_)?migrations$/
/** Files of settings by their names, and those in folders for them. */
const SETTINGS = /(?:^|\/)(?:\w*settings\w*(?:\/\w+)*|(?:config|conf)(?:\/\w+)+)\.py$/i

interface App {
  readonly label: string
  /** The folder of the migrations. */
  readonly root: string
  readonly migrations: () => readonly { readonly name: string; readonly source: string }[]
}

interface Found {
  readonly top: string
  readonly apps: readonly App[]
  readonly userModel: string | null
}

const known = new WeakMap<ProjectFiles, Map<string, Found>>()
const projects = new WeakMap<Found, Map<string, DjangoProject>>()

/** Null for the migrations of other tools. */
export function djangoProject({ framework, root, above }: Pick<Project, "framework" | "root" | "above">, files: ProjectFiles): DjangoProject | null {
  if (framework !== "django") return null
  const top = above.at(-1) ?? root
  const tops = known.get(files) ?? new Map<string, Found>()
  known.set(files, tops)
  const found = tops.get(top) ?? findApps(top, files)
  tops.set(top, found)
  // Of several apps with one label, the nearest is meant.
  const byFolder = projects.get(found) ?? new Map<string, DjangoProject>()
  projects.set(found, byFolder)
  const isAlone = new Set(found.apps.map(({ label }) => label)).size === found.apps.length
  const key = isAlone ? "" : root
  const project = byFolder.get(key) ?? projectOf(found, key, files)
  byFolder.set(key, project)
  return project
}

function projectOf({ top, apps, userModel }: Found, near: string, files: ProjectFiles): DjangoProject {
  const byLabel = new Map<string, App>()
  const folders = importRoots(apps.map(({ root }) => root), top)
  for (const app of apps) {
    const other = byLabel.get(app.label)
    if (other === undefined || shared(app.root, near) > shared(other.root, near)) byLabel.set(app.label, app)
  }
  return {
    userModel,
    apps: [...byLabel.keys()],
    labelOf: (path) => {
      const folder = parent(absolute(path, files.cwd))
      return apps.find(({ root }) => root === folder)?.label ?? baseName(parent(folder))
    },
    migrations: (app) => byLabel.get(app)?.migrations() ?? [],
    module: (name) => moduleIn(folders, name, files),
  }
}

/** The folders that modules may be looked for in: those above the apps, the outermost last. */
function importRoots(roots: readonly string[], top: string): readonly string[] {
  const found = new Set<string>()
  for (const root of roots) for (let folder = parent(root); folder.length >= top.length && !found.has(folder); folder = parent(folder)) found.add(folder)
  return [...found].sort((left, right) => right.length - left.length)
}

/** How many folders two paths share. */
function shared(left: string, right: string): number {
  const [one, other] = [left.split("/"), right.split("/")]
  const differing = one.findIndex((part, index) => part !== other[index])
  return differing < 0 ? one.length : differing
}

function findApps(top: string, files: ProjectFiles): Found {
  const apps: App[] = []
  const settings: string[] = []
  const waiting = [top]
  for (let index = 0; index < waiting.length && index < MOST_FOLDERS; index += 1) {
    const folder = waiting[index] ?? top
    const entries = files.list(folder)
    const names = entries.flatMap(({ name, folder: isFolder }) => (isFolder ? [] : [name]))
    if (MIGRATIONS.test(baseName(folder)) && names.some((name) => MIGRATION.test(name))) apps.push(appAt(folder, names, files))
    settings.push(...names.map((name) => join(folder, name)).filter((path) => SETTINGS.test(path.slice(top.length))))
    for (const { name, folder: isFolder, linked } of entries) if (isFolder && linked !== true && !SKIPPED.test(name)) waiting.push(join(folder, name))
  }
  return { top, apps, userModel: userModelIn(settings, files) }
}

function appAt(root: string, names: readonly string[], files: ProjectFiles): App {
  const folder = parent(root)
  const label = /^\s+label\s*(?::[^=\n]+)?=\s*["'](\w+)["']/m.exec(files.read(join(folder, "apps.py")) ?? "")?.[1] ?? baseName(folder)
  const sorted = names.flatMap((file) => MODULE.exec(file)?.[1] ?? []).sort((left, right) => (left < right ? -1 : 1))
  let read: ReturnType<App["migrations"]> | null = null
  const migrations = (): ReturnType<App["migrations"]> => (read ??= sorted.map((name) => ({ name, source: files.read(join(root, `${name}.py`)) ?? "" })).filter(({ source }) => /^class Migration\b/m.test(source)))
  return { label, root, migrations }
}

/** Without the setting, Django has a model of its own. */
function userModelIn(settings: readonly string[], files: ProjectFiles): string | null {
  const named = new Set<string>()
  for (const path of settings) {
    const text = files.read(path) ?? ""
    for (const [, value] of text.matchAll(/^[ \t]*AUTH_USER_MODEL\s*(?::[^=\n]+)?=\s*(?:["']([\w.]+)["'])?/gm)) named.add(value ?? "")
  }
  const [value, other] = named
  if (other !== undefined || value === "") return null
  return value?.toLowerCase() ?? (settings.some((path) => /INSTALLED_APPS/.test(files.read(path) ?? "")) ? "auth.user" : null)
}
