/** Which PostgreSQL the files of a tool say that the project has. */
import { readFileSync } from "node:fs"
import { resolve } from "node:path"

/** The settings of the Supabase CLI, whose `major_version` is meant to be that of the deployed database. */
const SUPABASE = /^(.*(?:^|\/)supabase)\/migrations\/[^/]+\.sql$/

/**
 * The major that all settings of a run's migrations name; undefined when none does, or when they differ.
 *
 * @param paths those of the migrations, relative to the folder or absolute
 */
export function statedMajor(paths: readonly string[], cwd: string): number | undefined {
  const folders = new Set(paths.flatMap((path) => SUPABASE.exec(resolve(cwd, path).replaceAll("\\", "/"))?.[1] ?? []))
  const majors = new Set([...folders].map((folder) => /^\s*major_version\s*=\s*(\d+)\b/m.exec(textOf(`${folder}/config.toml`))?.[1]))
  const [major] = majors
  return majors.size === 1 && major !== undefined ? Number(major) : undefined
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}
