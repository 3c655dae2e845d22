import type { A_Expr, BoolExpr, Node, NullTest } from "@pgsql/types"
import type { Conjunct, Expression, Scope, ScopedTable, Test } from "../expression.ts"
import type { Context } from "./context.ts"
import type { Span } from "../../source/span.ts"
import { literalText } from "./calls.ts"
import { collect } from "./collect.ts"
import { collected } from "./collected.ts"
import { EMPTY, spanOfTokens, tokensOf } from "./context.ts"
import { lastString, listItems, stringOf } from "./nodes.ts"
import { leave, ofTable } from "./scopes.ts"

const OTHER: Extract<Test, { kind: "other" }> = Object.freeze({ kind: "other" })
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
    ...(found.hasSubquery && { hasSubquery: true }),
    conjuncts: lowerConjuncts(node),
    column: columnOf(node),
  }
}

/** The levels of an expression about the rows of a table, and of its sub-queries, that read columns. */
export function scopesIn(context: Context, node: Node, table: ScopedTable): readonly Scope[] {
  const found = collected()
  const level = ofTable(table)
  found.level = level
  collect(found, context, node)
  leave(found, level, null)
  return found.scopes
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

/** @param negated the node stands under NOT, which the server pushes down to the tests (src/backend/optimizer/prep/prepqual.c) */
function addConjuncts(into: Conjunct[], node: Node | undefined, negated = false): void {
  if (node === undefined) into.push(OTHER)
  else if ("BoolExpr" in node) addBoolean(into, node.BoolExpr, negated)
  else if ("NullTest" in node) addNullTest(into, node.NullTest, negated)
  else if ("A_Expr" in node) addOperatorTest(into, node.A_Expr, negated)
  else into.push(OTHER)
}

/** Constants are folded first, as the server does before it concludes anything (eval_const_expressions). */
function addBoolean(into: Conjunct[], { boolop, args = [] }: BoolExpr, negated: boolean): void {
  if (boolop === "NOT_EXPR") {
    addConjuncts(into, args[0], !negated)
    return
  }
  const isAnd = (boolop === "AND_EXPR") !== negated
  const truths = args.map((part) => truthOf(part, negated))
  if (truths.includes(!isAnd)) {
    // It is false, or else true, which demands nothing.
    if (isAnd) into.push(OTHER)
    return
  }
  const open = args.filter((_, position) => truths[position] === null)
  const [first, second] = open
  if (isAnd || (first !== undefined && second === undefined)) for (const part of open) addConjuncts(into, part, negated)
  else {
    const branches = open.flatMap((part): readonly (readonly Conjunct[])[] => {
      const branch: Conjunct[] = []
      addConjuncts(branch, part, negated)
      const [only] = branch
      return only?.kind === "or" && branch.length === 1 ? only.branches : [branch]
    })
    into.push(branches.length === 0 || branches.some((branch) => branch.every(({ kind }) => kind === "other")) ? OTHER : { kind: "or", branches })
  }
}

/** What an expression of the constants TRUE and FALSE, or its opposite, comes to; null when it is no such expression. */
function truthOf(node: Node, negated: boolean): boolean | null {
  if ("A_Const" in node) return node.A_Const.boolval === undefined ? null : (node.A_Const.boolval.boolval === true) !== negated
  if (!("BoolExpr" in node)) return null
  const { boolop, args = [] } = node.BoolExpr
  if (boolop === "NOT_EXPR") return args[0] === undefined ? null : truthOf(args[0], !negated)
  const isAnd = (boolop === "AND_EXPR") !== negated
  const truths = args.map((part) => truthOf(part, negated))
  return truths.includes(!isAnd) ? !isAnd : truths.includes(null) ? null : isAnd
}

function addNullTest(into: Conjunct[], { arg, nulltesttype }: NullTest, negated: boolean): void {
  const isNull = nulltesttype === "IS_NULL"
  // Of a row every field is tested, and NOT does not turn one test into the other. What the fields hold is not looked into (eval_const_expressions).
  if (arg !== undefined && "RowExpr" in arg) {
    if (negated) into.push(OTHER)
    else for (const field of arg.RowExpr.args ?? EMPTY) into.push(columnTest(field, isNull ? "is not distinct from null" : "is distinct from null"))
  } else into.push(columnTest(arg, isNull !== negated ? "is null" : "is not null"))
}

type NullTestKind = "is null" | "is not null" | "is distinct from null" | "is not distinct from null"

function columnTest(tested: Node | undefined, kind: NullTestKind): Test {
  const column = plainColumn(tested)
  return column === null ? OTHER : { kind, column }
}

type Operator = Extract<Conjunct, { kind: "comparison" }>["operator"]

/** Comparison operators and what they become when their sides are swapped. */
const SWAPPED: Readonly<Record<string, Operator>> = { "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=" }

function asOperator(name: string | null): Operator | null {
  const swapped = name === null ? undefined : SWAPPED[name]
  return swapped === undefined ? null : (SWAPPED[swapped] ?? null)
}

/** What NOT makes of a comparison. */
const NEGATED: Readonly<Record<Operator, Operator>> = { "=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<" }

function addOperatorTest(into: Conjunct[], test: A_Expr, negated: boolean): void {
  if (test.kind === "AEXPR_OP") {
    const truth = truthTest(test)
    if (truth !== null) {
      addConjuncts(into, truth.tested, truth.isTrue === negated)
      return
    }
    const compared = comparison(test)
    into.push(negated && compared.kind === "comparison" ? { ...compared, operator: NEGATED[compared.operator] } : compared)
    return
  }
  if (test.kind === "AEXPR_DISTINCT" || test.kind === "AEXPR_NOT_DISTINCT") {
    const other = isNull(test.rexpr) ? test.lexpr : isNull(test.lexpr) ? test.rexpr : undefined
    into.push(columnTest(other, (test.kind === "AEXPR_NOT_DISTINCT") !== negated ? "is not distinct from null" : "is distinct from null"))
    return
  }
  if (test.kind === "AEXPR_BETWEEN" || test.kind === "AEXPR_NOT_BETWEEN") addBetween(into, test, (test.kind === "AEXPR_NOT_BETWEEN") !== negated)
  else addMembership(into, test, negated)
}

/** The literal NULL, not cast. */
function isNull(node: Node | undefined): boolean {
  return node !== undefined && "A_Const" in node && node.A_Const.isnull === true
}

/** `(a IS NOT NULL) = true` and the like; a column alone stays a comparison. */
function truthTest({ name, lexpr, rexpr }: A_Expr): { readonly tested: Node; readonly isTrue: boolean } | null {
  const operator = name?.length === 1 ? lastString(name) : null
  if (operator !== "=" && operator !== "<>") return null
  for (const [tested, constant] of [[lexpr, rexpr], [rexpr, lexpr]]) {
    if (tested === undefined || constant === undefined || !("A_Const" in constant) || constant.A_Const.boolval === undefined) continue
    if ("A_Expr" in tested || "NullTest" in tested || "BoolExpr" in tested) {
      return { tested, isTrue: (constant.A_Const.boolval.boolval === true) === (operator === "=") }
    }
  }
  return null
}

function addBetween(into: Conjunct[], { lexpr, rexpr }: A_Expr, outside: boolean): void {
  const column = plainColumn(lexpr)
  const bounds = listItems(rexpr)
  const low = literalText(bounds[0])
  const high = literalText(bounds[1])
  if (column === null || low === null || high === null) into.push(OTHER)
  else if (outside) {
    const below: Test = { kind: "comparison", column, operator: "<", value: low }
    const above: Test = { kind: "comparison", column, operator: ">", value: high }
    into.push({ kind: "or", branches: [[below], [above]] })
  } else {
    into.push({ kind: "comparison", column, operator: ">=", value: low })
    into.push({ kind: "comparison", column, operator: "<=", value: high })
  }
}

/** `IN`, `= ANY (ARRAY[...])`, and their opposites, which are a comparison with each value. */
function addMembership(into: Conjunct[], test: A_Expr, negated: boolean): void {
  const listed = test.kind === "AEXPR_IN"
  if (!listed && test.kind !== "AEXPR_OP_ANY" && test.kind !== "AEXPR_OP_ALL") {
    into.push(OTHER)
    return
  }
  const operator = lastString(test.name)
  const isOpposite = test.kind === "AEXPR_OP_ALL" || (listed && operator === "<>")
  const member = operator === (isOpposite ? "<>" : "=") ? membership(test.lexpr, listed ? listItems(test.rexpr) : arrayElements(test.rexpr)) : OTHER
  if (member.kind !== "in" || isOpposite === negated) into.push(member)
  else for (const value of member.values) into.push({ kind: "comparison", column: member.column, operator: "<>", value })
}

function comparison(test: A_Expr): Extract<Test, { kind: "comparison" | "other" }> {
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

function membership(tested: Node | undefined, elements: readonly Node[]): Test {
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
