import { describe, expect, it } from "vitest"
import { detectProjects } from "../../src/files/detect.ts"
import { memoryFiles } from "../../src/files/memory-files.ts"

const MIGRATION = "defmodule A do\n  use Ecto.Migration\nend\n"

/** What settings say of migrations in a folder. */
function settingsFor(files: Readonly<Record<string, string>>, folder = "priv/repo"): string | undefined {
  const path = `${folder}/migrations/20240101000000_a.exs`
  const [project] = detectProjects(memoryFiles(new Map(Object.entries({ ...files, [path]: MIGRATION }))), [path])
  return project?.runner.migrationSettings
}

describe("The settings of Ecto's migrations", () => {
  it("are those of the repository", () => {
    const config = `import Config

config :shop, Shop.Repo,
  # migration_timestamps: [type: :naive_datetime],
  migration_primary_key: [name: :id, type: :binary_id, default: {:fragment, "gen_random_uuid()"}],
  migration_timestamps: [
    type: :utc_datetime
  ]

config :shop, Shop.AuditRepo, migration_timestamps: [type: :timestamptz], migration_default_prefix: "audit"
config :ecto_sql, postgres_map_type: "json"
`
    const key = 'migration_primary_key: [name: :id, type: :binary_id, default: {:fragment, "gen_random_uuid()"}]'
    const mapType = 'postgres_map_type: "json"'
    expect(settingsFor({ "config/config.exs": config })).toBe(`${key}, migration_timestamps: [ type: :utc_datetime ], ${mapType}`)
    expect(settingsFor({ "config/config.exs": config }, "priv/audit_repo")).toBe(`migration_timestamps: [type: :timestamptz], migration_default_prefix: "audit", ${mapType}`)
    // Of a folder that no repository is called after, nobody knows which one it belongs to.
    expect(settingsFor({ "config/config.exs": config }, "priv/other")).toBe(`${key}, migration_timestamps: unknown(), migration_default_prefix: "audit", ${mapType}`)
  })

  it("are not known where files differ, and none where nothing tells", () => {
    const files = { "config/config.exs": "config :shop, Shop.Repo, migration_primary_key: false\n", "config/prod.exs": "config :shop, Shop.Repo, migration_primary_key: [type: :uuid]\n" }
    expect(settingsFor(files)).toBe("migration_primary_key: unknown()")
    expect(settingsFor({ "config/dev.exs": "config :shop, Shop.Repo, migration_primary_key: false\n" })).toBeUndefined()
  })
})
