import { configured } from "../config.ts"
import type { Framework, Place, Sortable } from "../framework.ts"
import { baseName, byName, join, parent, versionKey } from "../paths.ts"
import { agreed, matchesOf, pathIn, schemasIn, startWith, withProfiles, type Setting } from "../starting.ts"
import type { Runner, SelfDetection, StartingSession } from "../types.ts"
import { settingsIn } from "../written.ts"

const settings = ["flyway.toml", "flyway.conf", "flyway.user.toml", "conf/flyway.conf", "conf/flyway.toml"]
const builds = ["pom.xml", "build.gradle", "build.gradle.kts"]
const springSettings = ["application.properties", "application.yml", "application.yaml"]

/** How many folders up one has to be called after migrations, so that a file without the usual prefix may be one. */
const DEEPEST_UNPREFIXED = 3

/** Source: PostgreSQLParser.java, ParserSqlScript.java and SqlScriptMetadata.java of flyway/flyway 13. */
export const framework: Framework = {
  id: "flyway",
  name: "Flyway",
  docs: "https://documentation.red-gate.com/flyway/reference/configuration/flyway-namespace",
  folders: ["db/migration", "src/main/resources/db/migration"],
  path: (name, folders) => {
    const [, kind, version] = /^(?:([VUB]?)(\d+(?:[._]\d+)*)|R)__.*\.sql$/.exec(name) ?? []
    if (version === undefined && !/^R__.*\.sql$/.test(name) && !callback.test(name)) return undefined
    // With an empty sqlMigrationPrefix, as some projects have it.
    const unprefixed = version !== undefined && kind === ""
    if (unprefixed && !folders.slice(0, DEEPEST_UNPREFIXED).some((folder) => /migration/i.test(folder))) return undefined
    const level = folders.findIndex((folder, index) => folder === "migration" && folders[index + 1] === "db")
    const depth = level < 0 ? 1 : level + 1
    const way = { depth, direction: kind === "U" ? "down" : "up", key: version ?? name } as const
    if (unprefixed) return { ...way, onlyMarked: true }
    if (version !== undefined) return way
    return name.startsWith("R__") ? { ...way, repeats: true } : elsewhen.test(name) ? { ...way, role: "aside" } : way
  },
  markers: [
    ...settings.map((file) => ({ file, where: "above" as const })),
    ...[...builds, "gradle/libs.versions.toml"].map((file) => ({ file, where: "above" as const, contains: /flyway/i })),
  ],
  shape: "unmistakable",
  order: () => byFlyway,
  // A baseline runs in the place of the versions up to its own, and only where none has run yet. Source: the manual, "Baseline migrations".
  role: ({ files, root }) => {
    const versions = files.list(root).flatMap(({ name }) => (/^V\d/.test(name) ? [versionKey(versionOf(name))] : []))
    return ({ key, path }) => {
      const conf = join(root, `${path}.conf`)
      if (files.holds(parent(conf), baseName(conf)) && /^[ \t]*shouldExecute[ \t]*=[ \t]*false[ \t]*\r?$/m.test(files.read(conf) ?? "")) return "aside"
      return baseName(path).startsWith("B") && versions.some((version) => byName(version, versionKey(key)) <= 0) ? "dump" : undefined
    }
  },
  runner: (place) => {
    const detects = detection(set(place, "mixed", "true"))
    const base = { framework: "flyway", name: "Flyway", send: "split", offSwitch, detects } as const
    if (set(place, "executeInTransaction", "false")) {
      return { ...base, wrap: "none", why: "flyway.executeInTransaction is false, so Flyway opens no transaction" }
    }
    if (set(place, "group", "true")) {
      const why = "flyway.group is true, so Flyway runs all pending migrations in one transaction"
      return { ...base, wrap: "all pending", why }
    }
    return { ...base, wrap: "file", why: "Flyway runs each migration in a transaction of its own" }
  },
  session,
  sidecar: {
    path: (migration) => `${migration}.conf`,
    off: (text) => /^[ \t]*executeInTransaction[ \t]*=[ \t]*false[ \t]*\r?$/m.test(text),
  },
}

const offSwitch: Runner["offSwitch"] = {
  kind: "sidecar",
  how: "put `executeInTransaction=false` into a file with the name of this one and `.conf` added",
  text: "executeInTransaction=false",
  oneStatementOnly: false,
}

function detection(mixed: boolean): SelfDetection {
  return {
    patterns: [
      /^(?:CREATE|DROP)\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION)\b/i,
      /^ALTER\s+SYSTEM\b/i,
      /^(?:CREATE|DROP)(?:\s+UNIQUE)?\s+INDEX\s+CONCURRENTLY\b/i,
      /^REINDEX(?:\s+VERBOSE)?\s+(?:SCHEMA|DATABASE|SYSTEM)\b/i,
      /^VACUUM\b/i,
      /^DISCARD\s+ALL\b/i,
    ],
    effect: mixed ? "whole file" : "pure file",
    why: mixed
      ? "flyway.mixed is true, so Flyway runs a file with such a statement in it without a transaction"
      : "Flyway runs a file of nothing but such statements without a transaction and refuses to mix them with others",
  }
}

