import type { Relation } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { PlainName } from "./sql.ts"
import type { Step } from "./step.ts"
import { quoteIdent } from "../schema/format.ts"
import { columnList, dollarQuote, indent, quoteName, regclass } from "./sql.ts"
import { listed } from "./dependents.ts"
import { baseType, constrainedDomain } from "./domains.ts"
import { definedColumn, keyOf } from "./facts.ts"
import { alone, joinNotes, lockOn } from "./steps.ts"

/** Rows of one batch, and seconds between two batches, in which replicas catch up and vacuum gets its turn. */
const BATCH_ROWS = 1000
const PAUSE = "0.1"

/** Pages of one batch where no key is known: about a thousand rows of common width. */
const BATCH_PAGES = 10

/** The most rows that a page of 8 kB can hold (MaxHeapTuplesPerPage). */
const PAGE_ROWS = 291

interface Batches {
  readonly table: PlainName
  /** How the statement names the table: its alias, if it has one. */
  readonly alias: string | null
  /** The statement for the rows of one batch, `range` being the condition that selects them; without semicolon. */
  readonly write: (range: string) => string
  readonly deploy: Step["deploy"]
  readonly title: string
  readonly note: string | null
  /** What other sessions write meanwhile needs no more writing: a trigger or a default sees to it. */
  readonly settled: boolean
  /** It is an UPDATE where the author's statement has none, which would have fired no trigger. */
  readonly isUpdate: boolean
}

/**
 * One statement that writes a whole table in batches, each committed by itself: a DO block with COMMIT, which
 * PostgreSQL allows from 11 on when it is sent alone and outside a transaction (docs: PL/pgSQL, Transaction
 * Management).
 */
export function inBatches(batches: Batches, context: RecipeContext): Step {
  const relation = context.catalog.relation(batches.table)
  const key = relation === undefined ? null : keyOf(context.catalog, relation)
  const taken = { columns: relation?.columns.map((column) => column.name) ?? [], text: batches.write("") }
  const body = key === null ? byPages(batches, taken, context.pgVersion) : byKey(batches, key.map((column) => ({ column, type: variableType(batches.table, column, context) })), taken)
  const fired = batches.isUpdate && relation !== undefined ? firedBy(relation, context) : null
  const pages = key !== null ? null : batches.settled ? PAGES : `${PAGES} ${MOVED}`
  return alone(
    { deploy: batches.deploy, title: batches.title, note: joinNotes(batches.note, RESTART, pages, fired) },
    lockOn(batches.table, "ROW EXCLUSIVE", "transaction"),
    `DO ${dollarQuote(body)};`,
  )
}

/** Triggers that certainly fire: of those with UPDATE OF or WHEN it hangs on what they name. */
function firedBy({ id }: Relation, { catalog }: RecipeContext): string | null {
  const names = catalog.triggersOf(id).flatMap(({ name, enabled, events, columns }) => (enabled && events.includes("update") && columns.length === 0 ? [quoteIdent(name)] : []))
  if (names.length === 0) return null
  return `It fires ${names.length === 1 ? "the trigger" : "the triggers"} ${listed(names)}, as every UPDATE does: see first that ${names.length === 1 ? "it" : "they"} may run for all rows.`
}

/** A column that is given a value where that is missing. */
export interface Fill {
  readonly column: string
  readonly value: string
  /** The condition that the row has not got it yet. */
  readonly missing: string
}

/** The UPDATE of one batch that fills columns, all of them in one pass. */
export function fillBatch(table: PlainName, fills: readonly Fill[], range: string): string {
  const update = `UPDATE ${quoteName(table)} SET`
  const settings = fills.map(({ column, value }) => `${quoteIdent(column)} = ${value}`)
  const conditions = fills.map(({ missing }) => missing)
  if (fills.length === 1) return `${update} ${settings.join("")}\nWHERE ${range}\n  AND ${conditions.join("")}`
  return `${update}\n${indent(settings.join(",\n"), 2)}\nWHERE ${range}\n  AND (\n${indent(conditions.join("\nOR "), 4)}\n  )`
}

const RESTART =
  "Send it alone and outside a transaction, with statement_timeout off. Each batch commits by itself; if it is " +
  "interrupted, " +
  "or waits more than 5 seconds for a locked row, run it again."

const PAGES = `No key of the table is known, so a batch is ${String(BATCH_PAGES)} pages of its file.`
const MOVED =
  "A row that another session's UPDATE moves to a page already done is left out: look afterwards for rows that still " +
  "meet the condition."

/** Names that variables must not have, or PL/pgSQL would find them ambiguous: the table's columns, and what the statement speaks of. */
interface Taken {
  readonly columns: readonly string[]
  readonly text: string
}

