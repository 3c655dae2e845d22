import type { Node, SelectStmt } from "@pgsql/types"
import type { Query } from "../expression.ts"
import type { Context } from "./context.ts"
import type { Span } from "../../source/span.ts"
import { collect, collectSelect } from "./collect.ts"
import { asQuery, collected, isLimited } from "./collected.ts"

export function lowerSelect(context: Context, select: SelectStmt, span: Span): Query {
  const found = collected()
  collectSelect(found, context, select)
  return asQuery(found, isLimited(select), span)
}

/** Lowers a query node of any kind (SELECT, VALUES, DML with RETURNING, EXECUTE of a prepared statement). */
export function lowerQuery(context: Context, node: Node | undefined, span: Span): Query {
  if (node !== undefined && "SelectStmt" in node) return lowerSelect(context, node.SelectStmt, span)
  const found = collected()
  collect(found, context, node)
  return asQuery(found, false, span)
}
