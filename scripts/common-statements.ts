/**
 * Statements that migrations are full of, in the spellings of people and of the usual tools. What the grammar makes of them is
 * generated into src/parse/common-statements.ts, so that a short migration is read without starting the grammar.
 */
import { readAlike } from "../src/parse/alike.ts"
import { loadGrammar } from "../src/parse/grammar/load-node.ts"
import { NOTHING, type Learned } from "../src/parse/learned.ts"
import { createTemplates } from "../src/parse/templates.ts"
import { createSource } from "../src/source/source.ts"

/** How somebody writes. In patterns `{T}` stands for a table, `{C}`, `{D}` and `{E}` for its columns, `{X}` and `{Y}` for other names. */
interface Style {
  readonly types: readonly string[]
  /** Types of keys. */
  readonly keys: readonly string[]
  /** Defaults of columns. */
  readonly defaults: readonly string[]
  write(pattern: string): string
}

const NAMES = ["ant", "bee", "cow", "fox", "doe", "elk"]

/** The pattern with names in the place of its letters in braces. */
function named(pattern: string, quote: string): string {
  return pattern.replace(/\{([TCDEXY])\}/g, (_, letter: string) => quote + (NAMES["TCDEXY".indexOf(letter)] ?? "") + quote)
}

// What is no keyword stands for all such types, functions, strings and small numbers.
const PLAIN_TYPES = ["text", "integer", "bigint", "boolean", "timestamptz", "jsonb", "int", "varchar(255)", "numeric", "numeric(10, 2)", "timestamp", "smallint", "text[]", "timestamp with time zone", "double precision"]
const CAPITAL_TYPES = PLAIN_TYPES.map((type) => type.toUpperCase())
const PLAIN_DEFAULTS = ["0", "false", "true", "'eu'", "now()", "CURRENT_TIMESTAMP", "elk()"]

const STYLES: readonly Style[] = [
  { types: PLAIN_TYPES, keys: ["bigint", "integer", "text", "uuid"], defaults: PLAIN_DEFAULTS, write: (pattern) => named(pattern, "") },
  { types: CAPITAL_TYPES, keys: ["BIGINT", "INTEGER", "TEXT", "UUID"], defaults: ["0", "FALSE", "TRUE", "'eu'", "NOW()", "CURRENT_TIMESTAMP", "ELK()"], write: (pattern) => named(pattern, "") },
  { types: PLAIN_TYPES, keys: ["bigint", "integer", "text", "uuid"], defaults: PLAIN_DEFAULTS.map((value) => value.toLowerCase()), write: (pattern) => named(pattern.toLowerCase().replace(/\{[tcdexy]\}/g, (mark) => mark.toUpperCase()), "") },
  // Prisma, TypeORM and others quote every name; Prisma writes types in capitals.
  { types: ["TEXT", "INTEGER", "BOOLEAN", "TIMESTAMP(3)", '"Mood"', "BIGINT", "JSONB", "DOUBLE PRECISION", "DECIMAL(65,30)", "TEXT[]", "VARCHAR(255)", "TIMESTAMP", "TIMESTAMPTZ(6)"], keys: ["BIGINT", "INTEGER", "TEXT", "UUID"], defaults: ["0", "false", "true", "'eu'", "CURRENT_TIMESTAMP", "ELK()"], write: (pattern) => named(pattern, '"') },
  { types: ["text", "integer", "boolean", "timestamp", "timestamp with time zone", '"mood"', "bigint", "jsonb", "varchar", "varchar(255)", "character varying", "character varying(255)", "numeric", "text[]"], keys: ["bigint", "integer", "text", "uuid", "varchar"], defaults: ["0", "false", "true", "'eu'", "now()", "CURRENT_TIMESTAMP", "elk()"], write: (pattern) => named(pattern, '"') },
]

