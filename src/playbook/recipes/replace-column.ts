import type { Name } from "../../parse/name.ts"
import type { ColumnDefinition, OperationOf } from "../../parse/operation.ts"
import type { Catalog, Relation } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { recipe } from "../steps.ts"
import { addSteps } from "./add-column.ts"
import { dropSteps } from "./drop-column.ts"

export type ReplaceColumnParameters = Readonly<{ table: Name; drop: OperationOf<"drop column">; column: ColumnDefinition; /** See `AddColumnsParameters`. */ keyed?: readonly string[] }>

/** DROP COLUMN c, ADD COLUMN c: the old column goes, as in a deploy of its own, before the new one comes. */
export function replaceColumn({ table, drop, column, keyed = [] }: ReplaceColumnParameters, context: RecipeContext): Step[] {
  const more = "To have the old and the new column side by side, give the new one another name."
  const after = withoutColumns(table, [drop.column.name], context)
  return recipe([...dropSteps({ table, only: drop.only, columns: [drop] }, context, more), ...addSteps({ table, columns: [column], keyed }, after)])
}

/** What a recipe finds when columns of the table are gone, and with them all that stood on them. */
export function withoutColumns(table: Name, columns: readonly string[], context: RecipeContext): RecipeContext {
  const relation = context.catalog.relation(table)
  const catalog = relation === undefined || columns.length === 0 ? context.catalog : reduced(context.catalog, relation, columns)
  // A context may be one that a rule has: its `text` stays.
  return {
    catalog,
    pgVersion: context.pgVersion,
    ...(context.movesSearchPath !== undefined && { movesSearchPath: context.movesSearchPath }),
    ...(context.later !== undefined && { later: context.later }),
    text: (span) => context.text(span),
  }
}

/** The catalog without columns of a table, as far as recipes look at it. */
function reduced(catalog: Catalog, { id: table, schema }: Relation, gone: readonly string[]): Catalog {
  const stays = ({ columns }: { readonly columns: readonly (string | null)[] }): boolean => !columns.some((column) => column !== null && gone.includes(column))
  const freed = new Set(catalog.constraintsOf(table).flatMap((constraint) => (stays(constraint) ? [] : [constraint.name])))
  const changed: Partial<Catalog> = {
    column: (relation, name) => (relation.id === table && gone.includes(name) ? undefined : catalog.column(relation, name)),
    constraintsOf: (id) => (id === table ? catalog.constraintsOf(id).filter(stays) : catalog.constraintsOf(id)),
    constraint(id, name) {
      const found = catalog.constraint(id, name)
      return found === undefined || id !== table || stays(found) ? found : undefined
    },
    constraintNames(of) {
      const names = catalog.constraintNames(of)
      return of === schema ? { has: (name) => names.has(name) && !freed.has(name) } : names
    },
    indexesOf: (id) => (id === table ? catalog.indexesOf(id).filter(stays) : catalog.indexesOf(id)),
    index(name) {
      const found = catalog.index(name)
      return found === undefined || found.table !== table || stays(found) ? found : undefined
    },
  }
  // What is not changed is inherited, so that nothing of a catalog is missing.
  return Object.assign(Object.create(catalog) as Catalog, changed)
}
