/** Which programming language a file is written in, told by its name. */
import type { CodeLanguage } from "./framework.ts"

const LANGUAGES: ReadonlyMap<string, CodeLanguage> = new Map([
  ...["js", "cjs", "mjs", "ts", "cts", "mts"].map((extension) => [extension, "javascript"] as const),
  ["rb", "ruby"],
  ["py", "python"],
  ["exs", "elixir"],
  ["cs", "csharp"],
  ["php", "php"],
  ...["xml", "yaml", "yml", "json"].map((extension) => [extension, "changelog"] as const),
])

/** The language of a file that may hold migrations, as far as its name tells; undefined for SQL and everything else. */
export function languageOf(path: string): CodeLanguage | undefined {
  const dot = path.lastIndexOf(".")
  return dot < 0 ? undefined : LANGUAGES.get(path.slice(dot + 1))
}

/** What a migration in JavaScript or TypeScript is called without its extension; undefined for names without a version in front. */
export function scriptName(name: string): string | undefined {
  if (/\.(?:d|test|spec)\.[cm]?[jt]s$/.test(name)) return undefined
  return /^(\d+[-_.T].*|\d{8,}|Migration\d{8,}.*)\.[cm]?[jt]s$/.exec(name)?.[1]
}
