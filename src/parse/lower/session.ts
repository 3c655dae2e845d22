import type { TransactionStmt, VariableSetStmt } from "@pgsql/types"
import type { Operation } from "../operation.ts"
import type { Context } from "./context.ts"
import { EMPTY } from "./context.ts"
import { literalText } from "./calls.ts"
import { valueText } from "./nodes.ts"

export function lowerTransaction(context: Context, statement: TransactionStmt): Operation {
  const { span } = context
  const savepoint = statement.savepoint_name ?? ""
  const gid = statement.gid ?? ""
  const chain = statement.chain === true
  switch (statement.kind) {
    case "TRANS_STMT_COMMIT":
      return { op: "commit", span, chain }
    case "TRANS_STMT_ROLLBACK":
      return { op: "rollback", span, chain }
    case "TRANS_STMT_SAVEPOINT":
      return { op: "savepoint", span, savepoint }
    case "TRANS_STMT_RELEASE":
      return { op: "release savepoint", span, savepoint }
    case "TRANS_STMT_ROLLBACK_TO":
      return { op: "rollback to savepoint", span, savepoint }
    case "TRANS_STMT_PREPARE":
      return { op: "prepare transaction", span, gid }
    case "TRANS_STMT_COMMIT_PREPARED":
      return { op: "commit prepared", span, gid }
    case "TRANS_STMT_ROLLBACK_PREPARED":
      return { op: "rollback prepared", span, gid }
    default:
      return { op: "begin", span }
  }
}

export function lowerSet(context: Context, statement: VariableSetStmt): Operation {
  const { span } = context
  const local = statement.is_local === true
  const setting = (statement.name ?? "").toLowerCase()
  switch (statement.kind) {
    case "VAR_RESET":
      return { op: "reset", span, setting }
    case "VAR_RESET_ALL":
      return { op: "reset", span, setting: null }
    case "VAR_SET_VALUE": {
      const values: string[] = []
      for (const argument of statement.args ?? EMPTY) values.push(valueText(argument) ?? literalText(argument) ?? "")
      return { op: "set", span, setting, value: values.join(", "), values, local }
    }
    case "VAR_SET_MULTI":
      // SET TRANSACTION and SET SESSION CHARACTERISTICS set several settings that no effect depends on.
      return { op: "set", span, setting, value: null, values: EMPTY, local }
    default:
      return { op: "set", span, setting, value: null, values: EMPTY, local }
  }
}
