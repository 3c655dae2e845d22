import type { Catalog, Column, Constraint, Relation } from "../schema/catalog.ts"
import { usesColumn } from "../schema/index-columns.ts"
import type { RecipeContext } from "./context.ts"
import type { PlainName } from "./sql.ts"
import { quoteIdent } from "../schema/format.ts"
import { policiesOver } from "../schema/policies.ts"
import { handlesType } from "../schema/type-names.ts"
import { quoteName } from "./sql.ts"

/** What depends on a column or relation, as far as the catalog knows; each in words with its name. */
export interface Dependents {
  /** Refuses the drop, or breaks when the name changes. */
  readonly blocking: readonly string[]
  /** Foreign keys that reference it and refuse the drop as well. */
  readonly references: readonly Constraint[]
  /** Goes with it without a word. */
  readonly dropped: readonly string[]
}

/**
 * What depends on one column of a table. Up to 14 a generated column goes with a column that it is computed from; from 15 on it
 * refuses that (release notes of 15).
 *
 * @param gone constraints of the table that are dropped before
 */
export function columnDependents(
  { catalog, pgVersion }: Pick<RecipeContext, "catalog" | "pgVersion">,
  relation: Relation,
  column: string,
  gone: readonly string[] = [],
): Dependents {
  const blocking: string[] = []
  const dropped: string[] = []
  for (const view of catalog.dependents(relation.id)) {
    const named = view.dependencies.some(
      (dependency) => dependency.relation === relation.id && (dependency.columns?.includes(column) ?? true),
    )
    if (named) blocking.push(relationWords(view))
  }
  // SQL-standard bodies, whose names are looked up when they are made.
  for (const { dependencies, kind, name } of catalog.routines()) {
    const named = dependencies.some((dependency) => dependency.relation === relation.id && (dependency.columns?.includes(column) ?? true))
    if (named) blocking.push(`${kind} ${quoteIdent(name)}`)
  }
  for (const rule of catalog.rulesOf(relation.id)) if (rule.columns?.includes(column) ?? true) blocking.push(`rule ${quoteIdent(rule.name)}`)
  for (const trigger of catalog.triggersOf(relation.id))
    if (trigger.columns.includes(column)) blocking.push(`trigger ${quoteIdent(trigger.name)}`)
  for (const policy of catalog.policiesOf(relation.id))
    if (policy.columns.includes(column)) blocking.push(`policy ${quoteIdent(policy.name)}`)
  for (const policy of policiesOver(catalog, relation, column)) {
    const owner = catalog.relationById(policy.table)
    if (owner !== undefined) blocking.push(`policy ${quoteIdent(policy.name)} of ${nameOf(owner)}`)
  }
  for (const { name, tables } of catalog.publications())
    if (tables.some(({ table, columns, where }) => table === relation.id && [...columns, ...where].includes(column)))
      blocking.push(`publication ${quoteIdent(name)}`)
  for (const other of generatedFrom(relation, column))
    (pgVersion < 15 ? dropped : blocking).push(`generated column ${quoteIdent(other.name)}`)
  const references = catalog.referencing(relation.id).filter(({ inherited, references: key }) => !inherited && key?.columns.includes(column) === true)
  for (const constraint of catalog.constraintsOf(relation.id))
    if (constraint.kind !== "not null" && !gone.includes(constraint.name) && columnsOf(constraint, catalog).includes(column))
      dropped.push(`constraint ${quoteIdent(constraint.name)}`)
  for (const index of catalog.indexesOf(relation.id)) {
    // What an exclusion constraint reads in an expression or WHERE alone keeps the column, where no CASCADE drops both.
    const isKept = index.constraint !== null && index.expressionColumns.includes(column) && ![...index.columns, ...index.include].includes(column)
    if (isKept && !gone.includes(index.name)) blocking.push(`exclusion constraint ${quoteIdent(index.name)}`)
    if (index.constraint === null && usesColumn(index, column)) dropped.push(`index ${quoteIdent(index.name)}`)
  }
  for (const { name, columns, expressionColumns } of catalog.statisticsOf(relation.id))
    if ([...columns, ...expressionColumns].includes(column)) dropped.push(`statistics ${quoteIdent(name)}`)
  return { blocking, references, dropped }
}

