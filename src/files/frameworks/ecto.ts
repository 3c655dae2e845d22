import { configured } from "../config.ts"
import { changedElsewhere } from "../ecto-folders.ts"
import { migrationSettings } from "../ecto-settings.ts"
import type { Framework } from "../framework.ts"
import { pathIn, startWith, writtenOf } from "../starting.ts"

/** Source: lib/ecto/migration.ex and lib/ecto/migrator.ex of ecto_sql 3. */
export const framework: Framework = {
  id: "ecto",
  name: "Ecto",
  docs: "https://hexdocs.pm/ecto_sql/Ecto.Migration.html#module-transaction-callbacks",
  folders: ["priv/repo/migrations"],
  path: (name, folders) => {
    const key = /^(\d+)_.+\.exs$/.exec(name)?.[1]
    if (key === undefined) return undefined
    const level = folders.slice(0, 3).indexOf("migrations")
    return { depth: Math.max(level, 0) + 1, direction: "both", key }
  },
  markers: [],
  code: {
    language: "elixir",
    readsBuilder: true,
    sign: /\buse\s+Ecto\.Migration\b|\buse\s+[\w.]+\.Migration\b/,
    off: /^\s*@disable_ddl_transaction\s+true\b/m,
    pipelines: true,
  },
  shape: "ambiguous",
  order: "numeric",
  isForeign: (place) => configured(place, ["mix.exs"], /:(?:myxql|tds|ecto_sqlite3)\b/) && !configured(place, ["mix.exs"], /:postgrex\b/),
  // Source: the documentation of Ecto.Adapters.Postgres, `after_connect` and `parameters`.
  session: (place) => {
    const found = writtenOf(place, ["config/config.exs", "config/runtime.exs", "config/prod.exs"], /^(?!\s*#).*?(?:"SET search_path (?:TO|=) ([^"]*)"|\bsearch_path:\s*"([^"]*)")/gim)
    return found && startWith(pathIn(found.value.replace(/;\s*$/, "")), found.evidence, { ofConnection: true })
  },
  runner: (place) => ({
    ...migrationSettings(place),
    ...changedElsewhere(place),
    framework: "ecto",
    name: "Ecto",
    restatesTypes: true,
    wrap: "file",
    send: "one message",
    why: "Ecto runs each migration in a transaction of its own",
    offSwitch: {
      kind: "config",
      how: "write `@disable_ddl_transaction true` and `@disable_migration_lock true` into the module of the migration",
      text: "@disable_ddl_transaction true\n@disable_migration_lock true",
      oneStatementOnly: false,
    },
  }),
}
