import { describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { lintWith } from "../../src/engine/lint.ts"
import { awkward } from "./awkward-cases.ts"
import { conformance } from "./cases.ts"
import { stepsFor, type Situation } from "./recipe.ts"
import { together } from "./together-cases.ts"

/** What pgsafe itself says about a recipe's steps, each in a migration of its own behind the schema. */
function findings(situation: Situation): string[] {
  const steps = stepsFor(situation)
  const files = [
    { path: "migrations/0000_schema.sql", sql: situation.schema },
    ...steps.flatMap(({ sql }, position) =>
      sql === "" ? [] : [{ path: `migrations/${String(position + 1).padStart(4, "0")}_step.sql`, sql }],
    ),
  ]
  const result = lintWith(rules, { files, options: { pgVersion: situation.pgVersion } })
  expect(result.errors).toEqual([])
  return result.findings
    .filter(({ file }) => file !== "migrations/0000_schema.sql")
    .map(({ rule, message }) => `${rule}: ${message}`)
}

/** Steps that are safe on a server although what pgsafe knows of it does not prove it. */
const unproven: Readonly<Record<string, RegExp>> = {
  "foreign key of a partitioned table": /^foreign-key-blocks-writes:/,
  "attach of a list partition": /^partition-attach-scans-table:/,
  detach: /^lock-timeout-missing:/,
}

const table = `CREATE SCHEMA app; CREATE TABLE app.p (id int PRIMARY KEY);
  CREATE TABLE app."T" (id serial PRIMARY KEY, p int REFERENCES app.p,
    email varchar(40) NOT NULL DEFAULT lower('X') CHECK (email <> 'no') UNIQUE);
  CREATE INDEX by_email ON app."T" (email DESC); CREATE INDEX by_p ON app."T" (p);
  CREATE TABLE app.c (t int REFERENCES app."T"); CREATE INDEX by_t ON app.c (t);`

const takeovers = [
  `ALTER TABLE app."T" RENAME email TO mail`,
  `ALTER TABLE app."T" RENAME p TO q`,
  `ALTER TABLE app."T" ALTER id TYPE bigint`,
  `ALTER TABLE app."T" ALTER email TYPE int USING length(email)`,
]

for (const pgVersion of [14, 18]) {
  describe(`what pgsafe says about its own recipes for PostgreSQL ${String(pgVersion)}`, () => {
    for (const one of [...conformance, ...awkward, ...together]) {
      if (one.since !== undefined && pgVersion < one.since) continue
      it(one.title, () => {
        const pattern = unproven[one.title]
        const found = findings({ ...one, pgVersion }).filter((finding) => pattern?.test(finding) !== true)
        expect(found).toEqual([])
      })
    }
    for (const migration of takeovers) {
      it(migration, () => {
        expect(findings({ schema: table, migration, pgVersion })).toEqual([])
        expect(findings({ schema: "", migration, pgVersion })).toEqual([])
      })
    }
  })
}
