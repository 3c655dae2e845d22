import type { Framework } from "../framework.ts"
import { configured } from "../config.ts"
import { COMMANDS, connectionPath } from "../starting.ts"

/** Source: source/parse.go and database/postgres/postgres.go of golang-migrate/migrate. */
export const framework: Framework = {
  id: "golang-migrate",
  name: "golang-migrate",
  docs: "https://github.com/golang-migrate/migrate/blob/master/database/postgres/README.md",
  folders: ["migrations", "db/migrations"],
  path: (name) => {
    const [, key, direction] = /^(\d+)_.*\.(down|up)\.sql$/.exec(name) ?? []
    return key === undefined ? undefined : { depth: 1, direction: direction === "down" ? "down" : "up", key }
  },
  markers: [{ file: "go.mod", where: "above", contains: /\bgolang-migrate\/migrate\b(?!.*\/\/ indirect)/ }],
  shape: "unmistakable",
  order: "numeric",
  session: (place) => connectionPath(place, /\bmigrate\b/),
  runner: (place) => ({
    framework: "golang-migrate",
    name: "golang-migrate",
    wrap: "none",
    // It cuts at each `;`, wherever that stands. Source: database/multistmt/parse.go.
    ...(COMMANDS.some((name) => configured(place, [name], /\bx-multi-statement=true\b/))
      ? { send: "split", why: "golang-migrate sends each statement by itself, since its URL has `x-multi-statement=true`" }
      : { send: "one message", why: "golang-migrate sends the whole file in one message, which the server runs as one transaction" }),
    offSwitch: { kind: "none", how: "put this statement alone in a migration of its own" },
  }),
}
