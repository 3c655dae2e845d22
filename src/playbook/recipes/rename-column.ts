import type { Identifier, Name } from "../../parse/name.ts"
import type { TableOperation } from "../../parse/operation.ts"
import type { Column } from "../../schema/catalog.ts"
import type { Carried } from "../takeover.ts"
import type { RecipeContext } from "../context.ts"
import type { Compared } from "../difference.ts"
import type { ConstrainedDomain } from "../domains.ts"
import type { Names } from "../names.ts"
import type { Step } from "../step.ts"
import type { Sync } from "../sync.ts"
import { formatType, quoteIdent } from "../../schema/format.ts"
import { acknowledged } from "../acknowledge.ts"
import { fillBatch, inBatches } from "../batches.ts"
import { carryOver } from "../carry.ts"
import { differInDefaults } from "../carry-defaults.ts"
import { copyDefaults, copySettings, copyStorage, copyType, moveDefault, restoreSequenceName, unseenNote } from "../column-copy.ts"
import { generatedFrom, listed } from "../dependents.ts"
import { differs } from "../difference.ts"
import { baseType, carryDomain, constrainedDomain } from "../domains.ts"
import { mayVary } from "../expressions.ts"
import { definedColumn, isInPartitionKey } from "../facts.ts"
import { createNames } from "../names.ts"
import { quoteName } from "../sql.ts"
import { renameCopies } from "../copies.ts"
import { brief, byHand, inTransaction, joinNotes, lockOn, recipe } from "../steps.ts"
import { bothWays, createSync, dropSync, oneWay, replaceSync, syncOf } from "../sync.ts"

export type RenameColumnParameters = Readonly<{
  table: Name
  column: Identifier
  newName: Identifier
  /** The word of ALTER: `table`, `view`, `materialized view`. */
  keyword: TableOperation["keyword"]
}>

/** The parts of one renaming. */
interface Renaming {
  readonly table: Name
  readonly from: string
  readonly to: string
  /** undefined: the migrations read so far do not show the column. */
  readonly column: Column | undefined
  /** The column's type, when a new column of it would be written into every row. */
  readonly domain: ConstrainedDomain | null
  /**
   * The default that both columns can have at once, because it is the same value however often it is computed in one
   * INSERT.
   */
  readonly shared: string | null
  /** Whether tables that inherit the column have other defaults for it. */
  readonly others: boolean
  readonly sync: Sync
  readonly names: Names
}

/**
 * RENAME COLUMN in four deploys: the new column filled by a trigger; the rows that are there; code that uses the new
 * name while the trigger copies both ways; the old column dropped. At every moment code that knows either name reads
 * and writes the same values.
 */
export function renameColumn(parameters: RenameColumnParameters, context: RecipeContext): Step[] {
  const { table, column, newName } = parameters
  const relation = context.catalog.relation(table)
  const kind = relation?.kind ?? parameters.keyword
  if (kind === "view" || kind === "materialized view") return recipe(viewSteps(parameters, kind))
  const found = definedColumn(context.catalog, table, column.name)
  if ((found !== undefined && found.generated !== null) || isInPartitionKey(context.catalog, table, column.name))
    return [
      atOnce(
        { title: `${quoteIdent(column.name)} cannot be copied by a trigger`, why: "A generated column or a partition key has no second column beside it." },
        parameters,
      ),
    ]
  const computed = relation === undefined ? [] : generatedFrom(relation, column.name).map(({ name }) => quoteIdent(name))
  if (computed.length > 0)
    return [
      atOnce(
        {
          title: `${quoteIdent(column.name)} cannot be given up for a second column`,
          why:
            `${counted(computed)} ${computed.length === 1 ? "is" : "are"} computed from ${quoteIdent(column.name)}: computed from another column, ` +
            `${computed.length === 1 ? "it" : "they"} would have to be written anew.`,
        },
        parameters,
      ),
    ]
  const names = createNames(table, context)
  const fallback = found?.default?.text ?? null
  const others = relation !== undefined && found !== undefined && differInDefaults(relation, found, context)
  const renaming: Renaming = {
    table,
    from: column.name,
    to: newName.name,
    column: found,
    domain: found === undefined ? null : constrainedDomain(found.type, context.catalog),
    shared: fallback === null || mayVary(fallback, context) || others ? null : fallback,
    others,
    names,
    sync: syncOf(table, [newName.name], names, context),
  }
  const carried =
    relation === undefined || found === undefined
      ? null
      : carryOver({ table, relation, moves: [{ column: found, from: column.name, to: newName.name, final: newName.name, type: found.type }], names }, context)
  const known = relation?.known === true
  return recipe([
    ...addSteps(renaming, context),
    ...fillSteps(renaming, carried, known, context),
    ...switchSteps(renaming, context),
    ...dropSteps(renaming, carried, context),
  ])
}

