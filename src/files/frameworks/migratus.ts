import type { Framework } from "../framework.ts"
import { directiveLine, marks, unit, wholeFile } from "../units.ts"

/** Source: src/migratus/migrations.clj and src/migratus/migration/sql.clj of yogthos/migratus 1.6. */
export const framework: Framework = {
  id: "migratus",
  name: "Migratus",
  docs: "https://github.com/yogthos/migratus#sql-migrations",
  folders: ["resources/migrations"],
  path: (name) => {
    const [, key, direction] = /^(\d+)-[^.]+\.(up|down)\.sql$/.exec(name) ?? []
    return key === undefined ? undefined : { depth: 1, direction: direction === "down" ? "down" : "up", key }
  },
  markers: ["deps.edn", "project.clj", "build.boot", "bb.edn"].map((file) => ({ file, where: "above", contains: /\bmigratus\b/ })),
  shape: "ambiguous",
  order: "numeric",
  unread: /^(\d+)-[^.]+\.edn$/,
  runner: () => ({
    framework: "migratus",
    name: "Migratus",
    wrap: "file",
    send: "pipeline",
    why: "Migratus runs each migration in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "make `-- :disable-transaction` the first line of the file",
      text: WORDS,
      oneStatementOnly: true,
      place: { within: "file", after: /^\uFEFF?/, insert: `${WORDS}\n` },
    },
  }),
  units: (text, runner, { direction }) => {
    const reason = text.startsWith(WORDS) ? undefined : `Migratus looks for \`${WORDS}\` only at the very beginning of the file`
    const directive = directiveLine(text, /^\uFEFF?[ \t]*--[ \t]*:disable-transaction\b/m, reason)
    if (directive?.effective !== true) return [wholeFile(text, runner, direction, directive)]
    // Each command is a batch of its own, which the driver sends as one pipeline.
    const starts = [0, ...marks(text, /^.*--;;.*\r?\n/gm, ([line]) => ({ direction, name: line })).map(({ index, name = "" }) => index + name.length)]
    return starts.map((start, index) => unit({ start, end: starts[index + 1] ?? text.length, direction }, runner, directive))
  },
}

const WORDS = "-- :disable-transaction"
