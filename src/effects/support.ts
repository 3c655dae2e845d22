import type { ConstraintDefinition } from "../parse/constraint.ts"
import { lex } from "../source/lexer.ts"
import type { Span } from "../source/span.ts"
import { kindOf, spanOf, TokenKind } from "../source/tokens.ts"
import type { ColumnDefinition, Operation, OperationKind, OperationOf, TypeName } from "../parse/operation.ts"

/** A form of a statement that came with some major. */
interface Feature<K extends OperationKind> {
  /** The first major that accepts it. */
  readonly since: number
  /** In words: "virtual generated columns". */
  readonly what: string
  /** Whether the operation uses it; absent: always. */
  readonly used?: (operation: OperationOf<K>) => boolean
  /** For what operations do not carry: how its text shows it. */
  readonly form?: RegExp
}

const storage = {
  since: 16,
  what: "STORAGE in a column definition",
  form: /\bstorage\s+(plain|external|extended|main|default)\b/i,
}
const compression = {
  since: 14,
  what: "COMPRESSION in a column definition",
  form: /\bcompression\s+(pglz|lz4|default)\b/i,
}
const setColumns = {
  since: 15,
  what: "ON DELETE SET NULL of single columns",
  form: /\bon\s+delete\s+set\s+(null|default)\s*\(/i,
}

const notInherited = { since: 18, what: "NOT NULL NO INHERIT", form: /\bnot\s+null\s+no\s+inherit\b/i }
const onlyTable = {
  since: 18,
  what: "ONLY in VACUUM and ANALYZE",
  form: /^(?:vacuum|analy[sz]e)\b(?:\s+(?:full|freeze|verbose|analy[sz]e)\b)*\s*(?:\([^)]*\))?\s*only\s/i,
}

/** `CREATE TABLE z (a) USING heap` */
function usingBehind(keyword: string): RegExp {
  return new RegExp(`^create\\s[\\w\\s]*\\b${keyword}\\s+(?:if\\s+not\\s+exists\\s+)?[\\w".]+\\s*(?:\\([^)]*\\)\\s*)?using\\s+\\w`, "i")
}

