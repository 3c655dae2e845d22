import { nearest } from "../config.ts"
import { join } from "../paths.ts"
import type { Framework, Place, Sortable } from "../framework.ts"

/** Source: App::Sqitch::Engine::pg and App::Sqitch::Plan of sqitchers/sqitch. */
export const framework: Framework = {
  id: "sqitch",
  name: "Sqitch",
  docs: "https://sqitch.org/docs/manual/sqitchtutorial/",
  folders: ["."],
  path: (name, folders) => {
    const level = folders.findIndex((folder) => /^(?:deploy|revert|verify)$/.test(folder))
    if (level < 0 || !name.endsWith(".sql")) return undefined
    const kind = folders[level]
    return {
      depth: level + 2,
      direction: kind === "revert" ? "down" : "up",
      key: [name.slice(0, -".sql".length), ...folders.slice(0, level)].reverse().join("/"),
      ...(kind === "verify" && { role: "verify" }),
    }
  },
  markers: [
    { file: "sqitch.plan", where: "above" },
    { file: "sqitch.conf", where: "above" },
  ],
  shape: "ambiguous",
  order: (place) => byPlan(place),
  role: (place) => {
    const planned = planOf(place)
    // The plan may be that of another project.
    const isOwn = [...planned.keys()].some((change) => place.files.exists(join(place.root, `deploy/${change}.sql`)))
    return ({ key }) => (isOwn && !planned.has(key) ? "unlisted" : undefined)
  },
  runner: () => ({
    framework: "sqitch",
    name: "Sqitch",
    wrap: "none",
    send: "psql",
    why: "Sqitch hands each script to psql, which opens no transaction by itself",
    offSwitch: { kind: "none", how: "remove the `BEGIN;` and the `COMMIT;` that the template wrote into this script" },
  }),
}

/** By the change's line in the plan. */
function byPlan(place: Place): (left: Sortable, right: Sortable) => number {
  const position = planOf(place)
  const at = ({ key }: Sortable): number => position.get(key) ?? Number.MAX_SAFE_INTEGER
  return (left, right) => at(left) - at(right)
}

/** The changes of the plan with their lines. A reworked change has a script `name@tag` for what it was up to that tag. */
function planOf(place: Place): ReadonlyMap<string, number> {
  const position = new Map<string, number>()
  const sinceTag: string[] = []
  for (const [index, line] of (nearest(place, ["sqitch.plan"]) ?? "").split("\n").entries()) {
    const tag = /^@([^\s[]+)/.exec(line)?.[1]
    const change = /^[^\s%#@[][^\s[]*/.exec(line)?.[0]
    if (change !== undefined) {
      position.set(change, index)
      sinceTag.push(change)
    }
    if (tag !== undefined) {
      for (const earlier of sinceTag) {
        const known = `${earlier}@${tag}`
        position.set(known, position.get(earlier) ?? index)
      }
    }
  }
  return position
}
