import type { RecipeContext } from "./context.ts"
import type { Share, SharedMove } from "./takeover.ts"
import { quoteIdent } from "../schema/format.ts"
import type { Column, Relation } from "../schema/catalog.ts"
import { moveDefault } from "./column-copy.ts"
import { quoteName } from "./sql.ts"

/**
 * What tables that inherit the columns, partitions among them, have as defaults of their own. A default that a table is given goes down to
 * all that inherit from it (docs: ALTER TABLE), so each table comes behind those that it inherits from.
 */
export function ownDefaults(heirs: readonly Share[], context: RecipeContext): string[] {
  const { catalog } = context
  const trees = heirs.map((share) => ({ share, below: catalog.tree(share.relation.id) })).sort((left, right) => right.below.length - left.below.length)
  /** What a table has after the statements so far, where that is not what the first one has. */
  const given = new Map<string, string | null>()
  const keyOf = (relation: Relation, { from }: SharedMove): string => `${String(relation.id)} ${from}`
  const statements: string[] = []
  for (const { share, below } of trees) {
    for (const move of share.moves) {
      if (move.parent === null || move.defaultGiven === true || move.column.identity !== null) continue
      const key = keyOf(share.relation, move)
      const wanted = textOf(move.column)
      if (wanted === (given.has(key) ? given.get(key) : textOf(move.parent))) continue
      for (const relation of below) given.set(keyOf(relation, move), wanted)
      statements.push(...setDefault(share, move, context))
    }
  }
  return statements
}

/** Whether a table that inherits the column has another default for it. */
export function differInDefaults(relation: Relation, column: Column, { catalog }: RecipeContext): boolean {
  return catalog.tree(relation.id).some((heir) => textOf(catalog.column(heir, column.name) ?? column) !== textOf(column))
}

function textOf({ default: value }: Column): string | null {
  return value?.text ?? null
}

function setDefault({ table }: Share, { column, from, to, final, parent, type }: SharedMove, context: RecipeContext): string[] {
  const alter = (name: string): string => `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdent(name)}`
  if (column.default === null) return [`${alter(to)} DROP DEFAULT;`]
  // A column that stays beside the new one for a while is no longer written.
  const isLeft = final === from && parent?.default === null
  return [...moveDefault(table, from, to, column, context, type), ...(isLeft ? [`${alter(from)} DROP DEFAULT;`] : [])]
}
