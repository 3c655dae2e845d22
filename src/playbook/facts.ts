import type { Catalog, Column, Constraint, Index, Relation } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { PlainName } from "./sql.ts"
import { isUnknownType } from "../schema/index.ts"
import { holdsRows, isNotNullTest } from "../schema/proofs.ts"

/** A column whose definition the catalog knows; undefined when it has only heard of it, or not even that. */
export function definedColumn(catalog: Catalog, table: PlainName, name: string): Column | undefined {
  const relation = catalog.relation(table)
  const column = relation === undefined ? undefined : catalog.column(relation, name)
  return column === undefined || isUnknownType(column.type) ? undefined : column
}

/** Whether the table, or a partition of it that is partitioned itself, has the column in its partition key. */
export function isInPartitionKey(catalog: Catalog, table: PlainName, column: string): boolean {
  const relation = catalog.relation(table)
  return relation !== undefined && catalog.tree(relation.id).some(({ partitionBy }) => partitionBy?.columns.includes(column) === true)
}

/** Whether two names mean one table: by the catalog where it knows both, by their letters otherwise. */
export function isSameTable(one: PlainName, other: PlainName, { catalog }: { readonly catalog: Catalog }): boolean {
  const [first, second] = [catalog.relation(one), catalog.relation(other)]
  return first === undefined || second === undefined ? one.schema === other.schema && one.name === other.name : first.id === second.id
}

/** The columns of a key that no row lacks: the primary key, or else a complete unique index over NOT NULL columns. */
export function keyOf(catalog: Catalog, relation: Relation): readonly string[] | null {
  const constraints = catalog.constraintsOf(relation.id)
  const primary = constraints.find((constraint) => constraint.kind === "primary key")
  if (primary !== undefined && primary.columns.length > 0) return primary.columns
  for (const index of catalog.indexesOf(relation.id)) {
    const columns = plainColumns(index)
    if (!index.unique || !index.valid || index.predicate !== null || columns === null) continue
    if (columns.every((column) => catalog.column(relation, column)?.notNull === true)) return columns
  }
  return null
}

/** The key columns of an index without expressions. */
export function plainColumns(index: Index): readonly string[] | null {
  const columns = index.columns.filter((column) => column !== null)
  return columns.length === index.columns.length && columns.length > 0 ? columns : null
}

/** A valid, complete index that begins with the columns, in any order: what a foreign key's checks can use. */
export function coveringIndex(catalog: Catalog, relation: Relation, columns: readonly string[]): Index | undefined {
  return catalog.indexesOf(relation.id).find((index) => {
    const leading = index.columns.slice(0, columns.length)
    return index.valid && index.predicate === null && columns.every((column) => leading.includes(column))
  })
}

/** The index that the file builds later, for a foreign key's checks to use; its name is null where PostgreSQL chooses it. */
export function laterIndex(table: PlainName, columns: readonly string[], context: RecipeContext): { readonly name: string | null } | undefined {
  const leads = (names: readonly (string | null)[]): boolean => columns.every((column) => names.slice(0, columns.length).includes(column))
  for (const operation of context.later?.keysOf(table.name) ?? []) {
    if (operation.op === "create index") {
      const isWhole = operation.predicate === null && isSameTable(operation.table, table, context)
      if (isWhole && leads(operation.elements.map(({ column }) => column?.name ?? null))) return { name: operation.index?.name ?? null }
      continue
    }
    const { constraint, relation } = operation
    const isKey = (constraint.kind === "unique" || constraint.kind === "primary key") && constraint.columns.length > 0
    if (isKey && isSameTable(relation, table, context) && leads(constraint.columns.map(({ name }) => name))) return { name: constraint.name?.name ?? null }
  }
  return undefined
}

/** A validated CHECK or NOT NULL, or a declared one, that no row breaks by lacking the column. */
export function isNotNull(catalog: Catalog, relation: Relation, column: string): boolean {
  const found = catalog.column(relation, column)
  return found !== undefined && found.notNull && !found.notNullNotValid
}

/** A CHECK that says nothing but `column IS NOT NULL`, for a column of rows `column IS DISTINCT FROM NULL`. */
export function notNullCheck(catalog: Catalog, relation: Relation, column: string): Constraint | undefined {
  const rows = holdsRows(catalog.column(relation, column)?.type, catalog)
  return catalog.constraintsOf(relation.id).find((constraint) => {
    const conjuncts = constraint.expression?.conjuncts
    const only = conjuncts?.length === 1 ? conjuncts[0] : undefined
    return constraint.kind === "check" && constraint.enforced && only !== undefined && isNotNullTest(only, column, rows)
  })
}
