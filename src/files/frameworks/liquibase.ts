import { outsideTests, withProfiles } from "../applications.ts"
import { CHANGELOG } from "../changelog/detect.ts"
import { treeAbove, treeWith } from "../changelog/tree.ts"
import type { Framework, Place, Sortable } from "../framework.ts"
import { absolute, isSqlFile, parent } from "../paths.ts"
import type { Directive, Runner, Unit } from "../types.ts"
import { directiveAt, marks, sections, unit, wholeFile } from "../units.ts"
import { agreed, matchesOf, pathIn, startWith } from "../starting.ts"

/** Source: AbstractFormattedChangeLogParser.java and ChangeSet.java of liquibase/liquibase 5. */
export const framework: Framework = {
  id: "liquibase",
  name: "Liquibase",
  docs: "https://docs.liquibase.com/concepts/changelogs/sql-format.html",
  folders: ["db/changelog", "src/main/resources/db/changelog"],
  path: (name, folders) => {
    if (!/\.(?:sql|xml|ya?ml|json)$/i.test(name)) return undefined
    const level = folders.indexOf("changelog")
    return { depth: level < 0 ? 1 : level + 1, direction: "both", key: name }
  },
  list: (files, full) => {
    // What no changelog includes is taken to be added to the nearest one.
    const tree = treeWith(files, full) ?? (isSqlFile(full) ? treeAbove(files, full) : undefined)
    return (
      tree && {
        root: parent(tree.top),
        name: tree.top,
        members: [...tree.files.keys()],
        isShared: (path) => tree.read.has(path) && !tree.files.has(path),
        isForeign: (path) => tree.files.get(path)?.occasion === "never",
      }
    )
  },
  markers: [],
  code: { language: "changelog", readsBuilder: true, sign: CHANGELOG },
  content: { line: /^\s*--\s*liquibase\s*formatted\b/im, required: true },
  shape: "ambiguous",
  order: (place) => byChangelog(place),
  // Its books and unqualified names go to the default schema, which it puts in front. Source: DatabaseUtils.java.
  session: (place) => {
    const found = agreed(place, withProfiles(place, SETTINGS), ({ name, text, settings }) =>
      BUILDS.includes(name)
        ? matchesOf(text, /<defaultSchemaName>\s*([^<]*?)\s*<\/|\bdefaultSchemaName\b[ =(]*["']([^"'\n]+)["']/g)
        : outsideTests(settings()).filter(({ key }) => /^(?:liquibase\.)?(?:command\.)?defaultschemaname$|^(?:spring|quarkus)\.liquibase\.defaultschema(?:name)?$/.test(key)),
    )
    return found && startWith(pathIn(found.value), found.evidence, { open: true })
  },
  runner: () => ({
    framework: "liquibase",
    name: "Liquibase",
    wrap: "changeset",
    send: "split",
    why: "Liquibase runs each changeset in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "add `runInTransaction:false` to the `--changeset` line of this changeset",
      text: "runInTransaction:false",
      oneStatementOnly: false,
      place: {
        within: "unit",
        after: /^[^\r\n]*?(?=[ \t]*\r?(?:\n|$))/,
        insert: " runInTransaction:false",
        flawed: /[ \t]+runInTransaction\s*:\s*"?false"?/i,
      },
    },
  }),
  units: (text, runner, { direction }) => {
    // A file without the first line is one changeset of raw SQL.
    if (!/^\uFEFF?\s*--\s*liquibase\s*formatted\b/i.test(text)) return [wholeFile(text, runner, direction)]
    const line = /^[ \t]*--[ \t]*changeset[ \t]+("[^"\n]+"|[^:\n]+):[ \t]*("[^"\n]+"|\S+)/gim
    const found = marks(text, line, (match) => ({
      direction: "up",
      name: `${match[1] ?? ""}:${match[2] ?? ""}`.replaceAll('"', ""),
    }))
    return sections(text, found)
      .filter(({ line }) => !isForeign(line) && !/\bignore:true\b/i.test(line))
      .map((section) => changeset(text, section, runner))
  },
}

function changeset(
  text: string,
  section: { start: number; end: number; direction: "up" | "down" | "both"; name?: string; line: string },
  runner: Runner,
): Unit {
  const { line, ...part } = section
  if (/\brunWith:psql\b/i.test(line)) return unit(part, { ...runner, ...byPsql })
  const whole = /\bsplitStatements:false\b/i.test(line)
  return unit(part, whole ? { ...runner, send: "one message" } : runner, directiveOf(text, section.start, line))
}

const byPsql = {
  wrap: "none",
  send: "psql",
  why: "`runWith:psql` makes Liquibase hand this changeset to psql, outside of its own transaction",
} as const

/** Whether a changeset is meant for other databases. */
function isForeign(line: string): boolean {
  const databases = /\bdbms:([^,\s][\w!,]+)/i.exec(line)?.[1]?.toLowerCase().split(",")
  if (databases === undefined || databases.includes("postgresql")) return false
  return databases.includes("!postgresql") || !databases.some((name) => name.startsWith("!"))
}

function directiveOf(text: string, start: number, line: string): Directive | undefined {
  const attribute = /\brunInTransaction\s*:\s*"?false"?/i.exec(line)
  if (attribute === null) return undefined
  const reason = /^runInTransaction:false$/i.test(attribute[0])
    ? undefined
    : "Liquibase only knows `runInTransaction:false`, without blanks or quotes"
  return directiveAt(text, start + attribute.index, attribute[0], reason)
}

/** By the order in which the changelogs include the files; what none includes comes last, by path. */
function byChangelog({ files, root }: Place): (left: Sortable, right: Sortable) => number {
  const at = ({ path }: Sortable): number => {
    const full = absolute(path, root)
    return treeWith(files, full)?.files.get(full)?.position ?? Number.MAX_SAFE_INTEGER
  }
  return (left, right) => at(left) - at(right)
}

const BUILDS = ["pom.xml", "build.gradle", "build.gradle.kts"]
const SETTINGS = ["liquibase.properties", "src/main/resources/liquibase.properties", ...BUILDS]
