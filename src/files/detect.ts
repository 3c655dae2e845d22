/** Finds out which tool runs which files, and puts these into the tool's order. */
import type { Framework, KnownFiles, MigrationList, Order, PathFacts, Place, Sortable } from "./framework.ts"
import { areOtherDialect, isOtherDialect, speaksToOthers } from "./dialect.ts"
import { frameworks } from "./frameworks/index.ts"
import { knownFiles } from "./known-files.ts"
import { languageOf } from "./languages.ts"
import { absolute, baseName, byName, hasTwin, isForeign, isSqlFile, join, parent, relative } from "./paths.ts"
import { pathsIn, type ReadPath } from "./path-facts.ts"
import { holdsNamedQueries } from "./queries.ts"
import { forced, isReadBy, ranker, type Located, type Ranking } from "./rank.ts"
import { isLoose } from "./sequence.ts"
import { ancestor, factsIn, sortKey } from "./steps.ts"
import type { DetectOptions, MigrationFile, Project, ProjectFiles, Runner, Unit } from "./types.ts"
import { wholeFile } from "./units.ts"
import { lockTimeoutOf } from "./lock-timeouts.ts"

/** Of how many files of no tool each is looked into at most. */
const FEW = 50

interface Member extends Located {
  readonly facts: PathFacts
  readonly requested: boolean
}

interface Taken {
  readonly framework: Framework
  /** Its code has a runner and an order of its own. */
  readonly asCode: boolean
  readonly evidence: string
  readonly root: string
  /** See `Framework.series`. */
  readonly series: string
  /** What the tool's list names; null for a tool that runs what lies in the folder. */
  readonly list: MigrationList | null
  readonly files: Member[]
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
  const files = knownFiles(given)
  const ranking = options.framework === undefined ? ranker(files) : forced(options.framework)
  const taken = new Map<string, Taken>()
  for (const [folder, group] of byFolder(paths, files.cwd)) {
    const read = pathsIn(files, folder)
    const ranked = ranking(folder, group, read)
    for (const file of group) assign(files, file, read, ranked, taken, options)
  }
  return [...taken.values()].map((project) => finish(files, project, options))
}

