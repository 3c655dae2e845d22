import type { Framework } from "../framework.ts"
import { scriptName } from "../languages.ts"
import { schemasIn, startWith, writtenOf } from "../starting.ts"

/** Source: lib/migrator.js of db-migrate 0.11 and index.js of db-migrate-pg 1.5. */
export const framework: Framework = {
  id: "db-migrate",
  name: "db-migrate",
  docs: "https://db-migrate.readthedocs.io/en/latest/Getting%20Started/commands/",
  folders: ["migrations/sqls"],
  path: (name, [folder = ""]) => {
    const script = scriptName(name)
    if (script !== undefined) return /^\d{14}-/.test(script) ? { depth: 1, direction: "both", key: script } : undefined
    const [, key, direction] = /^(\d{14}-.+)-(up|down)\.sql$/.exec(name) ?? []
    if (key === undefined || folder !== "sqls") return undefined
    return { depth: 2, direction: direction === "down" ? "down" : "up", key }
  },
  markers: [
    { file: "database.json", where: "above" },
    { file: ".db-migraterc", where: "above" },
    { file: "package.json", where: "above", contains: /"db-migrate"\s*:/ },
  ],
  code: { language: "javascript", sign: /\bdb-migrate\b|\bdb\.runSql\(|\bdbm\b/ },
  shape: "unmistakable",
  order: "name",
  // Source: createMigrationsTable in index.js of db-migrate-pg.
  session: (place) => {
    const found = writtenOf(place, ["database.json"], /"schema"\s*:\s*("[^"\n]*"|\{)/g)
    const schemas = found && schemasIn(found.value)
    return found && schemas?.length === 1 && schemas[0] !== "public" ? startWith(schemas, found.evidence, { open: true }) : undefined
  },
  runner: () => ({
    framework: "db-migrate",
    name: "db-migrate",
    wrap: "file",
    send: "one message",
    why: "db-migrate runs each migration in a transaction of its own",
    offSwitch: {
      kind: "config",
      how: "run db-migrate with --non-transactional, with this statement alone in its file",
      text: "--non-transactional",
      oneStatementOnly: true,
    },
  }),
}
