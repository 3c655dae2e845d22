/** Migrations in formats that are not read, so that it can be said. */
import { closeSync, openSync, readSync } from "node:fs"
import { baseName } from "./paths.ts"

/** `changelogs`: Liquibase's in XML, YAML or JSON. `laravel`: PHP. */
export type UnreadFormat = "changelogs" | "laravel"

interface Facts {
  /** Names that such files may have: there is too much beside migrations to look into all of it. */
  readonly name: RegExp
  /** How they begin. */
  readonly head: RegExp
}

const FORMATS: Readonly<Record<UnreadFormat, Facts>> = {
  changelogs: {
    name: /(?:\.xml|\.ya?ml|changelog[^/]*\.json)$/i,
    head: /^(?:\s*<\?xml[^>]*>)?(?:\s|<!--(?:(?!-->)[^])*-->|#.*(?!.))*[<{]?\s*["']?databaseChangeLog\b/,
  },
  laravel: { name: /^\d{4}_\d{2}_\d{2}_\d{6}_\w+\.php$/, head: /^\s*<\?php\b[^]*\bIlluminate\\(?:Database\\Migrations|Support\\Facades)\\/ },
}

/** Whether a file may be a migration in a format that is not read, as far as its name tells. */
export function mayBeUnread(path: string): boolean {
  return Object.values(FORMATS).some(({ name }) => name.test(baseName(path)))
}

/** The format of a file by its name and beginning; undefined for all others. */
export function unreadFormat(full: string): UnreadFormat | undefined {
  const name = baseName(full)
  for (const format of ["changelogs", "laravel"] as const) {
    if (FORMATS[format].name.test(name) && FORMATS[format].head.test(headOf(full))) return format
  }
  return undefined
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