/** A number with underscores, or not in decimal. Before it, a query read the rest as the name of a column: `SELECT 1_000`. */
const NUMBER = /(?<![\w$.])(?:\d+_\d|0[xob][\da-f])/i
const numbers = { since: 16, what: "underscores and other bases in numbers", form: NUMBER }
const isJson = { since: 16, what: "IS JSON", form: /[\w)"]\s+is\s+(?:not\s+)?json\b/i }

/** What an expression in a definition may say. */
const expressions = [numbers, isJson]

/** What queries may say. */
const queries = [
  { since: 12, what: "MATERIALIZED in WITH", form: /\bas\s+(?:not\s+)?materialized\s*\(/i },
  { since: 13, what: "FETCH FIRST ... WITH TIES", form: /\brows?\s+with\s+ties\b/i },
  { since: 14, what: "SEARCH in WITH", form: /\)\s*search\s+(?:depth|breadth)\s+first\s+by\b/i },
  { since: 13, what: "IS NORMALIZED", form: /\bis\s+(?:not\s+)?(?:nfk?[cd]\s+)?normalized\b/i },
  { since: 14, what: "GROUP BY DISTINCT", form: /\bgroup\s+by\s+distinct\b/i },
  { since: 14, what: "CYCLE in WITH", form: /\)\s*cycle\s+[\w",\s]+\sset\s/i },
  { since: 14, what: "an alias of JOIN ... USING", form: /\bjoin\b[^;]{0,999}?\busing\s*\([^()]*\)\s+as\s/i },
  { since: 16, what: "JSON_OBJECT and JSON_OBJECTAGG of the SQL standard", form: /\bjson_object(?:agg)?\s*\(\s*(?:'[^']*'|[\w."]+)\s*:(?!:)/i },
  { since: 17, what: "AT LOCAL", form: /[\w)"]\s+at\s+local\b/i },
  { ...numbers, form: /\(\s*(?:\d+_\d|0[xob][\da-f])/i },
  isJson,
  { since: 17, what: "JSON_TABLE", form: /\bjson_table\s*\([^;]*\bcolumns\s*\(/i },
]

/** What statements that write rows may say. */
const writes = [{ since: 18, what: "WITH in RETURNING", form: /\breturning\s+with\s*\(/i }, ...queries]

/** Types with many ranges in a value, unless somebody has made one of the name. */
function isMultirange({ schema, name }: TypeName): boolean {
  return (schema === null || schema === "pg_catalog") && /^(?:int4|int8|num|ts|tstz|date)multirange$/.test(name)
}
const multiranges = { since: 14, what: "multirange types" }

function setsColumns(constraint: ConstraintDefinition): boolean {
  return constraint.kind === "foreign key" && (constraint.onDelete === "set null" || constraint.onDelete === "set default")
}

type Features = { readonly [K in OperationKind]?: readonly Feature<K>[] }

/** From the release notes of each major, measured on 11 to 18. */
export const features: Features = {
  "add column": [
    ...expressions,
    { ...multiranges, used: ({ column }) => isMultirange(column.type) },
    notInherited,
    storage,
    compression,
    { ...setColumns, used: ({ column }) => column.constraints.some(setsColumns) },
    { since: 12, what: "generated columns", used: ({ column }) => column.generated !== null },
    { since: 18, what: "virtual generated columns", used: ({ column }) => isVirtual(column) },
    {
      since: 18,
      what: "NOT NULL constraints that are NOT VALID",
      used: ({ column }) => column.notNull?.notValid === true,
    },
    { since: 18, what: "NOT ENFORCED constraints", used: ({ column }) => column.constraints.some(isNotEnforced) },
    { since: 15, what: "NULLS NOT DISTINCT", used: ({ column }) => column.constraints.some(isNullsNotDistinct) },
  ],
  "create table": [
    ...expressions,
    { ...multiranges, used: ({ columns }) => columns.some(({ type }) => isMultirange(type)) },
    { since: 12, what: "LIKE ... INCLUDING GENERATED", form: /\bincluding\s+generated\b/i },
    { since: 14, what: "LIKE ... INCLUDING COMPRESSION", form: /\bincluding\s+compression\b/i },
    notInherited,
    storage,
    compression,
    {
      ...setColumns,
      used: ({ constraints, columns }) =>
        constraints.some(setsColumns) || columns.some((column) => column.constraints.some(setsColumns)),
    },
    {
      since: 12,
      what: "generated columns",
      used: ({ columns }) => columns.some((column) => column.generated !== null),
    },
    { since: 12, what: "table access methods", used: ({ accessMethod }) => accessMethod !== null },
    { since: 18, what: "virtual generated columns", used: ({ columns }) => columns.some(isVirtual) },
    {
      since: 18,
      what: "NOT NULL as a table constraint",
      used: ({ constraints }) => constraints.some((one) => one.kind === "not null"),
    },
    {
      since: 18,
      what: "NOT ENFORCED constraints",
      used: ({ constraints, columns }) =>
        constraints.some(isNotEnforced) || columns.some((column) => column.constraints.some(isNotEnforced)),
    },
    { since: 18, what: "WITHOUT OVERLAPS", used: ({ constraints }) => constraints.some(isWithoutOverlaps) },
    { since: 18, what: "PERIOD in a foreign key", used: ({ constraints }) => constraints.some(isOfPeriod) },
    {
      since: 15,
      what: "NULLS NOT DISTINCT",
      used: ({ constraints, columns }) =>
        constraints.some(isNullsNotDistinct) || columns.some((column) => column.constraints.some(isNullsNotDistinct)),
    },
  ],
  "set default": [numbers],
  "alter column type": [{ ...multiranges, used: ({ type }) => isMultirange(type) }],
  select: queries,
  // Lists of values may be long, and hold little else.
  insert: writes.map((one) => ({ ...one, used: ({ fromSelect }) => fromSelect })),
  update: writes,
  delete: writes,
  "add constraint": [
    ...expressions,
    { ...setColumns, used: ({ constraint }) => setsColumns(constraint) },
    { since: 18, what: "NOT NULL as a table constraint", used: ({ constraint }) => constraint.kind === "not null" },
    { since: 18, what: "NOT ENFORCED constraints", used: ({ constraint }) => isNotEnforced(constraint) },
    { since: 18, what: "WITHOUT OVERLAPS", used: ({ constraint }) => isWithoutOverlaps(constraint) },
    { since: 18, what: "PERIOD in a foreign key", used: ({ constraint }) => isOfPeriod(constraint) },
    { since: 15, what: "NULLS NOT DISTINCT", used: ({ constraint }) => isNullsNotDistinct(constraint) },
  ],
  "alter constraint": [
    { since: 18, what: "ALTER CONSTRAINT ... ENFORCED", used: ({ enforced }) => enforced !== null },
    { since: 18, what: "ALTER CONSTRAINT ... INHERIT", used: ({ noInherit }) => noInherit !== null },
  ],
  "set storage": [{ since: 16, what: "SET STORAGE DEFAULT", form: /\bstorage\s+default\s*$/i }],
  "set statistics": [{ since: 17, what: "SET STATISTICS DEFAULT", form: /\bstatistics\s+default\s*$/i }],
  "set logged": [{ since: 15, what: "unlogged sequences", used: ({ keyword }) => keyword === "sequence" }],
  "create sequence": [
    { since: 15, what: "unlogged sequences", used: ({ persistence }) => persistence === "unlogged" },
  ],
  "create view": [{ since: 15, what: "security_invoker views", form: /\bwith\s*\([^)]*\bsecurity_invoker\b/i }, ...queries],
  "create materialized view": [{ since: 12, what: "table access methods", form: usingBehind("view") }, ...queries],
  "create table as": [{ since: 12, what: "table access methods", form: usingBehind("table") }, ...queries],
  "create statistics": [
    { since: 16, what: "CREATE STATISTICS without a name", used: ({ statistics }) => statistics === null },
    { since: 12, what: "statistics of kind mcv", form: /^[^;]*?\([^)]*\bmcv\b[^)]*\)\s*on\b/i },
    { since: 14, what: "statistics on expressions", form: /\bon\b[^;]*\([^;]*\bfrom\b/i },
  ],
  vacuum: [
    onlyTable,
    {
      since: 12,
      what: "SKIP_LOCKED, INDEX_CLEANUP and TRUNCATE of VACUUM",
      form: /^vacuum\s*\([^)]*\b(skip_locked|index_cleanup|truncate)\b/i,
    },
    { since: 12, what: "values of VACUUM's options", form: /^vacuum\s*\([^)]*\b(true|false|on|off|0|1)\b/i },
    { since: 13, what: "PARALLEL of VACUUM", form: /^vacuum\s*\([^)]*\bparallel\b/i },
    { since: 14, what: "PROCESS_TOAST of VACUUM", form: /^vacuum\s*\([^)]*\bprocess_toast\b/i },
    {
      since: 16,
      what: "PROCESS_MAIN, BUFFER_USAGE_LIMIT and DATABASE_STATS of VACUUM",
      form: /^vacuum\s*\([^)]*\b(process_main|buffer_usage_limit|skip_database_stats|only_database_stats)\b/i,
    },
  ],
  analyze: [
    onlyTable,
    { since: 12, what: "SKIP_LOCKED of ANALYZE", form: /^analy[sz]e\s*\([^)]*\bskip_locked\b/i },
    { since: 16, what: "BUFFER_USAGE_LIMIT of ANALYZE", form: /^analy[sz]e\s*\([^)]*\bbuffer_usage_limit\b/i },
  ],
  cluster: [{ since: 14, what: "options of CLUSTER in parentheses", form: /^cluster\s*\(/i }],
  "set compression": [{ since: 14, what: "SET COMPRESSION" }],
  "set expression": [{ since: 17, what: "SET EXPRESSION" }],
  "drop expression": [{ since: 13, what: "DROP EXPRESSION" }],
  "set access method": [
    { since: 15, what: "SET ACCESS METHOD" },
    { since: 17, what: "SET ACCESS METHOD DEFAULT", used: ({ accessMethod }) => accessMethod === null },
  ],
  "set storage parameters": [
    { since: 15, what: "security_invoker views", used: ({ parameters }) => "security_invoker" in parameters },
    { since: 13, what: "deduplicate_items", used: ({ parameters }) => "deduplicate_items" in parameters },
    {
      since: 12,
      what: "vacuum_truncate and vacuum_index_cleanup",
      used: ({ parameters }) => "vacuum_truncate" in parameters || "vacuum_index_cleanup" in parameters,
    },
    {
      since: 13,
      what: "autovacuum_vacuum_insert_threshold and autovacuum_vacuum_insert_scale_factor",
      used: ({ parameters }) => Object.keys(parameters).some((name) => name.includes("autovacuum_vacuum_insert_")),
    },
    {
      since: 18,
      what: "autovacuum_vacuum_max_threshold",
      used: ({ parameters }) => "autovacuum_vacuum_max_threshold" in parameters,
    },
  ],
  "rename column": [{ since: 13, what: "ALTER VIEW ... RENAME COLUMN", used: ({ keyword }) => keyword === "view" }],
  "other table action": [
    { since: 13, what: "NO DEPENDS ON EXTENSION", used: ({ action }) => action === "no depends on extension" },
  ],
  "trigger depends on extension": [{ since: 13, what: "NO DEPENDS ON EXTENSION", form: /\sno\s+depends\s+on\s/i }],
  "detach partition": [
    { since: 14, what: "DETACH PARTITION ... CONCURRENTLY", used: ({ concurrently }) => concurrently },
    { since: 14, what: "DETACH PARTITION ... FINALIZE", used: ({ finalize }) => finalize },
  ],
  "create index": [{ since: 15, what: "NULLS NOT DISTINCT", used: ({ nullsNotDistinct }) => nullsNotDistinct }],
  "create trigger": [{ since: 14, what: "CREATE OR REPLACE TRIGGER", used: ({ orReplace }) => orReplace }],
  "create function": [
    { since: 14, what: "OUT arguments of procedures", used: ({ kind, arguments: given }) => kind === "procedure" && given.some(({ mode }) => mode === "out") },
    {
      since: 14,
      what: "SQL-standard function bodies",
      used: ({ language, body }) => language === "sql" && body === null,
    },
    { since: 15, what: "MERGE", used: ({ query }) => query?.writes.some(({ op }) => op === "merge") === true },
    ...queries.map((one) => ({ ...one, used: ({ query }: OperationOf<"create function">) => query !== null })),
  ],
  "create publication": [
    { since: 15, what: "publications of schemas", used: ({ schemas }) => schemas.length > 0 },
    {
      since: 15,
      what: "row filters and column lists of publications",
      used: ({ tables }) => tables.some(isFiltered),
    },
  ],
  "alter publication": [
    { since: 15, what: "publications of schemas", used: ({ schemas }) => schemas.length > 0 },
    {
      since: 15,
      what: "row filters and column lists of publications",
      used: ({ tables }) => tables.some(isFiltered),
    },
  ],
  "alter domain": [
    {
      since: 17,
      what: "ALTER DOMAIN ... ADD NOT NULL",
      used: ({ action }) => action.kind === "add constraint" && action.notNull,
    },
  ],
  "alter statistics": [{ since: 13, what: "ALTER STATISTICS ... SET STATISTICS" }],
  reindex: [
    { since: 12, what: "REINDEX CONCURRENTLY", used: ({ concurrently }) => concurrently },
    {
      since: 14,
      what: "TABLESPACE and CONCURRENTLY as options of REINDEX",
      form: /^reindex\s*\([^)]*\b(tablespace|concurrently)\b/i,
    },
  ],
  merge: [
    ...writes,
    { since: 15, what: "MERGE" },
    { since: 17, what: "WHEN NOT MATCHED BY SOURCE", form: /\bwhen\s+not\s+matched\s+by\b/i },
    { since: 17, what: "RETURNING of MERGE", form: /\breturning\b/i },
  ],
  copy: [{ since: 12, what: "WHERE of COPY FROM", used: ({ direction }) => direction === "from", form: /\swhere\s/i }],
  drop: [{ since: 13, what: "DROP DATABASE ... FORCE", used: ({ kind }) => kind === "database", form: /\(\s*force\b/i }],
  "create schema": [{ since: 14, what: "CURRENT_ROLE as a role", form: /^create\s+schema\b[^;]*?\bauthorization\s+current_role\b/i }],
  grant: [
    { since: 14, what: "GRANTED BY of privileges", form: /^grant\b[^;]*\son\s[^;]*\sgranted\s+by\s/i },
    { since: 14, what: "CURRENT_ROLE as a role", form: /^grant\b[^;]*\son\s[^;]*\sto\s(?:[^;]*[\s,])?current_role\b/i },
    { since: 17, what: "the privilege MAINTAIN", form: /^grant\b[^;(]*\bmaintain\b[^;(]*\son\s/i }],
  commit: [{ since: 12, what: "AND CHAIN", used: ({ chain }) => chain }],
  rollback: [{ since: 12, what: "AND CHAIN", used: ({ chain }) => chain }],
}

function isVirtual({ generated }: ColumnDefinition): boolean {
  return generated !== null && !generated.stored
}
function isNotEnforced(constraint: ConstraintDefinition): boolean {
  return constraint.notEnforced
}
function isNullsNotDistinct(constraint: ConstraintDefinition): boolean {
  return (constraint.kind === "unique" || constraint.kind === "primary key") && constraint.nullsNotDistinct
}
function isWithoutOverlaps(constraint: ConstraintDefinition): boolean {
  return (constraint.kind === "unique" || constraint.kind === "primary key") && constraint.withoutOverlaps
}
function isOfPeriod(constraint: ConstraintDefinition): boolean {
  return constraint.kind === "foreign key" && constraint.period
}
function isFiltered(table: { readonly columns: readonly string[]; readonly where: unknown }): boolean {
  return table.columns.length > 0 || table.where !== null
}

/** The forms of an operation that a major does not know, each with all fields. */
interface Newer {
  readonly since: number
  readonly what: string
  readonly used: ((operation: Operation) => boolean) | null
  readonly form: RegExp | null
}

/** By major and operation, gathered once: every statement asks. */
const newerForms = new Map<number, Map<OperationKind, readonly Newer[]>>()

function newerOf(kind: OperationKind, pgVersion: number): readonly Newer[] {
  let byKind = newerForms.get(pgVersion)
  if (byKind === undefined) newerForms.set(pgVersion, (byKind = new Map()))
  let found = byKind.get(kind)
  if (found === undefined) {
    // A lookup by the operation's own kind, which the compiler cannot follow through the union.
    const rows = (features[kind] ?? []) as readonly Feature<OperationKind>[]
    found = rows
      .filter(({ since }) => since > pgVersion)
      .map(({ since, what, used, form }) => ({ since, what, used: used ?? null, form: form ?? null }))
    byKind.set(kind, found)
  }
  return found
}

/** Why a major does not know a form that the operation uses; null when it does. */
export function unsupportedBy(operation: Operation, pgVersion: number, text: (span: Span) => string): string | null {
  for (const { since, what, used, form } of newerOf(operation.op, pgVersion)) {
    if (used !== null && !used(operation)) continue
    if (form === null || (form.test(text(operation.span)) && form.test(withoutTexts(text(operation.span))))) return `${what} came with PostgreSQL ${since}`
  }
  return null
}

/** The text without comments, and with nothing in its quotes and templates: what is said there is no syntax. */
function withoutTexts(text: string): string {
  const tokens = lex(text)
  let rest = ""
  let at = 0
  for (let i = 0; i < tokens.count; i++) {
    const { start, end } = spanOf(tokens, i)
    const kind = kindOf(tokens, i)
    if (start > at) rest += " "
    rest += kind === TokenKind.string || kind === TokenKind.dollarString ? "''" : kind === TokenKind.quotedName ? '""' : kind === TokenKind.template ? "_" : text.slice(start, end)
    at = end
  }
  return rest
}