/** The parts of one file, each with the transaction that the tool runs it in; none in a file of named queries that no tool claims. */
export function readUnits(
  runner: Runner,
  file: Pick<MigrationFile, "path" | "direction" | "sidecar">,
  text: string,
): readonly Unit[] {
  if (isLoose(runner.framework) && holdsNamedQueries(text)) return []
  const framework = frameworks.find(({ id }) => id === runner.framework)
  const units = framework?.units?.(text, runner, file) ?? [wholeFile(text, runner, file.direction)]
  if (file.sidecar === undefined) return units
  const why = `${baseName(file.sidecar)} turns off the transaction of ${runner.name}`
  return units.map((unit) => ({ ...unit, wrap: "none", why }))
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

/** Puts a file into the project of the first tool that would take it. */
function assign(
  files: KnownFiles,
  file: Located,
  read: ReadPath,
  ranked: Ranking,
  taken: Map<string, Taken>,
  { framework: wanted }: DetectOptions,
): void {
  const name = baseName(file.full)
  const language = languageOf(name)
  for (const { framework, evidence } of ranked) {
    if (!isReadBy(framework, name)) continue
    const known = read(framework, name) ?? (wanted && ({ depth: 1, direction: language === undefined ? "up" : "both", key: name } as const))
    if (known === undefined) continue
    const list = framework.list?.(files, file.full)
    const own = language === undefined ? factsIn(files, framework, parent(file.full), known) : known
    const facts = listedAs(list, file.full, own)
    const root = list?.root ?? ancestor(file.full, facts.depth)
    // What a tool prints is run by another one.
    const asCode = language !== undefined && framework.code?.runner !== undefined
    const series = list?.name ?? seriesOf(files, framework, file.full)
    const key = `${framework.id}:${root}:${String(asCode)}:${series}`
    const project = taken.get(key) ?? { framework, asCode, evidence, root, series, list: list ?? null, files: [] }
    if (project.files.length === 0) taken.set(key, project)
    project.files.push({ given: file.given, full: file.full, facts, requested: true })
    return
  }
}

function seriesOf(files: KnownFiles, { series }: Framework, full: string): string {
  return series === undefined || languageOf(full) !== undefined ? "" : series(baseName(full), files.list(parent(full)).map(({ name }) => name))
}

/** Whether a file of another sequence is one of several that stand for a migration: `0002_x_first.sql`, without `0002_x.sql`. Nobody knows when each runs. */
function isOnlyPart(files: KnownFiles, full: string, series: string): boolean {
  return series !== "" && !files.holds(parent(full), `${baseName(full).slice(0, -(series.length + ".sql".length))}.sql`)
}

function finish(files: KnownFiles, project: Taken, options: DetectOptions): Project {
  const { framework, root, evidence, asCode } = project
  const code = asCode ? framework.code : undefined
  const place: Place = { files, root, above: files.above(root) }
  const top = (place.above.at(-1) ?? root).length
  const replaced = replacedOf(files, framework)
  const roleOf = framework.role?.(place) ?? (() => undefined)
  const members = options.history === true ? [...project.files, ...(project.list === null ? others(files, project) : listed(files, project, project.list))] : project.files
  const foreign = framework.isForeign?.(place) === true
  const isOther = (full: string): boolean =>
    foreign || replaced(full) || isForeign(full.slice(top)) || hasTwin(baseName(full), (name) => files.holds(parent(full), name))
  const scripts = members.map(({ full }) => full).filter((full) => languageOf(full) === undefined && !isOther(full))
  // What reverts or verifies is much the same for all databases.
  const telling = new Set(members.flatMap(({ full, facts }) => (facts.direction === "down" || facts.role !== undefined ? [] : [full])))
  const sequence = !foreign && areOtherDialect(files, scripts.filter((full) => telling.has(full)))
  // Where no tool says that they belong together, each file speaks for itself; of many, looking into each would take too long.
  const alone = scripts.length === 1 || (isLoose(framework.id) && scripts.length <= FEW)
  const isDialect = (full: string): boolean => sequence || (alone && languageOf(full) === undefined && isOtherDialect(files.head(full) ?? ""))
  /** Code that imports the client of another database; what only the tool's own migrations have says more. */
  const isClients = (full: string): boolean => {
    if (languageOf(full) !== "javascript") return false
    const head = files.head(full) ?? ""
    return speaksToOthers(head) && framework.code?.sign.test(head) !== true
  }
  return {
    root,
    above: place.above,
    framework: framework.id,
    evidence,
    runner: overridden({ ...(code?.runner?.(place) ?? framework.runner(place)), ...begun(framework, place, options) }, options),
    files: inOrder(members, code?.order ?? framework.order, place).map(({ given, full, facts, requested }) => ({
      path: given,
      direction: facts.direction,
      role:
        isOther(full) || isClients(full)
          ? "foreign"
          : isDialect(full)
            ? "dialect"
            : (facts.role ?? roleOf({ key: facts.key, path: full.slice(root.length + 1) }) ?? "migration"),
      key: facts.key,
      ...(facts.repeats === true && { repeats: true }),
      requested,
      ...sidecarOf(files, framework, full),
    })),
  }
}

function replacedOf(files: KnownFiles, framework: Framework): (full: string) => boolean {
  if (framework.replaced === undefined) return () => false
  const folders = new Map<string, (name: string) => boolean>()
  return (full) => {
    const folder = parent(full)
    const known = folders.get(folder) ?? framework.replaced?.(files.list(folder).map(({ name }) => name)) ?? (() => false)
    folders.set(folder, known)
    return known(baseName(full))
  }
}

/** Sorts the files as the tool does; files that are equal to it are sorted by path. */
function inOrder(members: readonly Member[], order: Order, place: Place): readonly Member[] {
  const sortable = members.map((member) => ({
    member,
    path: member.full.startsWith(`${place.root}/`) ? member.full.slice(place.root.length + 1) : member.full,
    key: member.facts.key,
    sort: typeof order === "string" ? sortKey(member.facts.key, order) : "",
  }))
  const compare = typeof order === "string" ? () => 0 : order(place)
  type Keyed = Sortable & { readonly sort: string }
  const byTool = (left: Keyed, right: Keyed): number =>
    compare(left, right) || byName(left.sort, right.sort) || byName(left.path, right.path)
  return sortable.sort(byTool).map(({ member }) => member)
}

/** Those that nobody asked for, of the migrations on the tool's list. */
function listed(files: KnownFiles, { framework, files: known }: Taken, list: MigrationList): readonly Member[] {
  const asked = new Set(known.map(({ full }) => full))
  return list.members.flatMap((full) => {
    const facts = asked.has(full) ? undefined : pathsIn(files, parent(full))(framework, baseName(full))
    return facts === undefined ? [] : [{ given: relative(full, files.cwd), full, facts: listedAs(list, full, facts), requested: false }]
  })
}

/** What a path says, and what the list says of it. */
function listedAs(list: MigrationList | undefined, full: string, facts: PathFacts): PathFacts {
  if (list === undefined) return facts
  return list.isForeign(full) ? { ...facts, role: "foreign" } : list.isShared(full) ? { ...facts, role: "shared" } : facts
}

/** The migrations of a project that nobody asked for, which tell what is there before the others run. */
function others(files: KnownFiles, { framework, asCode, root, series, files: known }: Taken): readonly Member[] {
  const asked = new Set(known.map(({ full }) => full))
  // As the caller names the files beside them.
  const prefixes = new Map(known.map(({ given, full }) => [parent(full), given.slice(0, given.length - baseName(full).length)]))
  const found: Member[] = []
  const isMember = (name: string): boolean => {
    if (framework.unread?.test(name) === true) return true
    const language = languageOf(name)
    if (language === undefined) return isSqlFile(name) && !asCode
    // Code that no tool is known to run belongs to other such code; beside SQL it may be that of any tool.
    if (framework.shape === "any" && !known.some(({ full }) => languageOf(full) !== undefined)) return false
    return language !== "changelog" && language === framework.code?.language && (asCode || framework.code.runner === undefined)
  }
  const walk = (folder: string, depth: number): void => {
    const read = pathsIn(files, folder)
    for (const entry of files.list(folder)) {
      const full = join(folder, entry.name)
      if (entry.folder) {
        if (depth < 4) walk(full, depth + 1)
      } else if (isMember(entry.name) && !asked.has(full)) {
        const own = seriesOf(files, framework, full)
        const isPart = series === "" && isOnlyPart(files, full, own)
        if (own !== series && !isPart) continue
        const unread = isPart ? entry.name : framework.unread?.exec(entry.name)?.[1]
        const shape = unread === undefined ? read(framework, entry.name) : ({ depth: 1, direction: "up", key: unread, role: "unread" } as const)
        const facts = shape === undefined || asCode || languageOf(entry.name) !== undefined ? shape : factsIn(files, framework, folder, shape)
        if (facts !== undefined && ancestor(full, facts.depth) === root) {
          const prefix = prefixes.get(folder)
          found.push({ given: prefix === undefined ? relative(full, files.cwd) : prefix + entry.name, full, facts, requested: false })
        }
      }
    }
  }
  walk(root, 1)
  for (const folder of framework.unreadFolders?.(root) ?? []) {
    for (const { name } of files.list(folder)) {
      const [, key] = framework.unread?.exec(name) ?? []
      const full = join(folder, name)
      if (key !== undefined) found.push({ given: relative(full, files.cwd), full, facts: { depth: 1, direction: "up", key, role: "unread" }, requested: false })
    }
  }
  return found
}

function sidecarOf(files: KnownFiles, { sidecar }: Framework, full: string): { sidecar?: string } {
  if (sidecar === undefined) return {}
  const path = sidecar.path(full)
  if (!files.holds(parent(path), baseName(path))) return {}
  return sidecar.off(files.read(path) ?? "") ? { sidecar: relative(path, files.cwd) } : {}
}

/** How the sessions of the tool begin. */
function begun(framework: Framework, place: Place, { searchPath }: DetectOptions): Pick<Runner, "session" | "lockTimeout"> {
  const session = framework.session?.(place)
  const lockTimeout = lockTimeoutOf(framework.id, place)
  const timeout = lockTimeout === undefined ? {} : { lockTimeout: lockTimeout.evidence }
  if (searchPath === undefined) return session === undefined ? timeout : { session, ...timeout }
  return { ...timeout, session: { makes: [], ...session, searchPath: { schemas: searchPath, open: false, ofConnection: true }, evidence: "the searchPath option" } }
}

function overridden(runner: Runner, { transaction }: DetectOptions): Runner {
  if (transaction === undefined) return runner
  if (!transaction) return { ...runner, wrap: "none", why: "the transaction option says that no transaction is opened" }
  if (runner.wrap !== "none" && runner.wrap !== "unknown") return runner
  return { ...runner, wrap: "file", why: "the transaction option says that each file runs in a transaction" }
}
