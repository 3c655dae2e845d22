import type { Framework } from "../framework.ts"
import { directiveLine, wholeFile } from "../units.ts"

const words = "-- transactional: false"

/** The comments and empty lines that a file begins with: directives behind them are comments like others. */
const LEADING = /^\uFEFF?(?:[ \t]*(?:--[^\r\n]*)?\r?(?:\n|$))*/
const TRANSACTIONAL = /^[ \t]*--[ \t]*transactional[ \t]*:[ \t]*[Ff][Aa][Ll][Ss][Ee][ \t]*\r?$/m

/** Source: yoyo/migrations.py of yoyo-migrations 8. */
export const framework: Framework = {
  id: "yoyo",
  name: "Yoyo",
  docs: "https://ollycope.com/software/yoyo/latest/#migrations-as-sql-scripts",
  folders: ["migrations"],
  path: (name) => {
    const [, key, revert] = /^(.+?)(\.rollback)?\.sql$/.exec(name) ?? []
    return key === undefined ? undefined : { depth: 1, direction: revert === undefined ? "up" : "down", key }
  },
  markers: [{ file: "yoyo.ini", where: "above" }],
  // Anybody may write what a file depends on; its own migrations have ids that begin with a number.
  content: { line: /^[ \t]*--[ \t]*(?:transactional[ \t]*:[ \t]*(?:true|false)|depends[ \t]*:(?:[ \t]+\d\S*)*)[ \t]*\r?$/m, required: false },
  shape: "ambiguous",
  unread: /^(\d.*)\.py$/,
  order: "name",
  runner: () => ({
    framework: "yoyo",
    name: "Yoyo",
    wrap: "file",
    send: "split",
    why: "Yoyo runs each migration in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: `add \`${words}\` to the comments at the top of the file`,
      text: words,
      oneStatementOnly: false,
      place: { within: "file", after: /^\uFEFF?/, insert: `${words}\n` },
    },
  }),
  units: (text, runner, { direction }) => {
    const leading = LEADING.exec(text)?.[0] ?? ""
    const above = directiveLine(leading, TRANSACTIONAL)
    return [wholeFile(text, runner, direction, above ?? directiveLine(text, TRANSACTIONAL, "it does not stand in the comments at the top of the file"))]
  },
}