/** Deploy 1: the new column, and the trigger old to new. */
function addSteps({ table, from, to, column, domain, shared, sync }: Renaming, context: RecipeContext): Step[] {
  const name = quoteName(table)
  const add =
    column === undefined
      ? copyType(table, from, to)
      : `ALTER TABLE ${name} ADD COLUMN ${quoteIdent(to)} ${domain === null ? formatType(column.type) : baseType(domain, table, context)}${collate(column)};`
  return [
    brief(
      { deploy: "expand", title: `Deploy 1 of 4: add ${quoteIdent(to)} beside ${quoteIdent(from)}` },
      table,
      "ACCESS EXCLUSIVE",
      add,
      ...(shared === null ? [] : [`ALTER TABLE ${name} ALTER COLUMN ${quoteIdent(to)} SET DEFAULT ${shared};`]),
      ...(mayBeStoredElsewhere(column, context) ? [copyStorage(table, from, to, context.pgVersion)] : []),
    ),
    createSync(
      sync,
      oneWay([{ to, value: `NEW.${quoteIdent(from)}` }]),
      `Let a trigger copy ${quoteIdent(from)} to ${quoteIdent(to)} on every write`,
      null,
    ),
  ]
}

/** Only values of varying length can be told to be stored in another way (docs: ALTER TABLE, SET STORAGE). */
function mayBeStoredElsewhere(column: Column | undefined, { catalog }: RecipeContext): boolean {
  if (column === undefined || column.type.dimensions > 0) return true
  return !FIXED_LENGTH.has(column.type.name) && catalog.type(column.type)?.kind !== "enum"
}

const FIXED_LENGTH: ReadonlySet<string> = new Set(
  ["int2", "int4", "int8", "float4", "float8", "bool", "date", "time", "timetz", "timestamp", "timestamptz", "interval", "uuid", "oid", "money"],
)

/** Deploy 2: the rows that are there, and what stands on the old column. */
function fillSteps(
  { table, from, to, column, domain, names }: Renaming,
  carried: Carried | null,
  known: boolean,
  context: RecipeContext,
): Step[] {
  const value = domain === null ? quoteIdent(from) : `${quoteIdent(from)}::${baseType(domain, table, context)}`
  const missing = differs(quoteIdent(to), value, domain === null ? compared(column) : { type: domain.base, collation: column?.collation ?? null })
  const backfill = inBatches(
    {
      table,
      alias: null,
      write: (range) => fillBatch(table, [{ column: to, value: quoteIdent(from), missing }], range),
      deploy: "migrate",
      title: "Deploy 2 of 4: copy the rows that are there, in batches",
      note: null,
      settled: true,
      isUpdate: true,
    },
    context,
  )
  const comment = inTransaction(
    {
      deploy: "migrate",
      title: "Carry comments, privileges and settings over",
      note: unseenNote(table, known && column !== undefined ? [] : [{ from, to }]),
    },
    lockOn(table, "SHARE UPDATE EXCLUSIVE", "instant"),
    copySettings(table, [{ from, to }], carried?.copies ?? [], context),
  )
  return [backfill, ...(domain === null ? [] : carryDomain({ table, to, final: to, domain, column, names }, context)), ...(carried?.steps ?? []), comment]
}

/** Deploy 3: the trigger both ways, then the code. */
function switchSteps({ table, from, to, column, domain, shared, others, sync }: Renaming, context: RecipeContext): Step[] {
  const unset = shared === null || column === undefined ? null : `(${shared})::${domain === null ? formatType(column.type) : baseType(domain, table, context)}`
  const lost =
    shared === null && (column === undefined || column.default !== null || column.identity !== null || others)
      ? `Until deploy 4 the default stays with ${quoteIdent(from)}: an INSERT that writes NULL to ${quoteIdent(to)} ` +
        "gets it too."
      : null
  return [
    replaceSync(
      sync,
      bothWays(from, to, unset, compared(column)),
      "Deploy 3 of 4: let the trigger copy both ways",
      joinNotes(
        `Then ship the code that reads and writes ${quoteIdent(to)} only; the code before it may still ` + "run.",
        lost,
      ),
    ),
  ]
}

