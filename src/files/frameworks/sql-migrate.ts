import type { Framework } from "../framework.ts"
import { directiveAt, marks, sections, unit } from "../units.ts"
import { connectionPath } from "../starting.ts"

/** Source: sqlparse/sqlparse.go of rubenv/sql-migrate. */
export const framework: Framework = {
  id: "sql-migrate",
  name: "sql-migrate",
  docs: "https://github.com/rubenv/sql-migrate#writing-migrations",
  folders: ["migrations"],
  path: (name) => (name.endsWith(".sql") ? { depth: 1, direction: "both", key: name } : undefined),
  markers: [],
  content: { line: /^-- \+migrate[ \t]+(?:Up|Down)\b/m, required: true },
  shape: "ambiguous",
  order: "natural",
  session: (place) => connectionPath(place, /\bsql-migrate\b/, ["dbconfig.yml"]),
  runner: () => ({
    framework: "sql-migrate",
    name: "sql-migrate",
    wrap: "section",
    send: "split",
    why: "sql-migrate runs each migration in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "write `-- +migrate Up notransaction` instead of `-- +migrate Up`",
      text: "-- +migrate Up notransaction",
      oneStatementOnly: false,
      place: {
        within: "unit",
        after: /^[^\r\n]*?(?=[ \t]*\r?(?:\n|$))/,
        insert: " notransaction",
        flawed: /[ \t]+no-?transaction\b/i,
      },
    },
  }),
  units: (text, runner) => {
    const found = marks(text, /^-- \+migrate[ \t]+(Up|Down)\b/gm, (match) => ({
      direction: match[1] === "Down" ? "down" : "up",
    }))
    return sections(text, found).map((section) => {
      const word = /\bno-?transaction\b/i.exec(section.line)?.[0]
      if (word === undefined) return unit(section, runner)
      const reason = section.line.split(/\s+/).includes("notransaction")
        ? undefined
        : "sql-migrate only knows the word `notransaction`"
      return unit(section, runner, directiveAt(text, section.start, section.line, reason))
    })
  },
}
