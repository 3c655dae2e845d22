import type { IndexStmt, Node } from "@pgsql/types"
import type { IndexElement, OperationOf } from "../operation.ts"
import type { Identifier } from "../name.ts"
import type { Context } from "./context.ts"
import type { Tokens } from "../../source/tokens.ts"
import { isKeyword, spanOf } from "../../source/tokens.ts"
import {
  EMPTY,
  findOutside,
  identifierAt,
  identifierList,
  insideBrackets,
  pieceEnd,
  skipIfExists,
  tokenBehind,
  tokensOf,
} from "./context.ts"
import { lowerExpressionAt } from "./expressions.ts"
import { lowerIndexElement } from "./index-elements.ts"
import { lowerRelation } from "./names.ts"

export function lowerCreateIndex(context: Context, statement: IndexStmt): OperationOf<"create index"> {
  const tokens = tokensOf(context)
  const table = lowerRelation(context, statement.relation)
  // CREATE [UNIQUE] INDEX
  const index = isKeyword(tokens, 1, "unique") ? 2 : 1
  const concurrently = statement.concurrent === true
  const nameAt = skipIfExists(tokens, concurrently ? index + 2 : index + 1)
  const behind = tokenBehind(context, table.span)
  const inside = insideBrackets(tokens, behind, tokens.count)
  const close = inside?.to ?? behind
  const where = statement.whereClause === undefined ? -1 : findOutside(tokens, "where", close, tokens.count)
  return {
    op: "create index",
    span: context.span,
    index: statement.idxname === undefined ? null : identifierAt(tokens, nameAt, statement.idxname),
    table,
    unique: statement.unique === true,
    concurrently,
    concurrentlySpan: concurrently ? spanOf(tokens, index + 1) : emptyBehind(tokens, index),
    ifNotExists: statement.if_not_exists === true,
    only: statement.relation?.inh !== true,
    method: statement.accessMethod ?? "btree",
    elements: lowerIndexElements(context, statement.indexParams, inside),
    include: lowerInclude(context, statement.indexIncludingParams, close),
    predicate:
      where < 0 || statement.whereClause === undefined
        ? null
        : lowerExpressionAt(context, statement.whereClause, where + 1, tokens.count),
    nullsNotDistinct: statement.nulls_not_distinct === true,
    tablespace: statement.tableSpace ?? null,
  }
}

function emptyBehind(tokens: Tokens, index: number): { start: number; end: number } {
  const { end } = spanOf(tokens, index)
  return { start: end, end }
}

function lowerIndexElements(
  context: Context,
  nodes: readonly Node[] | undefined,
  inside: { from: number; to: number } | null,
): readonly IndexElement[] {
  if (nodes === undefined || inside === null) return EMPTY
  const tokens = tokensOf(context)
  const elements: IndexElement[] = []
  let from = inside.from
  for (const node of nodes) {
    const end = pieceEnd(tokens, from, inside.to)
    if ("IndexElem" in node) elements.push(lowerIndexElement(context, node.IndexElem, from, end))
    from = end + 1
  }
  return elements
}

function lowerInclude(context: Context, nodes: readonly Node[] | undefined, from: number): readonly Identifier[] {
  if (nodes === undefined) return EMPTY
  const tokens = tokensOf(context)
  const include = findOutside(tokens, "include", from, tokens.count)
  const inside = include < 0 ? null : insideBrackets(tokens, include, tokens.count)
  if (inside === null) return EMPTY
  const names: string[] = []
  for (const node of nodes) if ("IndexElem" in node) names.push(node.IndexElem.name ?? "")
  return identifierList(tokens, names, inside.from, inside.to)
}
