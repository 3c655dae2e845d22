/** Which PostgreSQL the files of a tool say that the project has. */
import { readFileSync } from "node:fs"
import { resolve } from "node:path"

/** The settings of the Supabase CLI, whose `major_version` is meant to be that of the deployed database. */
const SUPABASE = /^(.*(?:^|\/)supabase)\/migrations\/[^/]+\.sql$/

/**
 * The major that all settings of a run's migrations name; undefined when none does, when they differ, or when it is none of `known`.
 *
 * @param paths those of the migrations, relative to the folder or absolute
 */
export function statedMajor(paths: readonly string[], cwd: string, known: { readonly oldest: number; readonly newest: number }): number | undefined {
  const folders = new Set(paths.flatMap((path) => SUPABASE.exec(resolve(cwd, path).replaceAll("\\", "/"))?.[1] ?? []))
  const majors = new Set([...folders].map((folder) => /^\s*major_version\s*=\s*(\d+)\b/m.exec(textOf(`${folder}/config.toml`))?.[1]))
  const [major] = majors
  const isKnown = majors.size === 1 && Number(major) >= known.oldest && Number(major) <= known.newest
  return isKnown ? Number(major) : undefined
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}
