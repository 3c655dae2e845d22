import { configured, usesOtherDriver } from "../config.ts"
import type { Framework, Place } from "../framework.ts"
import { scriptName } from "../languages.ts"
import { baseName, join } from "../paths.ts"
import { agreed, matchesOf, OPTION_PATH, pathIn, startWith } from "../starting.ts"

/** Source: src/migration/MigrationExecutor.ts of typeorm 0.3; run with 0.3. */
export const framework: Framework = {
  id: "typeorm",
  name: "TypeORM",
  docs: "https://typeorm.io/docs/migrations/setup#transaction-modes",
  folders: ["src/migrations", "src/migration", "migrations"],
  path: (name) => {
    const key = scriptName(name) ?? /^(\w*\d{13}\w*)\.[cm]?[jt]s$/.exec(name)?.[1]
    // TypeORM sorts by the timestamp, which is a part of the name of the class.
    return key === undefined ? undefined : { depth: 1, direction: "both", key: /\d{13}/.exec(key)?.[0] ?? key }
  },
  markers: [
    { file: /^ormconfig\.\w+$/, where: "above" },
    { file: "package.json", where: "above", contains: /"typeorm"\s*:/ },
  ],
  code: {
    language: "javascript",
    sign: /\bMigrationInterface\b|\bqueryRunner\b/,
    off: /\btransaction\s*(?::\s*boolean\s*)?=\s*false\b/,
  },
  isForeign: usesOtherDriver,
  shape: "ambiguous",
  order: "numeric",
  // `schema` of the data source leaves the search_path alone (issue 6734 of typeorm/typeorm); `options` of its driver does not.
  session: (place) => {
    const names = (folder: string): readonly string[] => candidates(place, folder).map((path) => path.slice(folder.length + 1))
    const found = agreed(place, names, ({ text }) => (text.includes("search_path") ? matchesOf(text, OPTION_PATH) : []))
    return found && startWith(pathIn(found.value), found.evidence, { ofConnection: true })
  },
  runner: (place) => {
    const mode = modeOf(place)
    const wrap = mode === "none" ? "none" : mode === "each" ? "file" : "all pending"
    return {
      framework: "typeorm",
      name: "TypeORM",
      wrap,
      send: "one message",
      why: WHY[wrap],
      offSwitch: {
        kind: "config",
        how: "set `transaction = false` in the migration's class and run with the transaction mode `each`",
        text: "transaction = false",
        oneStatementOnly: false,
      },
      ...(mode === "all" && {
        refusesSwitch: "TypeORM stops with an error when a migration says so in the transaction mode `all`, which is the default; run it with the mode `each`",
      }),
    }
  },
}

const WHY = {
  none: "TypeORM runs with the transaction mode `none`, so that it opens no transaction",
  file: "TypeORM runs with the transaction mode `each`, so that each migration is a transaction of its own",
  "all pending": "TypeORM runs all pending migrations in one transaction",
} as const

const SETTING = /\bmigrationsTransactionMode["']?\s*:\s*["'](all|each|none)["']/
const OPTION = /\bmigration:run\b[^"]*?\s(?:-t|--transaction)[= ]+["']?(all|each|none)\b/

/** The transaction mode; undefined when no data source is in sight that could have set it. */
function modeOf(place: Place): "all" | "each" | "none" | undefined {
  const { files, above } = place
  let seen = false
  for (const folder of above) {
    for (const path of candidates(place, folder)) {
      const text = files.read(path) ?? ""
      const mode = (baseName(path) === "package.json" ? OPTION : SETTING).exec(text)?.[1]
      if (mode === "all" || mode === "each" || mode === "none") return mode
      seen ||= /\bnew\s+DataSource\s*\(/.test(text)
    }
  }
  return seen && !configured(place, ["package.json"], /migration:run[^"]*\s(?:-t|--transaction)\b/) ? "all" : undefined
}

/** Files that usually hold the data source: beside the migrations, above them, and in the usual folders there. */
function candidates({ files }: Place, folder: string): readonly string[] {
  const folders = [folder, ...["src", "config", "src/config", "src/database", "database", "db", "src/db"].map((name) => join(folder, name))]
  return folders.flatMap((at) =>
    files
      .list(at)
      .filter(({ name, folder: isFolder }) => !isFolder && (name === "package.json" ? at === folder : CONFIG.test(name)))
      .map(({ name }) => join(at, name)),
  )
}

const CONFIG = /^(?:ormconfig\.\w+|(?!.*\.(?:d|test|spec)\.)[\w.-]*(?:data-?source|orm|database|typeorm|db)[\w.-]*\.(?:[cm]?[jt]s|json))$/i
