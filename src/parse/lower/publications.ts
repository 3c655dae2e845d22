import type { AlterPublicationStmt, CreatePublicationStmt, Node, PublicationTable as GrammarTable } from "@pgsql/types"
import type { OperationOf, PublicationTable } from "../operation.ts"
import type { Context } from "./context.ts"
import { isKeyword, isSymbol } from "../../source/tokens.ts"
import { EMPTY, identifierAt, insideBrackets, tokenFrom, tokensOf } from "./context.ts"
import { lowerExpressionAt } from "./expressions.ts"
import { lowerRelation } from "./names.ts"
import { stringsOf } from "./nodes.ts"

export function lowerCreatePublication(
  context: Context,
  statement: CreatePublicationStmt,
): OperationOf<"create publication"> {
  return {
    op: "create publication",
    span: context.span,
    publication: identifierAt(tokensOf(context), 2, statement.pubname),
    allTables: statement.for_all_tables === true,
    ...lowerMembers(context, statement.pubobjects),
  }
}

export function lowerAlterPublication(
  context: Context,
  statement: AlterPublicationStmt,
): OperationOf<"alter publication"> {
  return {
    op: "alter publication",
    span: context.span,
    publication: identifierAt(tokensOf(context), 2, statement.pubname),
    action: publicationAction(statement),
    ...lowerMembers(context, statement.pubobjects),
  }
}

function publicationAction(statement: AlterPublicationStmt): OperationOf<"alter publication">["action"] {
  if (statement.pubobjects === undefined) return "options"
  switch (statement.action) {
    case "AP_SetObjects":
      return "set"
    case "AP_DropObjects":
      return "drop"
    default:
      return "add"
  }
}

function lowerMembers(
  context: Context,
  nodes: readonly Node[] | undefined,
): { readonly tables: readonly PublicationTable[]; readonly schemas: readonly string[] } {
  if (nodes === undefined) return { tables: EMPTY, schemas: EMPTY }
  const tables: PublicationTable[] = []
  const schemas: string[] = []
  for (const node of nodes) {
    if (!("PublicationObjSpec" in node)) continue
    const { pubtable, name, pubobjtype } = node.PublicationObjSpec
    if (pubtable !== undefined) tables.push(lowerTable(context, pubtable))
    else schemas.push(pubobjtype === "PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA" ? "current_schema" : (name ?? ""))
  }
  return { tables, schemas }
}

function lowerTable(context: Context, member: GrammarTable): PublicationTable {
  const table = lowerRelation(context, member.relation)
  return { table, only: member.relation?.inh !== true, columns: stringsOf(member.columns), where: lowerRowFilter(context, member, table.span.end) }
}

/** `WHERE (...)` behind a member's name and columns. */
function lowerRowFilter(context: Context, member: GrammarTable, nameEnd: number): PublicationTable["where"] {
  if (member.whereClause === undefined) return null
  const tokens = tokensOf(context)
  let at = tokenFrom(context, nameEnd)
  if (isSymbol(tokens, at, "*")) at++
  if (isSymbol(tokens, at, "(")) at = (insideBrackets(tokens, at, tokens.count)?.to ?? at) + 1
  const inside = isKeyword(tokens, at, "where") ? insideBrackets(tokens, at, tokens.count) : null
  return inside === null ? null : lowerExpressionAt(context, member.whereClause, inside.from, inside.to)
}
