import type { Expression } from "../../parse/expression.ts"
import type { Identifier, Name, TypeName } from "../../parse/name.ts"
import type { Column, ColumnType } from "../../schema/catalog.ts"
import type { Carried, Move } from "../takeover.ts"
import type { RecipeContext } from "../context.ts"
import type { Compared } from "../difference.ts"
import type { ConstrainedDomain } from "../domains.ts"
import type { Names } from "../names.ts"
import type { Step } from "../step.ts"
import type { Sync } from "../sync.ts"
import { acknowledged } from "../acknowledge.ts"
import { quoteIdent, resolveWrittenType, sameType } from "../../schema/index.ts"
import { fillBatch, inBatches } from "../batches.ts"
import { carryOver } from "../carry.ts"
import { settingClauses, settingsOfConversions, settingWords } from "../conversion-settings.ts"
import { copyDefaults, copySettings, moveDefault, moveSequence, moveSequences, restoreSequenceName, unseenNote, type Pair } from "../column-copy.ts"
import { renameCopies } from "../copies.ts"
import { listed } from "../dependents.ts"
import { differs } from "../difference.ts"
import { baseType, carryDomain, constrainedDomain } from "../domains.ts"
import { ofRow } from "../expressions.ts"
import { definedColumn, isInPartitionKey } from "../facts.ts"
import { createNames } from "../names.ts"
import { alterTable, fit, parenthesized, quoteName } from "../sql.ts"
import { brief, byHand, inTransaction, joinNotes, lockOn, recipe } from "../steps.ts"
import { createSync, dropSync, oneWay, syncOf } from "../sync.ts"
import { inMigrate } from "../takeover.ts"
import { notNullSteps } from "./set-not-null.ts"

export type ChangeColumnTypesParameters = Readonly<{
  table: Name
  /** Columns that one statement changes. */
  columns: readonly TypeChange[]
  /** Foreign keys and CHECKs of these columns that the statement drops. */
  dropped?: readonly string[]
}>

export type TypeChange = Readonly<{
  column: Identifier
  type: TypeName
  collation: Name | null
  using: Expression | null
  /** The default that the same statement gives the column: its text, null where it only drops the old one; absent: the old one stays. */
  default?: string | null
  /** The same statement makes it NOT NULL. */
  notNull?: boolean
}>

/** Changes of one table that are made together: one trigger, one pass over the rows, one moment in which the names are swapped. */
interface Changes {
  readonly table: Name
  readonly changes: readonly Change[]
  readonly dropped: readonly string[]
  /** Of the session, which decide what the conversions give. */
  readonly settings: readonly string[]
  readonly sync: Sync
  readonly names: Names
}

/** The parts of one change. */
interface Change {
  readonly column: string
  /** The column of the new type while both are there, and the old one's name after the switch. */
  readonly shadow: string
  readonly retired: string
  /** undefined: the migrations read so far do not show the column. */
  readonly found: Column | undefined
  /** The type with its collation, as the user wrote it. */
  readonly type: string
  /** The new type, when a new column of it would be written into every row; `type` is then its base. */
  readonly domain: ConstrainedDomain | null
  /** The new value, in terms of the row's columns and of NEW; `converted` certainly has the new type. */
  readonly value: string
  readonly fromRow: string
  readonly converted: string
  readonly isCast: boolean
  readonly target: Compared & { readonly type: ColumnType }
  readonly default: string | null | undefined
  /** It is to become NOT NULL, which it is not yet. */
  readonly notNull: boolean
}

/**
 * ALTER COLUMN TYPE that rewrites: second columns of the new types, filled by a trigger and in batches, then the names swapped in one
 * short transaction.
 */
