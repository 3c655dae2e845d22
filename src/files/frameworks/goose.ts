import type { Framework } from "../framework.ts"
import { directiveLine, marks, sections, unit } from "../units.ts"
import { connectionPath } from "../starting.ts"

/** Source: internal/sqlparser/parser.go and migration_sql.go of pressly/goose 3.27. */
export const framework: Framework = {
  id: "goose",
  name: "goose",
  docs: "https://pressly.github.io/goose/documentation/annotations/",
  folders: ["migrations", "db/migrations"],
  path: (name) => {
    const key = /^(\d+)_.*\.sql$/.exec(name)?.[1]
    return key === undefined ? undefined : { depth: 1, direction: "both", key }
  },
  markers: [],
  content: { line: /^--[- \t]*\+goose[ \t]+up\b/im, required: true },
  shape: "ambiguous",
  unread: /^(\d+)_.*(?<!_test)\.go$/,
  order: "numeric",
  session: (place) => connectionPath(place, /\bgoose/i),
  runner: () => ({
    framework: "goose",
    name: "goose",
    wrap: "file",
    send: "split",
    why: "goose runs each migration in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "add `-- +goose NO TRANSACTION` as the first line of the file",
      text: "-- +goose NO TRANSACTION",
      oneStatementOnly: false,
      place: { within: "file", after: /^\uFEFF?/, insert: "-- +goose NO TRANSACTION\n" },
    },
  }),
  units: (text, runner) => {
    const directive = directiveLine(text, /^--[- \t]*\+goose[ \t]+NO TRANSACTION[ \t]*\r?$/im)
    const found = marks(text, /^--[- \t]*\+goose[ \t]+(up|down)[ \t]*\r?$/gim, (match) => ({
      direction: match[1]?.toLowerCase() === "down" ? "down" : "up",
    }))
    return sections(text, found).map((section) => unit(section, runner, directive))
  },
}
