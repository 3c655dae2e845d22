import type { Column, ColumnType } from "../schema/catalog.ts"
import type { Move, Takeover } from "./takeover.ts"
import type { RecipeContext } from "./context.ts"
import type { PlainName } from "./sql.ts"
import { widerSequenceType } from "../schema/index.ts"
import { formatType, quoteIdent } from "../schema/format.ts"
import { settingsOf, type Copy } from "./copies.ts"
import { listed } from "./dependents.ts"
import { nameNear } from "./near.ts"
import { executeEach, formatOf, GRANTED, type Setting } from "./settings.ts"
import { beside, dollarQuote, fit, indent, quoteLiteral, quoteName, regclass } from "./sql.ts"

/**
 * Statements that copy what only the server knows from one column to another of the same table, read from its catalog
 * when they run.
 */

/** ADD COLUMN with the type and collation of another column. */
export function copyType(table: PlainName, from: string, to: string): string {
  const collation = `
      CASE WHEN attcollation NOT IN (0, typcollation) THEN (
        SELECT format(' COLLATE %I.%I', nspname, collname)
        FROM pg_collation JOIN pg_namespace n ON n.oid = collnamespace
        WHERE pg_collation.oid = attcollation
      ) END`
  return execute(
    `ALTER TABLE ${quoteName(table)} ADD COLUMN ${quoteIdent(to)}`,
    "%s%s",
    `format_type(atttypid, atttypmod),${collation}`,
    `pg_attribute JOIN pg_type ON pg_type.oid = atttypid`,
    table,
    from,
  )
}

/** A column, and the one that has its values. */
export interface Pair {
  readonly from: string
  readonly to: string
}

/** Comment, statistics target, options and privileges of other columns, and the comments of what stands on them, which ALTER COLUMN TYPE keeps. */
export function copySettings(table: PlainName, pairs: readonly Pair[], copies: readonly Copy[], { catalog }: RecipeContext): string {
  const relation = catalog.relation(table)
  const source = sourceOf(table, pairs, relation !== undefined && catalog.children(relation.id).length > 0)
  const { column, value, table: name, relation: oid } = source
  const comment = "col_description(attrelid, attnum)"
  const settings = [
    settingOf(source, `COMMENT ON COLUMN ${name}.${column} IS %L`, [oid, value, comment], `${comment} IS NOT NULL`),
    settingOf(source, `ALTER TABLE ${oid === null ? "" : "ONLY "}${name} ALTER COLUMN ${column} SET STATISTICS %s`, [oid, value, "attstattarget"], "attstattarget >= 0"),
    settingOf(source, `ALTER TABLE ${name} ALTER COLUMN ${column} SET (%s)`, [oid, value, "array_to_string(attoptions, ', ')"], "attoptions IS NOT NULL"),
    settingOf(
      source,
      `GRANT %s (${column}) ON ${name} TO %s%s`,
      [
        "privilege_type",
        value,
        oid,
        ...GRANTED,
      ],
      "attacl IS NOT NULL",
      ", aclexplode(attacl)",
    ),
    ...settingsOf(copies),
  ]
  return executeEach(settings, source.query)
}

/** How the values of another column of the same type are stored, where that is not as the type has it; under ACCESS EXCLUSIVE. */
export function copyStorage(table: PlainName, from: string, to: string, pgVersion: number): string {
  const alter = `ALTER TABLE ${formatOf(quoteName(table))} ALTER COLUMN ${formatOf(quoteIdent(to))}`
  const source = sourceOf(table, [{ from, to }])
  const storage = settingOf(
    source,
    `${alter} SET STORAGE %s`,
    [
      `CASE attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
        WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END`,
    ],
    "attstorage <> typstorage",
    " JOIN pg_type ON pg_type.oid = atttypid",
  )
  const compression = settingOf(
    source,
    `${alter} SET COMPRESSION %s`,
    ["CASE attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END"],
    "attcompression <> ''",
  )
  return executeEach(pgVersion < 14 ? [storage] : [storage, compression])
}

/**
 * The defaults of other columns, if they have any, with the sequences that serial columns own, so that those are not dropped with them.
 *
 * @param wide the pairs whose new column is a bigint: the sequence of a serial column would end where integer does
 */
