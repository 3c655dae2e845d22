import { BUILDS, CONFIGS, flywaySession, isSet, usualName } from "../flyway-settings.ts"
import type { Framework, Sortable } from "../framework.ts"
import { baseName, byName, join, parent, versionKey } from "../paths.ts"
import type { Runner, SelfDetection } from "../types.ts"

/** Where Maven and Gradle have what is no code, beside a folder for each language. */
const RESOURCES = "/resources/"

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
  usualName,
  markers: [
    ...CONFIGS.map((file) => ({ file, where: "above" as const })),
    ...[...BUILDS, "gradle/libs.versions.toml"].map((file) => ({ file, where: "above" as const, contains: /flyway/i })),
  ],
  shape: "unmistakable",
  order: () => byFlyway,
  // Class names follow the same scheme, and a package is found where a folder of the resources would be. Source: the manual, "Java-based migrations".
  unread: /^V(\d+(?:_\d+)*)__[^.]+\.(?:java|kt|groovy|scala)$/,
  unreadFolders: (root) => {
    const at = root.lastIndexOf(RESOURCES)
    return at < 0 ? [] : ["java", "kotlin", "groovy", "scala"].map((language) => `${root.slice(0, at)}/${language}/${root.slice(at + RESOURCES.length)}`)
  },
  // A baseline runs in the place of the versions up to its own, and only where none has run yet. Source: the manual, "Baseline migrations".
  role: (place) => {
    const { files, root } = place
    const usual = usualName(place) ?? String
    const versions = files.list(root).map(({ name }) => usual(name)).flatMap((name) => (/^V\d/.test(name) ? [versionKey(versionOf(name))] : []))
    return ({ key, path }) => {
      const conf = join(root, `${path}.conf`)
      if (files.holds(parent(conf), baseName(conf)) && /^[ \t]*shouldExecute[ \t]*=[ \t]*false[ \t]*\r?$/m.test(files.read(conf) ?? "")) return "aside"
      return usual(baseName(path)).startsWith("B") && versions.some((version) => byName(version, versionKey(key)) <= 0) ? "dump" : undefined
    }
  },
  runner: (place) => {
    const detects = detection(isSet(place, "mixed", "true"))
    // Where no statement has begun, Parser.java passes over no-break spaces.
    const base = { framework: "flyway", name: "Flyway", send: "split", offSwitch, detects, leavesOut: /^[\s\u00a0]*$/ } as const
    if (isSet(place, "executeInTransaction", "false")) {
      return { ...base, wrap: "none", why: "flyway.executeInTransaction is false, so Flyway opens no transaction" }
    }
    if (isSet(place, "group", "true")) {
      const why = "flyway.group is true, so Flyway runs all pending migrations in one transaction"
      return { ...base, wrap: "all pending", why }
    }
    return { ...base, wrap: "file", why: "Flyway runs each migration in a transaction of its own" }
  },
  session: flywaySession,
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