/**
 * Flyway makes the schemas that it is told, unless it is told not to, and puts the default one, which is the first of them, in front of the
 * search_path of its connection. Source: SchemaHistoryFactory.java, DbMigrate.java and PostgreSQLConnection.java of flyway/flyway 13.
 */
function session(place: Place): StartingSession | undefined {
  const url = agreed(place, withProfiles(place, settings), (name, text) =>
    settingsIn(name, text).flatMap(({ key, line, value }) => {
      const ofUrl = URL_KEY.test(key) && value.startsWith("jdbc:postgresql:")
      return ofUrl ? [{ value: /[?&]currentSchema=([^&\s]+)/.exec(value)?.[1] ?? "", line }] : []
    }),
  )
  const own = url === undefined ? undefined : pathIn(url.value)
  const named = schemaSetting(place, "schemas")
  const first = schemaSetting(place, "defaultSchema") ?? named
  const schemas = named === undefined ? [] : schemasIn(named.value)
  const [front] = first === undefined ? [] : (schemasIn(first.value) ?? [])
  if (first === undefined || front === undefined || schemas === undefined) return first === undefined && url !== undefined ? startWith(own, url.evidence, { ofConnection: true }) : undefined
  const makes = set(place, "createSchemas", "false") ? [] : [...new Set([front, ...schemas])]
  return startWith([front, ...(own ?? [])], first.evidence, { open: own === undefined, makes })
}

const URL_KEY = /^(?:(?:spring|quarkus)\.)?(?:flyway|environments\.\w+|datasource(?:\.jdbc)?)\.url$/

/** `schemas` or `defaultSchema`, wherever it stands. */
function schemaSetting(place: Place, name: "schemas" | "defaultSchema"): Setting | undefined {
  const key = new RegExp(`^(?:(?:spring|quarkus)\\.)?(?:flyway(?:\\.datasources\\.\\w+)?|environments\\.\\w+(?:\\.flyway)?)\\.${name.toLowerCase()}$`)
  const inBuild = new RegExp(`<(?:flyway\\.)?${name}>\\s*((?:<schema>[^<]*</schema>\\s*)+|[^<\\s][^<]*)</|^[ \\t]*${name}[ \\t]*=[ \\t]*((?:arrayOf\\(|\\[)?["'][^\\])\\n]*["'])[\\])]?[ \\t]*$`, "gm")
  return agreed(place, withProfiles(place, [...settings, ...builds]), (file, text) =>
    builds.includes(file)
      ? matchesOf(text, inBuild).map(({ value, line }) => ({ value: value.replace(/^(?:arrayOf\(|\[)/, "").replace(/<\/schema>\s*(?=<schema>)/g, ",").replace(/<\/?schema>/g, "").trim(), line }))
      : settingsIn(file, text).filter((one) => key.test(one.key)),
  )
}

/** Whether a setting of Flyway has a value in any of the usual places. */
function set(place: Place, name: string, value: string): boolean {
  const either = `(?:${name}|${kebab(name)})`
  const assignment = `^[ \\t]*(?:flyway\\.)?${name}[ \\t]*=[ \\t]*"?${value}\\b`
  const property = `^spring\\.flyway\\.${either}[ \\t]*=[ \\t]*${value}\\b`
  // Lines deeper than `flyway:`, and blank ones. Each can be read in one way only, or a long file would take forever.
  const nested = `^([ \\t]*)flyway:[ \\t]*(?:#[^\\n]*|\\r)?(?:\\n(?:\\1[ \\t][^\\n]*|\\r)?)*?\\n\\1[ \\t]+${either}:[ \\t]*${value}\\b`
  return (
    configured(place, settings, new RegExp(assignment, "m")) ||
    configured(place, builds, new RegExp(`<${name}>\\s*${value}\\s*</|${assignment}`, "m")) ||
    configured(place, springSettings, new RegExp(`${property}|${nested}`, "m"))
  )
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** `afterMigrate.sql` and its like, which run round the migrations; behind `__` stands a description. Source: Event.java. */
const callback = /^(?:(?:before|after)(?:Each)?(?:Migrate|Clean|Info|Validate|Baseline|Repair|Undo|Connect|Versioned|Repeatables|CreateSchema)[A-Za-z]*|createSchema)(?:__.*)?\.sql$/

/** Callbacks of other commands than `migrate`, and those for failures. */
const elsewhen = /^(?:before|after)(?:Each)?(?:Clean|Info|Baseline|Repair|Undo)|^after[A-Za-z]*Error(?:__|\.sql$)/

function versionOf(name: string): string {
  return /^[VUB](\d+(?:[._]\d+)*)__/.exec(name)?.[1] ?? ""
}

/** Callbacks before, versions by number, repeatable migrations by description, callbacks after. */
function byFlyway(left: Sortable, right: Sortable): number {
  const key = phase(left) === 1 ? versionKey : String
  return phase(left) - phase(right) || byName(key(left.key), key(right.key))
}

function phase({ key }: Sortable): number {
  if (/^\d/.test(key)) return 1
  if (/^(?:afterVersioned|beforeRepeatables)/.test(key)) return 2
  if (key.startsWith("R__")) return 3
  return /^before|^createSchema|^afterConnect/.test(key) ? 0 : 4
}
