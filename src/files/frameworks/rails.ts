import { nearest } from "../config.ts"
import type { Framework } from "../framework.ts"
import { agreed, pathIn, startWith } from "../starting.ts"

/** Source: activerecord/lib/active_record/migration.rb of rails 7.2. */
export const framework: Framework = {
  id: "rails",
  name: "Rails",
  docs: "https://api.rubyonrails.org/classes/ActiveRecord/Migration.html#class-ActiveRecord::Migration-label-Transactional+Migrations",
  folders: ["db/migrate"],
  path: (name, folders) => {
    const key = /^(\d+)_\w+(?:\.\w+)?\.rb$/.exec(name)?.[1]
    if (key === undefined) return undefined
    // Migrations may lie in folders below, and each database has a folder of its own.
    const level = folders.slice(0, 3).findIndex((folder) => /^(?:\w+_)?(?:post_)?migrat(?:e|ions?)$/.test(folder))
    return { depth: Math.max(level, 0) + 1, direction: "both", key }
  },
  markers: [],
  code: {
    language: "ruby",
    readsBuilder: true,
    sign: /\bActiveRecord::Migration\b|<\s*(?:\w+::)*Migration\[\d/,
    off: /^\s*disable_ddl_transaction!/m,
  },
  // Source: schema_dump of active_record/database_configurations/hash_config.rb and active_record/schema_dumper.rb.
  dump: {
    name: (folder) => `${/^\w+_(?=migrate$)/.exec(folder)?.[0] ?? ""}schema.rb`,
    sign: /^ActiveRecord::Schema(?:\[\d+\.\d+\])?\.define\(/m,
  },
  shape: "ambiguous",
  order: "numeric",
  isForeign: (place) => {
    const settings = nearest(place, ["config/database.yml"]) ?? ""
    return /^\s*adapter:\s*["']?(?:mysql2?|trilogy|sqlite3?|sqlserver|oracle\w*)\b/m.test(settings) && !/postg/i.test(settings)
  },
  // Source: configure_connection in active_record/connection_adapters/postgresql_adapter.rb. Of several databases each has its own.
  session: (place) => {
    const found = agreed(place, ["config/database.yml"], ({ settings }) => {
      const all = settings().filter(({ key }) => /^(?!test\.|development\.)[^.]+\.schemasearchpath$/.test(key))
      const production = all.filter(({ key }) => key.startsWith("production."))
      return production.length > 0 ? production : all
    })
    return found && startWith(pathIn(found.value), found.evidence)
  },
  runner: () => ({
    framework: "rails",
    name: "Rails",
    wrap: "file",
    send: "one message",
    why: "Rails runs each migration in a transaction of its own",
    offSwitch: {
      kind: "config",
      how: "write `disable_ddl_transaction!` into the class of the migration",
      text: "disable_ddl_transaction!",
      oneStatementOnly: false,
    },
  }),
}
