import type { DoStmt } from "@pgsql/types"
import type { Operation } from "../operation.ts"
import type { Context } from "./context.ts"
import type { LowerNested } from "./create.ts"
import { lowerCode } from "./bodies.ts"
import { findOption, optionText } from "./nodes.ts"
import { lowerBody } from "./functions.ts"
import { simpleOther } from "./other.ts"
import { NO_SIGNATURE } from "./plpgsql-tree.ts"

export function lowerDo(context: Context, statement: DoStmt, lowerNested: LowerNested): Operation {
  const body = lowerBody(context, findOption(statement.args, "as"))
  if (body === null) return simpleOther(context, "DoStmt")
  const option = findOption(statement.args, "language")
  const language = (option === undefined ? undefined : optionText(option))?.toLowerCase() ?? "plpgsql"
  const { statements, dynamic } = lowerCode(body, language, lowerNested, NO_SIGNATURE)
  return { op: "do", span: context.span, language, body, statements, dynamic }
}
