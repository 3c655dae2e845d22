import type { OperationOf } from "../../parse/operation.ts"
import type { Catalog } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { dependentsFirst, listed } from "../dependents.ts"
import { nameNear } from "../near.ts"
import { quoteName } from "../sql.ts"
import { brief, joinNotes, recipe } from "../steps.ts"
import { deleteAll } from "./backfill.ts"

export type TruncateParameters = Readonly<OperationOf<"truncate">>

/** TRUNCATE of existing tables: DELETE in batches, tables that reference others first, those too that CASCADE takes along. */
export function truncate({ tables, cascade, restartIdentity }: TruncateParameters, context: RecipeContext): Step[] {
  const named = tables.map(({ table }): PlainName => table)
  const emptied = cascade ? [...named, ...alsoEmptied(named, context)] : named
  const order = dependentsFirst(emptied, (table) => table, context)
  const unseen = order.filter((table) => context.catalog.relation(table)?.known !== true)
  const deletes = order.flatMap((table): Step[] => {
    const isUnseen = unseen.includes(table)
    const notes = [
      firedBy(table, context),
      isUnseen && cascade ? `Rows of tables that reference ${quoteName(table)} have to go first.` : null,
      isUnseen && restartIdentity ? "Its sequences go on where they are: restart them by themselves if that matters." : null,
    ]
    const steps = deleteAll(table, context)
    return steps.map((step, position) => (position === steps.length - 1 ? { ...step, note: joinNotes(step.note, ...notes) } : step))
  })
  return recipe([...deletes, ...(restartIdentity ? restartSteps(order, context) : [])])
}

/** What runs for DELETE, and not for TRUNCATE. */
function firedBy(table: PlainName, { catalog }: RecipeContext): string | null {
  const relation = catalog.relation(table)
  const triggers = relation === undefined ? [] : catalog.triggersOf(relation.id).filter(({ enabled, events }) => enabled && events.includes("delete"))
  return triggers.length === 0 ? null : `Unlike TRUNCATE it fires ${listed(triggers.map(({ name }) => quoteIdent(name)))}: disable what is not to run.`
}

/** Tables that reference one of them, and those that reference these. */
function alsoEmptied(tables: readonly PlainName[], context: RecipeContext): PlainName[] {
  const { catalog } = context
  const found = new Map<number, PlainName>()
  const named = new Set(tables.map((table) => catalog.relation(table)?.id))
  const visit = (table: PlainName): void => {
    for (const { table: id } of referencing(table, catalog)) {
      const child = catalog.relationById(id)
      if (child === undefined || named.has(id) || found.has(id)) continue
      const name = nameNear(child, table, context)
      found.set(id, name)
      visit(name)
    }
  }
  tables.forEach(visit)
  return [...found.values()]
}

function referencing(table: PlainName, catalog: Catalog): ReturnType<Catalog["referencing"]> {
  const relation = catalog.relation(table)
  return relation === undefined ? [] : catalog.referencing(relation.id)
}

/** RESTART IDENTITY: the sequences that the tables' columns own. */
function restartSteps(tables: readonly PlainName[], context: RecipeContext): Step[] {
  const { catalog } = context
  const sequences = tables.flatMap((table) => {
    const relation = catalog.relation(table)
    return relation === undefined ? [] : catalog.ownedSequences(relation.id).map((sequence) => nameNear(sequence, table, context))
  })
  const [first] = sequences
  if (first === undefined) return []
  const part = {
    deploy: "migrate",
    title: "Let the numbers begin anew",
    note: "Only while the tables are empty: the numbers of rows that have come meanwhile would be given out again.",
  } as const
  return [brief(part, first, "SHARE ROW EXCLUSIVE", ...sequences.map((sequence) => `ALTER SEQUENCE ${quoteName(sequence)} RESTART;`))]
}
