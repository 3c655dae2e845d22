import type { ResultError } from "../engine/result.ts"
import { isAmongMigrations, readAppFile } from "../files/app-files.ts"
import { absolute, parent, relative } from "../files/paths.ts"
import { reason } from "../files/reason.ts"

/**
 * The application's sources, read one by one, without the migrations among them.
 *
 * @param app absolute paths
 * @param migrations paths of all files that are migrations or belong to them
 * @param roots the folders that hold them
 * @param fail is told of each source that cannot be read
 */
export function* sourcesOf(
  app: readonly string[],
  migrations: readonly string[],
  roots: readonly string[],
  fail: (error: ResultError) => void,
): Generator<{ readonly path: string; readonly text: string }> {
  const cwd = process.cwd().replaceAll("\\", "/")
  const known = new Set(migrations.map((path) => absolute(path, cwd)))
  const folders = new Set([...[...known].map(parent), ...roots.map((root) => absolute(root, cwd))])
  for (const path of app) {
    if (isAmongMigrations(path, known, folders)) continue
    let text: string | undefined
    try {
      text = readAppFile(path)
    } catch (error) {
      fail(unreadSource(relative(path, cwd), reason(error)))
    }
    if (text !== undefined) yield { path: relative(path, cwd), text }
  }
}

/** What it means for the run that a file or folder of the application cannot be read. */
export function unreadSource(file: string, why: string): ResultError {
  return { file, message: `cannot look for uses here: ${why}` }
}