const PATTERNS = [
  "ALTER TABLE {T} ADD COLUMN {C} $",
  "ALTER TABLE {T} ADD COLUMN IF NOT EXISTS {C} $",
  "ALTER TABLE {T} ADD COLUMN IF NOT EXISTS {C} $ DEFAULT %",
  "ALTER TABLE {T} ADD COLUMN IF NOT EXISTS {C} $ NOT NULL DEFAULT %",
  "ALTER TABLE {T} ADD COLUMN IF NOT EXISTS {C} $ DEFAULT % NOT NULL",
  "ALTER TABLE {T} ADD COLUMN {C} $ NOT NULL",
  "ALTER TABLE {T} ADD COLUMN {C} $ NOT NULL DEFAULT %",
  "ALTER TABLE {T} ADD COLUMN {C} $ DEFAULT %",
  "ALTER TABLE {T} ADD COLUMN {C} $ DEFAULT % NOT NULL",
  "ALTER TABLE {T} ADD COLUMN {C} & REFERENCES {Y} ({D})",
  "ALTER TABLE {T} ADD COLUMN {C} SERIAL NOT NULL",
  "ALTER TABLE {T} ADD {C} &",
  "ALTER TABLE {T} ADD {C} & NOT NULL",
  "ALTER TABLE {T} ALTER COLUMN {C} TYPE $",
  "ALTER TABLE {T} ALTER COLUMN {C} SET DATA TYPE $",
  "ALTER TABLE {T} ALTER COLUMN {C} SET DEFAULT %",
  "ALTER TABLE {T} ALTER COLUMN {C} DROP DEFAULT",
  "ALTER TABLE {T} ALTER COLUMN {C} SET NOT NULL",
  "ALTER TABLE {T} ALTER COLUMN {C} DROP NOT NULL",
  "ALTER TABLE {T} DROP COLUMN {C}",
  "ALTER TABLE {T} DROP COLUMN IF EXISTS {C}",
  "ALTER TABLE {T} DROP COLUMN {C} CASCADE",
  "ALTER TABLE {T} DROP CONSTRAINT {X}",
  "ALTER TABLE {T} DROP CONSTRAINT IF EXISTS {X}",
  "ALTER TABLE {T} RENAME COLUMN {C} TO {D}",
  "ALTER TABLE {T} RENAME CONSTRAINT {X} TO {Y}",
  "ALTER TABLE {T} RENAME TO {X}",
  "ALTER TABLE {T} VALIDATE CONSTRAINT {X}",
  "ALTER TABLE {T} ENABLE ROW LEVEL SECURITY",
  "ALTER TABLE {T} ADD CONSTRAINT {X} FOREIGN KEY ({C}) REFERENCES {Y} ({D}) NOT VALID",
  "ALTER TABLE {T} ADD CONSTRAINT {X} UNIQUE ({C})",
  "ALTER TABLE {T} ADD CONSTRAINT {X} UNIQUE ({C}, {D})",
  "ALTER TABLE {T} ADD CONSTRAINT {X} UNIQUE ({C}, {D}, {E})",
  "ALTER TABLE {T} ADD CONSTRAINT {X} UNIQUE USING INDEX {Y}",
  "ALTER TABLE {T} ADD CONSTRAINT {X} PRIMARY KEY ({C})",
  "ALTER TABLE {T} ADD CONSTRAINT {X} PRIMARY KEY ({C}, {D})",
  "ALTER TABLE {T} ADD CONSTRAINT {X} CHECK ({C} > 0)",
  "ALTER TABLE {T} ADD CONSTRAINT {X} CHECK ({C} IS NOT NULL) NOT VALID",
  "CREATE INDEX {X} ON {T} ({C}, {D} DESC)",
  "CREATE INDEX ON {T} ({C})",
  "ALTER INDEX {X} RENAME TO {Y}",
  "DROP INDEX {X}",
  "DROP INDEX public.{X}",
  "DROP INDEX IF EXISTS {X}",
  "DROP INDEX CONCURRENTLY {X}",
  "DROP INDEX CONCURRENTLY IF EXISTS {X}",
  "CREATE TYPE {X} AS ENUM ('a', 'b')",
  "CREATE TYPE \"public\".{X} AS ENUM ('a', 'b')",
  "ALTER TYPE {X} ADD VALUE 'a'",
  "ALTER TYPE public.{X} ADD VALUE 'a'",
  "ALTER TYPE {X} ADD VALUE IF NOT EXISTS 'a'",
  "ALTER TYPE {X} RENAME TO {Y}",
  "CREATE EXTENSION IF NOT EXISTS {X}",
  "UPDATE {T} SET {C} = %",
  "UPDATE {T} SET {C} = {D}",
  "UPDATE {T} SET {C} = % WHERE {C} IS NULL",
  "UPDATE {T} SET {C} = % WHERE {D} = 7",
  "UPDATE {T} SET {C} = % WHERE {D} = 'a'",
  "DELETE FROM {T} WHERE {C} IS NULL",
  "DELETE FROM {T} WHERE {C} = 'a'",
  "INSERT INTO {T} ({C}) VALUES ('a')",
  "INSERT INTO {T} ({C}, {D}) VALUES ('a', 'b')",
  "INSERT INTO {T} ({C}, {D}) VALUES (7, 'b')",
  "INSERT INTO {T} ({C}, {D}, {E}) VALUES ('a', 'b', 'c')",
  "INSERT INTO {T} ({C}, {D}, {E}) VALUES (7, 'b', 'c')",
  "SET lock_timeout = '5s'",
  "SET LOCAL lock_timeout = '5s'",
  "SET statement_timeout = '5s'",
  "RESET lock_timeout",
  "BEGIN",
  "BEGIN TRANSACTION",
  "START TRANSACTION",
  "COMMIT",
]

/** What follows a foreign key. */
const ACTIONS = ["CASCADE", "SET NULL", "RESTRICT", "NO ACTION"]
const KEY_ACTIONS = ["", ...ACTIONS.flatMap((action) => [` ON DELETE ${action}`, ...ACTIONS.map((other) => ` ON DELETE ${action} ON UPDATE ${other}`)])]

