import { relative } from "node:path"

/** A path as seen from the current folder, with slashes. */
export function nearby(path: string, cwd: string): string {
  return relative(cwd, path).replaceAll("\\", "/")
}
