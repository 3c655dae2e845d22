import type { Framework } from "../framework.ts"
import { directiveAt, directiveLine, unit } from "../units.ts"
import { connectionPath } from "../starting.ts"

const separator = "---- create above / drop below ----"

/** Source: migrate/migrate.go of jackc/tern 2.4. */
export const framework: Framework = {
  id: "tern",
  name: "tern",
  docs: "https://github.com/jackc/tern#migrations",
  folders: ["migrations"],
  path: (name, [folder = ""]) => {
    const key = /^(\d+)_.+\.sql$/.exec(name)?.[1]
    if (key !== undefined) return { depth: 1, direction: "both", key }
    if (folder !== "shared" || !name.endsWith(".sql")) return undefined
    return { depth: 2, direction: "up", key: name, role: "shared" }
  },
  markers: [{ file: "tern.conf", where: "above" }],
  content: { line: /^---- (?:create above \/ drop below|tern: disable-tx) ----/m, required: false },
  shape: "ambiguous",
  order: "numeric",
  session: (place) => connectionPath(place, /\btern\b/, ["tern.conf"]),
  runner: () => ({
    framework: "tern",
    name: "tern",
    wrap: "section",
    send: "one message",
    why: "tern runs each migration in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "add the line `---- tern: disable-tx ----` above the statement",
      text: "---- tern: disable-tx ----",
      oneStatementOnly: false,
      place: {
        within: "unit",
        after: /^(?:---- create above \/ drop below ----[^\n]*\n)?/,
        insert: "---- tern: disable-tx ----\n",
      },
    },
  }),
  units: (text, runner) => {
    const found = text.indexOf(separator)
    const middle = found < 0 ? text.length : found
    const parts = [{ start: 0, end: middle, direction: "up" as const }]
    const all = found < 0 ? parts : [...parts, { start: middle, end: text.length, direction: "down" as const }]
    return all.map((part) => {
      const local = directiveLine(text.slice(part.start, part.end), /^.*\btern:[ \t]*disable-tx\b.*$/im)
      if (local === undefined) return unit(part, runner)
      const exact = local.text === "---- tern: disable-tx ----"
      const reason = exact ? undefined : "tern only knows the exact line `---- tern: disable-tx ----`"
      // Without a transaction tern sends the statements one by one.
      return unit(part, runner, directiveAt(text, part.start + local.span.start, local.text, reason), { send: "split" })
    })
  },
}