/** With something before, between and behind, so that their number is what matters. */
const COMBINED = [
  ...KEY_ACTIONS.map((actions) => `ALTER TABLE {T} ADD CONSTRAINT {X} FOREIGN KEY ({C}) REFERENCES {Y} ({D})${actions}`),
  // Drizzle writes them so.
  ...["cascade", "no action", "set null", "restrict"].flatMap((action) =>
    ["no action", "cascade"].map((other) => `ALTER TABLE {T} ADD CONSTRAINT {X} FOREIGN KEY ({C}) REFERENCES "public".{Y}({D}) ON DELETE ${action} ON UPDATE ${other}`),
  ),
  ...["INDEX", "UNIQUE INDEX"].flatMap((kind) =>
    ["", " IF NOT EXISTS", " CONCURRENTLY", " CONCURRENTLY IF NOT EXISTS"].flatMap((how) =>
      ["", " USING btree"].flatMap((method) => ["{C}", "{C}, {D}", "{C}, {D}, {E}"].map((columns) => `CREATE ${kind}${how} {X} ON {T}${method} (${columns})`)),
    ),
  ),
  ...["TABLE", "VIEW", "TYPE", "FUNCTION", "MATERIALIZED VIEW", "SEQUENCE"].flatMap((kind) =>
    ["", " IF EXISTS"].flatMap((how) => ["", " CASCADE"].map((cascade) => `DROP ${kind}${how} {X}${cascade}`)),
  ),
  ...["", " IF EXISTS"].map((how) => `DROP TRIGGER${how} {X} ON {T}`),
]

/** What stands in the brackets of CREATE TABLE. */
const ELEMENTS = [
  "{C} $",
  "{C} $ NOT NULL",
  "{C} & NULL",
  "{C} $ DEFAULT %",
  "{C} $ NOT NULL DEFAULT %",
  "{C} $ DEFAULT % NOT NULL",
  "{C} & PRIMARY KEY",
  "{C} & PRIMARY KEY NOT NULL",
  "{C} & NOT NULL PRIMARY KEY",
  "{C} & UNIQUE",
  "{C} & NOT NULL UNIQUE",
  "{C} & UNIQUE NOT NULL",
  "{C} & REFERENCES {Y} ({D})",
  "{C} & NOT NULL REFERENCES {Y} ({D})",
  "{C} & REFERENCES {Y} ({D}) ON DELETE CASCADE",
  "{C} & NOT NULL REFERENCES {Y} ({D}) ON DELETE CASCADE",
  "{C} & GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
  "{C} & GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
  "{C} & PRIMARY KEY GENERATED ALWAYS AS IDENTITY",
  "{C} SERIAL PRIMARY KEY",
  "{C} BIGSERIAL PRIMARY KEY",
  "{C} serial PRIMARY KEY",
  "{C} bigserial PRIMARY KEY",
  "{C} SERIAL NOT NULL",
  "{C} BIGSERIAL NOT NULL",
  "{C} UUID PRIMARY KEY DEFAULT gen_random_uuid()",
  "{C} UUID DEFAULT gen_random_uuid() PRIMARY KEY",
  "{C} UUID NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY",
  "{C} UUID NOT NULL DEFAULT gen_random_uuid()",
  "{C} UUID DEFAULT gen_random_uuid() NOT NULL",
  "{C} UUID PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL",
  "PRIMARY KEY ({C})",
  "PRIMARY KEY ({C}, {D})",
  "UNIQUE ({C})",
  "UNIQUE ({C}, {D})",
  "FOREIGN KEY ({C}) REFERENCES {Y} ({D})",
  "FOREIGN KEY ({C}) REFERENCES {Y} ({D}) ON DELETE CASCADE",
  "CONSTRAINT {X} PRIMARY KEY ({C})",
  "CONSTRAINT {X} PRIMARY KEY ({C}, {D})",
  "CONSTRAINT {X} UNIQUE ({C})",
  "CONSTRAINT {X} UNIQUE ({C}, {D})",
  ...KEY_ACTIONS.slice(0, 5).map((actions) => `CONSTRAINT {X} FOREIGN KEY ({C}) REFERENCES {Y} ({D})${actions}`),
]

const TABLES = ["CREATE TABLE {T} (", "CREATE TABLE IF NOT EXISTS {T} ("]

export function commonStatements(): string[] {
  const elements = ELEMENTS.map((element) => `CREATE TABLE {T} (${element})`)
  const patterns = [...PATTERNS, ...COMBINED, ...TABLES.map((table) => `${table}{C} text)`), ...elements]
  return STYLES.flatMap(({ types, keys, defaults, write }) =>
    patterns.flatMap((pattern) => {
      const spelled = write(pattern)
      const mark = spelled.includes("$") ? "$" : "&"
      const typed = spelled.includes(mark) ? (mark === "$" ? types : keys).map((type) => spelled.replace(mark, type)) : [spelled]
      return typed.flatMap((text, index) => (text.includes("%") ? (index < 7 ? defaults : []).map((value) => text.replace("%", value)) : [text]))
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
  return templates.learned() ?? NOTHING
}

/** The text of src/parse/common-statements.ts. */
export function commonStatementsModule(): string {
  const { plans, families } = learned()
  return `// Generated by \`npm run generate\` from scripts/common-statements.ts; do not edit.
import type { Learned } from "./learned.ts"

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
