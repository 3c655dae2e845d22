import type { DropdbStmt, DropStmt } from "@pgsql/types"
import type { DroppedObject, Operation } from "../operation.ts"
import type { Context } from "./context.ts"
import { isKeyword, spanOf } from "../../source/tokens.ts"
import { EMPTY, keywordSpan, nameAtToken, pieceEnd, skipIfExists, spanOfTokens, tokensOf } from "./context.ts"
import { kindWords, lowerObject, objectKind } from "./objects.ts"
import { simpleOther } from "./other.ts"

export function lowerDrop(context: Context, statement: DropStmt): Operation {
  const type = statement.removeType
  const kind = objectKind(type)
  if (kind === "other") return simpleOther(context, "DropStmt")
  const tokens = tokensOf(context)
  const nodes = statement.objects ?? EMPTY
  const keywordEnd = kindWords(type)
  const concurrently = statement.concurrent === true
  let from = skipIfExists(tokens, concurrently ? keywordEnd + 2 : keywordEnd + 1)
  const objects: DroppedObject[] = []
  for (const node of nodes) {
    const written = lowerObject(context, node, type, from)
    objects.push({ name: written.name, table: written.table, arguments: written.arguments, span: spanOfTokens(tokens, from, written.next) })
    from = pieceEnd(tokens, from, tokens.count) + 1
  }
  return {
    op: "drop",
    span: context.span,
    kind,
    objects,
    ifExists: statement.missing_ok === true,
    cascade: statement.behavior === "DROP_CASCADE",
    concurrently,
    concurrentlySpan: keywordSpan(
      tokens,
      "concurrently",
      keywordEnd + 1,
      concurrently ? keywordEnd + 2 : 0,
      keywordEnd,
    ),
  }
}

/** DROP DATABASE. */
export function lowerDropDatabase(context: Context, statement: DropdbStmt): Operation {
  return lowerDropGlobal(context, "database", statement.dbname ?? "", statement.missing_ok === true)
}

/** DROP of one object with a plain name: database, tablespace, subscription. */
export function lowerDropGlobal(
  context: Context,
  kind: "database" | "tablespace" | "subscription",
  name: string,
  ifExists: boolean,
): Operation {
  const tokens = tokensOf(context)
  const at = skipIfExists(tokens, 2)
  const { end } = spanOf(tokens, 1)
  return {
    op: "drop",
    span: context.span,
    kind,
    objects: [{ name: nameAtToken(context, at, [name]), table: null, arguments: null, span: spanOf(tokens, at) }],
    ifExists,
    cascade: isKeyword(tokens, tokens.count - 1, "cascade"),
    concurrently: false,
    concurrentlySpan: { start: end, end },
  }
}
