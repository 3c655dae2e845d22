import type { FuncCall, Node } from "@pgsql/types"
import { parseSql } from "../grammar/index.ts"
import { keywords } from "../keywords.ts"
import { literalText } from "./calls.ts"
import { EMPTY } from "./context.ts"
import { isNullLiteral } from "./expressions.ts"
import { lastString } from "./nodes.ts"

/** The text that `EXECUTE <expression>` runs. */
export interface DynamicText {
  readonly text: string
  /** The text is one literal, not put together from several. */
  readonly literal: boolean
}

/** The text of an expression made of literals alone (`'..'`, `'..' || '..'`, `format('..', '..')`); null otherwise. */
export function resolveDynamic(expression: string): DynamicText | null {
  const outcome = parseSql(`SELECT ${expression}`)
  if (!outcome.ok) return null
  const statement = outcome.tree.stmts?.[0]?.stmt
  if (statement === undefined || !("SelectStmt" in statement)) return null
  const target = statement.SelectStmt.targetList?.[0]
  const value = target !== undefined && "ResTarget" in target ? target.ResTarget.val : undefined
  const text = value === undefined ? null : resolve(value)
  if (text === null || value === undefined) return null
  return { text, literal: "A_Const" in value || isPlainFormat(value, text) }
}

function isPlainFormat(value: Node, text: string): boolean {
  return "FuncCall" in value && value.FuncCall.args?.length === 1 && literalText(value.FuncCall.args[0]) === text
}

function resolve(node: Node): string | null {
  if ("A_Const" in node || "TypeCast" in node) return literalText(node)
  if ("A_Expr" in node) {
    const { kind, name, lexpr, rexpr } = node.A_Expr
    if (kind !== "AEXPR_OP" || lastString(name) !== "||" || lexpr === undefined || rexpr === undefined) return null
    const left = resolve(lexpr)
    const right = left === null ? null : resolve(rexpr)
    return left === null || right === null ? null : left + right
  }
  return "FuncCall" in node ? resolveCall(node.FuncCall) : null
}

function resolveCall(call: FuncCall): string | null {
  const parts = call.args ?? EMPTY
  const first = parts[0]
  const text = first === undefined ? null : resolve(first)
  if (text === null) return null
  switch (lastString(call.funcname)) {
    case "quote_ident":
      return quoteIdentifier(text)
    case "quote_literal":
      return quoteLiteral(text)
    case "format":
      return format(text, parts.slice(1))
    default:
      return null
  }
}

const SPECIFIER = /%(?:%|(?:(\d+)\$)?([sIL]))/g

/** PostgreSQL's format() for literal arguments; null when one is not literal, missing, or formatted to a width. */
function format(template: string, parameters: readonly Node[]): string | null {
  let next = 0
  let failed = false
  const text = template.replace(
    SPECIFIER,
    (specifier: string, position: string | undefined, kind: string | undefined) => {
      if (kind === undefined) return "%"
      const index = position === undefined ? next : Number(position) - 1
      next = index + 1
      const parameter = parameters[index]
      const value = parameter === undefined ? null : resolve(parameter)
      if (value !== null) return kind === "I" ? quoteIdentifier(value) : kind === "L" ? quoteLiteral(value) : value
      if (parameter !== undefined && kind === "L" && isNullLiteral(parameter)) return "NULL"
      failed = true
      return specifier
    },
  )
  return failed || hasOtherSpecifier(template) ? null : text
}

function hasOtherSpecifier(template: string): boolean {
  return template.replace(SPECIFIER, "").includes("%")
}

/** As PostgreSQL's quote_ident, but that every keyword is quoted, reserved or not: the folded name is the same. */
function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`
  return text.includes("\\") ? `E${quoted}` : quoted
}
