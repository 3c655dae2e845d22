import type { ColumnReference, Query } from "../parse/expression.ts"
import type { RecipeContext } from "./context.ts"
import { functionVolatility } from "../effects/volatility.ts"
import { parseFile } from "../parse/index.ts"
import { quoteIdent } from "../schema/format.ts"
import { applyEdits } from "./edit.ts"

/** The expression with columns called by other names; null when the expression cannot be read. */
export function renameInExpression(expression: string, renamed: ReadonlyMap<string, string>): string | null {
  return replaceColumns(expression, ({ column }) => {
    const name = renamed.get(column)
    return name === undefined ? null : quoteIdent(name)
  })
}

/**
 * The expression as a trigger function evaluates it: every column read from `row` (NEW or OLD); null when it cannot be
 * read.
 */
export function ofRow(expression: string, row: "NEW" | "OLD"): string | null {
  return replaceColumns(expression, (reference) => `${row}.${quoteIdent(reference.column)}`)
}

/** Whether two evaluations in one statement may differ; also when the expression cannot be read. */
export function mayVary(expression: string, { catalog, pgVersion }: RecipeContext): boolean {
  const query = queryOf(expression)
  return (
    query?.functions.some((call) => (functionVolatility(call, catalog, pgVersion) ?? "volatile") === "volatile") ?? true
  )
}

function replaceColumns(expression: string, replace: (reference: ColumnReference) => string | null): string | null {
  const query = queryOf(expression)
  if (query === null) return null
  const edits = query.columns.flatMap((reference) => {
    const text = replace(reference)
    return text === null ? [] : [{ span: reference.span, text }]
  })
  return applyEdits(expression, PREFIX.length, edits)
}

const PREFIX = "SELECT "

/** The expression as the grammar reads it; null when it does not, or when it has a sub-query. */
function queryOf(expression: string): Query | null {
  const { statements, errors } = parseFile(PREFIX + expression)
  const [operation] = statements[0]?.operations ?? []
  const query = operation?.op === "select" && errors.length === 0 ? operation.query : null
  return query !== null && query.reads.length === 0 ? query : null
}
