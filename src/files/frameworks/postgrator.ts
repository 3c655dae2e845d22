import type { Framework } from "../framework.ts"
import { pathIn, startWith, writtenOf } from "../starting.ts"

/** Source: postgrator.js; run with 8.0. */
export const framework: Framework = {
  id: "postgrator",
  name: "Postgrator",
  docs: "https://github.com/rickbergfalk/postgrator",
  folders: ["migrations"],
  path: (name) => {
    const [, key, kind] = /^(\d+)\.(do|undo)(?:\..+)?\.sql$/.exec(name) ?? []
    return key === undefined ? undefined : { depth: 1, direction: kind === "undo" ? "down" : "up", key }
  },
  markers: [
    { file: /^\.postgratorrc(?:\.\w+)?$/, where: "above" },
    { file: "package.json", where: "above", contains: /"postgrator(?:-cli)?"\s*:/ },
  ],
  shape: "unmistakable",
  order: "numeric",
  // Source: lib/PostgreSQLClient.js.
  session: (place) => {
    const found = writtenOf(place, [".postgratorrc", ".postgratorrc.json", ".postgratorrc.yaml", ".postgratorrc.yml", "package.json"], /["']?\bcurrentSchema["']?\s*:\s*["']?([^"'\s,}]+)/g)
    return found && startWith(pathIn(found.value), found.evidence)
  },
  runner: () => ({
    framework: "postgrator",
    name: "Postgrator",
    wrap: "none",
    send: "one message",
    why: "Postgrator sends the whole file in one message, which the server runs as one transaction",
    offSwitch: { kind: "none", how: "put this statement alone in a migration of its own" },
  }),
}
