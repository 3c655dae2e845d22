import { isAmongMigrations, readAppFile } from "../files/app-files.ts"
import { absolute, parent, relative } from "../files/paths.ts"

/**
 * The application's sources, read one by one, without the migrations among them.
 *
 * @param app absolute paths
 * @param migrations paths of all files that are migrations or belong to them
 * @param roots the folders that hold them
 */
export function* sourcesOf(app: readonly string[], migrations: readonly string[], roots: readonly string[]): Generator<{ readonly path: string; readonly text: string }> {
  const cwd = process.cwd().replaceAll("\\", "/")
  const known = new Set(migrations.map((path) => absolute(path, cwd)))
  const folders = new Set([...[...known].map(parent), ...roots.map((root) => absolute(root, cwd))])
  for (const path of app) {
    if (isAmongMigrations(path, known, folders)) continue
    const text = readAppFile(path)
    if (text !== undefined) yield { path: relative(path, cwd), text }
  }
}