export function copyDefaults(table: PlainName, pairs: readonly Pair[], wide: readonly Pair[] = []): string {
  const source = sourceOf(table, pairs)
  const format = `ALTER TABLE ${formatOf(quoteName(table))} ALTER COLUMN ${source.column} SET DEFAULT %s`
  const joined = "\n    JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
  const defaults = settingOf(source, format, [source.value, "pg_get_expr(adbin, adrelid)"], "atthasdef", joined)
  return executeEach([defaults, ...ownership(table, source, wide)], source.query)
}

/** The sequences alone. */
export function moveSequences(table: PlainName, pairs: readonly Pair[]): string {
  const source = sourceOf(table, pairs)
  return executeEach(ownership(table, source, []), source.query)
}

function ownership(table: PlainName, source: Source, wide: readonly Pair[]): readonly Setting[] {
  const name = quoteName(table)
  const owned = `pg_get_serial_sequence(${quoteLiteral(name)}, ${source.old})`
  const ofSerial = `attidentity = ''\n      AND ${owned} IS NOT NULL`
  const moved = settingOf(source, `ALTER SEQUENCE %s OWNED BY ${formatOf(name)}.${source.column}`, [owned, source.value], ofSerial)
  if (wide.length === 0) return [moved]
  const chosen = `attname IN (${wide.map(({ from }) => quoteLiteral(from)).join(", ")})`
  // Before they are owned by the new columns, by which they would not be found.
  return [settingOf(source, "ALTER SEQUENCE %s AS bigint", [owned], `${ofSerial}\n      AND ${chosen}`), moved]
}

/** The default of a column whose definition is known, with the sequence that it draws from; `type`: of the new column. */
export function moveDefault(
  table: PlainName,
  from: string,
  to: string,
  column: Column,
  context: RecipeContext,
  type: ColumnType = column.type,
): string[] {
  if (column.identity !== null) return moveIdentity(table, from, to, column.identity)
  if (column.default === null) return []
  const { sequence, text } = column.default
  const relation = sequence === null ? undefined : context.catalog.relationById(sequence)
  const value = relation === undefined ? text : `nextval(${regclass(nameNear(relation, table, context))})`
  const set = fit(`ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdent(to)}`, `SET DEFAULT ${value};`)
  return [set, ...moveSequence(table, from, to, column, context, type)]
}

/** The same for the sequence that a known default draws from: the new column owns it if the old one does, and it counts as far as `type` goes. */
export function moveSequence(table: PlainName, from: string, to: string, column: Column, context: RecipeContext, type: ColumnType = column.type): string[] {
  const sequence = column.default?.sequence ?? null
  const relation = sequence === null ? undefined : context.catalog.relationById(sequence)
  if (relation === undefined) return []
  const wider = widerSequenceType(relation, type)
  const changes = [
    ...(wider === null ? [] : [`AS ${formatType(wider)}`]),
    ...(relation.ownedBy?.column === from ? [`OWNED BY ${quoteName(table)}.${quoteIdent(to)}`] : []),
  ]
  return changes.length === 0 ? [] : [fit(`ALTER SEQUENCE ${quoteName(nameNear(relation, table, context))}`, `${changes.join(" ")};`)]
}

/** An identity column's sequence is made anew: it counts as the old one does, and from where that stands. */
function moveIdentity(table: PlainName, from: string, to: string, kind: "always" | "by default"): string[] {
  const name = quoteName(table)
  const serial = (column: string): string => `pg_get_serial_sequence(${quoteLiteral(name)}, ${quoteLiteral(column)})`
  return [
    `ALTER TABLE ${name} ALTER COLUMN ${quoteIdent(to)} ADD GENERATED ${kind.toUpperCase()} AS IDENTITY;`,
    // The type comes last: limits that are those of the old type then become those of the new one.
    `DO ${dollarQuote(`DECLARE
  old_sequence regclass := ${serial(from)};
  new_sequence regclass := ${serial(to)};
  new_type regtype;
BEGIN
  SELECT seqtypid INTO new_type FROM pg_sequence WHERE seqrelid = new_sequence;
  EXECUTE (
    SELECT format(
      'ALTER SEQUENCE %s AS %s START %s RESTART %s INCREMENT %s MINVALUE %s '
        'MAXVALUE %s CACHE %s %s CYCLE',
      new_sequence, seqtypid::regtype, seqstart, seqstart, seqincrement, seqmin,
      seqmax, seqcache, CASE WHEN seqcycle THEN '' ELSE 'NO' END
    )
    FROM pg_sequence WHERE seqrelid = old_sequence
  );
  EXECUTE format('ALTER SEQUENCE %s AS %s', new_sequence, new_type);
  EXECUTE format(
    'SELECT setval(%L, last_value, is_called) FROM %s',
    new_sequence, old_sequence
  );
END`)};`,
  ]
}

