import { inQuotes } from "../../source/quote.ts"
import type { CallStmt, CreateFunctionStmt, DefElem, FunctionParameter, Node } from "@pgsql/types"
import type { CodeBody, Operation, OperationOf } from "../operation.ts"
import type { Context } from "./context.ts"
import { TokenKind, findKeyword } from "../../source/tokens.ts"
import { isGuarded, volatilityOf } from "./alter.ts"
import { lowerCall } from "./calls.ts"
import { collectAll } from "./collect.ts"
import { asQuery, collected } from "./collected.ts"
import { EMPTY, nameAtToken, offsetAt, tokenAt, tokensOf } from "./context.ts"
import { lowerNameAt, lowerType } from "./names.ts"
import { findOption, listItems, optionText, stringOf, stringsOf } from "./nodes.ts"
import { simpleOther } from "./other.ts"
import { lowerSet } from "./session.ts"

type CreateFunction = OperationOf<"create function">
type ArgumentMode = CreateFunction["arguments"][number]["mode"]

const MODES: Readonly<Record<string, ArgumentMode>> = {
  FUNC_PARAM_OUT: "out",
  FUNC_PARAM_INOUT: "inout",
  FUNC_PARAM_VARIADIC: "variadic",
  FUNC_PARAM_TABLE: "table",
}

export function lowerCreateFunction(context: Context, statement: CreateFunctionStmt): CreateFunction {
  const tokens = tokensOf(context)
  const procedure = statement.is_procedure === true
  const nameAt = findKeyword(tokens, procedure ? "procedure" : "function") + 1
  const language = findOption(statement.options, "language")
  const volatility = findOption(statement.options, "volatility")
  const found = collected()
  if (statement.sql_body !== undefined) collectAll(found, context, [statement.sql_body])
  return {
    op: "create function",
    span: context.span,
    function: nameAtToken(context, nameAt, stringsOf(statement.funcname)),
    kind: procedure ? "procedure" : "function",
    orReplace: statement.replace === true,
    arguments: (statement.parameters ?? EMPTY).flatMap((node) =>
      "FunctionParameter" in node ? [lowerParameter(context, node.FunctionParameter)] : [],
    ),
    returns: statement.returnType === undefined ? null : lowerType(context, statement.returnType),
    returnsSet: statement.returnType?.setof === true,
    language: (language === undefined ? undefined : optionText(language))?.toLowerCase() ?? "sql",
    volatility: volatility === undefined ? "volatile" : volatilityOf(optionText(volatility)),
    guarded: isGuarded(statement.options),
    body: lowerBody(context, findOption(statement.options, "as")),
    settings: settingsOf(statement.options ?? EMPTY, context),
    query: statement.sql_body === undefined ? null : asQuery(found, false, context.span),
  }
}

function settingsOf(options: readonly Node[], context: Context): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {}
  for (const node of options) {
    const set = "DefElem" in node && node.DefElem.defname === "set" ? node.DefElem.arg : undefined
    if (set === undefined || !("VariableSetStmt" in set)) continue
    const operation = lowerSet(context, set.VariableSetStmt)
    if (operation.op === "set" && operation.value !== null) settings[operation.setting] = operation.setting === "search_path" ? asList(operation.values) : operation.value
  }
  return settings
}

/** The names as set_config takes them. */
function asList(names: readonly string[]): string {
  return names.map((name) => (/^[a-z_][a-z\d_]*$/.test(name) ? name : inQuotes(name))).join(", ")
}

function lowerParameter(context: Context, parameter: FunctionParameter): CreateFunction["arguments"][number] {
  return {
    name: parameter.name ?? null,
    type: lowerType(context, parameter.argType),
    mode: MODES[parameter.mode ?? ""] ?? "in",
    hasDefault: parameter.defexpr !== undefined,
  }
}

/** The body that AS gives. C functions have two strings there and no body. */
export function lowerBody(context: Context, as: DefElem | undefined): CodeBody | null {
  if (as?.arg === undefined) return null
  const texts = "String" in as.arg ? [as.arg] : listItems(as.arg)
  const text = texts.length === 1 ? stringOf(texts[0]) : undefined
  if (text === undefined) return null
  const tokens = tokensOf(context)
  let at = tokenAt(context, as.location)
  while (at < tokens.count && tokens.kinds[at] !== TokenKind.string && tokens.kinds[at] !== TokenKind.dollarString) at++
  const start = tokens.starts[at] ?? context.span.start
  const end = tokens.ends[at] ?? context.span.end
  const open = openingLength(context.text, start)
  const close = tokens.kinds[at] === TokenKind.dollarString ? open : 1
  const span = { start: start + open, end: Math.max(end - close, start + open) }
  return { text, span, verbatim: context.text.slice(span.start, span.end) === text }
}

/** The length of what opens a string constant: `'`, `E'`, `U&'`, `$$`, `$tag$`. */
function openingLength(text: string, start: number): number {
  if (text.charCodeAt(start) === 36) return text.indexOf("$", start + 1) + 1 - start
  return text.indexOf("'", start) + 1 - start
}

export function lowerCallStatement(context: Context, statement: CallStmt): Operation {
  const call = statement.funccall
  if (call === undefined) return simpleOther(context, "CallStmt")
  const start = offsetAt(context, call.location)
  return {
    op: "call",
    span: context.span,
    procedure: lowerNameAt(context, call.funcname, start),
    call: lowerCall(context, call),
  }
}
