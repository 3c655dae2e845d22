/** Finds out which tool runs which files, from paths, marker files and the first lines of a few files. */
import type { Framework, Marker, PathFacts, Place, Sortable } from "./framework.ts"
import { frameworks } from "./frameworks/index.ts"
import { absolute, baseName, byDigits, byName, byNature, byVersion, join, parent, relative } from "./paths.ts"
import type { DetectOptions, Entry, MigrationFile, Project, ProjectFiles, Runner, Unit } from "./types.ts"
import { wholeFile } from "./units.ts"

/** How many files of a folder are opened to look for lines that give a tool away. */
const samples = 3

/** How far up the configuration of a tool is looked for when there is no repository. */
const deepest = 12

interface Found {
  readonly framework: Framework
  readonly score: number
  readonly evidence: string
}

interface Taken {
  readonly framework: Framework
  readonly evidence: string
  readonly root: string
  readonly files: { given: string; full: string; facts: PathFacts; requested: boolean }[]
}

/**
 * Groups files into projects, each with the tool that runs it and the files in that tool's order.
 *
 * @param paths Files, as they are to be named in the answer. Each turns up in exactly one project.
 */
export function detectProjects(
  given: ProjectFiles,
  paths: readonly string[],
  options: DetectOptions = {},
): readonly Project[] {
  const files = remembering(given)
  const taken = new Map<string, Taken>()
  for (const [folder, group] of byFolder(paths, files.cwd)) assign(files, folder, group, options, taken)
  return [...taken.values()].map((project) => finish(files, project, options))
}

/** The parts of one file, each with the transaction that the tool runs it in. */
export function readUnits(
  runner: Runner,
  file: Pick<MigrationFile, "path" | "direction" | "sidecar">,
  text: string,
): readonly Unit[] {
  const framework = frameworks.find(({ id }) => id === runner.framework)
  const direction = file.direction
  const units = framework?.units?.(text, runner, file) ?? [wholeFile(text, runner, direction)]
  if (file.sidecar === undefined) return units
  const why = `${baseName(file.sidecar)} turns off the transaction of ${runner.name}`
  return units.map((unit) => ({ ...unit, wrap: "none", why }))
}

/** Asks the file system only once for each folder. */
function remembering(files: ProjectFiles): ProjectFiles {
  const folders = new Map<string, readonly Entry[]>()
  const texts = new Map<string, string | undefined>()
  const heads = new Map<string, string | undefined>()
  const list = (folder: string): readonly Entry[] => {
    const known = folders.get(folder)
    if (known !== undefined) return known
    const entries = files.list(folder)
    folders.set(folder, entries)
    return entries
  }
  const once = (known: Map<string, string | undefined>, ask: (path: string) => string | undefined) => (path: string) => {
    if (!known.has(path)) known.set(path, ask(path))
    return known.get(path)
  }
  return {
    cwd: files.cwd,
    list,
    read: once(texts, (path) => files.read(path)),
    head: once(heads, (path) => files.head(path)),
    exists: (path) => files.exists(path),
  }
}

interface Located {
  readonly given: string
  readonly full: string
}

function byFolder(paths: readonly string[], cwd: string): Map<string, Located[]> {
  const folders = new Map<string, Located[]>()
  for (const given of paths) {
    const full = absolute(given, cwd)
    const folder = parent(full)
    const group = folders.get(folder)
    if (group === undefined) folders.set(folder, [{ given, full }])
    else group.push({ given, full })
  }
  return folders
}

