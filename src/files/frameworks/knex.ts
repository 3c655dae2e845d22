import { configured, usesOtherDriver } from "../config.ts"
import type { Framework } from "../framework.ts"
import { scriptName } from "../languages.ts"
import { pathLiteral, startWith, writtenOf } from "../starting.ts"

/** Source: lib/migrations/migrate/Migrator.js of knex 3; run with 3.1. */
export const framework: Framework = {
  id: "knex",
  name: "Knex",
  docs: "https://knexjs.org/guide/migrations.html#transactions-in-migrations",
  folders: ["migrations"],
  path: (name) => (scriptName(name) === undefined ? undefined : { depth: 1, direction: "both", key: name }),
  markers: [
    { file: /^knexfile\.[cm]?[jt]s$/, where: "above" },
    { file: "package.json", where: "above", contains: /"knex"\s*:/ },
  ],
  code: {
    language: "javascript",
    // The name is the user's own choice; `raw` is a method of no other tool's connection.
    sign: /\b[kK]nex\b|(?<![.\w])(?:db|trx|database)\.(?:schema\.)?raw\(/,
    off: /\bconfig\b[^;]{0,40}?=\s*\{[^}]*\btransaction\s*:\s*false\b/,
  },
  isForeign: usesOtherDriver,
  shape: "ambiguous",
  order: "name",
  // Source: setSchemaSearchPath in lib/dialects/postgres/index.js.
  session: (place) => {
    const found = writtenOf(place, KNEXFILES, /\bsearchPath["']?\s*:\s*(\[[^\]]*\]|["'`][^"'`\n]*["'`]|[\w.]+)/g)
    return found && startWith(pathLiteral(found.value), found.evidence)
  },
  runner: (place) => {
    const disabled = configured(place, KNEXFILES, /\bdisableTransactions\s*:\s*true\b/)
    return {
      framework: "knex",
      name: "Knex",
      ...(configured(place, KNEXFILES, SNAKE_CASE) && { migrationSettings: "snake case" }),
      wrap: disabled ? "none" : "all pending",
      send: "one message",
      why: disabled
        ? "the knexfile says `disableTransactions: true`, so that Knex opens no transaction"
        : "Knex runs all pending migrations in one transaction",
      offSwitch: {
        kind: "config",
        how: "export `config = { transaction: false }` from the migration",
        text: "exports.config = { transaction: false }",
        oneStatementOnly: false,
      },
    }
  },
}

/** Names go through `wrapIdentifier` (docs: "wrapIdentifier"), for which `knexSnakeCaseMappers` of Objection is one. */
const SNAKE_CASE = /\bknexSnakeCaseMappers\s*\(|\bwrapIdentifier\b[^;]{0,160}?snake_?case\s*\(/i
const KNEXFILES = ["knexfile.js", "knexfile.ts", "knexfile.cjs", "knexfile.mjs"]
