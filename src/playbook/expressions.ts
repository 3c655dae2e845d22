import type { ColumnReference } from "../parse/expression.ts"
import { parseFile } from "../parse/index.ts"
import { quoteIdent } from "../schema/format.ts"
import { applyEdits } from "./edit.ts"

/** The expression with column `from` replaced by `to`; null when the expression cannot be read. */
export function renameInExpression(expression: string, from: string, to: string): string | null {
  return replaceColumns(expression, (reference) => (reference.column === from ? quoteIdent(to) : null))
}

/** The expression as a trigger function evaluates it: every column read from `row` (NEW or OLD); null when it cannot be read. */
export function ofRow(expression: string, row: "NEW" | "OLD"): string | null {
  return replaceColumns(expression, (reference) => `${row}.${quoteIdent(reference.column)}`)
}

function replaceColumns(expression: string, replace: (reference: ColumnReference) => string | null): string | null {
  const prefix = "SELECT "
  const { statements, errors } = parseFile(prefix + expression)
  const [operation] = statements[0]?.operations ?? []
  if (errors.length > 0 || operation?.op !== "select" || operation.query.reads.length > 0) return null
  const edits = operation.query.columns.flatMap((reference) => {
    const text = replace(reference)
    return text === null ? [] : [{ span: reference.span, text }]
  })
  return applyEdits(expression, prefix.length, edits)
}
