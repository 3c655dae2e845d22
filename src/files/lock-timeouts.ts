/** Whether the files of a project give a lock_timeout to the sessions that run its migrations. */
import type { Place } from "./framework.ts"
import { CONFIGS } from "./flyway-settings.ts"
import { agreed, COMMANDS, matchesOf, type Setting } from "./starting.ts"
import type { FrameworkId } from "./types.ts"

/**
 * `lock_timeout` with a value other than 0, as assignment, as parameter, in SET and in the options of a connection. The value is not read: in
 * Ruby or Python it may be any expression.
 */
const GIVEN = /^(?!\s*(?:#|--|\/\/|\*)).*\block_timeout\b["']?\)?\s*(?:=>?|:|%3D|\bTO\b)\s*["']?((?!0(?![.\d]))[^\s"',;)]+)/gim

/** The gem sets one for each statement unless it is told otherwise (README of doctolib/safe-pg-migrations). */
const SAFE_PG_MIGRATIONS = /^\s*gem\s*\(?["'](safe-pg-migrations)["']/gm

/** Files in which tools, or what stands around them, say what is done to a session first. */
const SETTINGS: Partial<Record<FrameworkId, readonly string[]>> = {
  alembic: ["env.py"],
  flyway: [...CONFIGS, "src/main/resources/application.yml", "src/main/resources/application.yaml", "src/main/resources/application.properties"],
  knex: ["knexfile.js", "knexfile.ts", "knexfile.cjs", "knexfile.mjs"],
  rails: ["config/initializers/strong_migrations.rb", "config/initializers/online_migrations.rb", "config/database.yml"],
  "graphile-migrate": [".gmrc", ".gmrc.js"],
}

/** Tools that are given a connection string: what a command has to have in it to be theirs. */
const TOOLS: Partial<Record<FrameworkId, RegExp>> = {
  atlas: /\batlas\b/,
  dbmate: /\bdbmate\b/i,
  "golang-migrate": /\bmigrate\b/,
  goose: /\bgoose\b/i,
  "node-pg-migrate": /\bnode-pg-migrate\b/,
  prisma: /\bprisma\b/,
  sqlx: /\bsqlx\b/,
  tern: /\btern\b/,
}

export function lockTimeoutOf(framework: FrameworkId, place: Place): Setting | undefined {
  const gem = framework === "rails" ? agreed(place, ["Gemfile"], ({ text }) => matchesOf(text, SAFE_PG_MIGRATIONS)) : undefined
  const tool = TOOLS[framework]
  return gem ?? first(place, SETTINGS[framework] ?? [], () => true) ?? (tool && first(place, COMMANDS, (text) => tool.test(text)))
}

/** Files need not agree on how long it is. */
function first(place: Place, names: readonly string[], isOf: (text: string) => boolean): Setting | undefined {
  return agreed(place, names, ({ text }) => (text.includes("lock_timeout") && isOf(text) ? matchesOf(text, GIVEN).map(({ at }) => ({ value: "", at })) : []))
}
