/**
 * Statements that migrations are full of, in the spellings of people and of the usual tools. What the grammar makes of them is
 * generated into src/parse/common-statements.ts, so that a short migration is read without starting the grammar.
 */
import { readAlike } from "../src/parse/alike.ts"
import { loadGrammar } from "../src/parse/grammar/load-node.ts"
import { createTemplates, type Learned } from "../src/parse/templates.ts"
import { createSource } from "../src/source/source.ts"

/** How somebody writes. In patterns `{T}` stands for a table, `{C}` and `{D}` for its columns, `{X}` and `{Y}` for other names. */
interface Style {
  readonly types: readonly string[]
  /** Defaults of columns. */
  readonly defaults: readonly string[]
  write(pattern: string): string
}

const NAMES = ["ant", "bee", "cow", "doe", "elk"]

/** The pattern with names in the place of its letters in braces. */
function named(pattern: string, quote: string): string {
  return pattern.replace(/\{([TCDXY])\}/g, (_, letter: string) => quote + (NAMES["TCDXY".indexOf(letter)] ?? "") + quote)
}

const PLAIN_TYPES = ["text", "integer", "int", "bigint", "boolean", "timestamptz", "uuid", "jsonb", "date", "varchar(255)", "numeric"]
const PLAIN_DEFAULTS = ["0", "false", "true", "'eu'", "now()"]

const STYLES: readonly Style[] = [
  { types: PLAIN_TYPES, defaults: PLAIN_DEFAULTS, write: (pattern) => named(pattern, "") },
  { types: ["TEXT", "INTEGER", "INT", "BIGINT", "BOOLEAN", "TIMESTAMPTZ", "UUID", "JSONB", "DATE", "VARCHAR(255)"], defaults: ["0", "FALSE", "TRUE", "'eu'", "NOW()"], write: (pattern) => named(pattern, "") },
  { types: PLAIN_TYPES, defaults: PLAIN_DEFAULTS, write: (pattern) => named(pattern.toLowerCase().replace(/\{[tcdxy]\}/g, (mark) => mark.toUpperCase()), "") },
  // Prisma, TypeORM and others quote every name; Prisma writes types in capitals.
  { types: ["TEXT", "INTEGER", "BOOLEAN", "TIMESTAMP(3)", "JSONB", "DOUBLE PRECISION", "BIGINT"], defaults: ["0", "false", "true", "'eu'", "CURRENT_TIMESTAMP"], write: (pattern) => named(pattern, '"').replaceAll('" (', '"(') },
  { types: ["text", "integer", "boolean", "timestamp", "jsonb", "uuid", "bigint", "timestamp with time zone"], defaults: ["0", "false", "true", "'eu'", "now()"], write: (pattern) => named(pattern, '"') },
]

