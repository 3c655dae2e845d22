import type { Framework } from "../framework.ts"

/** The schema as pg_dump wrote it, such as `db/structure.sql` of Rails: it is loaded, never applied. */
export const framework: Framework = {
  id: "dump",
  name: "pg_dump",
  docs: "https://guides.rubyonrails.org/active_record_migrations.html#schema-dumping-and-you",
  folders: ["db"],
  path: (name) =>
    /^(?:[a-z][\w-]*[_-])?(?:structure|schema|dump)\.sql$/i.test(name)
      ? { depth: 1, direction: "up", key: name, role: "dump" }
      : undefined,
  markers: [],
  // Rails removes the comment that pg_dump starts with; other tools have words of their own.
  content: {
    line: /^-- (?:[\w-]+ )*database dump\b|^SET statement_timeout = 0;\r?\nSET lock_timeout = 0;/m,
    required: true,
  },
  shape: "ambiguous",
  order: "natural",
  runner: () => ({
    framework: "dump",
    name: "psql",
    wrap: "none",
    send: "psql",
    why: "a dump of the schema is only ever loaded into an empty database",
    offSwitch: { kind: "none", how: "a dump needs no change" },
  }),
}
