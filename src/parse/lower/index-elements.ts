import type { IndexElem, PartitionElem } from "@pgsql/types"
import type { IndexElement } from "../operation.ts"
import type { Name } from "../name.ts"
import type { Context } from "./context.ts"
import { closingBracket, isSymbol, spanOf, tokenIndexAt } from "../../source/tokens.ts"
import { findOutside, identifierAt, nameAtToken, spanOfTokens, tokensOf } from "./context.ts"
import { columnNameOf } from "./column-name.ts"
import { lowerExpressionAt } from "./expressions.ts"
import { lastString, stringsOf } from "./nodes.ts"
import { nameEnd } from "./text.ts"

/** Lowers the element of an index, an exclusion constraint or a partition key that the tokens `[from, to)` make up. */
export function lowerIndexElement(
  context: Context,
  element: IndexElem | PartitionElem,
  from: number,
  to: number,
): IndexElement {
  const tokens = tokensOf(context)
  const ordering = "ordering" in element ? element.ordering : undefined
  const nulls = "nulls_ordering" in element ? element.nulls_ordering : undefined
  const descending = ordering === "SORTBY_DESC"
  return {
    column: element.name === undefined ? null : identifierAt(tokens, from, element.name),
    expression:
      element.expr === undefined
        ? null
        : lowerExpressionAt(context, element.expr, from, elementExpressionEnd(context, from, to)),
    label: columnNameOf(element.expr),
    collation: lowerCollation(context, stringsOf(element.collation), from, to),
    operatorClass: lastString(element.opclass),
    descending,
    nullsFirst: nulls === "SORTBY_NULLS_FIRST" || (descending && nulls !== "SORTBY_NULLS_LAST"),
    span: spanOfTokens(tokens, from, to),
  }
}

/** An element's expression is in brackets or a call; its end is the closing bracket. */
function elementExpressionEnd(context: Context, from: number, to: number): number {
  const tokens = tokensOf(context)
  let open = from
  if (!isSymbol(tokens, from, "(")) open = tokenIndexAt(tokens, nameEnd(context.text, spanOf(tokens, from).start))
  if (open >= to || !isSymbol(tokens, open, "(")) return Math.max(open, from + 1)
  const close = closingBracket(tokens, open, to)
  return close < 0 ? to : close + 1
}

/** The collation that COLLATE names in the tokens `[from, to)`. */
export function lowerCollation(context: Context, parts: readonly string[], from: number, to: number): Name | null {
  if (parts.length === 0) return null
  const at = findOutside(tokensOf(context), "collate", from, to)
  return at < 0 ? null : nameAtToken(context, at + 1, parts)
}
