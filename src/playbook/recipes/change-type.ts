import type { Expression } from "../../parse/expression.ts"
import type { Identifier, Name, TypeName } from "../../parse/name.ts"
import type { Column } from "../../schema/catalog.ts"
import type { Carried } from "../carry.ts"
import type { RecipeContext } from "../context.ts"
import type { Compared } from "../difference.ts"
import type { ConstrainedDomain } from "../domains.ts"
import type { Names } from "../names.ts"
import type { Step } from "../step.ts"
import type { Sync } from "../sync.ts"
import { acknowledged } from "../acknowledge.ts"
import { quoteIdent, resolveWrittenType } from "../../schema/index.ts"
import { inBatches } from "../batches.ts"
import { carryOver } from "../carry.ts"
import { copyComment, copyDefault, copySettings, moveDefault, moveOwned, moveSequence, restoreSequenceName } from "../column-copy.ts"
import { renameCopies } from "../copies.ts"
import { listed } from "../dependents.ts"
import { differs } from "../difference.ts"
import { baseType, carryDomain, constrainedDomain } from "../domains.ts"
import { ofRow } from "../expressions.ts"
import { definedColumn } from "../facts.ts"
import { createNames } from "../names.ts"
import { beside, fit, parenthesized, quoteName } from "../sql.ts"
import { brief, byHand, inTransaction, joinNotes, lockOn, recipe } from "../steps.ts"
import { createSync, dropSync, oneWay, triggerTables } from "../sync.ts"

export type ChangeColumnTypeParameters = Readonly<{
  table: Name
  column: Identifier
  type: TypeName
  collation: Name | null
  using: Expression | null
  /** The default that the same statement gives the column: its text, null where it only drops the old one; absent: the old one stays. */
  default?: string | null
}>

/** The parts of one change. */
interface Change {
  readonly table: Name
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
  /** The new value, in terms of the row's columns; `converted` certainly has the new type. */
  readonly value: string
  readonly converted: string
  readonly target: Compared
  readonly sync: Sync
  readonly names: Names
  readonly default: string | null | undefined
}

/**
 * ALTER COLUMN TYPE that rewrites: a second column of the new type, filled by a trigger and in batches, then the two
 * names swapped in one short transaction.
 */
export function changeColumnType(parameters: ChangeColumnTypeParameters, context: RecipeContext): Step[] {
  const { table, column } = parameters
  const { catalog } = context
  const relation = catalog.relation(table)
  const found = definedColumn(catalog, table, column.name)
  const type = context.text(parameters.type.span)
  const value = parameters.using === null ? `${quoteIdent(column.name)}::${type}` : context.text(parameters.using.span)
  const fromRow = ofRow(value, "NEW")
  const impossible =
    (found !== undefined && found.generated !== null) || relation?.partitionBy?.columns.includes(column.name)
  if (fromRow === null || impossible === true) return [inWindow(parameters)]
  const names = createNames(table, context)
  const domain = constrainedDomain(resolveWrittenType(catalog, parameters.type), catalog)
  const stored = domain === null ? type : baseType(domain, table, context)
  const change: Change = {
    table,
    column: column.name,
    shadow: names.column(column.name, "new"),
    retired: names.column(column.name, "old"),
    found,
    type: parameters.collation === null ? stored : `${stored} COLLATE ${quoteName(parameters.collation)}`,
    domain,
    value,
    converted: parameters.using === null && domain === null ? value : `${parenthesized(value)}::${stored}`,
    target: {
      type: domain?.base ?? resolveWrittenType(catalog, parameters.type),
      collation: parameters.collation === null ? null : quoteName(parameters.collation),
    },
    sync: {
      table,
      on: triggerTables(table, context),
      trigger: names.trigger(column.name),
      function: beside(table, names.function(column.name, "sync")),
    },
    names,
    default: parameters.default,
  }
  const carried =
    relation === undefined || found === undefined
      ? null
      : carryOver(
          { table, relation, column: found, from: column.name, to: change.shadow, final: column.name, names },
          context,
        )
  return recipe([
    ...addSteps(change, fromRow),
    ...fillSteps(change, carried, relation?.known === true, context),
    ...swapSteps(change, carried, context),
    dropStep(change, carried),
  ])
}

function addSteps({ table, column, shadow, type, sync }: Change, fromRow: string): Step[] {
  return [
    brief(
      { deploy: "expand", title: `Add ${quoteIdent(shadow)} of the new type beside ${quoteIdent(column)}` },
      table,
      "ACCESS EXCLUSIVE",
      `ALTER TABLE ${quoteName(table)} ADD COLUMN ${quoteIdent(shadow)} ${type};`,
    ),
    createSync(
      sync,
      oneWay(shadow, fromRow),
      `Let a trigger fill ${quoteIdent(shadow)} on every write`,
      `A value of ${quoteIdent(column)} that does not fit the new type makes the write fail: look for such rows first.`,
    ),
  ]
}

