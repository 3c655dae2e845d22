/** Settings in the files of tools and frameworks: properties, TOML and YAML. */
import type { FormatLibraries } from "./format-libraries.ts"
import { yamlSettings } from "./yaml-settings.ts"

/** A setting and the place where it stands. */
export interface Written {
  /** Its path through the file, in lower case, without dashes and underscores: `spring.flyway.defaultschema`. */
  readonly key: string
  /** The items of a list with commas between them. */
  readonly value: string
  /** What follows the name of the file where somebody is told of it: `:3`, or `, flyway.defaultSchema` where no line is known. */
  readonly at: string
  /** Which document of the file it stands in; 0 is the first. */
  readonly document: number
}

/** Gives what reads YAML, TOML and XML; loads it when it is first asked for. */
export type LoadFormats = () => FormatLibraries

/**
 * All settings of a file, in a format that the ending of its name tells. Of YAML and TOML that is damaged, or that a program makes only when
 * it runs, nothing is known: such files are somebody else's, and whether their tool takes them is not ours to say.
 *
 * @param load Without it nothing is known of YAML and TOML.
 */
export function settingsIn(name: string, text: string, load: LoadFormats | undefined): readonly Written[] {
  if (/\.ya?ml$/.test(name)) return load === undefined ? [] : yamlSettings(text, load().yaml)
  if (name.endsWith(".toml")) return load === undefined ? [] : tomlSettings(text, load().toml)
  return propertiesSettings(text)
}

/** Source: the load method of java.util.Properties; Spring divides such a file by lines `#---`. */
function propertiesSettings(text: string): readonly Written[] {
  const found: Written[] = []
  const lines = text.split(/\r\n|\r|\n/)
  let document = 0
  for (let index = 0; index < lines.length; index += 1) {
    const start = index + 1
    let line = (lines[index] ?? "").trimStart()
    if (/^[#!]---\s*$/.test(line)) document += 1
    if (line === "" || /^[#!]/.test(line)) continue
    while (/(?<!\\)(?:\\\\)*\\$/.test(line) && index + 1 < lines.length) line = line.slice(0, -1) + (lines[++index] ?? "").trimStart()
    const [, key = "", value = ""] = /^((?:[^\s=:\\]|\\.)+)(?:[ \t\f]*[=:][ \t\f]*|[ \t\f]+|$)(.*)$/s.exec(line) ?? []
    if (key !== "") found.push({ key: plain(unescaped(key)), value: unescaped(value.trimEnd()), at: `:${String(start)}`, document })
  }
  return found
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, other: string) => {
    return code === undefined ? ({ t: "\t", n: "\n", r: "\r", f: "\f" }[other] ?? other) : String.fromCharCode(parseInt(code, 16))
  })
}

function tomlSettings(text: string, { parse }: FormatLibraries["toml"]): readonly Written[] {
  const found: Written[] = []
  const lines = linesIn(text)
  const enter = (value: unknown, path: string): void => {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    const values = items.filter((item) => !isTable(item))
    if (values.length > 0) found.push({ key: plain(path), value: values.map(String).join(","), at: lines.get(path) ?? `, ${path}`, document: 0 })
    for (const table of items.filter(isTable)) for (const [key, inner] of Object.entries(table)) enter(inner, path === "" ? key : `${path}.${key}`)
  }
  try {
    enter(parse(text, { integersAsBigInt: "asNeeded" }), "")
  } catch {
    return []
  }
  return found
}

/** Where keys stand, as far as they are written one to a line: the library has no places. */
function linesIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const path = (written: string): string => written.split(".").map((part) => part.trim().replace(/^(["'])(.*)\1$/, "$2")).join(".")
  let table = ""
  for (const [index, line] of text.split("\n").entries()) {
    const [, header] = /^\s*\[{1,2}([^[\]]+)\]/.exec(line) ?? []
    if (header !== undefined) table = `${path(header)}.`
    const [, key] = /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/.exec(line) ?? []
    if (key !== undefined && !found.has(table + path(key))) found.set(table + path(key), `:${String(index + 1)}`)
  }
  return found
}

/** Lists and dates are objects, too. */
function isTable(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** As the keys of settings are compared: `default-schema`, `default_schema` and `defaultSchema` are one. */
export function plain(key: string): string {
  return key.replace(/[-_]/g, "").toLowerCase()
}
