/** Statements that plan others, and that run what was planned. */
import type { DeallocateStmt, ExecuteStmt, ExplainStmt, PrepareStmt } from "@pgsql/types"
import type { Operation } from "../operation.ts"
import type { Context } from "./context.ts"
import { isKeyword, isSymbol, spanOf } from "../../source/tokens.ts"
import { EMPTY, findOutside, identifierAt, insideBrackets, spanBetween, tokensOf } from "./context.ts"
import { nestedContext, type LowerNested } from "./create.ts"
import { optionHolds } from "./nodes.ts"

/** EXPLAIN ANALYZE runs its statement; plain EXPLAIN plans it. */
export function lowerExplain(context: Context, { query, options }: ExplainStmt, lowerNested: LowerNested): Operation | readonly Operation[] {
  const tokens = tokensOf(context)
  let at = isSymbol(tokens, 1, "(") ? (insideBrackets(tokens, 1, tokens.count)?.to ?? 0) + 1 : 1
  while (isKeyword(tokens, at, "analyze") || isKeyword(tokens, at, "analyse") || isKeyword(tokens, at, "verbose")) at++
  const operations = query === undefined ? EMPTY : lowerNested(from(context, at), query)
  return optionHolds(options, "analyze") ? operations : { op: "plan", span: context.span, as: null, operations }
}

export function lowerPrepare(context: Context, { name, query }: PrepareStmt, lowerNested: LowerNested): Operation {
  const tokens = tokensOf(context)
  const at = findOutside(tokens, "as", 2, tokens.count) + 1
  const operations = query === undefined ? EMPTY : lowerNested(from(context, at), query)
  return { op: "plan", span: context.span, as: identifierAt(tokens, 1, name), operations }
}

function from(context: Context, token: number): Context {
  return nestedContext(context, spanBetween(spanOf(tokensOf(context), token).start, context.span.end))
}

export function lowerExecute(context: Context, { name }: ExecuteStmt): Operation {
  return { op: "execute", span: context.span, prepared: identifierAt(tokensOf(context), 1, name) }
}

export function lowerDeallocate(context: Context, { name }: DeallocateStmt): Operation {
  const tokens = tokensOf(context)
  const at = isKeyword(tokens, 1, "prepare") && tokens.count > 2 ? 2 : 1
  return { op: "deallocate", span: context.span, prepared: name === undefined ? null : identifierAt(tokens, at, name) }
}
