import type { Framework } from "../framework.ts"
import { directiveLine, wholeFile } from "../units.ts"

const words = "-- postgres-migrations disable-transaction"

/**
 * Source: dist/run-migration.js and dist/file-name-parser.js of postgres-migrations 5.3; pg-node-migrations 0.0.8 is a fork that takes
 * the schema and name of its own table as well.
 */
export const framework: Framework = {
  id: "postgres-migrations",
  name: "postgres-migrations",
  docs: "https://github.com/thomwright/postgres-migrations#migration-rules",
  folders: ["migrations"],
  path: (name) => {
    const key = /^-?(\d+)[-_]?.*\.sql$/.exec(name)?.[1]
    return key === undefined ? undefined : { depth: 1, direction: "up", key }
  },
  markers: [{ file: "package.json", where: "above", contains: /"(?:postgres|pg-node)-migrations"\s*:/ }],
  content: { line: /-- postgres-migrations disable-transaction/, required: false },
  shape: "ambiguous",
  order: "numeric",
  runner: () => ({
    framework: "postgres-migrations",
    name: "postgres-migrations",
    wrap: "file",
    send: "one message",
    why: "postgres-migrations runs each file in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: `add the line \`${words}\``,
      text: words,
      oneStatementOnly: true,
      place: { within: "file", after: /^\uFEFF?/, insert: `${words}\n` },
    },
  }),
  units: (text, runner, { direction }) => {
    const reason = text.includes(words) ? undefined : `postgres-migrations only knows exactly \`${words}\``
    const directive = directiveLine(text, /^.*--[ \t]*postgres-migrations[ \t]+disable-transaction\b/im, reason)
    return [wholeFile(text, runner, direction, directive)]
  },
}