export function changeColumnTypes({ table, columns, dropped = [] }: ChangeColumnTypesParameters, context: RecipeContext): Step[] {
  const names = createNames(table, context)
  const read = columns.map((parameters) => ({ parameters, change: changeOf(table, parameters, names, context) }))
  const changes = read.flatMap(({ change }) => (change === null ? [] : [change]))
  const windows = read.filter(({ change }) => change === null).map(({ parameters }) => inWindow(table, parameters))
  if (changes.length === 0) return windows
  const settings = settingsOfConversions(changes.map(({ found, target, value, isCast }) => ({ from: found?.type ?? null, to: target.type, value, isCast })), context)
  const sync = syncOf(table, changes.map(({ column }) => column), names, context, settingClauses(settings, context.catalog))
  const together: Changes = { table, changes, dropped, settings, sync, names }
  const carried = carriedBy(together, context)
  return recipe([
    ...windows,
    ...addSteps(together, context),
    ...fillSteps(together, carried, context),
    ...swapSteps(together, carried, context),
    dropStep(together, carried),
  ])
}

/** Null where a trigger cannot fill a second column. */
function changeOf(table: Name, parameters: TypeChange, names: Names, context: RecipeContext): Change | null {
  const { catalog } = context
  const { column } = parameters
  const found = definedColumn(catalog, table, column.name)
  const type = context.text(parameters.type.span)
  const value = parameters.using === null ? `${quoteIdent(column.name)}::${type}` : context.text(parameters.using.span)
  const fromRow = ofRow(value, "NEW")
  if (fromRow === null || (found !== undefined && found.generated !== null) || isInPartitionKey(catalog, table, column.name)) return null
  const resolved = resolveWrittenType(catalog, parameters.type)
  const domain = constrainedDomain(resolved, catalog)
  const stored = domain === null ? type : baseType(domain, table, context)
  const [outer] = parameters.using?.casts ?? []
  const isCast = parameters.using === null || (parameters.using.column !== null && outer !== undefined && sameType(resolveWrittenType(catalog, outer.type), resolved))
  const collation = parameters.collation === null ? null : quoteName(parameters.collation)
  return {
    column: column.name,
    shadow: names.column(column.name, "new"),
    retired: names.column(column.name, "old"),
    found,
    type: collation === null ? stored : `${stored} COLLATE ${collation}`,
    domain,
    value,
    fromRow,
    converted: isCast && domain === null ? value : `${parenthesized(value)}::${stored}`,
    isCast,
    target: { type: domain?.base ?? resolved, collation },
    default: parameters.default,
    notNull: parameters.notNull === true && found?.notNull !== true,
  }
}

/** What stands on the columns whose definitions are known; null where none is. */
function carriedBy({ table, changes, dropped, names }: Changes, context: RecipeContext): Carried | null {
  const relation = context.catalog.relation(table)
  const moves = changes.flatMap(({ column, shadow, found, target, default: given }): Move[] =>
    found === undefined ? [] : [{ column: found, from: column, to: shadow, final: column, type: target.type, defaultGiven: given !== undefined }],
  )
  return relation === undefined || moves.length === 0 ? null : carryOver({ table, relation, moves, names, dropped }, context)
}

function addSteps({ table, changes, settings, sync }: Changes, context: RecipeContext): Step[] {
  const one = changes.length === 1
  const [columns, shadows] = [changes.map(({ column }) => quoteIdent(column)), changes.map(({ shadow }) => quoteIdent(shadow))]
  return [
    brief(
      { deploy: "expand", title: `Add ${listed(shadows)} of the new ${one ? "type" : "types"} beside ${listed(columns)}` },
      table,
      "ACCESS EXCLUSIVE",
      alterTable(
        table,
        changes.map(({ shadow, type }) => `ADD COLUMN ${quoteIdent(shadow)} ${type}`),
      ),
    ),
    createSync(
      sync,
      oneWay(changes.map(({ shadow, fromRow }) => ({ to: shadow, value: fromRow }))),
      `Let a trigger fill ${listed(shadows)} on every write`,
      joinNotes(
        `A value${one ? ` of ${listed(columns)}` : ""} that does not fit ${one ? "the" : "its"} new type makes the write fail: look for such rows first.`,
        settings.length === 0
          ? null
          : `It converts by the ${settingWords(settings, context.catalog)} of the session that makes it, as ALTER TABLE would, and not by ` +
              `${settings.length === 1 ? "that" : "those"} of whoever writes.`,
      ),
    ),
  ]
}