/** The columns of a constraint, those that a key only includes too. */
export function columnsOf(constraint: Constraint, catalog: Pick<Catalog, "indexById">): readonly string[] {
  const index = constraint.index === null ? undefined : catalog.indexById(constraint.index)
  return index === undefined ? constraint.columns : [...constraint.columns, ...index.include]
}

/** Generated columns that are computed from the column. */
export function generatedFrom(relation: Relation, column: string): readonly Column[] {
  return relation.columns.filter((other) => other.generated?.columns.includes(column) === true)
}

/** What depends on a whole relation. */
export function relationDependents(catalog: Catalog, relation: Relation): Dependents {
  const references = catalog.referencing(relation.id).filter((constraint) => constraint.table !== relation.id && !constraint.inherited)
  const children = catalog.children(relation.id)
  const heirs = children.filter((child) => child.partition === null).map((child) => `inheriting ${relationWords(child)}`)
  const blocking = [...catalog.dependents(relation.id).map(relationWords), ...heirs]
  for (const routine of catalog.routines())
    if (routine.dependencies.some((one) => one.relation === relation.id) || handlesType(routine, relation)) blocking.push(`${routine.kind} ${quoteIdent(routine.name)}`)
  for (const { relation: user, column } of catalog.usersOfType(relation.id)) blocking.push(`column ${quoteIdent(column.name)} of ${nameOf(user)}`)
  const ofTable = (kind: string, { name, table }: { readonly name: string; readonly table: number }): void => {
    const owner = catalog.relationById(table)
    if (owner !== undefined) blocking.push(`${kind} ${quoteIdent(name)} of ${nameOf(owner)}`)
  }
  for (const policy of catalog.policiesReading(relation.id)) ofTable("policy", policy)
  for (const rule of catalog.rulesUsing(relation.id)) ofTable("rule", rule)
  const dropped = children.filter((child) => child.partition !== null).map((child) => `partition ${quoteIdent(child.name)}`)
  for (const sequence of catalog.ownedSequences(relation.id)) dropped.push(`sequence ${quoteIdent(sequence.name)}`)
  return { blocking, references, dropped }
}

/** `foreign key orders_customer_id_fkey of orders` */
export function referenceWords({ name, table }: Constraint, catalog: Catalog): string {
  const child = catalog.relationById(table)
  return `foreign key ${quoteIdent(name)}${child === undefined ? "" : ` of ${nameOf(child)}`}`
}

/** The items in an order in which each comes behind those that depend on its relation: foreign keys, views, partitions and heirs. */
export function dependentsFirst<Item>(items: readonly Item[], nameOf: (item: Item) => PlainName, { catalog }: Pick<RecipeContext, "catalog">): Item[] {
  const ordered = new Set<Item>()
  const met = new Set<Item>()
  const visit = (item: Item): void => {
    if (met.has(item)) return
    met.add(item)
    const relation = catalog.relation(nameOf(item))
    const users = relation === undefined ? new Set<number>() : usersOf(catalog, relation)
    for (const other of items) if (users.has(catalog.relation(nameOf(other))?.id ?? -1)) visit(other)
    ordered.add(item)
  }
  items.forEach(visit)
  return [...ordered]
}

function usersOf(catalog: Catalog, { id }: Relation): ReadonlySet<number> {
  const references = catalog.referencing(id).map(({ table }) => table)
  return new Set([...references, ...[...catalog.dependents(id), ...catalog.children(id)].map((relation) => relation.id)])
}

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`
}

function relationWords(relation: Relation): string {
  return `${relation.kind} ${nameOf(relation)}`
}

function nameOf({ schema, name }: Relation): string {
  return quoteName({ schema: schema === "public" ? null : schema, name })
}
