import type { A_Expr, BoolExpr, Node, NullTest } from "@pgsql/types"
import type { Conjunct, Expression } from "../expression.ts"
import type { Context } from "./context.ts"
import type { Span } from "../../source/span.ts"
import { literalText } from "./calls.ts"
import { collect } from "./collect.ts"
import { collected } from "./collected.ts"
import { EMPTY, spanOfTokens, tokensOf } from "./context.ts"
import { lastString, listItems, stringOf } from "./nodes.ts"

const OTHER: Conjunct = Object.freeze({ kind: "other" })
const ONLY_OTHER: readonly Conjunct[] = Object.freeze([OTHER])

/** Lowers an expression that stands at `span`. */
function lowerExpression(context: Context, node: Node, span: Span): Expression {
  if ("A_Const" in node) {
    return {
      span,
      literal: literalText(node),
      isNull: node.A_Const.isnull === true,
      constant: true,
      functions: EMPTY,
      columns: EMPTY,
      casts: EMPTY,
      operators: EMPTY,
      relations: EMPTY,
      conjuncts: ONLY_OTHER,
      column: null,
    }
  }
  const found = collected(true)
  collect(found, context, node)
  return {
    span,
    literal: literalText(node),
    isNull: isNullLiteral(node),
    constant: found.constant,
    functions: found.functions,
    columns: found.columns,
    casts: found.casts,
    operators: found.operators,
    relations: found.reads,
    conjuncts: lowerConjuncts(node),
    column: columnOf(node),
  }
}

/** Lowers an expression that the tokens `[from, to)` make up. */
export function lowerExpressionAt(context: Context, node: Node, from: number, to: number): Expression {
  return lowerExpression(context, node, spanOfTokens(tokensOf(context), from, to))
}

export function isNullLiteral(node: Node | undefined): boolean {
  if (node === undefined) return false
  if ("A_Const" in node) return node.A_Const.isnull === true
  return "TypeCast" in node && isNullLiteral(node.TypeCast.arg)
}

function columnOf(node: Node | undefined): string | null {
  if (node === undefined) return null
  return "TypeCast" in node ? columnOf(node.TypeCast.arg) : plainColumn(node)
}

function plainColumn(node: Node | undefined): string | null {
  if (node === undefined || !("ColumnRef" in node)) return null
  const fields = node.ColumnRef.fields
  return fields === undefined ? null : (stringOf(fields[fields.length - 1]) ?? null)
}

function lowerConjuncts(node: Node): readonly Conjunct[] {
  if ("A_Expr" in node || "NullTest" in node || "BoolExpr" in node) {
    const conjuncts: Conjunct[] = []
    addConjuncts(conjuncts, node)
    return conjuncts
  }
  return ONLY_OTHER
}

function addConjuncts(into: Conjunct[], node: Node): void {
  if ("BoolExpr" in node) addBoolean(into, node.BoolExpr)
  else if ("NullTest" in node) into.push(nullTest(node.NullTest, false))
  else if ("A_Expr" in node) addOperatorTest(into, node.A_Expr)
  else into.push(OTHER)
}

function addBoolean(into: Conjunct[], node: BoolExpr): void {
  if (node.boolop === "AND_EXPR") {
    for (const part of node.args ?? EMPTY) addConjuncts(into, part)
    return
  }
  const negated = node.boolop === "NOT_EXPR" ? node.args?.[0] : undefined
  into.push(negated !== undefined && "NullTest" in negated ? nullTest(negated.NullTest, true) : OTHER)
}

function nullTest(test: NullTest, negated: boolean): Conjunct {
  const column = plainColumn(test.arg)
  if (column === null) return OTHER
  return { kind: (test.nulltesttype === "IS_NULL") === negated ? "is not null" : "is null", column }
}

type Operator = Extract<Conjunct, { kind: "comparison" }>["operator"]

/** Comparison operators and what they become when their sides are swapped. */
const SWAPPED: Readonly<Record<string, Operator>> = { "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=" }

function asOperator(name: string | null): Operator | null {
  const swapped = name === null ? undefined : SWAPPED[name]
  return swapped === undefined ? null : (SWAPPED[swapped] ?? null)
}

function addOperatorTest(into: Conjunct[], test: A_Expr): void {
  switch (test.kind) {
    case "AEXPR_OP":
      into.push(comparison(test))
      return
    case "AEXPR_IN":
      into.push(lastString(test.name) === "=" ? membership(test.lexpr, listItems(test.rexpr)) : OTHER)
      return
    case "AEXPR_OP_ANY":
      into.push(lastString(test.name) === "=" ? membership(test.lexpr, arrayElements(test.rexpr)) : OTHER)
      return
    case "AEXPR_BETWEEN": {
      const column = plainColumn(test.lexpr)
      const bounds = listItems(test.rexpr)
      const low = literalText(bounds[0])
      const high = literalText(bounds[1])
      if (column === null || low === null || high === null) into.push(OTHER)
      else {
        into.push({ kind: "comparison", column, operator: ">=", value: low })
        into.push({ kind: "comparison", column, operator: "<=", value: high })
      }
      return
    }
    default:
      into.push(OTHER)
  }
}

function comparison(test: A_Expr): Conjunct {
  const operator = test.name?.length === 1 ? asOperator(lastString(test.name)) : null
  if (operator === null) return OTHER
  const column = plainColumn(test.lexpr)
  const value = literalText(test.rexpr)
  if (column !== null && value !== null) return { kind: "comparison", column, operator, value }
  const right = plainColumn(test.rexpr)
  const left = literalText(test.lexpr)
  if (right !== null && left !== null) {
    return { kind: "comparison", column: right, operator: SWAPPED[operator] ?? operator, value: left }
  }
  return OTHER
}

/** The elements of `ARRAY[...]`, possibly cast: `a = ANY (ARRAY['x'])` is how PostgreSQL prints `a IN ('x')`. */
function arrayElements(node: Node | undefined): readonly Node[] {
  if (node === undefined) return EMPTY
  if ("TypeCast" in node) return arrayElements(node.TypeCast.arg)
  return "A_ArrayExpr" in node ? (node.A_ArrayExpr.elements ?? EMPTY) : EMPTY
}

function membership(tested: Node | undefined, elements: readonly Node[]): Conjunct {
  const column = plainColumn(tested)
  if (column === null || elements.length === 0) return OTHER
  const values: string[] = []
  for (const element of elements) {
    const value = literalText(element)
    if (value === null) return OTHER
    values.push(value)
  }
  return { kind: "in", column, values }
}