/** With `$` for a type and `%` for a default. */
const PATTERNS = [
  "ALTER TABLE {T} ADD COLUMN {C} $",
  "ALTER TABLE {T} ADD COLUMN IF NOT EXISTS {C} $",
  "ALTER TABLE {T} ADD COLUMN {C} $ NOT NULL",
  "ALTER TABLE {T} ADD COLUMN {C} $ NOT NULL DEFAULT %",
  "ALTER TABLE {T} ADD COLUMN {C} $ DEFAULT %",
  "ALTER TABLE {T} ADD COLUMN {C} $ DEFAULT % NOT NULL",
  "ALTER TABLE {T} ALTER COLUMN {C} TYPE $",
  "ALTER TABLE {T} ALTER COLUMN {C} SET DATA TYPE $",
  "ALTER TABLE {T} ALTER COLUMN {C} SET DEFAULT %",
  "ALTER TABLE {T} ALTER COLUMN {C} DROP DEFAULT",
  "ALTER TABLE {T} ALTER COLUMN {C} SET NOT NULL",
  "ALTER TABLE {T} ALTER COLUMN {C} DROP NOT NULL",
  "ALTER TABLE {T} DROP COLUMN {C}",
  "ALTER TABLE {T} DROP COLUMN IF EXISTS {C}",
  "ALTER TABLE {T} DROP CONSTRAINT {X}",
  "ALTER TABLE {T} DROP CONSTRAINT IF EXISTS {X}",
  "ALTER TABLE {T} RENAME COLUMN {C} TO {D}",
  "ALTER TABLE {T} RENAME TO {X}",
  "ALTER TABLE {T} VALIDATE CONSTRAINT {X}",
  "ALTER TABLE {T} ADD CONSTRAINT {X} FOREIGN KEY ({C}) REFERENCES {Y} ({D})",
  "ALTER TABLE {T} ADD CONSTRAINT {X} FOREIGN KEY ({C}) REFERENCES {Y} ({D}) NOT VALID",
  "ALTER TABLE {T} ADD CONSTRAINT {X} FOREIGN KEY ({C}) REFERENCES {Y} ({D}) ON DELETE CASCADE",
  "ALTER TABLE {T} ADD CONSTRAINT {X} FOREIGN KEY ({C}) REFERENCES {Y} ({D}) ON DELETE CASCADE ON UPDATE CASCADE",
  "ALTER TABLE {T} ADD CONSTRAINT {X} FOREIGN KEY ({C}) REFERENCES {Y} ({D}) ON DELETE RESTRICT ON UPDATE CASCADE",
  "ALTER TABLE {T} ADD CONSTRAINT {X} FOREIGN KEY ({C}) REFERENCES {Y} ({D}) ON DELETE SET NULL ON UPDATE CASCADE",
  "ALTER TABLE {T} ADD CONSTRAINT {X} UNIQUE ({C})",
  "ALTER TABLE {T} ADD CONSTRAINT {X} UNIQUE ({C}, {D})",
  "ALTER TABLE {T} ADD CONSTRAINT {X} UNIQUE USING INDEX {Y}",
  "ALTER TABLE {T} ADD CONSTRAINT {X} PRIMARY KEY ({C})",
  "ALTER TABLE {T} ADD CONSTRAINT {X} CHECK ({C} > 0)",
  "ALTER TABLE {T} ADD CONSTRAINT {X} CHECK ({C} IS NOT NULL) NOT VALID",
  "CREATE INDEX {X} ON {T} ({C})",
  "CREATE INDEX {X} ON {T} ({C}, {D})",
  "CREATE INDEX IF NOT EXISTS {X} ON {T} ({C})",
  "CREATE INDEX CONCURRENTLY {X} ON {T} ({C})",
  "CREATE INDEX CONCURRENTLY {X} ON {T} ({C}, {D})",
  "CREATE INDEX CONCURRENTLY IF NOT EXISTS {X} ON {T} ({C})",
  "CREATE INDEX {X} ON {T} USING btree ({C})",
  "CREATE UNIQUE INDEX {X} ON {T} ({C})",
  "CREATE UNIQUE INDEX {X} ON {T} ({C}, {D})",
  "CREATE UNIQUE INDEX CONCURRENTLY {X} ON {T} ({C})",
  "DROP INDEX {X}",
  "DROP INDEX IF EXISTS {X}",
  "DROP INDEX CONCURRENTLY {X}",
  "DROP INDEX CONCURRENTLY IF EXISTS {X}",
  "DROP TABLE {T}",
  "DROP TABLE IF EXISTS {T}",
  "DROP VIEW IF EXISTS {X}",
  "UPDATE {T} SET {C} = %",
  "UPDATE {T} SET {C} = {D}",
  "UPDATE {T} SET {C} = % WHERE {C} IS NULL",
  "DELETE FROM {T} WHERE {C} IS NULL",
  "SET lock_timeout = '5s'",
  "SET LOCAL lock_timeout = '5s'",
  "SET statement_timeout = '5s'",
  "RESET lock_timeout",
  "BEGIN",
  "COMMIT",
]

export function commonStatements(): string[] {
  return STYLES.flatMap(({ types, defaults, write }) =>
    PATTERNS.flatMap((pattern) => {
      const spelled = write(pattern)
      const typed = spelled.includes("$") ? types.map((type) => spelled.replace("$", type)) : [spelled]
      return typed.flatMap((text, index) => (text.includes("%") ? (index < 5 ? defaults : []).map((value) => text.replace("%", value)) : [text]))
    }),
  )
}

/** What the grammar teaches of them. */
function learned(): Learned {
  loadGrammar()
  const templates = createTemplates()
  // A token may turn out to be decisive late, and what was learned before is then forgotten.
  for (let round = 0; round < 6; round++) {
    for (const sql of commonStatements()) {
      if (readAlike(createSource(`${sql};`), templates, []) === 0) throw new Error(`not read: ${sql}`)
    }
  }
  return templates.learned()
}

/** The text of src/parse/common-statements.ts. */
export function commonStatementsModule(): string {
  const { plans, families } = learned()
  return `// Generated by \`npm run generate\` from scripts/common-statements.ts; do not edit.
import type { Learned } from "./templates.ts"

/** What statements that migrations are full of are made of. */
export const commonStatements: Learned = {
  plans:
    ${quoted(plans)},
  families:
    ${quoted(families)},
}
`
}

/** In the quotes of which JSON has fewer. */
function quoted(json: string): string {
  return `'${json.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`
}
