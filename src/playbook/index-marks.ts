import type { Index, Relation } from "../schema/catalog.ts"
import type { Takeover } from "./takeover.ts"
import type { RecipeContext } from "./context.ts"
import { quoteIdent } from "../schema/format.ts"
import { fit, quoteName } from "./sql.ts"

/** Columns that an index has or reads; null for an expression. */
export function readBy({ columns, include, expressionColumns }: Index): (string | null)[] {
  return [...columns, ...include, ...expressionColumns]
}

/** Whether an index with the column identifies rows for logical replication: what takes its place has to be NOT NULL indeed. */
export function identifies(relation: Relation, column: string, { catalog }: RecipeContext): boolean {
  const index = relation.identityIndex === null ? undefined : catalog.indexById(relation.identityIndex)
  return index !== undefined && readBy(index).includes(column)
}

/** The copy of an index takes over what the table has chosen the original for. */
export function takeMarks({ table, relation }: Takeover, index: Index | undefined, copy: string): string[] {
  if (index === undefined) return []
  const alter = `ALTER TABLE ${quoteName(table)}`
  return [
    ...(relation.identityIndex === index.id ? [fit(alter, `REPLICA IDENTITY USING INDEX ${quoteIdent(copy)};`)] : []),
    ...(relation.clusteredOn === index.id ? [fit(alter, `CLUSTER ON ${quoteIdent(copy)};`)] : []),
  ]
}
