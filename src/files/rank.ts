/** Which tools may run the files of a folder, and what tells. */
import type { Framework, KnownFiles, Marker } from "./framework.ts"
import { frameworks } from "./frameworks/index.ts"
import { languageOf } from "./languages.ts"
import { baseName, byName, isOfMigrations, isSqlFile, join, parent, relative } from "./paths.ts"
import type { ReadPath } from "./path-facts.ts"
import { ancestor } from "./steps.ts"

/** How many folders that are alike are looked into before the others are taken to be the same. */
const SAMPLES = 3

/** How sure the names of files make us at most. */
const HABIT = 45

/** How sure a line makes us that only one tool writes. */
const CERTAIN = 100

/** Tools that may run the files of a folder, the likeliest first. */
export type Ranking = readonly { readonly framework: Framework; readonly evidence: string }[]

/** A file that was asked for, or one beside it. */
export interface Located {
  /** As the caller gave it. */
  readonly given: string
  /** Absolute. */
  readonly full: string
}

/** Ranks the tools for the files of one folder. */
export type Rank = (folder: string, group: readonly Located[], read: ReadPath) => Ranking

/** The tool that the caller names, for every folder. */
export function forced(id: string): Rank {
  const ranking = frameworks
    .filter((framework) => framework.id === id)
    .map((framework) => ({ framework, evidence: "the framework option" }))
  return () => ranking
}

/** Ranks the tools for a folder. Folders with a number for a name are alike if they lie in the same folder. */
export function ranker(files: KnownFiles): Rank {
  const alike = new Map<string, Ranking[]>()
  return (folder, group, read) => {
    if (!/^v?\d/i.test(baseName(folder))) return rank(files, folder, group, read)
    const known = alike.get(parent(folder)) ?? []
    const [first] = known
    if (known.length >= SAMPLES && first !== undefined && fits(first, group, read)) return first
    const fresh = rank(files, folder, group, read)
    alike.set(parent(folder), [...known, fresh])
    return fresh
  }
}

/** Whether a ranking made for another folder has a tool for these files, too. */
function fits(ranking: Ranking, group: readonly Located[], read: ReadPath): boolean {
  const best = ranking.some(
    ({ framework }) => framework.shape !== "any" && group.every((file) => takes(framework, file, read)),
  )
  return best || ranking.length === 1
}

function takes(framework: Framework, { full }: Located, read: ReadPath): boolean {
  const name = baseName(full)
  return isReadBy(framework, name) && read(framework, name) !== undefined
}

/** Whether a tool's migrations may be written in the language of a file. */
export function isReadBy({ code }: Framework, name: string): boolean {
  const language = languageOf(name)
  return language === undefined || language === code?.language
}

function rank(files: KnownFiles, folder: string, group: readonly Located[], read: ReadPath): Ranking {
  const known = spread(group)
  const others = neighbours(files, folder, group).filter(({ full }) => known.every((file) => file.full !== full))
  const chosen = [...known, ...others]
  const found: { framework: Framework; evidence: string; score: number }[] = []
  for (const framework of byCertainty) {
    // What only one tool writes into files of SQL settles who runs those, and says nothing of code beside them.
    const isSettled = !isRequired(framework) && framework.shape !== "any" && found.some(({ score }) => score === CERTAIN)
    const fitting = chosen.filter((file) => takes(framework, file, read) && (!isSettled || languageOf(file.full) !== undefined))
    const first = fitting[0]
    if (first === undefined) continue
    const depth = read(framework, baseName(first.full))?.depth ?? 1
    const answer = weigh(files, framework, ancestor(first.full, depth), fitting)
    if (answer === undefined || (answer.score <= HABIT && (leavesOut(files, framework, folder, read) || fitting.every(({ full }) => read(framework, baseName(full))?.onlyMarked === true)))) continue
    found.push({ framework, ...answer })
  }
  // To look for lists takes long, and what tells a tool for certain is enough.
  if (found.every(({ score }) => score <= HABIT)) found.push(...listed(files, chosen))
  return found.sort((left, right) => right.score - left.score)
}

/** Tools that run what lists name, where such a list has one of the files. */
function listed(files: KnownFiles, chosen: readonly Located[]): { framework: Framework; evidence: string; score: number }[] {
  return frameworks.flatMap((framework) => {
    const lists = chosen.flatMap(({ full }) => {
      const list = framework.list?.(files, full)
      return list !== undefined && (list.members.includes(full) || list.isShared(full)) ? [list] : []
    })
    const [list] = lists
    return list === undefined ? [] : [{ framework, evidence: relative(list.name, files.cwd), score: CERTAIN }]
  })
}

