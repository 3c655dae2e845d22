import { join } from "../paths.ts"
import type { Framework, Place, Sortable } from "../framework.ts"
import { unit } from "../units.ts"

const breakpoint = "--> statement-breakpoint"

/** Source: drizzle-orm/migrator.js and pg-core/dialect.js; run with drizzle-orm 0.45. One folder each: the 1.0 beta. */
export const framework: Framework = {
  id: "drizzle",
  name: "Drizzle Kit",
  docs: "https://orm.drizzle.team/docs/drizzle-kit-migrate",
  folders: ["drizzle"],
  path: (name, [folder = "", above = ""]) => {
    const inFolder = name === "migration.sql"
    if (inFolder && /^\d{14}_/.test(folder)) return { depth: 2, direction: "up", key: folder }
    // Files that Drizzle writes for the Supabase CLI are run by that.
    if (inFolder || above === "supabase" || !/^[\w-]+\.sql$/.test(name)) return undefined
    return { depth: 1, direction: "up", key: name.slice(0, -".sql".length) }
  },
  markers: [
    { file: "meta/_journal.json", where: "here" },
    { file: "snapshot.json", where: "beside" },
  ],
  content: { line: /--> statement-breakpoint/, required: false },
  shape: "ambiguous",
  order: (place) => byJournal(place),
  role: (place) => {
    const listed = listedIn(place)
    return ({ key, path }) => (listed.size > 0 && !path.includes("/") && !listed.has(key) ? "unlisted" : undefined)
  },
  isForeign: ({ files, root }) =>
    /"dialect"\s*:\s*"(?!postgresql|pg")/.test(files.read(join(root, "meta/_journal.json")) ?? ""),
  runner: () => ({
    framework: "drizzle",
    name: "drizzle-kit migrate",
    wrap: "all pending",
    send: "per call",
    why: "drizzle-kit migrate runs all pending files in one transaction and has no switch to turn that off",
    offSwitch: { kind: "none", how: "run this statement with psql, outside of the migrations" },
  }),
  units: (text, runner, { direction }) => {
    const units = []
    for (let start = 0; start <= text.length; ) {
      const found = text.indexOf(breakpoint, start)
      const end = found < 0 ? text.length : found
      units.push(unit({ start, end, direction }, runner))
      start = found < 0 ? text.length + 1 : found + breakpoint.length
    }
    return units
  },
}

/** By the entries of the journal; without one by name. */
function byJournal(place: Place): (left: Sortable, right: Sortable) => number {
  const position = listedIn(place)
  const at = ({ key }: Sortable): number => position.get(key) ?? Number.MAX_SAFE_INTEGER
  return (left, right) => at(left) - at(right)
}

/** The entries of the journal with their positions. Only what stands there runs. */
function listedIn({ files, root }: Place): ReadonlyMap<string, number> {
  const journal = files.read(join(root, "meta/_journal.json")) ?? ""
  const position = new Map<string, number>()
  for (const match of journal.matchAll(/"tag"\s*:\s*"([^"]+)"/g)) position.set(match[1] ?? "", position.size)
  return position
}
