import type { Framework } from "../framework.ts"
import { directiveAt, directiveLine, marks, sections, unit } from "../units.ts"
import { connectionPath } from "../starting.ts"

/** Source: pkg/dbmate/migration.go of amacneil/dbmate; run with 2.36. */
export const framework: Framework = {
  id: "dbmate",
  name: "dbmate",
  docs: "https://github.com/amacneil/dbmate#migration-options",
  folders: ["db/migrations"],
  path: (name) => {
    const key = /^(\d+).*\.sql$/.exec(name)?.[1]
    return key === undefined ? undefined : { depth: 1, direction: "both", key: name }
  },
  markers: [],
  content: { line: /^--[ \t]*migrate:(?:up|down)(?:\s*$|\s+\S)/m, required: true },
  shape: "ambiguous",
  order: "name",
  session: (place) => connectionPath(place, /\bdbmate/i),
  runner: () => ({
    framework: "dbmate",
    name: "dbmate",
    wrap: "section",
    send: "one message",
    why: "dbmate runs each migration in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "write `-- migrate:up transaction:false` instead of `-- migrate:up`",
      text: "-- migrate:up transaction:false",
      oneStatementOnly: true,
      place: {
        within: "unit",
        after: /^[^\r\n]*?(?=[ \t]*\r?(?:\n|$))/,
        insert: " transaction:false",
        flawed: /[ \t]+transaction[ \t]*:[ \t]*(?:false|off|no)\b/i,
      },
    },
  }),
  units: (text, runner) => {
    const found = marks(text, /^--[ \t]*migrate:(up|down)(?:[ \t]*\r?$|[ \t]+\S)/gm, (match) => ({
      direction: match[1] === "down" ? "down" : "up",
    }))
    return sections(text, found).map((section) => {
      const { start, end, line } = section
      const option = /\btransaction[ \t]*:[ \t]*(?:false|off|no)\b/i.exec(line)
      if (option !== null) return unit(section, runner, directiveAt(text, start, line, flaw(line)))
      const stray = directiveLine(text.slice(start, end), /^[ \t]*--.*\btransaction[ \t]*:[ \t]*false\b/im)
      if (stray === undefined) return unit(section, runner)
      const reason = `dbmate reads options only on the line of \`-- migrate:${section.direction}\``
      return unit(section, runner, directiveAt(text, start + stray.span.start, stray.text, reason))
    })
  },
}

/** Options are pairs without blanks, in lower case; dbmate silently drops the others. */
function flaw(line: string): string | undefined {
  if (/(?:^|\s)transaction:false(?:\s|$)/.test(line)) return undefined
  if (/transaction\s*:\s*false/.test(line)) return "dbmate does not allow a blank beside the colon of an option"
  return "dbmate only knows `transaction:false`, in lower case"
}
