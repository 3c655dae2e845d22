/** Which database a project in PHP uses, whose tools make migrations for any. */
import type { Place } from "./framework.ts"
import { join } from "./paths.ts"

const OTHERS = /mysql|mariadb|sqlite|sql_?srv|mssql|sql_?server|oracle|oci8/i
const SQLITE = /sqlite/gi
const POSTGRES = /postgres|pgsql/i
/** What nobody writes for PostgreSQL. */
const MYSQL = /\bAUTO_INCREMENT\b|\bENGINE ?= ?InnoDB\b|\b(?:TABLE|INTO|UPDATE|FROM|ADD|MODIFY) `|\bMODIFY COLUMN\b/i

/**
 * Whether the project's database is another one than PostgreSQL: as its settings say, and where they say nothing, as its migrations do.
 *
 * @param names Files of settings, below the folder of migrations or one above it.
 * @param line The lines in them that name the database; with the flags `g` and `m`.
 */
export function usesOtherDatabase(place: Place, names: readonly string[], line: RegExp): boolean {
  const { above, files } = place
  const texts = above.flatMap((folder) => names.flatMap((name) => (files.holds(folder, name) ? [files.read(join(folder, name)) ?? ""] : [])))
  const said = texts.flatMap((text) => text.match(line) ?? []).join("\n")
  if (POSTGRES.test(said)) return false
  const made = someOf(place)
  // SQLite is what frameworks suggest for development: the migrations tell whether they are for PostgreSQL, too.
  const chosen = said.replace(SQLITE, "")
  if (OTHERS.test(said)) return OTHERS.test(chosen) || !POSTGRES.test(made)
  return MYSQL.test(made) && !POSTGRES.test(made)
}

/** How many migrations are looked into where no setting tells. */
const FEW = 24

function someOf({ files, root }: Place): string {
  const names = files.list(root).flatMap(({ name, folder }) => (folder || !name.endsWith(".php") ? [] : [name]))
  const step = Math.max(1, Math.floor(names.length / FEW))
  return names.filter((_, index) => index % step === 0).map((name) => files.head(join(root, name)) ?? "").join("\n")
}
