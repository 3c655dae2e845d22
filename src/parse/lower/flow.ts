/** What PL/pgSQL code leaves without running. */
import { fieldsOf } from "./guards.ts"
import { numberOf } from "./variables.ts"

/** RETURN, RAISE of an error, and EXIT and CONTINUE without a condition: what stands behind them in a list never runs. */
export function leaves(node: unknown): boolean {
  const statement = fieldsOf(node)
  if (statement === undefined) return false
  const exit = fieldsOf(statement["PLpgSQL_stmt_exit"])
  const raise = fieldsOf(statement["PLpgSQL_stmt_raise"])
  return "PLpgSQL_stmt_return" in statement || (exit !== undefined && exit["cond"] === undefined) || numberOf(raise?.["elog_level"]) === ERROR
}

/** ERROR in PostgreSQL's elog.h, as the PL/pgSQL parser gives it. */
const ERROR = 21

/** Whether a round may end before its last statement: EXIT, CONTINUE, RETURN. */
export function mayLeave(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(mayLeave)
  const fields = fieldsOf(node) ?? {}
  return Object.keys(fields).some((kind) => kind === "PLpgSQL_stmt_exit" || kind === "PLpgSQL_stmt_return" || mayLeave(fields[kind]))
}
