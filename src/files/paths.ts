/** Paths as plain text with `/` between the parts, so that detection is the same on every system. */

/** A path relative to `cwd` made absolute, with `.`, `..` and doubled slashes resolved. */
export function absolute(path: string, cwd: string): string {
  const slashed = path.includes("\\") ? path.replaceAll("\\", "/") : path
  const full = /^(?:\/|[A-Za-z]:\/)/.test(slashed) ? slashed : `${cwd}/${slashed}`
  if (!/\/\/|\/\.\.?(?:\/|$)/.test(full)) return full
  const parts: string[] = []
  for (const part of full.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return full.startsWith("/") ? `/${parts.join("/")}` : parts.join("/")
}

/** The folder of a path; the top is its own folder. */
export function parent(path: string): string {
  const slash = path.lastIndexOf("/")
  return slash > 0 ? path.slice(0, slash) : "/"
}

/** A path below a folder. */
export function join(folder: string, path: string): string {
  return folder === "/" ? `/${path}` : `${folder}/${path}`
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1)
}

/** How to name an absolute path to a person who stands in `cwd`. */
export function relative(path: string, cwd: string): string {
  if (path === cwd) return "."
  const start = join(cwd, "")
  return path.startsWith(start) ? path.slice(start.length) : path
}

/** Compares by UTF-16 code units, as most tools do. */
export function byName(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/**
 * A key that sorts as a person would: runs of digits by value, the rest by UTF-16 code units. Keys are equal when only
 * zeros in front of numbers differ.
 */
export function natureKey(text: string): string {
  return text.replace(/\d+/g, (digits) => {
    const value = digits.replace(/^0+(?=\d)/, "")
    return `0${String.fromCharCode(value.length)}${value}`
  })
}

/** A key that sorts version numbers such as `1.10` and `1_9` part by part; parts that are missing count as zero. */
export function versionKey(version: string): string {
  return natureKey(version.replace(/(?:[._]0*)+$/, "").replaceAll("_", "."))
}

/** Databases in file names: `1_users.sqlite3.up.sql`, `1_users.sql.sqlite3`. */
const OTHERS = "mysql|planetscale|mongo(?:db)?|mariadb|sqlite3?|mssql|oracle|h2|hsql(?:db)?|derby|firebird|duckdb|tidb|spanner|clickhouse|cockroach(?:db)?|crdb"

/** `1_users.sql`; where there is a file for each database, `1_users.sql.postgres`. */
const SQL_FILE = new RegExp(`\\.sql(?:\\.(?:postgres(?:ql)?|pgsql|pg|${OTHERS}))?$`)

export function isSqlFile(path: string): boolean {
  // What nearly all paths tell at once. Windows does not tell cases apart.
  return path.endsWith(".sql") || path.slice(-".sql".length).toLowerCase() === ".sql" || (path.includes(".sql.") && SQL_FILE.test(path))
}

/** A name up to its `.sql`. */
export function plainName(name: string): string {
  return name.includes(".sql.") && isSqlFile(name) && !name.endsWith(".sql") ? name.slice(0, name.lastIndexOf(".")) : name
}

const IN_NAME = new RegExp(`\\.(?:${OTHERS})(?:\\.|$)`, "i")

/** Whether a path says that its SQL is for another database: a folder `mysql`, or a file `1_users.sqlite3.up.sql`. */
export function isForeign(path: string): boolean {
  // Nearly no path does, and this is asked of each.
  if (!/sql(?:ite|server)|mysql|planetscale|mongo|mariadb|mssql|clickhouse|cockroach|oracle|h2|hsql|derby|firebird|duckdb|tidb|spanner|crdb/i.test(path)) return false
  const parts = path.split("/")
  const name = parts.pop() ?? ""
  const foreign = /mysql|mariadb|sqlite|mssql|sqlserver|clickhouse|cockroach|^(?:planetscale|mongo(?:db)?|oracle|h2|hsql(?:db)?|derby|firebird|duckdb|tidb|spanner|crdb)$/i
  return (
    IN_NAME.test(name) ||
    parts.some((part) => foreign.test(part) && !/pg|postgres/i.test(part))
  )
}

/** For names in small letters: a pattern for any takes long to compile. */
const BETWEEN_DASHES = new RegExp(`(?<=^|[-_])(?:${OTHERS}|db2|sqlserver)(?=[-_.])`)

/**
 * Whether a file is for another database, as a file beside it tells that is for PostgreSQL and called the same otherwise: `upgrade-h2.sql` beside
 * `upgrade-postgres.sql`. By itself such a word may be anything.
 *
 * @param has whether a file of a name lies in the same folder
 */
export function hasTwin(name: string, has: (name: string) => boolean): boolean {
  const found = BETWEEN_DASHES.exec(name.toLowerCase())
  if (found === null) return false
  const [before, behind] = [name.slice(0, found.index), name.slice(found.index + found[0].length)]
  return ["postgres", "postgresql", "pgsql", "pg"].some((word) => has(before + word + behind))
}

/** Whether a folder, or the one that it lies in, says that it holds migrations: `db/migrate`, `app/migrations/sql`. */
export function isOfMigrations(folder: string): boolean {
  return /\/[^/]*migrat[^/]*(?:\/[^/]+)?$/i.test(folder)
}

/** What names tell where no tool does: `12_orders.down.sql`, `rollback-add-orders.sql`, `down/12_orders.sql`. */
export function usualDirection(name: string, folder = ""): "up" | "down" {
  const isWayBack =
    /^(?:down|undo|reverts?|rollbacks?)$/i.test(folder) ||
    /(?:^|[._-])(?:down|downgrade|undo|revert|rollback)\.sql$|^(?:down|downgrade|undo|revert|rollback)[._-]/i.test(name)
  return isWayBack ? "down" : "up"
}
