import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { formatType, quoteIdent } from "../../schema/format.ts"
import { fillBatch, inBatches } from "../batches.ts"
import { differs } from "../difference.ts"
import { ofRow } from "../expressions.ts"
import { definedColumn } from "../facts.ts"
import { createNames } from "../names.ts"
import { fit, parenthesized, quoteName } from "../sql.ts"
import { byHand, recipe } from "../steps.ts"
import { createSync, oneWay, syncOf } from "../sync.ts"

export type SetExpressionParameters = Readonly<OperationOf<"set expression">>

/** SET EXPRESSION of a stored generated column: it becomes an ordinary one, which a trigger computes. */
export function setExpression({ relation: table, column, expression }: SetExpressionParameters, context: RecipeContext): Step[] {
  const name = quoteIdent(column.name)
  const text = context.text(expression.span)
  const value = ofRow(text, "NEW")
  if (value === null) {
    const note = "Drop the expression, let a trigger compute the column, and compute the rows that are there in batches."
    return recipe([byHand({ deploy: "expand", title: "A new expression rewrites the table", note })])
  }
  const known = definedColumn(context.catalog, table, column.name)
  // Records compare only values of the same type.
  const changed =
    known === undefined
      ? `${name} IS DISTINCT FROM ${parenthesized(text)}`
      : differs(name, `${parenthesized(text)}::${formatType(known.type)}`, known)
  const names = createNames(table, context)
  const sync = syncOf(table, [column.name], names, context)
  const drop = fit(`ALTER TABLE ${quoteName(table)} ALTER COLUMN ${name}`, "DROP EXPRESSION;")
  const note = "The column stays an ordinary one; the rows keep what the old expression made of them until they are written or the next step is done."
  return recipe([
    createSync(sync, oneWay([{ to: column.name, value }]), `Let a trigger compute ${name} in place of the old expression`, note, [drop]),
    inBatches(
      {
        table,
        alias: null,
        write: (range) => fillBatch(table, [{ column: column.name, value: parenthesized(text), missing: changed }], range),
        deploy: "migrate",
        title: "Compute it for the rows that are there, in batches",
        note: null,
        settled: true,
        isUpdate: true,
      },
      context,
    ),
  ])
}