function fillSteps({ table, changes, settings, names }: Changes, carried: Carried | null, context: RecipeContext): Step[] {
  const fills = changes.map(({ shadow, value, converted, target }) => ({
    column: shadow,
    value,
    missing: differs(quoteIdent(shadow), converted, target),
  }))
  const backfill = inBatches(
    {
      table,
      alias: null,
      write: (range) => fillBatch(table, fills, range),
      deploy: "migrate",
      title: "Convert the rows that are there, in batches",
      note: settings.length === 0 ? null : `Run it in a session with the same ${settingWords(settings, context.catalog)}.`,
      settled: true,
      isUpdate: true,
    },
    context,
  )
  const known = context.catalog.relation(table)?.known === true
  const unseen = known ? changes.filter(({ found }) => found === undefined) : changes
  const copied = inTransaction(
    {
      deploy: "migrate",
      title: "Carry comments, privileges and settings over",
      note: unseenNote(table, unseen.map(({ column, shadow }) => ({ from: column, to: shadow }))),
    },
    lockOn(table, "SHARE UPDATE EXCLUSIVE", "instant"),
    copySettings(
      table,
      changes.map(({ column, shadow }) => ({ from: column, to: shadow })),
      carried?.copies ?? [],
      context,
    ),
  )
  const asked = changes.flatMap(({ column, shadow, domain, found }) =>
    domain === null ? [] : carryDomain({ table, to: shadow, final: column, domain, column: found, names }, context),
  )
  return [backfill, ...asked, ...notNullOf({ table, changes, names }, context), ...(carried?.steps ?? []), copied]
}

/** The column has its NOT NULL before it takes the old one's place, and so the name of the constraint (18), which is free. */
function notNullOf({ table, changes, names }: Pick<Changes, "table" | "changes" | "names">, context: RecipeContext): Step[] {
  const columns = changes.filter(({ notNull }) => notNull).map(({ column, shadow, target }) => ({ name: shadow, type: target.type, constraint: names.constraint([column], "not_null") }))
  return notNullSteps({ table, columns, names }, context).map(inMigrate)
}

/** One transaction: whoever reads the table sees the columns with the old types before it and the new types after it. */
function swapSteps({ table, changes, sync, names }: Changes, carried: Carried | null, context: RecipeContext): Step[] {
  const one = changes.length === 1
  const known = context.catalog.relation(table)?.known === true && changes.every(({ found }) => found !== undefined)
  const required = changes.filter(({ found }) => found === undefined || found.notNull)
  const swap = brief(
    {
      deploy: "migrate",
      title: one ? "Swap the two names" : "Swap the names",
      note: joinNotes(
        "Ship code that can handle both types before. Sessions with prepared statements on the table may have to " +
          "prepare them again.",
        known ? null : STALE,
        (carried?.byHand.length ?? 0) > 0
          ? `These stay with the old ${one ? "column" : "columns"} unless they are moved by hand: ${listed(carried?.byHand ?? [])}.`
          : null,
        (carried?.alsoLocked.length ?? 0) > 0
          ? `${listed(carried?.alsoLocked ?? [])} ${carried?.alsoLocked.length === 1 ? "is" : "are"} locked in the same mode too.`
          : null,
      ),
    },
    table,
    "ACCESS EXCLUSIVE",
    ...dropSync(sync),
    ...handUnseen(table, changes),
    ...changes.flatMap((change) => [
      ...handDefault(table, change, context),
      ...restoreSequenceName({ table, from: change.column, to: change.shadow, column: change.found, names }, context),
    ]),
    ...(carried?.defaults ?? []),
    ...(carried?.release ?? []),
    ...(carried?.stale ?? []),
    ...(required.length === 0
      ? []
      : [
          alterTable(
            table,
            required.map(({ column }) => `ALTER COLUMN ${quoteIdent(column)} DROP NOT NULL`),
          ),
        ]),
    ...changes.flatMap((change) => swapNames(table, change)),
    ...(carried?.reattach ?? []),
  )
  return [swap, ...(carried?.after ?? [])]
}