/** Deploy 4: the old column goes. */
function dropSteps(renaming: Renaming, carried: Carried | null, context: RecipeContext): Step[] {
  const { table, from, to, shared, sync } = renaming
  const name = quoteName(table)
  const also = carried?.alsoLocked ?? []
  const byHandFirst = carried?.byHand ?? []
  const drop = brief(
    {
      deploy: "contract",
      title: `Deploy 4 of 4: drop the trigger and ${quoteIdent(from)}`,
      note: joinNotes(
        `When no running code names ${quoteIdent(from)} any more.`,
        byHandFirst.length === 0 ? null : `To be moved to ${quoteIdent(to)} by hand before: ${listed(byHandFirst)}.`,
        also.length === 0 ? null : `${listed(also)} ${also.length === 1 ? "is" : "are"} locked in the same mode too.`,
      ),
    },
    table,
    "ACCESS EXCLUSIVE",
    ...dropSync(sync),
    ...(shared === null ? handDefault(renaming, context) : []),
    ...(carried?.defaults ?? []),
    ...(carried?.release ?? []),
    sync.on.includes(table)
      ? `ALTER TABLE ${name} DROP COLUMN ${quoteIdent(from)};`
      : acknowledged(
          "column-drop-breaks-code",
          "no running code uses it any more",
          `ALTER TABLE ${name} DROP COLUMN ${quoteIdent(from)};`,
        ),
    ...(carried?.reattach ?? []),
    ...renameCopies(carried?.copies ?? []),
    ...restoreSequenceName(renaming, context),
  )
  return [drop, ...(carried?.after ?? [])]
}

/** What the old column alone had so far. */
function handDefault({ table, from, to, column }: Renaming, context: RecipeContext): string[] {
  if (column === undefined) return [copyDefaults(table, [{ from, to }])]
  return column.default === null && column.identity === null ? [] : moveDefault(table, from, to, column, context)
}

function compared(column: Column | undefined): Compared {
  return column === undefined ? { type: null, collation: null } : column
}

function collate(column: Column): string {
  return column.collation === null ? "" : ` COLLATE ${quoteIdent(column.collation)}`
}

/** A view stores nothing: for a while it has the value under both names. Its query is its author's to write. */
function viewSteps(
  { table, column, newName }: RenameColumnParameters,
  kind: "view" | "materialized view",
): readonly Step[] {
  const [name, from, to] = [quoteName(table), quoteIdent(column.name), quoteIdent(newName.name)]
  const note =
    kind === "view"
      ? `CREATE OR REPLACE VIEW ${name} with its query, and with ${from} once more behind the last column, AS ${to}: ` +
        "columns can only be added at the end. Repeat its WITH options, or they are gone."
      : `Create a second materialized view with ${to} in place of ${from}, its indexes and privileges included: no ` +
        "column can be added to one."
  const drop =
    kind === "view"
      ? `DROP VIEW and CREATE VIEW without ${from} in one transaction, with lock_timeout set, and grant its ` +
        "privileges again."
      : `Drop ${name} when nothing reads it any more.`
  return [
    byHand({ deploy: "expand", title: `Offer the values of ${from} as ${to} too`, note }),
    byHand({ deploy: "migrate", title: `Ship code that reads ${to} only`, note: null }),
    byHand({ deploy: "contract", title: `Take ${from} away, in a later deploy`, note: drop }),
  ]
}

/** Renamed in one moment, between code that knows both names and code that knows the new one alone. */
function atOnce({ title, why }: { readonly title: string; readonly why: string }, { table, newName }: RenameColumnParameters): Step {
  return byHand({
    deploy: "expand",
    title,
    note:
      `${why} Ship code that works with both names first (it tries ${quoteIdent(newName.name)} and falls back), then rename it in ` +
      `${quoteName(table)} with lock_timeout set, then ship code that knows the new name alone.`,
  })
}

function counted(columns: readonly string[]): string {
  return `The generated ${columns.length === 1 ? "column" : "columns"} ${listed(columns)}`
}