/** The sequence of an identity is made anew; once the old one is gone it can have its name. */
export function restoreSequenceName(
  { table, from, to, column, names }: Pick<Takeover, "table" | "names"> & Pick<Move, "from" | "to"> & { readonly column: Column | undefined },
  { catalog }: RecipeContext,
): string[] {
  const relation = catalog.relation(table)
  if (column === undefined || column.identity === null || relation === undefined) return []
  const old = catalog.ownedSequences(relation.id).find((sequence) => sequence.ownedBy?.column === from)
  const made = names.relation([to], "seq")
  if (old === undefined || old.name === made) return []
  return [`ALTER SEQUENCE ${quoteName(beside(table, made))} RENAME TO ${quoteIdent(old.name)};`]
}

/** Runs `head` with what `values`, read from the column's catalog row, put in place of the `directives` of format(). */
function execute(
  head: string,
  directives: string,
  values: string,
  source: string,
  table: PlainName,
  column: string,
): string {
  return `DO ${dollarQuote(`BEGIN
  EXECUTE (
    SELECT format(
      ${quoteLiteral(`${formatOf(head)} ${directives}`)},
      ${values}
    )
    FROM ${source}
    WHERE attrelid = ${regclass(table)} AND attname = ${quoteLiteral(column)}
  );
END`)};`
}

/** Columns whose rows in pg_attribute settings are made of. */
interface Source {
  /** How the format of a setting names the table, and what format() puts there, if anything. */
  readonly table: string
  readonly relation: string | null
  /** How the format of a setting names the column that gets it, and what format() puts there, if anything. */
  readonly column: string
  readonly value: string | null
  /** The other column's name as a value: the server may look at rows of dropped columns before it joins. */
  readonly old: string
  readonly from: string
  readonly where: string
  /** The pairs, as WITH of all queries. */
  readonly query: string | null
}

/** @param tree the same columns of the tables that inherit from it, too */
function sourceOf(table: PlainName, pairs: readonly Pair[], tree = false): Source {
  const [first] = pairs
  const named = tree ? { table: "%s", relation: "attrelid::regclass" } : { table: formatOf(quoteName(table)), relation: null }
  const heirs = `tree (relation) AS (\n  SELECT ${regclass(table)}::oid\n  UNION SELECT inhrelid FROM tree JOIN pg_inherits ON inhparent = relation\n)`
  const where = tree ? "attrelid IN (SELECT relation FROM tree)" : `attrelid = ${regclass(table)}`
  if (first !== undefined && pairs.length === 1)
    return {
      ...named,
      column: formatOf(quoteIdent(first.to)),
      value: null,
      old: quoteLiteral(first.from),
      from: "pg_attribute",
      where: `${where} AND attname = ${quoteLiteral(first.from)}`,
      query: tree ? `WITH RECURSIVE ${heirs}` : null,
    }
  const values = pairs.map(({ from, to }) => `(${quoteLiteral(from)}, ${quoteLiteral(to)})`)
  const pair = `pair (old, new) AS (VALUES\n${indent(values.join(",\n"), 2)}\n)`
  return { ...named, column: "%I", value: "new", old: "old", from: "pg_attribute JOIN pair ON attname = old", where, query: tree ? `WITH RECURSIVE ${heirs}, ${pair}` : `WITH ${pair}` }
}

/** A setting made of the columns' rows, with what is joined to them. */
function settingOf({ from, where }: Source, format: string, values: readonly (string | null)[], condition: string, joined = ""): Setting {
  return { format, values: values.filter((value) => value !== null).join(",\n      "), from: `${from}${joined}`, where: `${where}\n      AND ${condition}` }
}

/** What is left to do for columns of which no migration tells; null when there are none. */
export function unseenNote(table: PlainName, columns: readonly Pair[]): string | null {
  if (columns.length === 0) return null
  const [olds, news] = [listed(columns.map(({ from }) => quoteIdent(from))), listed(columns.map(({ to }) => quoteIdent(to)))]
  return (
    `The migrations read so far do not show how ${quoteName(table)} was made: give ${news} the NOT NULL, CHECKs, foreign keys and indexes ` +
    `that ${olds} ${columns.length === 1 ? "has" : "have"} before you go on. Where they, or a dump (--schema), show it, there are steps for ` +
    "that, and for a primary key and an identity."
  )
}
