/** Migrations in formats that are not read, so that it can be said. */
import { closeSync, openSync, readSync } from "node:fs"
import { baseName } from "./paths.ts"

/** `changelogs`: Liquibase's in XML, YAML or JSON. The others: PHP. */
export const UNREAD_FORMATS = ["changelogs", "laravel", "doctrine", "phinx"] as const

export type UnreadFormat = (typeof UNREAD_FORMATS)[number]

/** Something for each of them. */
export function byFormat<T>(of: (format: UnreadFormat) => T): Readonly<Record<UnreadFormat, T>> {
  return { changelogs: of("changelogs"), laravel: of("laravel"), doctrine: of("doctrine"), phinx: of("phinx") }
}

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
  doctrine: { name: /^Version\d{8,}\w*\.php$/, head: /^\s*<\?php\b[^]*\bDoctrine\\(?:DBAL\\)?Migrations\\/ },
  phinx: { name: /^\d{14}_\w+\.php$/, head: /^\s*<\?php\b[^]*\bPhinx\\Migration\\/ },
}

/** Why they are not read, and how their SQL is had. */
export const UNREAD: Readonly<Record<UnreadFormat, { readonly why: string; readonly lint: string }>> = {
  changelogs: { why: "Liquibase's changelogs are read only when they are SQL", lint: "to lint them: liquibase update-sql | pgsafe lint -" },
  laravel: {
    why: "Laravel's migrations are PHP, which is not read",
    lint: "to lint them, make a file of the SQL that php artisan migrate --pretend prints, with a ; behind each statement",
  },
  // Source: docs/en/reference/managing-migrations.rst of doctrine/migrations; it runs nothing then.
  doctrine: {
    why: "Doctrine's migrations are PHP, which is not read",
    lint: "to lint them: php bin/console doctrine:migrations:migrate --write-sql=pending.sql, or vendor/bin/doctrine-migrations migrate --write-sql=pending.sql, and then pgsafe lint pending.sql",
  },
  // Source: docs/en/commands.rst of cakephp/phinx.
  phinx: { why: "Phinx's migrations are PHP, which is not read", lint: "to lint them, make a file of the SQL that vendor/bin/phinx migrate --dry-run prints" },
}

/** Whether a file may be a migration in a format that is not read, as far as its name tells. */
export function mayBeUnread(path: string): boolean {
  return Object.values(FORMATS).some(({ name }) => name.test(baseName(path)))
}

/** The format of a file by its name and beginning; undefined for all others. */
export function unreadFormat(full: string): UnreadFormat | undefined {
  const name = baseName(full)
  for (const format of UNREAD_FORMATS) {
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
