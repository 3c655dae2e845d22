/** Dumps of the schema that lie beside migrations. */
import { framework as pgDump } from "./frameworks/dump.ts"
import { frameworks } from "./frameworks/index.ts"
import { baseName, join, parent, relative } from "./paths.ts"
import type { Step } from "./sequence.ts"
import type { Project, ProjectFiles } from "./types.ts"

export interface FoundDump {
  /** Relative to the current folder. */
  readonly path: string
  /** What is linted may have run before it was taken. */
  readonly mayBeNewer: boolean
}

/**
 * The dump that stands for the history of a project; undefined when there is a history, or no dump. With a history a dump is not needed,
 * and often it is newer than the migrations that are linted.
 */
export function dumpOf(steps: readonly Step[], { framework, root }: Pick<Project, "framework" | "root">, files: ProjectFiles): FoundDump | undefined {
  if (!steps.some(({ report }) => report) || steps.some(({ report, file }) => !report && file.direction !== "down")) return undefined
  const own = frameworks.find(({ id }) => id === framework)?.dump
  const kinds = [
    { names: ["structure.sql", "schema.sql"], sign: pgDump.content?.line },
    ...(own === undefined ? [] : [{ names: [own.name(baseName(root))], sign: own.sign }]),
  ]
  for (const folder of [root, parent(root)]) {
    for (const { names, sign } of kinds) {
      const path = names.map((name) => join(folder, name)).find((one) => sign?.test(files.head(one) ?? "") === true)
      if (path !== undefined) return { path: relative(path, files.cwd), mayBeNewer: mayBeNewer(files.read(path) ?? "", steps) }
    }
  }
  return undefined
}

/** What tools write behind the schema of a dump: the versions of the migrations that have run. */
const VERSIONS = /^INSERT INTO [^\s(]*schema_migrations[^\s(]*\s*\([^;]*;/gim
/** The newest version, in a dump of Rails. */
const NEWEST = /\.define\(version: (\d[\d_]*)\)/

function mayBeNewer(dump: string, steps: readonly Step[]): boolean {
  const keys = steps.flatMap(({ report, file }) => (report ? [Number(file.key)] : []))
  const newest = NEWEST.exec(dump)?.[1]
  if (newest !== undefined) return !keys.every((key) => key > Number(newest.replaceAll("_", "")))
  const listed = new Set([...dump.matchAll(VERSIONS)].flatMap(([insert]) => (insert.match(/\d+/g) ?? []).map(Number)))
  return listed.size === 0 || keys.some((key) => Number.isNaN(key) || listed.has(key))
}
