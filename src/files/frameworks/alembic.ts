import type { Framework } from "../framework.ts"

/** The SQL that `alembic upgrade --sql` prints. Source: alembic/runtime/migration.py. */
export const framework: Framework = {
  id: "alembic",
  name: "Alembic",
  docs: "https://alembic.sqlalchemy.org/en/latest/offline.html",
  folders: [],
  path: (name) => (name.endsWith(".sql") ? { depth: 1, direction: "up", key: name } : undefined),
  markers: [],
  content: {
    line: /\b(?:TABLE|INTO|UPDATE|FROM) (?:\w+\.)?alembic_version\b/,
    required: true,
  },
  shape: "ambiguous",
  order: "natural",
  runner: () => ({
    framework: "alembic",
    name: "psql",
    wrap: "none",
    send: "psql",
    why: "the script that `alembic upgrade --sql` prints has its own BEGIN and COMMIT and no other transaction",
    offSwitch: { kind: "none", how: "wrap this statement of the migration in `op.get_context().autocommit_block()`" },
  }),
}
