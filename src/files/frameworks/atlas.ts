import type { Framework } from "../framework.ts"
import { byName, join } from "../paths.ts"
import { directiveLine, marks, sections, unit, wholeFile } from "../units.ts"
import { connectionPath } from "../starting.ts"

/** Source: sql/migrate/dir.go and cmd/atlas/internal/cmdapi/migrate.go of ariga/atlas. */
export const framework: Framework = {
  id: "atlas",
  name: "Atlas",
  docs: "https://atlasgo.io/versioned/apply#transaction-configuration",
  folders: ["migrations"],
  path: (name) =>
    name.endsWith(".sql") && !/\.(?:up|down)\.sql$/.test(name) ? { depth: 1, direction: "up", key: name } : undefined,
  markers: [{ file: "atlas.sum", where: "here" }],
  content: { line: /^-- atlas:(?:txmode|nolint|delimiter|checkpoint|import|txtar)\b/m, required: false },
  shape: "ambiguous",
  order: "name",
  // A checkpoint runs in the place of the files before it, and only where none has run yet. Source: FilesFromLastCheckpoint in sql/migrate/dir.go.
  role: ({ files, root }) => {
    const [first = ""] = files.list(root).flatMap(({ name }) => (name.endsWith(".sql") ? [name] : [])).sort(byName)
    return ({ path }) => (path > first && /^(?:--[^\n]*\n)*?-- atlas:checkpoint\b/.test(files.head(join(root, path)) ?? "") ? "dump" : undefined)
  },
  session: (place) => connectionPath(place, /\batlas\b/, ["atlas.hcl"]),
  runner: () => ({
    framework: "atlas",
    name: "Atlas",
    wrap: "file",
    send: "split",
    why: "Atlas runs each file in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "make `-- atlas:txmode none` the first line of the file and leave the second line empty",
      text: "-- atlas:txmode none\n\n",
      oneStatementOnly: false,
      place: { within: "file", after: /^\uFEFF?/, insert: "-- atlas:txmode none\n\n", exact: true },
    },
  }),
  units: (text, runner, { direction }) => {
    const directive = directiveLine(text, /^.*\batlas:txmode[ \t]+none[ \t]*\r?$/m, flaw(text))
    if (!/^\uFEFF?-- atlas:txtar\b/.test(text)) return [wholeFile(text, runner, direction, directive)]
    // An archive: checks that run before, the migration, and its way back.
    const files = marks(text, /^-- ([\w./-]+) --[ \t]*\r?$/gm, (match) => ({ direction: match[1] === "down.sql" ? "down" : "up" }))
    return sections(text, files).map((section) => unit(section, runner, directive))
  },
}

/** Directives count only in the comments that a file starts with, and only if a blank line follows these. */
function flaw(text: string): string | undefined {
  const comments = /^(?:(?:#|--)[^\n]*(?:\n|$))*/.exec(text)?.[0] ?? ""
  if (!/atlas:txmode[ \t]+none[ \t]*\r?$/m.test(comments)) {
    return "Atlas looks for it only in the comments that the file starts with"
  }
  const rest = text.slice(comments.length)
  if (rest === "" || /^[ \t]*\n/.test(rest)) return undefined
  return /^[ \t]*\r\n/.test(rest)
    ? "Atlas does not take a line that ends in CR LF for the empty line that has to follow it"
    : "Atlas ignores it unless an empty line follows the comments that the file starts with"
}