const STALE =
  "Nobody fills the old column from here on: foreign keys, CHECKs and unique indexes of it that no migration shows have to be dropped in this " +
  "transaction, or they bind rows to old values."

function swapNames(table: Name, { column, shadow, retired }: Change): string[] {
  const rename = `ALTER TABLE ${quoteName(table)} RENAME COLUMN`
  return [
    acknowledged(
      "column-rename-breaks-code",
      "the next statement gives the name to the new column",
      `${rename} ${quoteIdent(column)} TO ${quoteIdent(retired)};`,
    ),
    acknowledged(
      "column-rename-breaks-code",
      "no code knows the name it had so far",
      `${rename} ${quoteIdent(shadow)} TO ${quoteIdent(column)};`,
    ),
  ]
}

function dropStep({ table, changes }: Changes, carried: Carried | null): Step {
  const one = changes.length === 1
  return brief(
    {
      deploy: "contract",
      title: `Drop the ${one ? "column of the old type" : "columns of the old types"}, in a later deploy`,
      note: joinNotes(
        `${one ? "It keeps" : "They keep"} the values from before the switch: until then they can be compared with ` +
          `${listed(changes.map(({ column }) => quoteIdent(column)))}.`,
        (carried?.byHand.length ?? 0) > 0
          ? `To be moved away from ${one ? "it" : "them"} before: ${listed(carried?.byHand ?? [])}.`
          : null,
      ),
    },
    table,
    "ACCESS EXCLUSIVE",
    acknowledged(
      "column-drop-breaks-code",
      `no code has used ${one ? "it" : "them"} since the switch`,
      alterTable(
        table,
        changes.map(({ retired }) => `DROP COLUMN ${quoteIdent(retired)}`),
      ),
    ),
    ...renameCopies(carried?.copies ?? []),
  )
}

/** What only the server knows of defaults: that of a column whose default goes is not copied, it may not fit the new type. */
function handUnseen(table: Name, changes: readonly Change[]): string[] {
  const pairsOf = (some: readonly Change[]): Pair[] => some.map(({ column, shadow }) => ({ from: column, to: shadow }))
  const unseen = changes.filter(({ found }) => found === undefined)
  const kept = pairsOf(unseen.filter((change) => change.default === undefined))
  const others = pairsOf(unseen.filter((change) => change.default !== undefined))
  const wide = pairsOf(unseen.filter(({ target }) => target.type?.name === "int8"))
  return [...(kept.length === 0 ? [] : [copyDefaults(table, kept, wide)]), ...(others.length === 0 ? [] : [moveSequences(table, others)])]
}

/** The default and its sequence serve the new column; the old one is no longer written and must not draw from it. */
function handDefault(table: Name, { column, shadow, found, default: next, target }: Change, context: RecipeContext): string[] {
  const alter = `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdent(column)}`
  if (next !== undefined) {
    return [
      ...(found === undefined ? [] : moveSequence(table, column, shadow, found, context)),
      ...(found === undefined || found.default !== null ? [`${alter} DROP DEFAULT;`] : []),
      ...(next === null ? [] : [fit(`ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdent(shadow)}`, `SET DEFAULT ${next};`)]),
    ]
  }
  if (found === undefined) return [`${alter} DROP DEFAULT;`]
  const moved = moveDefault(table, column, shadow, found, context, target.type ?? found.type)
  if (moved.length === 0) return []
  return [...moved, found.identity === null ? `${alter} DROP DEFAULT;` : `${alter} DROP IDENTITY;`]
}

function inWindow(table: Name, { column }: TypeChange): Step {
  return byHand({
    deploy: "expand",
    title: `${quoteIdent(column.name)} cannot be converted beside running writes`,
    note:
      "A trigger cannot fill a second column for a generated column, a partition key, or an expression with a " +
      "sub-query. " +
      `Create a table of the new shape, copy ${quoteName(table)} into it in batches while a trigger repeats every ` +
      "write, and swap the " +
      "two names in one short transaction.",
  })
}
