import type { FuncCall, Node, SQLValueFunction } from "@pgsql/types"
import type { FunctionCall } from "../expression.ts"
import type { Context } from "./context.ts"
import { closingBracket, spanOf, tokenIndexAt } from "../../source/tokens.ts"
import { EMPTY, offsetAt, tokensOf } from "./context.ts"
import { lastString, stringOf, valueText } from "./nodes.ts"
import { identifierEnd, nameEnd, skipBlank } from "./text.ts"

/** The text of a literal, casts looked through; null for everything else, NULL included. */
export function literalText(node: Node | undefined): string | null {
  if (node === undefined) return null
  if ("A_Const" in node) return valueText(node) ?? null
  if ("TypeCast" in node) return literalText(node.TypeCast.arg)
  return null
}

/** The text of an argument, which may be given by name: `f(a => 'x')`. */
function argumentText(node: Node): string | null {
  return literalText("NamedArgExpr" in node ? node.NamedArgExpr.arg : node)
}

function argumentName(node: Node): string | null {
  return "NamedArgExpr" in node ? (node.NamedArgExpr.name ?? null) : null
}

export function lowerCall(context: Context, call: FuncCall): FunctionCall {
  const names = call.funcname
  const start = offsetAt(context, call.location)
  return {
    schema: names !== undefined && names.length > 1 ? (stringOf(names[names.length - 2]) ?? null) : null,
    name: lastString(names) ?? "",
    arguments: call.args === undefined ? EMPTY : call.args.map(argumentText),
    ...(call.args?.some((node) => "NamedArgExpr" in node) === true && { names: call.args.map(argumentName) }),
    span: { start, end: callEnd(context, start) },
  }
}

/** The end of the call whose name starts at `start`: its closing bracket, when it has one. */
function callEnd(context: Context, start: number): number {
  const { text } = context
  const end = nameEnd(text, start)
  const open = skipBlank(text, end)
  if (text.charCodeAt(open) !== 40) return end
  if (text.charCodeAt(open + 1) === 41) return open + 2
  const tokens = tokensOf(context)
  const close = closingBracket(tokens, tokenIndexAt(tokens, open))
  return close < 0 ? end : spanOf(tokens, close).end
}

/** Special forms by the names of the functions behind them; those that have no such function keep their keyword. */
const VALUE_FUNCTIONS: Readonly<Record<string, string>> = {
  SVFOP_CURRENT_DATE: "current_date",
  SVFOP_CURRENT_TIME: "current_time",
  SVFOP_CURRENT_TIME_N: "current_time",
  SVFOP_CURRENT_TIMESTAMP: "now",
  SVFOP_CURRENT_TIMESTAMP_N: "now",
  SVFOP_LOCALTIME: "localtime",
  SVFOP_LOCALTIME_N: "localtime",
  SVFOP_LOCALTIMESTAMP: "localtimestamp",
  SVFOP_LOCALTIMESTAMP_N: "localtimestamp",
  SVFOP_CURRENT_ROLE: "current_user",
  SVFOP_CURRENT_USER: "current_user",
  SVFOP_USER: "current_user",
  SVFOP_SESSION_USER: "session_user",
  SVFOP_CURRENT_CATALOG: "current_database",
  SVFOP_CURRENT_SCHEMA: "current_schema",
}

/** CURRENT_TIMESTAMP and its like. */
export function lowerValueFunction(context: Context, form: SQLValueFunction): FunctionCall {
  const start = offsetAt(context, form.location)
  const end = identifierEnd(context.text, start)
  const name = VALUE_FUNCTIONS[form.op ?? ""] ?? context.text.slice(start, end).toLowerCase()
  return { schema: null, name, arguments: EMPTY, span: { start, end } }
}