/** Puts the files of one folder into projects. */
function assign(
  files: ProjectFiles,
  folder: string,
  group: readonly Located[],
  options: DetectOptions,
  taken: Map<string, Taken>,
): void {
  const parts = folder.split("/").filter(Boolean).reverse()
  const ranked = options.framework === undefined ? rank(files, group, parts) : forced(options.framework)
  for (const file of group) {
    const name = baseName(file.full)
    for (const { framework, evidence } of ranked) {
      const facts = framework.path(name, parts) ?? (options.framework && { depth: 1, direction: "up", key: name })
      if (facts === undefined) continue
      const root = above(file.full, facts.depth)
      const key = `${framework.id}:${root}`
      const project = taken.get(key) ?? { framework, evidence, root, files: [] }
      project.files.push({ ...file, facts, requested: true })
      taken.set(key, project)
      break
    }
  }
}

function forced(id: string): readonly Found[] {
  return frameworks
    .filter((framework) => framework.id === id)
    .map((framework) => ({ framework, score: 0, evidence: "the framework option" }))
}

/** The tools that may run the files of a folder, the likeliest first. The last one takes every file. */
function rank(files: ProjectFiles, group: readonly Located[], parts: readonly string[]): readonly Found[] {
  const chosen = spread(group)
  const found: Found[] = []
  for (const framework of frameworks) {
    const fitting = chosen.filter(({ full }) => framework.path(baseName(full), parts) !== undefined)
    const first = fitting[0]
    if (first === undefined) continue
    const facts = framework.path(baseName(first.full), parts)
    const root = above(first.full, facts?.depth ?? 1)
    const answer = weigh(files, framework, root, fitting)
    if (answer !== undefined) found.push({ framework, ...answer })
  }
  return found.sort((left, right) => right.score - left.score)
}

/** The first, the middle and the last file of a folder. */
function spread<T>(group: readonly T[]): readonly T[] {
  if (group.length <= samples) return group
  const step = (group.length - 1) / (samples - 1)
  return Array.from({ length: samples }, (_, index) => group[Math.floor(index * step)]).filter((item) => item !== undefined)
}

/** How sure we are that a tool runs files of its shape: what only it writes, its marker files, then mere habit. */
function weigh(
  files: ProjectFiles,
  framework: Framework,
  root: string,
  fitting: readonly Located[],
): Omit<Found, "framework"> | undefined {
  const { content } = framework
  const telling = content && fitting.find(({ full }) => content.line.test(files.head(full) ?? ""))
  if (telling !== undefined) {
    return { score: content?.required === true ? 100 : 95, evidence: `a line in ${relative(telling.full, files.cwd)}` }
  }
  if (content?.required === true) return undefined
  const folders = foldersAbove(files, root)
  for (const marker of framework.markers) {
    const hit = findMarker(files, marker, { here: [root], above: folders, beside: fitting.map(({ full }) => parent(full)) })
    if (hit !== undefined) return { score: 90 - hit.distance, evidence: relative(hit.path, files.cwd) }
  }
  const usual = framework.folders.find((folder) => root.endsWith(`/${folder}`))
  const inUsual = usual === undefined ? 0 : 40
  const habit = { ambiguous: 0, "in default folders": inUsual, unmistakable: 40, any: 1 }[framework.shape]
  if (habit === 0) return undefined
  return { score: habit + (usual === undefined ? 0 : 5), evidence: habit === 1 ? "nothing" : "the names of the files" }
}

interface MarkerHit {
  readonly path: string
  readonly distance: number
}

function findMarker(
  files: ProjectFiles,
  marker: Marker,
  folders: Record<Marker["where"], readonly string[]>,
): MarkerHit | undefined {
  for (const [distance, folder] of folders[marker.where].entries()) {
    for (const name of candidates(files, folder, marker.file)) {
      const path = join(folder, name)
      if (marker.contains === undefined || marker.contains.test(files.read(path) ?? "")) return { path, distance }
    }
  }
  return undefined
}

function candidates(files: ProjectFiles, folder: string, file: string | RegExp): readonly string[] {
  if (typeof file === "string") {
    const first = file.split("/")[0]
    const near = files.list(folder).some(({ name }) => name === first)
    return near && (first === file || files.exists(join(folder, file))) ? [file] : []
  }
  return files
    .list(folder)
    .filter((entry) => file.test(entry.name))
    .map(({ name }) => name)
}

