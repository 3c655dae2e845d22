import type { Framework } from "../framework.ts"
import { marks, sections, unit } from "../units.ts"

/** Source: migration.go, service.go and driver/postgresql/driver.go of elwinar/rambler 5. */
export const framework: Framework = {
  id: "rambler",
  name: "Rambler",
  docs: "https://github.com/elwinar/rambler#migrations",
  folders: ["migrations"],
  path: (name) => (name.endsWith(".sql") ? { depth: 1, direction: "both", key: name } : undefined),
  markers: [],
  content: { line: /^-- rambler[ \t]+(?:up|down)[ \t]*\r?$/m, required: true },
  shape: "ambiguous",
  order: "name",
  runner: () => ({
    framework: "rambler",
    name: "Rambler",
    wrap: "none",
    send: "one message",
    why: "Rambler sends each section in one message, which the server runs as one transaction",
    offSwitch: { kind: "none", how: "put this statement alone behind a line `-- rambler up` of its own" },
  }),
  // Any other word behind the sign ends a section, and opens none.
  units: (text, runner) => {
    const found = marks(text, /^-- rambler(.*)/gm, (match) => ({ direction: match[1]?.trim() === "down" ? "down" : "up", name: match[1]?.trim() ?? "" }))
    return sections(text, found).flatMap(({ name, start, end, direction }) => (name === "up" || name === "down" ? [unit({ start, end, direction }, runner)] : []))
  },
}
