import type { Framework } from "../framework.ts"

/** The SQL that `manage.py sqlmigrate` prints. Source: django/core/management/commands/sqlmigrate.py. */
export const framework: Framework = {
  id: "django",
  name: "Django",
  docs: "https://docs.djangoproject.com/en/stable/ref/django-admin/#sqlmigrate",
  folders: [],
  path: (name) => (name.endsWith(".sql") ? { depth: 1, direction: "up", key: name } : undefined),
  markers: [],
  content: {
    // The description that Django prints above the statements of an operation.
    line: /^--\r?\n-- (?:Create|Delete|Rename|Alter|Add|Remove|Validate|Raw|Concurrently) \w+ .*\r?\n--\r?$/m,
    required: true,
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
