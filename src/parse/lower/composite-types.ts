import type { AlterTableCmd } from "@pgsql/types"
import type { OperationOf } from "../operation.ts"
import type { Name } from "../name.ts"
import type { Context } from "./context.ts"
import type { Span } from "../../source/span.ts"
import { identifierAt, skipIfExists, tokensOf } from "./context.ts"
import { lowerType } from "./names.ts"

/** One action of ALTER TYPE on a composite type; it starts at token `from` with `ADD ATTRIBUTE` and the like. */
export function lowerCompositeAction(
  context: Context,
  type: Name,
  command: AlterTableCmd,
  span: Span,
  from: number,
): OperationOf<"alter composite type"> {
  const tokens = tokensOf(context)
  const definition = command.def !== undefined && "ColumnDef" in command.def ? command.def.ColumnDef : undefined
  return {
    op: "alter composite type",
    span,
    type,
    action:
      command.subtype === "AT_AddColumn"
        ? "add attribute"
        : command.subtype === "AT_DropColumn"
          ? "drop attribute"
          : "alter attribute type",
    attribute: identifierAt(tokens, skipIfExists(tokens, from + 2), command.name ?? definition?.colname),
    ifExists: command.missing_ok === true,
    attributeType: definition?.typeName === undefined ? null : lowerType(context, definition.typeName),
    newName: null,
    cascade: command.behavior === "DROP_CASCADE",
  }
}
