/** What a tool does to its session before it runs the first migration, as far as files of the project say. */
import { settingList } from "../source/setting-list.ts"
import type { Place } from "./framework.ts"
import { join, relative } from "./paths.ts"
import type { StartingPath, StartingSession } from "./types.ts"
import type { Written } from "./settings.ts"

/** A value that a file of the project gives to a setting. */
export interface Setting {
  readonly value: string
  /** "flyway.conf:3" */
  readonly evidence: string
}

/**
 * The value of a setting in the nearest folder, at or above the migrations, with files that give it one; undefined when there is none,
 * and when these files do not agree.
 *
 * @param key Matches the key as `settingsIn` gives it.
 */
export function settingOf(place: Place, names: Names, key: RegExp): Setting | undefined {
  return agreed(place, names, ({ settings }) => settings().filter((one) => key.test(one.key)))
}

/** A file that may have what is looked for. */
interface SettingsFile {
  readonly name: string
  readonly text: string
  /** What stands in it, where its format is one of those that are read. */
  readonly settings: () => readonly Written[]
}

/** A value, and what follows the name of its file where somebody is told of it: ":3". */
type Found = Pick<Written, "value" | "at">

/** Names of files; which of them a folder has may depend on it. */
type Names = readonly string[] | ((folder: string) => readonly string[])

/** The same for files that are programs, or whose format is not read: what the first group of a pattern matches. */
export function writtenOf(place: Place, names: readonly string[], pattern: RegExp): Setting | undefined {
  return agreed(place, names, ({ text }) => matchesOf(text, pattern))
}

/** What a pattern matches, with lines. @param pattern With the flag `g`. */
export function matchesOf(text: string, pattern: RegExp): Found[] {
  return [...text.matchAll(pattern)].map((match) => ({ value: match.slice(1).find((group) => group !== undefined) ?? "", at: `:${String(text.slice(0, match.index).split("\n").length)}` }))
}

/** As above; `read` finds what one file says. */
export function agreed(place: Place, names: Names, read: (file: SettingsFile) => readonly Found[]): Setting | undefined {
  const { files } = place
  for (const folder of place.above) {
    const found = (typeof names === "function" ? names(folder) : names).flatMap((name) => {
      const path = join(folder, name)
      if (!files.holds(folder, name)) return []
      return read({ name, text: files.read(path) ?? "", settings: () => files.settings(path) }).map(({ value, at }) => ({ value, evidence: `${relative(path, files.cwd)}${at}` }))
    })
    const [first] = found
    if (first !== undefined) return found.every(({ value }) => value === first.value) ? first : undefined
  }
  return undefined
}

/** Schemas as a tool quotes them: names between commas. Undefined when one of them is known only when the tool runs. */
export function schemasIn(value: string): readonly string[] | undefined {
  return listOf(value, (text) => text.split(",").map((name) => name.trim().replace(/^(["'])(.*)\1$/, "$2")))
}

/** Schemas in the code of a program, quoted one by one: `["app", "public"]`, `"app"`. */
export function pathLiteral(value: string): readonly string[] | undefined {
  const items = value.replace(/^\[|\]$/g, "").split(",").map((item) => item.trim()).filter(Boolean)
  return items.every((item) => /^(["'`])[^"'`$]*\1$/.test(item)) ? schemasIn(items.map((item) => item.slice(1, -1)).join(",")) : undefined
}

/** Schemas as the server reads a search_path. */
export function pathIn(value: string): readonly string[] | undefined {
  return listOf(value, settingList)
}

function listOf(value: string, read: (text: string) => readonly string[]): readonly string[] | undefined {
  // `${SCHEMA}`, `<%= schema %>`, `{{ schema }}`, `@schema@`, `#{schema}`, `$(SCHEMA)`
  if (/[{}<>@()=;]|\$(?!user\b)/.test(value)) return undefined
  const names = read(value).filter(Boolean)
  return names.length === 0 ? undefined : names
}

interface Start extends Partial<StartingPath> {
  readonly makes?: readonly string[]
}

/** A session that begins with this search_path; undefined without schemas. */
export function startWith(schemas: readonly string[] | undefined, evidence: string, { open = false, ofConnection = false, makes = [] }: Start = {}): StartingSession | undefined {
  return schemas === undefined ? undefined : { searchPath: { schemas, open, ofConnection }, makes, evidence }
}

/** Files with the commands that run migrations. */
export const COMMANDS = ["Makefile", "makefile", "justfile", "Justfile", "Taskfile.yml", "Taskfile.yaml", "package.json", "docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"]

/** A docker URL is that of a database to try things out. */
const PATH_IN_URL = /(?<!docker:\/\/[^\s"'`]*)\bsearch_path(?:=|%3D)([^\s&"'`)\]]+)/gi
const URL_WITHOUT_PATH = /\bpostgres(?:ql)?:\/\/(?![^\s"'`]*search_path)[^\s"'`]*/i

/**
 * The search_path of a connection string in the tool's settings, or in a file that hands it to the tool. Where the same file has another connection string that sets
 * none, or another one, nobody knows which of them runs the migrations.
 *
 * @param tool What a file with commands has to have in it.
 * @param names The tool's settings.
 */
export function connectionPath(place: Place, tool: RegExp, names: readonly string[] = []): StartingSession | undefined {
  const inSettings = names.length === 0 ? undefined : connectionIn(place, names, () => true)
  if (inSettings !== undefined) return startWith(pathIn(decoded(inSettings.value)), inSettings.evidence, { ofConnection: true })
  const found = connectionIn(place, COMMANDS, (text) => tool.test(text))
  // What runs in production may have another one.
  return found && startWith(pathIn(decoded(found.value)), found.evidence, { open: true, ofConnection: true })
}

function connectionIn(place: Place, names: readonly string[], isOf: (text: string) => boolean): Setting | undefined {
  return agreed(place, names, ({ text }) => {
    return text.includes("search_path") && isOf(text) && !URL_WITHOUT_PATH.test(text) ? matchesOf(text, PATH_IN_URL) : []
  })
}

/** The `options` of a connection, as libpq takes them: `-c search_path=app,public`. */
export const OPTION_PATH = /(?:-c\s*|--)search_path=([^\s"'`&]+)/g

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
