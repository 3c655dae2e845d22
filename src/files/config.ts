/** Reads what the configuration of a project says about its tools. */
import type { Place } from "./framework.ts"
import { join } from "./paths.ts"

/** The nearest file with one of these names at or above the migrations that has the text looked for. */
export function configured(place: Place, names: readonly string[], text: RegExp): boolean {
  return place.above.some((folder) =>
    names.some((name) => place.files.holds(folder, name) && text.test(place.files.read(join(folder, name)) ?? "")),
  )
}

/** The text of the nearest file with one of these names at or above the migrations. */
export function nearest(place: Place, names: readonly string[]): string | undefined {
  for (const folder of place.above) {
    const name = names.find((candidate) => place.files.holds(folder, candidate))
    if (name !== undefined) return place.files.read(join(folder, name))
  }
  return undefined
}

/**
 * The version of an npm package that a project uses: the one that is installed, else the one in a lock file, else the
 * smallest that the range in package.json allows.
 */
export function packageVersion(place: Place, name: string): string | undefined {
  for (const folder of place.above) {
    const exact = installedVersion(place, folder, name) ?? lockedVersion(place, folder, name)
    const version = exact ?? declaredVersion(place, folder, name)
    if (version !== undefined) return version
  }
  return undefined
}

/** Whether a version is at least another; both as `major.minor.patch`, missing parts as zero. */
export function atLeast(version: string, least: string): boolean {
  const a = version.split(/[.-]/).map(Number)
  const b = least.split(".").map(Number)
  for (let index = 0; index < b.length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

function installedVersion(place: Place, folder: string, name: string): string | undefined {
  const path = `node_modules/${name}/package.json`
  if (!place.files.holds(folder, path)) return undefined
  return /"version"\s*:\s*"(\d[^"]*)"/.exec(place.files.read(join(folder, path)) ?? "")?.[1]
}

function lockedVersion(place: Place, folder: string, name: string): string | undefined {
  const quoted = name.replace(/[/.]/g, "\\$&")
  const locks: [string, string][] = [
    ["package-lock.json", `"node_modules/${quoted}"\\s*:\\s*\\{\\s*"version"\\s*:\\s*"(\\d[^"]*)"`],
    ["pnpm-lock.yaml", `^\\s+(?:'|/)?${quoted}[@/](\\d[^:'(]*)(?:\\(.*\\))?'?:`],
    ["yarn.lock", `^"?${quoted}@[^\\n]*:\\n\\s+version:? "?(\\d[^"\\n]*)`],
    ["bun.lock", `"${quoted}": \\["${quoted}@(\\d[^"]*)"`],
  ]
  for (const [file, pattern] of locks) {
    if (!place.files.holds(folder, file)) continue
    const version = new RegExp(pattern, "m").exec(place.files.read(join(folder, file)) ?? "")?.[1]
    if (version !== undefined) return version
  }
  return undefined
}

function declaredVersion(place: Place, folder: string, name: string): string | undefined {
  if (!place.files.holds(folder, "package.json")) return undefined
  const quoted = name.replace(/[/.]/g, "\\$&")
  const text = place.files.read(join(folder, "package.json")) ?? ""
  return new RegExp(`"${quoted}"\\s*:\\s*"[^\\d"]*(\\d+(?:\\.\\d+)*)`).exec(text)?.[1]
}

const OTHER_DRIVER = /"(?:better-sqlite3|sqlite3|mysql2?|mariadb|tedious|mssql|oracledb|@libsql\/[\w-]+|libsql|@mikro-orm\/(?:mysql|mariadb|mssql|sqlite|better-sqlite|libsql)|@payloadcms\/db-(?:sqlite|mongodb|d1-sqlite))"\s*:/
const OWN_DRIVER = /"(?:pg|pg-native|pg-promise|postgres|pgsql|slonik|@electric-sql\/pglite|@vercel\/postgres|@neondatabase\/serverless|node-pg-migrate|@mikro-orm\/postgresql|@payloadcms\/db-(?:vercel-)?postgres|kysely-postgres-js|@aws-sdk\/client-rds-data)"\s*:/

/** Whether the nearest package.json with a driver of a database has none of PostgreSQL. */
export function usesOtherDriver({ files, above }: Place): boolean {
  for (const folder of above) {
    const text = files.holds(folder, "package.json") ? (files.read(join(folder, "package.json")) ?? "") : ""
    if (OWN_DRIVER.test(text)) return false
    if (OTHER_DRIVER.test(text)) return true
  }
  return false
}