/** A folder and those above it, up to the top of the repository, or to the current folder if there is none. */
export function foldersAbove(files: ProjectFiles, root: string): readonly string[] {
  const folders = [root]
  let folder = root
  while (folder !== "/" && folder.includes("/") && folders.length < deepest) {
    if (files.list(folder).some(({ name }) => name === ".git")) return folders
    folder = parent(folder)
    folders.push(folder)
  }
  const current = folders.indexOf(files.cwd)
  return current < 0 ? folders.slice(0, 3) : folders.slice(0, current + 1)
}

function above(path: string, levels: number): string {
  let folder = path
  for (let level = 0; level < levels; level += 1) folder = parent(folder)
  return folder
}

function finish(files: ProjectFiles, project: Taken, options: DetectOptions): Project {
  const { framework, root, evidence } = project
  const place: Place = { files, root, above: foldersAbove(files, root) }
  const members = options.history === true ? [...project.files, ...others(files, project)] : project.files
  const sorted = members
    .map((member) => ({ ...member, sortable: { path: member.full.slice(root.length + 1), key: member.facts.key } }))
    .sort(comparing(framework, place))
  return {
    root,
    framework: framework.id,
    evidence,
    runner: overridden(framework.runner(place), options),
    files: sorted.map(({ given, full, facts, requested }) => ({
      path: given,
      direction: facts.direction,
      role: facts.role ?? "migration",
      key: facts.key,
      requested,
      ...sidecarOf(files, framework, full),
    })),
  }
}

type Member = Taken["files"][number] & { readonly sortable: Sortable }

function comparing({ order }: Framework, place: Place): (left: Member, right: Member) => number {
  if (typeof order === "function") {
    const compare = order(place)
    return (left, right) => compare(left.sortable, right.sortable) || byNature(left.sortable.path, right.sortable.path)
  }
  const compare = { numeric: byDigits, name: byName, dotted: byVersion, natural: byNature }[order]
  return (left, right) =>
    compare(left.sortable.key, right.sortable.key) || byName(left.sortable.path, right.sortable.path)
}

/** The migrations of a project that nobody asked for, which tell what is there before the others run. */
function others(files: ProjectFiles, { framework, root, files: known }: Taken): Taken["files"] {
  const asked = new Set(known.map(({ full }) => full))
  const found: Taken["files"] = []
  const walk = (folder: string, depth: number): void => {
    const parts = folder.split("/").filter(Boolean).reverse()
    for (const entry of files.list(folder)) {
      const full = join(folder, entry.name)
      if (entry.folder) {
        if (depth < 4) walk(full, depth + 1)
      } else if (entry.name.endsWith(".sql") && !asked.has(full)) {
        const facts = framework.path(entry.name, parts)
        if (facts !== undefined && above(full, facts.depth) === root) {
          found.push({ given: relative(full, files.cwd), full, facts, requested: false })
        }
      }
    }
  }
  walk(root, 1)
  return found
}

function sidecarOf(files: ProjectFiles, { sidecar }: Framework, full: string): { sidecar?: string } {
  if (sidecar === undefined) return {}
  const path = sidecar.path(full)
  const name = baseName(path)
  if (!files.list(parent(path)).some((entry) => entry.name === name)) return {}
  return sidecar.off(files.read(path) ?? "") ? { sidecar: relative(path, files.cwd) } : {}
}

function overridden(runner: Runner, { transaction }: DetectOptions): Runner {
  if (transaction === undefined) return runner
  if (!transaction) return { ...runner, wrap: "none", why: "the transaction option says that no transaction is opened" }
  if (runner.wrap !== "none" && runner.wrap !== "unknown") return runner
  return { ...runner, wrap: "file", why: "the transaction option says that each file runs in a transaction" }
}
