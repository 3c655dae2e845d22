import type { Identifier, Name } from "../../parse/name.ts"
import type { Index, Relation } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { acknowledged } from "../acknowledge.ts"
import { quoteIdent } from "../../schema/format.ts"
import { columnDependents, listed, referenceWords, type Dependents } from "../dependents.ts"
import { referencedTables } from "../near.ts"
import { alterTable } from "../sql.ts"
import { alsoLocked, brief, byHand, joinNotes, recipe } from "../steps.ts"
import { dropReference } from "./drop-reference.ts"

export type DropColumnsParameters = Readonly<{
  table: Name
  /** ONLY: inheriting tables keep the columns. */
  only?: boolean
  columns: readonly Readonly<{ column: Identifier; ifExists: boolean; cascade: boolean }>[]
  /** Constraints that the same statement drops, which go before or along with a column. */
  constraints?: readonly string[]
  /** Constraints that certainly go before. */
  gone?: readonly string[]
}>

/** DROP COLUMN of one or several columns of a table as a contract step, with what still depends on them. */
export function dropColumns(parameters: DropColumnsParameters, context: RecipeContext): Step[] {
  return recipe(dropSteps(parameters, context))
}

/** @param more What else to say to whoever ships code that does without the columns. */
export function dropSteps({ table, only = false, columns, constraints = [], gone = [] }: DropColumnsParameters, context: RecipeContext, more: string | null = null): Step[] {
  const { catalog } = context
  const relation = catalog.relation(table)
  const names = columns.map(({ column }) => quoteIdent(column.name))
  const dependents = columns.map(({ column }): Dependents | null =>
    relation === undefined ? null : columnDependents(context, relation, column.name, gone),
  )
  const references = new Set(dependents.flatMap((one) => one?.references ?? []))
  const taken = new Set(dependents.flatMap((one, position) => (columns[position]?.cascade === true ? (one?.references ?? []) : [])))
  const kept = [...references].filter((reference) => !taken.has(reference)).map((reference) => referenceWords(reference, catalog))
  const blocking = [...new Set([...dependents.flatMap((one) => one?.blocking ?? []), ...kept])]
  const dropped = [...new Set(dependents.flatMap((one) => one?.dropped ?? []))]
  const keys = relation === undefined ? [] : context.catalog.constraintsOf(relation.id).filter((one) => !gone.includes(one.name) && columns.some(({ column }) => one.columns.includes(column.name)))
  const parents = referencedTables(keys, table, context)
  const needed = relation === undefined ? [] : columns.map(({ column }) => column.name).filter((name) => isNeeded(relation, name, context))
  const held = relation === undefined ? [] : needed.filter((name) => isHeld(relation, name, [...constraints, ...gone], context)).map(quoteIdent)
  const required = needed.map(quoteIdent).filter((name) => !held.includes(name))
  const alike = relation === undefined ? [] : uniqueWithout(relation, columns.map(({ column }) => column.name), [...constraints, ...gone], context)
  const unused = byHand({
    deploy: "migrate",
    title: `Ship code that neither reads nor writes ${listed(names)}`,
    note: joinNotes(
      "Also SELECT * with fixed result columns, reports, and replication subscribers.",
      blocking.length > 0 ? `These still use ${it(names)} and have to be changed first: ${listed(blocking)}.` : null,
      alike.length > 0 ? `To these, rows without a value of their own for ${it(names)} may be the same; they have to be changed first: ${listed(alike)}.` : null,
      held.length > 0 ? `A key keeps ${listed(held)} NOT NULL: give ${it(held)} a default first, so that rows can be written without ${it(held)}.` : null,
      more,
    ),
  })
  const drops = columns.map(({ ifExists }, position) => `DROP COLUMN ${ifExists ? "IF EXISTS " : ""}${names[position] ?? ""}`)
  const drop = brief(
    {
      deploy: "contract",
      title: `Drop ${listed(names)}, in a later deploy`,
      note: joinNotes(dropped.length > 0 ? `Dropped with ${it(names)}: ${listed(dropped)}.` : null, alsoLocked(parents)),
    },
    table,
    "ACCESS EXCLUSIVE",
    acknowledged("column-drop-breaks-code", `no running code uses ${it(names)} any more`, alterTable(table, drops, only)),
  )
  const released = [...taken].flatMap((reference) => dropReference(reference, table, `references ${listed(names)}`, context))
  return [...nullableSteps(table, required, only), unused, ...released, drop]
}

function nullableSteps(table: Name, columns: readonly string[], only: boolean): Step[] {
  if (columns.length === 0) return []
  const part = {
    deploy: "migrate",
    title: `Let rows be written without ${listed(columns)}`,
    note: `Before the code that no longer writes ${it(columns)} is shipped.`,
  } as const
  const actions = columns.map((name) => `ALTER COLUMN ${name} DROP NOT NULL`)
  return [brief(part, table, "ACCESS EXCLUSIVE", alterTable(table, actions, only))]
}

/** Whether every row has to be written with a value of the column. */
function isNeeded(relation: Relation, name: string, { catalog }: RecipeContext): boolean {
  const column = catalog.column(relation, name)
  return column?.notNull === true && column.default === null && column.identity === null
}

/**
 * The unique indexes and constraints that refuse a second row written without the columns: each such row has the same default in one of them, or
 * a NULL that is NOT DISTINCT from another.
 */
function uniqueWithout(relation: Relation, names: readonly string[], gone: readonly string[], { catalog }: RecipeContext): readonly string[] {
  const isAlike = (index: Index, name: string): boolean => {
    const column = catalog.column(relation, name)
    if (column === undefined || column.identity !== null || !index.columns.includes(name)) return false
    const { default: given } = column
    return given === null || /^null\b/i.test(given.text) ? index.nullsNotDistinct : given.sequence === null && given.functions.length === 0
  }
  return catalog
    .indexesOf(relation.id)
    .filter((index) => index.unique && !gone.includes(index.name) && names.some((name) => isAlike(index, name)))
    .map((index) => `${index.constraint === null ? "index" : "constraint"} ${quoteIdent(index.name)}`)
}

/** Whether the column cannot be made nullable (docs: ALTER TABLE): in a primary key, or in the index that identifies rows. */
function isHeld(relation: Relation, name: string, gone: readonly string[], { catalog }: RecipeContext): boolean {
  return catalog.tree(relation.id).some(({ id, identityIndex }) => {
    const isInKey = catalog.constraintsOf(id).some((constraint) => constraint.kind === "primary key" && constraint.columns.includes(name) && !gone.includes(constraint.name))
    const index = identityIndex === null ? undefined : catalog.indexById(identityIndex)
    const owner = index === undefined || index.constraint === null ? undefined : catalog.constraintById(index.constraint)
    return isInKey || (index?.columns.includes(name) === true && (owner === undefined || !gone.includes(owner.name)))
  })
}

function it(names: readonly string[]): string {
  return names.length === 1 ? "it" : "them"
}
