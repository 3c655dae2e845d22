import type { ColumnReference, Expression, FunctionCall, Query } from "../parse/expression.ts"
import type { Span } from "../source/span.ts"
import type { RecipeContext } from "./context.ts"
import { functionVolatility } from "../effects/volatility.ts"
import { parseFile } from "../parse/index.ts"
import { quoteIdent } from "../schema/format.ts"
import { applyEdits } from "./edit.ts"

/** The expression with columns called by other names; null when the expression cannot be read. */
export function renameInExpression(expression: string, renamed: ReadonlyMap<string, string>): string | null {
  return replaceInExpression(expression, ({ column }) => {
    const name = renamed.get(column)
    return name === undefined ? null : quoteIdent(name)
  })
}

/** The functions that it calls; null when it cannot be read. */
export function callsIn(expression: string): readonly FunctionCall[] | null {
  return queryOf(expression)?.functions ?? null
}

/**
 * The expression as a trigger function evaluates it: every column read from `row` (NEW or OLD); null when it cannot be
 * read.
 */
export function ofRow(expression: string, row: "NEW" | "OLD"): string | null {
  return replaceInExpression(expression, (reference) => `${row}.${quoteIdent(reference.column)}`)
}

/** Whether two evaluations in one statement may differ; also when the expression cannot be read. */
export function mayVary(expression: string, { catalog, pgVersion }: RecipeContext): boolean {
  const query = queryOf(expression)
  return (
    query?.functions.some((call) => (functionVolatility(call, catalog, pgVersion) ?? "volatile") === "volatile") ?? true
  )
}

/**
 * The expression with other words for columns; null for those that stay as they are. Null when the expression cannot be read.
 *
 * @param replace is told what stands behind the column, too
 */
export function replaceInExpression(expression: string, replace: (reference: ColumnReference, behind: string) => string | null): string | null {
  const query = queryOf(expression)
  if (query === null) return null
  const edits = query.columns.flatMap((reference) => {
    const text = replace(reference, expression.slice(reference.span.end - PREFIX.length))
    return text === null ? [] : [{ span: reference.span, text }]
  })
  return applyEdits(expression, PREFIX.length, edits)
}

const PREFIX = "SELECT "
const DEFAULT = "ALTER TABLE t ALTER c SET DEFAULT "

/** What an expression is made of, its places those of the text; null when it cannot be read. */
export function expressionOf(expression: string): Pick<Expression, "columns" | "casts"> | null {
  const [operation] = parseFile(DEFAULT + expression).statements[0]?.operations ?? []
  if (operation?.op !== "set default") return null
  const moved = <T extends { readonly span: Span }>(one: T): T => ({ ...one, span: { start: one.span.start - DEFAULT.length, end: one.span.end - DEFAULT.length } })
  const { columns, casts } = operation.default
  return { columns: columns.map(moved), casts: casts.map((cast) => ({ ...cast, type: moved(cast.type) })) }
}

/** The expression as the grammar reads it; null when it does not, or when it has a sub-query. */
function queryOf(expression: string): Query | null {
  const { statements, errors } = parseFile(PREFIX + expression)
  const [operation] = statements[0]?.operations ?? []
  const query = operation?.op === "select" && errors.length === 0 ? operation.query : null
  return query !== null && query.reads.length === 0 ? query : null
}