function fillSteps(
  { table, column, shadow, value, converted, target, found, domain, names }: Change,
  carried: Carried | null,
  known: boolean,
  context: RecipeContext,
): Step[] {
  const differ = differs(quoteIdent(shadow), converted, target)
  const backfill = inBatches(
    {
      table,
      alias: null,
      write: (range) =>
        `UPDATE ${quoteName(table)} SET ${quoteIdent(shadow)} = ${value}\nWHERE ${range}\n  AND ` + `${differ}`,
      deploy: "migrate",
      title: "Convert the rows that are there, in batches",
      note: null,
      settled: true,
    },
    context,
  )
  const comment = inTransaction(
    {
      deploy: "migrate",
      title: "Carry comments, privileges and settings over",
      note:
        known && found !== undefined
          ? null
          : `The migrations read so far do not show how ${quoteName(table)} was made: give ${quoteIdent(shadow)} ` +
            `the NOT NULL, CHECKs, foreign keys and indexes that ${quoteIdent(column)} has before you go on.`,
    },
    lockOn(table, "SHARE UPDATE EXCLUSIVE", "instant"),
    copyComment(table, column, shadow),
    copySettings(table, column, shadow, carried?.copies ?? []),
  )
  const asked = domain === null ? [] : carryDomain({ table, to: shadow, domain, column: found, names }, context)
  return [backfill, ...asked, ...(carried?.steps ?? []), comment]
}

/** One transaction: whoever reads the table sees the column with the old type before it and the new type after it. */
function swapSteps(change: Change, carried: Carried | null, context: RecipeContext): Step[] {
  const { table, column, shadow, retired, found, sync } = change
  const alter = `ALTER TABLE ${quoteName(table)}`
  const required = found === undefined || found.notNull
  const swap = brief(
    {
      deploy: "migrate",
      title: "Swap the two names",
      note: joinNotes(
        "Ship code that can handle both types before. Sessions with prepared statements on the table may have to " +
          "prepare them again.",
        (carried?.byHand.length ?? 0) > 0
          ? `These stay with the old column unless they are moved by hand: ${listed(carried?.byHand ?? [])}.`
          : null,
        (carried?.alsoLocked.length ?? 0) > 0
          ? `${listed(carried?.alsoLocked ?? [])} locked in the same mode ` + "too."
          : null,
      ),
    },
    table,
    "ACCESS EXCLUSIVE",
    ...dropSync(sync),
    ...handDefault(change, context),
    ...restoreSequenceName({ table, from: column, to: shadow, column: found, names: change.names }, context),
    ...(carried?.oldChecks ?? []),
    ...(carried?.release ?? []),
    ...(required ? [`${alter} ALTER COLUMN ${quoteIdent(column)} DROP NOT NULL;`] : []),
    acknowledged(
      "column-rename-breaks-code",
      "the next statement gives the name to the new column",
      `${alter} RENAME COLUMN ${quoteIdent(column)} TO ${quoteIdent(retired)};`,
    ),
    acknowledged(
      "column-rename-breaks-code",
      "no code knows the name it had so far",
      `${alter} RENAME COLUMN ${quoteIdent(shadow)} TO ${quoteIdent(column)};`,
    ),
    ...(carried?.reattach ?? []),
  )
  return [swap, ...(carried?.after ?? [])]
}

function dropStep({ table, column, retired }: Change, carried: Carried | null): Step {
  return brief(
    {
      deploy: "contract",
      title: `Drop the column of the old type, in a later deploy`,
      note: joinNotes(
        `It keeps the values from before the switch: until then they can be compared with ${quoteIdent(column)}.`,
        (carried?.byHand.length ?? 0) > 0 ? `To be moved away from it before: ${listed(carried?.byHand ?? [])}.` : null,
      ),
    },
    table,
    "ACCESS EXCLUSIVE",
    acknowledged(
      "column-drop-breaks-code",
      "no code has used it since the switch",
      `ALTER TABLE ${quoteName(table)} DROP COLUMN ${quoteIdent(retired)};`,
    ),
    ...renameCopies(carried?.copies ?? []),
  )
}

/** The default and its sequence serve the new column; the old one is no longer written and must not draw from it. */
function handDefault({ table, column, shadow, found, default: next }: Change, context: RecipeContext): string[] {
  const alter = `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdent(column)}`
  if (next !== undefined) {
    return [
      ...(found === undefined ? [moveSequence(table, column, shadow)] : moveOwned(table, column, shadow, found, context)),
      ...(found === undefined || found.default !== null ? [`${alter} DROP DEFAULT;`] : []),
      ...(next === null ? [] : [fit(`ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdent(shadow)}`, `SET DEFAULT ${next};`)]),
    ]
  }
  if (found === undefined)
    return [copyDefault(table, column, shadow), moveSequence(table, column, shadow), `${alter} DROP DEFAULT;`]
  const moved = moveDefault(table, column, shadow, found, context)
  if (moved.length === 0) return []
  return [...moved, found.identity === null ? `${alter} DROP DEFAULT;` : `${alter} DROP IDENTITY;`]
}

function inWindow({ table, column }: ChangeColumnTypeParameters): Step {
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
