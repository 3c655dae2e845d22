import type { Index } from "./catalog.ts"

/** Whether an index holds a column, or its expressions or predicate read it. */
export function usesColumn(index: Pick<Index, "columns" | "include" | "expressionColumns">, column: string): boolean {
  return index.columns.includes(column) || index.include.includes(column) || index.expressionColumns.includes(column)
}
