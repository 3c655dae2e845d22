import type { Framework } from "../framework.ts"
import { isOfMigrations } from "../paths.ts"

/** Files that no known tool claims, whatever they are called. */
export const framework: Framework = {
  id: "plain",
  name: "plain SQL",
  docs: "https://www.postgresql.org/docs/current/app-psql.html",
  folders: [],
  path: (name, [folder = ""]) => {
    // A folder with a number in front is one of several that belong together.
    return /^\d/.test(folder)
      ? { depth: 2, direction: directionOf(name), key: `${folder}/${name}` }
      : { depth: 1, direction: isWayBack(folder) ? "down" : directionOf(name), key: name }
  },
  markers: [],
  shape: "any",
  order: "natural",
  runner: ({ root }) => ({
    framework: "plain",
    name: "the tool that runs this file",
    wrap: "unknown",
    send: "psql",
    why: "no migration tool was recognized, so this file may or may not run in a transaction",
    offSwitch: { kind: "none", how: "run this statement alone in its file, and without a transaction round it" },
    ...(isOfMigrations(root) && { numbered: true }),
  }),
}

/** `12_orders.down.sql`, `rollback-add-orders.sql` */
function directionOf(name: string): "up" | "down" {
  return /(?:^|[._-])(?:down|downgrade|undo|revert|rollback)\.sql$|^(?:down|downgrade|undo|revert|rollback)[._-]/i.test(name) ? "down" : "up"
}

function isWayBack(folder: string): boolean {
  return /^(?:down|undo|reverts?|rollbacks?)$/i.test(folder)
}
