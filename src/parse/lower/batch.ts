/** Which UPDATE and DELETE are batches: they have no LIMIT of their own, but take their rows from a limited sub-query. */
import type { Node, SelectStmt, WithClause } from "@pgsql/types"
import type { Context } from "./context.ts"
import { collect } from "./collect.ts"
import { collected, isLimited, type Collected } from "./collected.ts"
import { EMPTY } from "./context.ts"
import { lastString } from "./nodes.ts"

/** The clauses of an UPDATE or DELETE; `from` is its FROM or USING. */
interface Clauses {
  readonly where: Node | undefined
  readonly from: readonly Node[] | undefined
  readonly clause: WithClause | undefined
}

interface Scope {
  readonly context: Context
  /** The names of CTEs with few rows. */
  readonly few: readonly string[]
}

export function isBatch(context: Context, { where, from, clause }: Clauses, outer: readonly string[] = EMPTY): boolean {
  if (where === undefined) return false
  const few = [...outer]
  for (const cte of clause?.ctes ?? EMPTY) {
    if (!("CommonTableExpr" in cte)) continue
    const { ctename, ctequery } = cte.CommonTableExpr
    if (ctename !== undefined && isFew({ context, few }, ctequery)) few.push(ctename)
  }
  const scope: Scope = { context, few }
  if (hasLimitedTest(scope, where)) return true
  const limited = from?.filter((item) => isLimitedItem(scope, item)) ?? EMPTY
  if (limited.length === 0) return false
  const qualifiers = collectedFrom(context, where).columns.map(({ table }) => table)
  return limited.some((item) => "JoinExpr" in item || qualifiers.includes(nameOf(item)))
}

/** `id IN (SELECT ... LIMIT 1000)`, with other conditions or without. */
function hasLimitedTest(scope: Scope, node: Node): boolean {
  if ("BoolExpr" in node) {
    return node.BoolExpr.boolop === "AND_EXPR" && (node.BoolExpr.args ?? EMPTY).some((part) => hasLimitedTest(scope, part))
  }
  if ("SubLink" in node) {
    const { subLinkType, operName, subselect } = node.SubLink
    // `EXISTS (SELECT FROM (SELECT ... LIMIT 1000) x WHERE x.id = t.id)`
    if (subLinkType === "EXISTS_SUBLINK") {
      return subselect !== undefined && "SelectStmt" in subselect && isOverFew(scope, subselect.SelectStmt)
    }
    return subLinkType === "ANY_SUBLINK" && (operName === undefined || lastString(operName) === "=") && isFew(scope, subselect)
  }
  if (!("A_Expr" in node)) return false
  const { kind, name, lexpr, rexpr } = node.A_Expr
  const operator = lastString(name)
  if (kind === "AEXPR_OP_ANY") return operator === "=" && isFewValues(scope, rexpr)
  if (kind !== "AEXPR_OP") return false
  if (operator === "=") return isFewValues(scope, rexpr) || isFewValues(scope, lexpr)
  // `id <= (SELECT id FROM t ORDER BY id LIMIT 1 OFFSET 999)`: the first thousand.
  return (operator === "<" || operator === "<=") && isCountedOff(scope, rexpr)
}

/** A limited sub-query as a value or an array, also in a call: `(SELECT ...)`, `ARRAY (SELECT ...)`. */
function isFewValues(scope: Scope, node: Node | undefined): boolean {
  if (node === undefined) return false
  if ("TypeCast" in node) return isFewValues(scope, node.TypeCast.arg)
  if ("FuncCall" in node) return (node.FuncCall.args ?? EMPTY).some((value) => isFewValues(scope, value))
  if (!("SubLink" in node)) return false
  const { subLinkType, subselect } = node.SubLink
  return (subLinkType === "EXPR_SUBLINK" || subLinkType === "ARRAY_SUBLINK") && isFew(scope, subselect)
}

function isCountedOff(scope: Scope, node: Node | undefined): boolean {
  if (node === undefined || !("SubLink" in node)) return false
  const { subselect } = node.SubLink
  if (subselect === undefined || !("SelectStmt" in subselect)) return false
  const { limitOffset, sortClause } = subselect.SelectStmt
  const [first] = sortClause ?? EMPTY
  const rises = first !== undefined && "SortBy" in first && first.SortBy.sortby_dir !== "SORTBY_DESC"
  return limitOffset !== undefined && rises && isFew(scope, subselect)
}

function isLimitedItem(scope: Scope, node: Node | undefined): boolean {
  if (node === undefined) return false
  if ("JoinExpr" in node) return isLimitedItem(scope, node.JoinExpr.larg) || isLimitedItem(scope, node.JoinExpr.rarg)
  if ("RangeVar" in node) return node.RangeVar.schemaname === undefined && scope.few.includes(node.RangeVar.relname ?? "")
  return "RangeSubselect" in node && isFew(scope, node.RangeSubselect.subquery)
}

/**
 * A query with a LIMIT, over one that has it, or a batch that returns its rows; not one that reads the row in hand, which is run for each
 * row and limits nothing.
 */
function isFew(scope: Scope, node: Node | undefined): boolean {
  if (node === undefined) return false
  const { context, few } = scope
  if ("UpdateStmt" in node) {
    const { whereClause, fromClause, withClause } = node.UpdateStmt
    return isBatch(context, { where: whereClause, from: fromClause, clause: withClause }, few)
  }
  if ("DeleteStmt" in node) {
    const { whereClause, usingClause, withClause } = node.DeleteStmt
    return isBatch(context, { where: whereClause, from: usingClause, clause: withClause }, few)
  }
  if (!("SelectStmt" in node)) return false
  return (isLimited(node.SelectStmt) || isOverFew(scope, node.SelectStmt)) && !readsOutside(context, node)
}

function isOverFew(scope: Scope, { fromClause }: SelectStmt): boolean {
  return fromClause?.some((item) => isLimitedItem(scope, item)) === true
}

/** Whether a sub-query has columns of a relation that is not in it, as far as they say whose they are. */
function readsOutside(context: Context, query: Node): boolean {
  const { aliases, reads, functions, columns } = collectedFrom(context, query)
  const renamed = aliases.map(({ table }) => table)
  const names = [
    ...aliases.map(({ alias }) => alias),
    ...reads.filter((table) => !renamed.includes(table)).map(({ name }) => name),
    ...functions.map(({ name }) => name),
  ]
  return columns.some(({ table }) => table !== null && !names.includes(table))
}

function collectedFrom(context: Context, node: Node): Collected {
  const found = collected()
  collect(found, context, node)
  return found
}

/** What columns of a FROM item are qualified with. */
function nameOf(item: Node): string | null {
  if ("RangeVar" in item) return item.RangeVar.alias?.aliasname ?? item.RangeVar.relname ?? null
  return "RangeSubselect" in item ? (item.RangeSubselect.alias?.aliasname ?? null) : null
}
