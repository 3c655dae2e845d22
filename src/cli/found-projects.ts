/** Finds the projects of a run; of many files, only when something has changed since an earlier run found them. */
import { detectProjects } from "../files/detect.ts"
import { watched } from "../files/looks.ts"
import type { DetectOptions, Project, ProjectFiles } from "../files/types.ts"
import { BUILD, isBundled } from "./build.ts"
import { keepProjects, keptProjects } from "./kept-projects.ts"

/** Finding projects of fewer files takes no longer than reading what was kept (measured). */
const WORTH_KEEPING = 1000
/** What was asked is kept with the answer. */
const MOST_PATHS = 100

/**
 * @param folder where answers are kept; null: nowhere
 * @param started when the run began, in milliseconds
 */
export function foundProjects(files: ProjectFiles, paths: readonly string[], options: DetectOptions, folder: string | null, started: number): readonly Project[] {
  if (folder === null || paths.length > MOST_PATHS || !isBundled) return detectProjects(files, paths, options)
  const question = JSON.stringify([BUILD, process.version, files.cwd, paths, options])
  const kept = keptProjects(folder, question, started)
  if (kept !== null) return kept
  const looks = watched(files)
  const projects = detectProjects(looks.files, paths, options)
  if (projects.some((project) => project.files.length >= WORTH_KEEPING)) keepProjects(folder, question, projects, looks.paths, started)
  return projects
}
