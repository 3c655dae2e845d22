/** What the settings of a project say of all migrations of Ecto. Source: `Ecto.Migration`, "Migrations configuration", and mix.exs of ecto_sql 3. */
import type { Place } from "./framework.ts"
import { baseName, join, parent } from "./paths.ts"
import type { Runner } from "./types.ts"

const FILES = ["config/config.exs", "config/prod.exs", "config/runtime.exs", "config/releases.exs"]
const REPOSITORY = /^\s*config\s*\(?\s*:\w+,\s*([\w.]+),/gm
/** A setting with a list of keywords, or with one word or text. */
const SETTING = /^(?!\s*#).*?\b((?:migration_(?:primary_key|foreign_key|timestamps|default_prefix)|postgres_map_type):)\s*(\[[^\]]*\]|"[^"]*"|[\w:.]+)/gm

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
    const all = FILES.flatMap((name) => (files.holds(folder, name) ? settingsIn(files.read(join(folder, name)) ?? "") : []))
    if (all.length > 0) return { migrationSettings: [...new Set(all.map(({ key }) => key))].map((key) => agreed(key, all, own)).join(", ") }
  }
  return {}
}

function agreed(key: string, all: readonly Setting[], own: string): string {
  const values = all.filter((one) => one.key === key)
  const named = values.filter(({ folder }) => folder === own)
  const distinct = new Set((named.length > 0 ? named : values).map(({ value }) => value))
  const [value = ""] = distinct
  return `${key} ${distinct.size === 1 ? value : "unknown()"}`
}

function settingsIn(text: string): Setting[] {
  const repositories = [...text.matchAll(REPOSITORY)]
  return [...text.matchAll(SETTING)].map(({ index, 1: key = "", 2: value = "" }) => {
    const repository = repositories.findLast((one) => one.index <= index)?.[1] ?? ""
    return { key, value: value.replace(/\s+/g, " "), folder: underscored(repository.slice(repository.lastIndexOf(".") + 1)) }
  })
}

/** `ReadRepo`: `read_repo`. */
function underscored(module: string): string {
  return module.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase()
}
