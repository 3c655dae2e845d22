import { configured } from "../config.ts"
import type { Framework, Place } from "../framework.ts"
import { inGoSources } from "../go-sources.ts"
import type { Runner } from "../types.ts"
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
  // Runners that a project has written for the same names may take these, too.
  unread: /^(\d+)_.*\.up\.go$/,
  shape: "unmistakable",
  order: "numeric",
  session: (place) => connectionPath(place, /\bmigrate\b/),
  runner: (place) => ({
    framework: "golang-migrate",
    name: "golang-migrate",
    wrap: "none",
    ...sending(place),
    offSwitch: { kind: "none", how: "put this statement alone in a migration of its own" },
  }),
}

const IN_URL = /\bx-multi-statement=(?:true|1)\b/
const IMPORT = /\bmigrate\/v\d+\/database\/(?:postgres|pgx)\b/
const IN_CONFIG = /^[^/\n]*\bMultiStatementEnabled\s*[:=]+\s*true\b/m

/** With multi-statement it cuts at each `;`, wherever that stands. Source: database/multistmt/parse.go. */
function sending(place: Place): Pick<Runner, "send" | "why"> {
  if (COMMANDS.some((name) => configured(place, [name], IN_URL))) return { send: "split", why: "golang-migrate sends each statement by itself, since its URL has `x-multi-statement=true`" }
  if (inGoSources(place, (source) => IN_URL.test(source) || (IMPORT.test(source) && IN_CONFIG.test(source)))) {
    return { send: "split", why: "golang-migrate sends each statement by itself, as a Go source tells it to (multi-statement)" }
  }
  return { send: "one message", why: "golang-migrate sends the whole file in one message, which the server runs as one transaction" }
}
