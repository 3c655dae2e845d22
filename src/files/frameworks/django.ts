import { join } from "../paths.ts"
import type { Framework } from "../framework.ts"
import { agreed, matchesOf, OPTION_PATH, pathIn, startWith } from "../starting.ts"

/**
 * Migrations in Python, whose operations are read as Django 5.2 makes SQL of them, and the SQL that `manage.py sqlmigrate` prints. Source: django/db/migrations/executor.py and
 * django/core/management/commands/sqlmigrate.py.
 */
export const framework: Framework = {
  id: "django",
  name: "Django",
  docs: "https://docs.djangoproject.com/en/stable/ref/django-admin/#sqlmigrate",
  folders: [],
  path: (name, [folder = ""]) => {
    // An app may keep them elsewhere, as MIGRATION_MODULES says: `shop/db_migrations`.
    const key = /^(?:\w+_)?migrations$/.test(folder) ? /^(\d{4,}_\w+)\.py$/.exec(name)?.[1] : undefined
    if (key !== undefined) return { depth: 1, direction: "both", key }
    return name.endsWith(".sql") ? { depth: 1, direction: "up", key: name } : undefined
  },
  // Projects keep what is printed beside the migrations, some of them once more for other servers: `0002_x.sql`, `0002_x_replica.sql`.
  series: (name, names) => {
    const printed = name.replace(/\.sql$/, "")
    const bases = (ending: string): number[] => names.filter((other) => other.endsWith(ending) && printed.startsWith(other.slice(0, -ending.length))).map(({ length }) => length - ending.length)
    const migrations = bases(".py")
    return printed.slice(migrations.length > 0 ? Math.max(...migrations) : Math.min(printed.length, ...bases(".sql")))
  },
  // What squashes others runs in their place, and only where none of them has run yet. Source: django/db/migrations/loader.py.
  role: ({ files, root }) => ({ key, path }) => {
    if (!/squash/i.test(key) || !path.endsWith(".py")) return undefined
    const replaced = /^\s+replaces\s*=\s*\[([^\]]*)\]/m.exec(files.head(join(root, path)) ?? "")?.[1] ?? ""
    return [...replaced.matchAll(/["'](\w+)["']\s*,?\s*\)/g)].some(([, name = ""]) => files.holds(root, `${name}.py`)) ? "dump" : undefined
  },
  markers: [],
  content: {
    // The description that Django prints above the statements of an operation.
    line: /^--\r?\n-- (?:Create|Delete|Rename|Alter|Add|Remove|Validate|Raw|Concurrently) \w+ .*\r?\n--\r?$/m,
    required: true,
  },
  code: {
    toLint: "python manage.py sqlmigrate <app> <migration> | pgsafe lint -",
    language: "python",
    readsBuilder: true,
    sign: /^\s*from\s+django\b|\(\s*migrations\.Migration\s*\)/m,
    off: /^[ \t]+atomic\s*=\s*False\b/m,
    order: "name",
    runner: () => ({
      framework: "django",
      name: "Django",
      wrap: "file",
      send: "one message",
      why: "Django runs each migration in a transaction of its own",
      offSwitch: {
        kind: "config",
        how: "set `atomic = False` in the class of the migration",
        text: "atomic = False",
        oneStatementOnly: false,
      },
    }),
  },
  // `OPTIONS` of the database; with several databases nobody knows which is meant.
  session: (place) => {
    const names = (folder: string): readonly string[] => ["", ...place.files.list(folder).flatMap((entry) => (entry.folder ? [`${entry.name}/`] : []))].flatMap((inner) => SETTINGS.map((name) => inner + name))
    const found = agreed(place, names, ({ text }) => {
      const options = matchesOf(text, OPTION_PATH)
      return options.length < text.split(/["']ENGINE["']\s*:/).length - 1 ? [] : options
    })
    return found && startWith(pathIn(found.value), found.evidence, { ofConnection: true })
  },
  shape: "ambiguous",
  order: "natural",
  runner: () => ({
    framework: "django",
    name: "psql",
    wrap: "none",
    send: "psql",
    why: "the script that `manage.py sqlmigrate` prints has its own BEGIN and COMMIT and no other transaction",
    offSwitch: { kind: "none", how: "set `atomic = False` in the class of the migration" },
  }),
}

const SETTINGS = ["settings.py", "settings/base.py", "settings/production.py"]
