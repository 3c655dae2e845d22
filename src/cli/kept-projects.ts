/**
 * Keeps which projects were found from one run to the next, with the stamps of all that was looked at to find them: as long as these are
 * what they were, the answer is. Only the last answer is kept.
 *
 * Nothing here fails a run: what cannot be read, or is damaged, is not there; what cannot be written is not kept.
 */
import { join } from "node:path"
import type { Project } from "../files/types.ts"
import { stampOf, type Stamp } from "./file-stamps.ts"
import { readVouched, sumOf, writeVouched } from "./vouched-file.ts"

/** Paths with their stamps. */
type Looks = readonly (readonly [path: string, ...stamp: Stamp])[]

/** All that the projects depend on, and their runners. */
const HEAD = "projects.json"
/** The rest of the projects, which is read only when nothing has changed. */
const REST = "projects.files.json"

/**
 * @param question all that the projects depend on, besides what was looked at
 * @param started when the run began, in milliseconds
 * @returns null when another question was asked, or something has changed
 */
export function keptProjects(folder: string, question: string, started: number): readonly Project[] | null {
  const [asked, looks = "", runners = "", sum] = readVouched(join(folder, HEAD))?.split("\n") ?? []
  if (asked !== question) return null
  // What checksums vouch for is what `keepProjects` has made.
  if (!(JSON.parse(looks) as Looks).every(([looked, ...stamp]) => isSame(stampOf(looked, started), stamp))) return null
  const projects = readVouched(join(folder, REST))
  // Of two runs at once, each may have written one of the files.
  if (projects === null || sumOf(projects) !== sum) return null
  const made = JSON.parse(runners, revived) as readonly Project["runner"][]
  return (JSON.parse(projects) as readonly Omit<Project, "runner">[]).map((project, index) => ({ ...project, runner: made[index] }) as Project)
}

function isSame(now: Stamp | null, then: Stamp): boolean {
  return now !== null && now.every((value, field) => value === then[field])
}

/** @param looked paths of all that was looked at */
export function keepProjects(folder: string, question: string, projects: readonly Project[], looked: ReadonlySet<string>, started: number): void {
  const looks: [string, ...Stamp][] = []
  for (const one of looked) {
    const stamp = stampOf(one, started)
    // It could change again, and nobody would see it.
    if (stamp === null) return
    looks.push([one, ...stamp])
  }
  const runners = JSON.stringify(projects.map(({ runner }) => runner), kept)
  const rest = JSON.stringify(projects.map(({ runner: _, ...project }) => project))
  writeVouched(join(folder, REST), rest)
  writeVouched(join(folder, HEAD), [question, JSON.stringify(looks satisfies Looks), runners, sumOf(rest)].join("\n"))
}

/** The only property of an object that stands for a regular expression. */
const PATTERN = "$pattern"

function kept(_: string, value: unknown): unknown {
  return value instanceof RegExp ? { [PATTERN]: [value.source, value.flags] } : value
}

function revived(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(PATTERN in value)) return value
  const [source, flags] = value[PATTERN] as readonly [string, string]
  return new RegExp(source, flags)
}
