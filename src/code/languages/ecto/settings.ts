/** What the settings of a repository say of all its migrations. */
import { lexElixir } from "./elixir.ts"
import { elementOf } from "./evaluate.ts"
import { elementsIn } from "./syntax.ts"
import { isNil, NO_OPTIONS, optionsOf, truthOf, type Options, type Value } from "./values.ts"

export interface Settings {
  /** Of the key that tables have without a line for it; null for none, undefined for what is not known. */
  readonly primaryKey: Options | null | undefined
  /** The type of columns that reference it, where that is set. */
  readonly primaryKeyType: Value | null
  readonly foreignKey: Options
  readonly timestamps: Options
  readonly prefix: Value | null
  /** What `:map` is. */
  readonly mapType: string
}

/** @param text Keywords, as a file of settings writes them: `migration_timestamps: [type: :utc_datetime]`. */
export function settingsIn(text: string): Settings {
  const tokens = lexElixir(text)
  const scope = { tokens, isElsewhere: true, names: new Map<string, Value>(), functions: new Map<string, []>(), depth: 0 }
  const { option } = optionsOf(elementsIn(tokens, { from: 0, to: tokens.length }).map((range) => elementOf(scope, range)))
  const listed = (name: string): Options => {
    const value = option(name)
    return value === null ? NO_OPTIONS : value.kind === "list" ? optionsOf(value.items) : { option: () => null, isWhole: false }
  }
  const key = option("migration_primary_key")
  const primaryKey = truthOf(key) === false ? null : key === null || key.kind === "list" ? listed("migration_primary_key") : undefined
  const prefix = option("migration_default_prefix")
  const mapType = option("postgres_map_type")
  return {
    primaryKey,
    primaryKeyType: primaryKey?.option("type") ?? null,
    foreignKey: listed("migration_foreign_key"),
    timestamps: listed("migration_timestamps"),
    prefix: isNil(prefix) ? null : prefix,
    mapType: mapType?.kind === "text" ? mapType.runs.map(({ value }) => value).join("") : "jsonb",
  }
}
