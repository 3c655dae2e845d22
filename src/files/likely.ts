/** What names alone tell of files and folders, before anything is read. */
import { languageOf } from "./languages.ts"

/** Folders that never hold migrations of this project. Folders whose name starts with a dot are left out too. */
const skipped = new Set(["node_modules", "bower_components", "__pycache__"])

/** What is not looked into when the folders are guessed: it holds migrations of tests or of a build. */
export const skippedWhenGuessing = new Set(
  "build out dist target vendor coverage fixtures testdata test tests __tests__ spec stub stubs".split(" "),
)

/** Whether a folder that was asked for is looked into on the way down. */
export function isSearched(name: string): boolean {
  return !name.startsWith(".") && !skipped.has(name)
}

/** Folders that are looked into when nothing was asked for: not those of tests, builds and other databases. */
export function isGuessed(name: string): boolean {
  return isSearched(name) && !skippedWhenGuessing.has(name) && !/mysql|mariadb|sqlite|clickhouse|cockroach|^crdb$/i.test(name)
}

/** Names, or folder names with a file below them, that start with a version. */
export const versioned = /(?:^|\/)[VRUB]?\d[^/]*(?:\/[^/]+)?\.(?:sql|SQL)$/

/** Names that nothing but a migration has, whatever its folder is called: those of Flyway, and of tools that write down both directions. */
export const unmistakable = /^(?:V\d[\w.]*__\w.*|\d+_\w[^.]*\.up)\.sql$/

/**
 * Whether a folder may hold such files: not where examples, data and queries have numbers, too, nor where DBIx::Class::DeploymentHandler keeps the
 * whole schema of each version (`deploy/2`).
 */
export function mayBeSequence(folder: string): boolean {
  return !/(?:^|\/)(?:bench\w*|data|demos?|deploy|docs?|examples?|queries|samples?|seeds?)(?:\/|$)/i.test(folder)
}

const numbered = /^(?:[a-z]+[-_])*v?\d+(?:[-_.].*)?\.sql$/i

/** Whether the files of a folder are called like the parts of a sequence: `upgrade-1.2-1.3.sql`, `0002-orders.sql`. */
export function isSequence(names: readonly string[]): boolean {
  const sql = names.filter((name) => /\.sql$/i.test(name))
  const inTurn = sql.filter((name) => numbered.test(name))
  return inTurn.length >= 3 && inTurn.length >= sql.length * 0.8
}

/**
 * Paths of code that looks like a migration: names that begin with a version, and what lies in the folders of Django and Alembic.
 * The text of a file settles it later.
 */
export const codeMigration = new RegExp(
  [
    "/(?![^/]*\\.(?:d|test|spec)\\.)(?:\\d+[-_T.]|Migration\\d{8,}|\\w+-?\\d{13})[^/]*\\.[cm]?[jt]s$",
    "/\\d{3,}_\\w+(?:\\.\\w+)?\\.rb$",
    "/(?:\\w+_)?migrations/\\d{4,}_\\w+\\.py$",
    "/versions/(?:[^/]+/)?(?!__)[^/]+\\.py$",
    "/\\d{14}_(?![^/]*\\.Designer\\.cs$)[^/]+\\.(?:exs|cs)$",
    "/(?:Version\\d{8,}\\w*|\\d{4}_\\d{2}_\\d{2}_\\d{6}_\\w+|\\d{14}(?:_\\w+)?)\\.php$",
  ].join("|"),
)

/** Whether a path is that of a migration in code, as far as its name tells. */
export function isCodeMigration(path: string): boolean {
  return languageOf(path) !== undefined && codeMigration.test(`/${path}`)
}
