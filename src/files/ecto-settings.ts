/** What the settings of a project say of all migrations of Ecto. Source: `Ecto.Migration`, "Migrations configuration", and mix.exs of ecto_sql 3. */
import type { Place } from "./framework.ts"
import { baseName, join, parent } from "./paths.ts"
import type { Runner } from "./types.ts"

const FILES = ["config/config.exs", "config/prod.exs", "config/runtime.exs", "config/releases.exs"]
const COMMENT = /^\s*#.*$/gm
/** `config :shop, Shop.Repo,` */
const REPOSITORY = /^\s*config\s*\(?\s*:\w+,\s*([\w.]+),/gm
/** A setting with a list of keywords, or with one word or text. */
const SETTING = /\b((?:migration_(?:primary_key|foreign_key|timestamps|default_prefix)|postgres_map_type):)\s*(\[[^\]]*\]|"[^"]*"|[\w:.]+)/g
/** It is for all repositories. */
const MAP_TYPE = "postgres_map_type:"

interface Setting {
  readonly key: string
  readonly value: string
  /** The folder in `priv` of the repository that it is for. */
  readonly folder: string
}

/** As keywords, from the nearest folder with any. What differs from file to file is not known. */
export function migrationSettings({ above, files }: Place): Pick<Runner, "migrationSettings"> {
  const own = baseName(parent(above[0] ?? ""))
  for (const folder of above) {
    const texts = FILES.flatMap((name) => (files.holds(folder, name) ? [(files.read(join(folder, name)) ?? "").replace(COMMENT, "")] : []))
    // A repository that is not called after its folder may be any of them.
    const isNamed = texts.some((text) => repositoriesIn(text).some((one) => one.folder === own))
    const all = texts.flatMap(settingsIn).filter(({ key, folder: of }) => !isNamed || of === own || key === MAP_TYPE)
    if (all.length > 0) return { migrationSettings: [...new Set(all.map(({ key }) => key))].map((key) => agreed(key, all)).join(", ") }
  }
  return {}
}

function agreed(key: string, all: readonly Setting[]): string {
  const values = new Set(all.flatMap((one) => (one.key === key ? [one.value] : [])))
  const [value = ""] = values
  return `${key} ${values.size === 1 ? value : "unknown()"}`
}

function settingsIn(text: string): Setting[] {
  const repositories = repositoriesIn(text)
  return [...text.matchAll(SETTING)].map(({ index, 1: key = "", 2: value = "" }) => {
    const folder = repositories.findLast((one) => one.index <= index)?.folder ?? ""
    return { key, value: value.replace(/\s+/g, " "), folder }
  })
}

/** Which folders in `priv` belong to the modules that are configured. */
function repositoriesIn(text: string): readonly { readonly index: number; readonly folder: string }[] {
  return [...text.matchAll(REPOSITORY)].map(({ index, 1: module = "" }) => ({ index, folder: underscored(module.slice(module.lastIndexOf(".") + 1)) }))
}

/** `ReadRepo`: `read_repo`. */
function underscored(module: string): string {
  return module.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase()
}