/** Whether the names alone would tell the tool, and there are files with a number in front between those that it would not run. */
function leavesOut(files: KnownFiles, framework: Framework, folder: string, read: ReadPath): boolean {
  if (framework.shape === "any") return false
  return files.list(folder).some(({ name }) => /^v?\d/i.test(name) && isSqlFile(name) && !takes(framework, { given: name, full: join(folder, name) }, read))
}

/** Tools whose files say so themselves come first. */
const byCertainty = [...frameworks.filter(isRequired), ...frameworks.filter((framework) => !isRequired(framework))]

function isRequired({ content }: Framework): boolean {
  return content?.required === true
}

/** A few files of a folder in the languages that are asked for: the tool of one file shows in the others, too. */
function neighbours(files: KnownFiles, folder: string, group: readonly Located[]): readonly Located[] {
  const languages = new Set(group.map(({ full }) => languageOf(full)))
  const names = files.list(folder).flatMap(({ name }) => {
    const language = languageOf(name)
    return languages.has(language) && (language !== undefined || isSqlFile(name)) ? [name] : []
  })
  return spread(names.sort(byName)).map((name) => ({ given: name, full: join(folder, name) }))
}

/** The first, the middle and the last file of a folder. */
function spread<T>(group: readonly T[]): readonly T[] {
  const last = group.length - 1
  const wanted = new Set([0, Math.floor(last / 2), last])
  return [...wanted].map((index) => group[index]).filter((item) => item !== undefined)
}

/** How sure we are that a tool runs files of its shape: what only it writes, its marker files, then mere habit. */
function weigh(
  files: KnownFiles,
  framework: Framework,
  root: string,
  fitting: readonly Located[],
): { score: number; evidence: string } | undefined {
  const { code } = framework
  const scripts = code === undefined ? [] : fitting.filter(({ full }) => languageOf(full) !== undefined)
  const signed = scripts.find(({ full }) => code?.sign.test(files.head(full) ?? ""))
  if (signed !== undefined) return { score: framework.shape === "any" ? 1 : 95, evidence: `a line in ${relative(signed.full, files.cwd)}` }
  // Numbers in front of a name alone do not tell the tool of code, nor that it is a migration.
  if (scripts.length === fitting.length) return isOfMigrations(root) ? byMarker(files, framework, root, fitting) : undefined
  const { content } = framework
  const telling = content && fitting.find(({ full }) => content.line.test(files.head(full) ?? ""))
  if (telling !== undefined) {
    const score = framework.shape === "any" ? 2 : isRequired(framework) ? CERTAIN : 95
    return { score, evidence: `a line in ${relative(telling.full, files.cwd)}` }
  }
  if (isRequired(framework)) return undefined
  return byMarker(files, framework, root, fitting) ?? byHabit(framework, root)
}

function byMarker(files: KnownFiles, framework: Framework, root: string, fitting: readonly Located[]): { score: number; evidence: string } | undefined {
  for (const marker of framework.markers) {
    const hit = findMarker(files, marker, root, fitting)
    if (hit !== undefined) return { score: 90 - hit.distance, evidence: relative(hit.path, files.cwd) }
  }
  return undefined
}

function byHabit({ shape, folders }: Framework, root: string): { score: number; evidence: string } | undefined {
  const usual = folders.some((folder) => root.endsWith(`/${folder}`))
  if (shape === "any") return { score: 1, evidence: "nothing that tells a tool" }
  if (shape === "ambiguous" || (shape === "in default folders" && !usual)) return undefined
  return { score: usual ? HABIT : 40, evidence: "the names of the files" }
}

function findMarker(
  files: KnownFiles,
  marker: Marker,
  root: string,
  fitting: readonly Located[],
): { path: string; distance: number } | undefined {
  if (marker.root?.test(root) === false) return undefined
  const searched = {
    here: () => [root],
    above: () => files.above(root),
    beside: () => fitting.map(({ full }) => parent(full)),
  }[marker.where]()
  for (const [distance, folder] of searched.entries()) {
    for (const name of namesOf(files, folder, marker.file)) {
      const path = join(folder, name)
      if (marker.contains === undefined || marker.contains.test(files.read(path) ?? "")) return { path, distance }
    }
  }
  return undefined
}

function namesOf(files: KnownFiles, folder: string, file: string | RegExp): readonly string[] {
  if (typeof file === "string") return files.holds(folder, file) ? [file] : []
  return files
    .list(folder)
    .filter((entry) => file.test(entry.name))
    .map(({ name }) => name)
}
