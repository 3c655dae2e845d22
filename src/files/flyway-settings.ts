/** Reads the settings of Flyway, wherever a project keeps them. */
import { outsideTests, withProfiles } from "./applications.ts"
import type { Place } from "./framework.ts"
import { agreed, matchesOf, pathIn, schemasIn, startWith, type Setting } from "./starting.ts"
import type { StartingSession } from "./types.ts"

/** Flyway's own files. */
export const CONFIGS = ["flyway.toml", "flyway.conf", "flyway.user.toml", "conf/flyway.conf", "conf/flyway.toml"]

/** Files of builds, whose plugins run Flyway. */
export const BUILDS = ["pom.xml", "build.gradle", "build.gradle.kts"]

/**
 * A setting of Flyway by its name in the manual, `defaultSchema`: in a file of its own, in that of a build, or in an application's.
 * Source: "Flyway Namespace" and "Environments Namespace" of the manual; the properties `spring.flyway.*` and `quarkus.flyway.*`.
 */
function flywaySetting(place: Place, name: string): Setting | undefined {
  const key = new RegExp(`^(?:(?:spring|quarkus)\\.)?(?:flyway(?:\\.datasources\\.\\w+)?|environments\\.\\w+(?:\\.flyway)?)\\.${name.toLowerCase()}$`)
  const inBuild = new RegExp(
    `<(?:flyway\\.)?${name}>\\s*((?:<(\\w+)>[^<]*</\\2>\\s*)+|[^<\\s][^<]*)</|^[ \\t]*${name}[ \\t]*=[ \\t]*((?:arrayOf\\(|\\[)?["'][^\\])\\n]*["'])[\\])]?[ \\t]*$|^[ \\t]*${name}[ \\t]*=[ \\t]*(true|false)\\b`,
    "gm",
  )
  return agreed(place, withProfiles(place, [...CONFIGS, ...BUILDS]), ({ name: file, text, settings }) =>
    BUILDS.includes(file)
      ? isElsewhere(place, text) ? [] : matchesOf(text, inBuild).map(({ value, at }) => ({ value: listed(value), at }))
      : outsideTests(settings()).filter((one) => key.test(one.key)),
  )
}

/** Whether a build names locations of Flyway, none of which is that of these migrations: an application that runs them has settings of its own. */
function isElsewhere({ root }: Place, build: string): boolean {
  const locations = [...build.matchAll(/\b(?:classpath|filesystem):([^"'<\s,\])]+)/g)].map(([, location = ""]) => location.replace(/^(?:\.?\/)+|\/+$/g, ""))
  return locations.length > 0 && !locations.some((location) => /[*?${]/.test(location) || `${root}/`.includes(`/${location}/`))
}

/** `<schema>app</schema> <schema>audit</schema>`, `['app', 'audit'`, `arrayOf("app"`: with commas between the items. */
function listed(value: string): string {
  return value.replace(/^(?:arrayOf\(|\[)/, "").replace(/<\/\w+>\s*(?=<)/g, ",").replace(/<\/?\w+>/g, "").trim()
}

/** Whether a setting has a value, in all places that give it one. */
export function isSet(place: Place, name: string, value: "true" | "false"): boolean {
  return flywaySetting(place, name)?.value.replace(/^(["'])(.*)\1$/, "$2").toLowerCase() === value
}

/** The settings for how files begin, with what they begin with by default. */
const PREFIXES = { sqlMigrationPrefix: "V", undoSqlMigrationPrefix: "U", baselineMigrationPrefix: "B", repeatableSqlMigrationPrefix: "R" } as const

/**
 * Names of migrations as they would be by default, where the settings have other prefixes or another separator. Source: ResourceNameParser.java
 * of flyway/flyway 13, which tries the longest prefix first.
 */
export function usualName(place: Place): ((name: string) => string) | undefined {
  const separator = flywaySetting(place, "sqlMigrationSeparator")?.value
  const given = Object.entries(PREFIXES).map(([name, usual]) => ({ usual, own: flywaySetting(place, name)?.value }))
  if (!separator && given.every(({ own }) => own === undefined)) return undefined
  const between = separator || "__"
  const prefixes = given.map(({ usual, own = usual }) => ({ usual, own })).sort((left, right) => right.own.length - left.own.length)
  return (name) => {
    const prefix = prefixes.find(({ own }) => name.startsWith(own))
    const rest = prefix === undefined ? "" : name.slice(prefix.own.length)
    const at = rest.indexOf(between)
    if (prefix === undefined || at < 0 || (prefix.usual === "R" ? at > 0 : !/^\d/.test(rest))) return name
    return `${prefix.usual}${rest.slice(0, at)}__${rest.slice(at + between.length)}`
  }
}

const URL_KEY = /^(?:(?:spring|quarkus)\.)?(?:flyway|environments\.\w+|datasource(?:\.jdbc)?)\.url$/

/**
 * Flyway makes the schemas that it is told, unless it is told not to, and puts the default one, which is the first of them, in front of the
 * search_path of its connection. Source: SchemaHistoryFactory.java, DbMigrate.java and PostgreSQLConnection.java of flyway/flyway 13.
 */
export function flywaySession(place: Place): StartingSession | undefined {
  const url = agreed(place, withProfiles(place, CONFIGS), ({ settings }) =>
    outsideTests(settings()).flatMap(({ key, at, value }) => {
      const ofUrl = URL_KEY.test(key) && value.startsWith("jdbc:postgresql:")
      return ofUrl ? [{ value: /[?&]currentSchema=([^&\s]+)/.exec(value)?.[1] ?? "", at }] : []
    }),
  )
  const own = url === undefined ? undefined : pathIn(url.value)
  const named = flywaySetting(place, "schemas")
  const first = flywaySetting(place, "defaultSchema") ?? named
  const schemas = named === undefined ? [] : schemasIn(named.value)
  const [front] = first === undefined ? [] : (schemasIn(first.value) ?? [])
  if (first === undefined || front === undefined || schemas === undefined) return first === undefined && url !== undefined ? startWith(own, url.evidence, { ofConnection: true }) : undefined
  const makes = isSet(place, "createSchemas", "false") ? [] : [...new Set([front, ...schemas])]
  return startWith([front, ...(own ?? [])], first.evidence, { open: own === undefined, makes })
}
