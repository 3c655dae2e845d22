/** Liquibase's changelogs in XML, YAML and JSON, which are not read, so that it can be said. */
import { closeSync, openSync, readSync } from "node:fs"
import { baseName } from "./paths.ts"

/** Names that such files may have: there is too much beside migrations to look into all of it. */
const NAME = /(?:\.xml|\.ya?ml|changelog[^/]*\.json)$/i
/** How they begin. YAML may have parts of its own in front, to which the changes refer. */
const HEAD = /^(?:\s*<\?xml[^>]*>)?(?:\s|<!--(?:(?!-->)[^])*-->|#.*(?!.))*[<{]?\s*["']?databaseChangeLog\b|\ndatabaseChangeLog[ \t]*:/

/** Whether a file may be a changelog, as far as its name tells. */
export function mayBeChangelog(path: string): boolean {
  return NAME.test(baseName(path))
}

/** Whether a file is a changelog, by its name and beginning. */
export function isChangelog(full: string): boolean {
  return mayBeChangelog(full) && HEAD.test(headOf(full))
}

function headOf(full: string): string {
  const head = Buffer.alloc(4096)
  try {
    const file = openSync(full, "r")
    try {
      return head.toString("utf8", 0, readSync(file, head))
    } finally {
      closeSync(file)
    }
  } catch {
    return ""
  }
}
