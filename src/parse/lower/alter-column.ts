import type { AlterTableCmd, Node } from "@pgsql/types"
import type { Identifier } from "../name.ts"
import type { Operation, OperationOf } from "../operation.ts"
import { lowerSequenceName } from "./columns.ts"
import { findOutside, identifierAt, insideBrackets, skipKeyword, tokensOf } from "./context.ts"
import { lowerExpressionAt } from "./expressions.ts"
import { lowerCollation } from "./index-elements.ts"
import { lowerType } from "./names.ts"
import { stringsOf } from "./nodes.ts"
import type { TableAction } from "./table-action.ts"

type ColumnOperation = Extract<Operation, { column: Identifier }>

/** The actions `ALTER [COLUMN] name ...`. Null when the node is not shaped as the grammar shapes it. */
export function lowerColumnAction(action: TableAction, command: AlterTableCmd): ColumnOperation | null {
  const { context, relation, keyword, missingOk, only, span, from, to } = action
  const tokens = tokensOf(context)
  const at = skipKeyword(tokens, from + 1, "column")
  const on = {
    relation,
    keyword,
    missingOk,
    only,
    span,
    column: identifierAt(tokens, at, command.name ?? columnNumber(command)),
  }
  switch (command.subtype) {
    case "AT_ColumnDefault": {
      if (command.def === undefined) return { op: "drop default", ...on }
      return { op: "set default", ...on, default: lowerExpressionAt(context, command.def, at + 3, to) }
    }
    case "AT_DropNotNull":
      return { op: "drop not null", ...on }
    case "AT_SetNotNull":
      return { op: "set not null", ...on }
    case "AT_SetExpression": {
      const inside = insideBrackets(tokens, at, to)
      if (inside === null || command.def === undefined) return null
      return {
        op: "set expression",
        ...on,
        expression: lowerExpressionAt(context, command.def, inside.from, inside.to),
      }
    }
    case "AT_DropExpression":
      return { op: "drop expression", ...on, ifExists: command.missing_ok === true }
    case "AT_SetStatistics":
      return { op: "set statistics", ...on }
    case "AT_SetStorage":
      return { op: "set storage", ...on }
    case "AT_SetCompression":
      return { op: "set compression", ...on }
    case "AT_SetOptions":
    case "AT_ResetOptions":
      return { op: "set column options", ...on }
    case "AT_AlterColumnType":
      return lowerColumnType(action, command.def, on.column, at)
    case "AT_AddIdentity": {
      const { generated_when: when, options } = command.def !== undefined && "Constraint" in command.def ? command.def.Constraint : {}
      const sequence = lowerSequenceName(action.context, options, at, action.to)
      return { op: "add identity", ...on, identity: when === "a" ? "always" : "by default", sequence }
    }
    case "AT_SetIdentity":
      return { op: "set identity", ...on, identity: identityKind(command.def) }
    case "AT_DropIdentity":
      return { op: "drop identity", ...on, ifExists: command.missing_ok === true }
    default:
      return null
  }
}

/** `ALTER INDEX i ALTER COLUMN 3 SET STATISTICS`: an index's column goes by its number. */
function columnNumber(command: AlterTableCmd): string {
  return String(command.num ?? 0)
}

function lowerColumnType(
  action: TableAction,
  def: Node | undefined,
  column: Identifier,
  at: number,
): OperationOf<"alter column type"> | null {
  if (def === undefined || !("ColumnDef" in def)) return null
  const { context, relation, keyword, missingOk, only, span, to } = action
  const tokens = tokensOf(context)
  const { typeName, collClause, raw_default: using } = def.ColumnDef
  const type = lowerType(context, typeName)
  const usingAt = using === undefined ? -1 : findOutside(tokens, "using", at + 1, to)
  return {
    op: "alter column type",
    relation,
    keyword,
    missingOk,
    only,
    span,
    column,
    type,
    collation: lowerCollation(context, stringsOf(collClause?.collname), at + 1, usingAt < 0 ? to : usingAt),
    using: using === undefined || usingAt < 0 ? null : lowerExpressionAt(context, using, usingAt + 1, to),
  }
}

/** `SET GENERATED ALWAYS` among the options; null when only the sequence's options change. */
function identityKind(def: Node | undefined): "always" | "by default" | null {
  if (def === undefined || !("List" in def)) return null
  for (const item of def.List.items ?? []) {
    if (!("DefElem" in item) || item.DefElem.defname !== "generated") continue
    const value = item.DefElem.arg
    const code = value !== undefined && "Integer" in value ? (value.Integer.ival ?? 0) : 0
    return code === "a".charCodeAt(0) ? "always" : "by default"
  }
  return null
}
