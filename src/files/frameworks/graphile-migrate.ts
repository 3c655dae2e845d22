import type { Framework } from "../framework.ts"
import { directiveLine, wholeFile } from "../units.ts"
import { pathIn, startWith, writtenOf } from "../starting.ts"

const header = /^(?:--! [A-Z][a-zA-Z0-9_]*(?::[^\n]*)?\n)*/

/** Source: src/migration.ts and src/header.ts of graphile/migrate; run with 1.4. */
export const framework: Framework = {
  id: "graphile-migrate",
  name: "Graphile Migrate",
  docs: "https://github.com/graphile/migrate#disabling-transaction",
  folders: ["migrations"],
  path: (name, [folder = ""]) => {
    if (!name.endsWith(".sql")) return undefined
    if (folder === "committed") {
      const key = /^(\d+)(?:-[-_a-zA-Z0-9]*)?\.sql$/.exec(name)?.[1]
      return key === undefined ? undefined : { depth: 2, direction: "up", key }
    }
    // What is not committed yet runs after everything that is.
    if (folder === "current") return { depth: 2, direction: "up", key: "current" }
    if (name === "current.sql") return { depth: 1, direction: "up", key: "current" }
    // What the usual settings run after a reset of a database in development.
    if (/^(?:before|after)(?:Reset|Current|AllMigrations)\.sql$/.test(name)) {
      return { depth: 1, direction: "up", key: name, role: "shared" }
    }
    return folder === "fixtures" ? { depth: 2, direction: "up", key: name, role: "shared" } : undefined
  },
  markers: [
    { file: /^\.gmrc(?:\.[cm]?js)?$/, where: "above" },
    { file: "package.json", where: "above", contains: /"graphile-migrate"\s*:/ },
  ],
  content: { line: /^--! (?:Previous|Hash|Message):/m, required: false },
  shape: "ambiguous",
  order: "natural",
  // Source: withClient in src/pgReal.ts.
  session: (place) => {
    const found = writtenOf(place, [".gmrc", ".gmrc.js", ".gmrc.cjs"], /^(?!\s*\/\/).*?["']?\bsearch_path["']?\s*:\s*["']([^"'\n]*)["']/gm)
    return found && startWith(pathIn(found.value), found.evidence)
  },
  runner: () => ({
    framework: "graphile-migrate",
    name: "Graphile Migrate",
    wrap: "file",
    send: "one message",
    why: "Graphile Migrate runs each migration in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "make `--! no-transaction` the first line of the migration",
      text: "--! no-transaction",
      oneStatementOnly: true,
      place: { within: "file", after: header, insert: "--! no-transaction\n" },
    },
  }),
  units: (text, runner, { direction }) => {
    const first = text.slice(header.exec(text)?.[0].length).trimStart()
    const reason = /^--!\s*no-transaction\b/.test(first)
      ? undefined
      : "Graphile Migrate looks for it only on the first line after the header"
    const directive = directiveLine(text, /^[ \t]*--!?[ \t]*no-transaction\b/im, reason)
    return [wholeFile(text, runner, direction, directive)]
  },
}
