import type { Node, PartitionBoundSpec } from "@pgsql/types"
import type { PartitionBound, PartitionValue } from "../operation.ts"
import type { Context } from "./context.ts"
import { closingBracket, isKeyword, isSymbol } from "../../source/tokens.ts"
import { literalText } from "./calls.ts"
import { EMPTY, spanOfTokens, tokenAt, tokensOf } from "./context.ts"
import { isNullLiteral } from "./expressions.ts"
import { stringsOf } from "./nodes.ts"

const KINDS: Readonly<Record<string, PartitionBound["kind"]>> = { l: "list", r: "range", h: "hash" }

export function lowerPartitionBound(context: Context, bound: PartitionBoundSpec): PartitionBound {
  return {
    kind: bound.is_default === true ? "default" : (KINDS[bound.strategy ?? ""] ?? "default"),
    from: lowerValues(bound.listdatums ?? bound.lowerdatums),
    to: lowerValues(bound.upperdatums),
    modulus: bound.modulus ?? 0,
    remainder: bound.remainder ?? 0,
    span: boundSpan(context, bound),
  }
}

/** From FOR (or DEFAULT) to the last bracket; the grammar's location may be that of a later word. */
function boundSpan(context: Context, bound: PartitionBoundSpec): PartitionBound["span"] {
  const tokens = tokensOf(context)
  let at = tokenAt(context, bound.location)
  if (bound.is_default === true) return spanOfTokens(tokens, at, at + 1)
  while (at > 0 && !isKeyword(tokens, at, "for")) at--
  let end = at
  for (let i = at; i < tokens.count; i++) {
    if (!isSymbol(tokens, i, "(")) continue
    const close = closingBracket(tokens, i)
    if (close < 0) break
    end = close
    if (!isKeyword(tokens, close + 1, "to")) break
    i = close
  }
  return spanOfTokens(tokens, at, end + 1)
}

function lowerValues(nodes: readonly Node[] | undefined): readonly PartitionValue[] {
  return nodes === undefined ? EMPTY : nodes.map(lowerValue)
}

function lowerValue(node: Node): PartitionValue {
  const word = "ColumnRef" in node ? stringsOf(node.ColumnRef.fields)[0] : undefined
  return {
    keyword: word === "minvalue" || word === "maxvalue" ? word : null,
    literal: literalText(node),
    isNull: isNullLiteral(node),
  }
}