interface KeyColumn {
  readonly column: string
  readonly type: string
}

/** A domain may refuse the NULL that a variable begins with, and holds when no row is left. */
function variableType(table: PlainName, name: string, context: RecipeContext): string {
  const column = definedColumn(context.catalog, table, name)
  const domain = column === undefined ? null : constrainedDomain(column.type, context.catalog)
  return domain === null ? `${quoteName(table)}.${quoteIdent(name)}%TYPE` : baseType(domain, table, context)
}

function byKey({ table, alias, write }: Batches, columns: readonly KeyColumn[], taken: Taken): string {
  const key = columns.map(({ column }) => column)
  const name = quoteName(table)
  const starts = variables("batch_start", key, taken)
  const ends = variables("batch_end", key, taken)
  const selected = columnList(key)
  const qualifier = alias === null ? "" : `${quoteIdent(alias)}.`
  const row = tuple(key.map((column) => qualifier + quoteIdent(column)))
  const descending = key.map((column) => `${quoteIdent(column)} DESC`).join(", ")
  const declared = (names: readonly string[]): string =>
    columns.map(({ type }, i) => `  ${names[i] ?? ""} ${type};\n`).join("")
  const range = `${row} >= ${tuple(starts)} AND ${row} <= ${tuple(ends)}`
  return `DECLARE
${declared(starts)}${declared(ends)}BEGIN
  SELECT ${selected} INTO ${starts.join(", ")} FROM ${name} ORDER BY ${selected} LIMIT 1;
  WHILE ${starts[0] ?? ""} IS NOT NULL LOOP
    SET LOCAL lock_timeout = '5s';
    SELECT ${selected} INTO ${ends.join(", ")}
    FROM (
      SELECT ${selected} FROM ${name}
      WHERE ${tuple(key.map(quoteIdent))} >= ${tuple(starts)}
      ORDER BY ${selected} LIMIT ${String(BATCH_ROWS)}
    ) AS batch
    ORDER BY ${descending} LIMIT 1;
${indent(write(range), 4)};
    COMMIT;
    PERFORM pg_sleep(${PAUSE});
    SELECT ${selected} INTO ${starts.join(", ")} FROM ${name}
    WHERE ${tuple(key.map(quoteIdent))} > ${tuple(ends)}
    ORDER BY ${selected} LIMIT 1;
  END LOOP;
END`
}

/**
 * Without a known key: by the place of the rows in the file. Rows that move while this runs were written by others,
 * after whatever makes new rows right was in place. The tree of partitions and inheriting tables is measured, because
 * the statement writes them too.
 */
function byPages({ table, alias, write }: Batches, taken: Taken, pgVersion: number): string {
  const page = free("batch_page", taken)
  const last = free("last_page", taken)
  const ctid = alias === null ? "ctid" : `${quoteIdent(alias)}.ctid`
  return `DECLARE
  ${page} bigint := 0;
  ${last} bigint;
BEGIN
  WITH RECURSIVE tree AS (
    SELECT ${regclass(table)}::oid AS relation
    UNION ALL
    SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relation
  )
  SELECT max(pg_relation_size(relation)) / current_setting('block_size')::int
    INTO ${last} FROM tree;
  WHILE ${page} <= ${last} LOOP
    SET LOCAL lock_timeout = '5s';
${indent(write(pageRange(ctid, page, pgVersion)), 4)};
    COMMIT;
    PERFORM pg_sleep(${PAUSE});
    ${page} := ${page} + ${String(BATCH_PAGES)};
  END LOOP;
END`
}

/**
 * TID range scans exist from 14 on (release notes of 14); before, a list of row places is the way to read single pages.
 */
function pageRange(ctid: string, page: string, pgVersion: number): string {
  const next = `${page} + ${String(BATCH_PAGES)}`
  if (pgVersion >= 14)
    return `${ctid} >= format('(%s,0)', ${page})::tid\n  AND ${ctid} < format('(%s,0)', ${next})::tid`
  return `${ctid} = ANY (ARRAY(
    SELECT format('(%s,%s)', page, item)::tid
    FROM generate_series(${page}, ${page} + ${String(BATCH_PAGES - 1)}) AS page,
      generate_series(1, ${String(PAGE_ROWS)}) AS item
  ))`
}

function variables(base: string, key: readonly string[], taken: Taken): string[] {
  return key.map((_, i) => free(key.length === 1 ? base : `${base}_${String(i + 1)}`, taken))
}

/** A variable's name that is free. */
function free(base: string, { columns, text }: Taken): string {
  let name = base
  for (let n = 2; columns.includes(name) || text.includes(name); n++) name = `${base}_${String(n)}`
  return name
}

function tuple(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(", ")})`
}
