import { hasOtherDriver } from "../cargo.ts"
import type { Framework } from "../framework.ts"
import { directiveLine, wholeFile } from "../units.ts"
import { connectionPath, schemasIn, settingOf } from "../starting.ts"

/** Source: sqlx-core/src/migrate/source.rs and sqlx-postgres/src/migrate.rs of launchbadge/sqlx. */
export const framework: Framework = {
  id: "sqlx",
  name: "sqlx",
  docs: "https://docs.rs/sqlx/latest/sqlx/macro.migrate.html",
  folders: ["migrations"],
  path: (name) => {
    const key = /^(\d+)_.*\.sql$/.exec(name)?.[1]
    return key === undefined ? undefined : { depth: 1, direction: name.endsWith(".down.sql") ? "down" : "up", key }
  },
  markers: [
    { file: "sqlx.toml", where: "above" },
    { file: ".sqlx", where: "above" },
    { file: "sqlx-data.json", where: "above" },
    { file: "Cargo.toml", where: "above", contains: /^\s*(?:sqlx\b|\[(?:workspace\.)?dependencies\.sqlx\])/m },
  ],
  shape: "ambiguous",
  isForeign: (place) => hasOtherDriver(place, "sqlx"),
  order: "numeric",
  // `create-schemas` leaves the search_path alone. Source: sqlx-core/src/config/migrate.rs.
  session: (place) => {
    const path = connectionPath(place, /\bsqlx/i)
    const found = settingOf(place, ["sqlx.toml"], /^migrate\.createschemas$/)
    const makes = (found && schemasIn(found.value)) ?? []
    if (found === undefined || makes.length === 0) return path
    return { searchPath: null, ...path, makes, evidence: path?.evidence ?? found.evidence }
  },
  runner: () => ({
    framework: "sqlx",
    name: "sqlx",
    wrap: "file",
    send: "one message",
    why: "sqlx runs each migration in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "make `-- no-transaction` the very first line of the file",
      text: "-- no-transaction",
      oneStatementOnly: true,
      place: { within: "file", after: /^\uFEFF?/, insert: "-- no-transaction\n" },
    },
  }),
  units: (text, runner, { direction }) => {
    const flaw = "sqlx looks for it only at the very start of the file"
    const reason = text.startsWith("-- no-transaction") ? undefined : flaw
    const directive = directiveLine(text, /^\uFEFF?[ \t]*--[ \t]*no-transaction\b/im, reason)
    return [wholeFile(text, runner, direction, directive)]
  },
}
