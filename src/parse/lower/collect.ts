/** Walks expressions and queries and takes down what they call, read, cast, lock and write. */
import type {
  A_Expr,
  ColumnRef,
  CommonTableExpr,
  DeleteStmt,
  FuncCall,
  InsertStmt,
  JoinExpr,
  MergeStmt,
  Node,
  RangeSubselect,
  RangeVar,
  ReturningClause,
  SelectStmt,
  TypeCast,
  UpdateStmt,
  WithClause,
} from "@pgsql/types"
import type { ScopedTable } from "../expression.ts"
import type { Context } from "./context.ts"
import type { NodeKind } from "./nodes.ts"
import { literalText, lowerCall } from "./calls.ts"
import { added, NOWHERE, type Collected, type Level } from "./collected.ts"
import { EMPTY } from "./context.ts"
import { starReadsTable } from "./from-items.ts"
import { lowerType, nameSpan } from "./names.ts"
import { noteDerived, noteOperator, noteOperators, noteRead, noteRowLocks, noteUsing, noteValueFunction, noteWrite } from "./notes.ts"
import { leave, levelOf, scoped, takeStar } from "./scopes.ts"
import { kindOfNode, lastString, stringOf, stringsOf } from "./nodes.ts"

export function collectAll(into: Collected, context: Context, nodes: readonly Node[] | undefined): void {
  if (nodes === undefined) return
  for (const node of nodes) collect(into, context, node)
}

/** Adds what `node` calls, reads, casts, locks and writes. */
export function collect(into: Collected, context: Context, node: Node | undefined): void {
  if (node === undefined) return
  if ("A_Const" in node) return
  if ("ColumnRef" in node) return collectColumn(into, context, node.ColumnRef)
  if ("FuncCall" in node) return collectCall(into, context, node.FuncCall)
  if ("TypeCast" in node) return collectCast(into, context, node.TypeCast)
  if ("A_Expr" in node) return collectOperators(into, context, node.A_Expr)
  if ("BoolExpr" in node) return collectAll(into, context, node.BoolExpr.args)
  if ("NullTest" in node) return collectValue(into, context, node.NullTest.arg)
  if ("List" in node) return collectAll(into, context, node.List.items)
  if ("ResTarget" in node) {
    collectAll(into, context, node.ResTarget.indirection)
    return collect(into, context, node.ResTarget.val)
  }
  if ("RangeVar" in node) return noteRead(into, context, node.RangeVar)
  if ("SelectStmt" in node) return collectSelect(into, context, node.SelectStmt)
  if ("JoinExpr" in node) return collectJoin(into, context, node.JoinExpr)
  if ("SubLink" in node) {
    into.constant = false
    into.hasSubquery = true
    noteOperators(into, node.SubLink.operName)
    collect(into, context, node.SubLink.testexpr)
    return collect(into, context, node.SubLink.subselect)
  }
  if ("SQLValueFunction" in node) return noteValueFunction(into, context, node.SQLValueFunction)
  if ("ParamRef" in node || "CurrentOfExpr" in node) into.constant = false
  if ("MultiAssignRef" in node && node.MultiAssignRef.colno !== 1) return
  if ("InsertStmt" in node) return collectInsert(into, context, node.InsertStmt)
  if ("UpdateStmt" in node) return collectUpdate(into, context, node.UpdateStmt)
  if ("DeleteStmt" in node) return collectDelete(into, context, node.DeleteStmt)
  if ("MergeStmt" in node) return collectMerge(into, context, node.MergeStmt)
  if ("RangeSubselect" in node) return collectDerived(into, context, node.RangeSubselect)
  if ("RangeFunction" in node) noteDerived(into, node.RangeFunction.alias?.aliasname)
  const kind = kindOfNode(node)
  if (kind !== undefined) collectFields(into, context, (node as Partial<Record<NodeKind, object>>)[kind])
}

/** A sub-query in FROM sees what is around its query, or, when it is LATERAL, also some of what stands beside it. */
function collectDerived(into: Collected, context: Context, { alias, lateral, subquery }: RangeSubselect): void {
  noteDerived(into, alias?.aliasname)
  const level = into.level
  into.level = lateral === true || level === null ? null : level.around
  collect(into, context, subquery)
  into.level = level
}

/** Every node below one that needs no word of its own (CASE, COALESCE, ROW, JOIN, XML and JSON forms ...). */
function collectFields(into: Collected, context: Context, fields: object | undefined): void {
  if (fields === undefined) return
  for (const [field, value] of Object.entries(fields) as [string, unknown][]) {
    if (typeof value !== "object" || value === null || field === "typeName" || field === "alias") continue
    if (Array.isArray(value)) for (const item of value as unknown[]) collectUnknown(into, context, item)
    else collectUnknown(into, context, value)
  }
}

function collectUnknown(into: Collected, context: Context, value: unknown): void {
  if (typeof value !== "object" || value === null) return
  for (const key in value) {
    // Kinds of nodes begin with an upper-case letter, fields with a lower-case one.
    const code = key.charCodeAt(0)
    if (code >= 65 && code <= 90) collect(into, context, value as Node)
    else collectFields(into, context, value)
    return
  }
}

/** Operators chain on their left side, thousands deep in generated SQL: that side is followed without recursion. */
function collectOperators(into: Collected, context: Context, expression: A_Expr): void {
  const rights: Node[] = []
  let left: A_Expr = expression
  for (;;) {
    const { kind, name, lexpr, rexpr } = left
    const operator = lastString(name)
    if (operator !== null && kind !== undefined && !kind.includes("BETWEEN")) noteOperator(into, operator)
    if (rexpr !== undefined) rights.push(rexpr)
    if (lexpr !== undefined && "A_Expr" in lexpr) left = lexpr.A_Expr
    else {
      collectValue(into, context, lexpr)
      break
    }
  }
  for (let i = rights.length - 1; i >= 0; i--) collectValue(into, context, rights[i])
}

/** What stands where one value is wanted: `t.*` is then the row, and depends on none of its columns (find_expr_references_walker). */
function collectValue(into: Collected, context: Context, node: Node | undefined): void {
  if (node !== undefined && "ColumnRef" in node && isWholeRow(node.ColumnRef)) into.constant = false
  else collect(into, context, node)
}

function isWholeRow({ fields }: ColumnRef): boolean {
  const last = fields?.[fields.length - 1]
  return fields !== undefined && fields.length > 1 && last !== undefined && "A_Star" in last
}

function collectColumn(into: Collected, context: Context, reference: ColumnRef): void {
  into.constant = false
  const fields = reference.fields ?? EMPTY
  const last = fields[fields.length - 1]
  if (last === undefined || "A_Star" in last) {
    const qualifier = fields.length > 1 ? (stringOf(fields[fields.length - 2]) ?? null) : null
    const isTold = into.level !== null && into.level !== NOWHERE && fields.length < 3 && takeStar(into.level, qualifier)
    if (!isTold && starReadsTable(into, qualifier)) into.star = true
    return
  }
  // CREATE RECURSIVE VIEW has the grammar write a SELECT of the view's own columns.
  if (reference.location !== undefined && reference.location < 0) return
  const column = {
    table: fields.length > 1 ? (stringOf(fields[fields.length - 2]) ?? null) : null,
    column: stringOf(last) ?? "",
    span: nameSpan(context, reference.location),
  }
  into.columns = added(into.columns, column)
  const { level } = into
  if (level !== null && level !== NOWHERE && fields.length < 3) level.columns = added(level.columns, column)
}

function collectCast(into: Collected, context: Context, cast: TypeCast): void {
  const type = lowerType(context, cast.typeName)
  if (into.detailed || type.schema !== "pg_catalog") into.casts = added(into.casts, { type, ofLiteral: literalText(cast.arg) })
  collectValue(into, context, cast.arg)
}

function collectCall(into: Collected, context: Context, call: FuncCall): void {
  into.constant = false
  into.functions = added(into.functions, lowerCall(context, call))
  for (const argument of call.args ?? EMPTY) collectValue(into, context, argument)
  collectAll(into, context, call.agg_order)
  collect(into, context, call.agg_filter)
  collectFields(into, context, call.over)
}

function collectJoin(into: Collected, context: Context, join: JoinExpr): void {
  collect(into, context, join.larg)
  collect(into, context, join.rarg)
  collectCondition(into, context, join)
  const names = stringsOf(join.usingClause)
  if (names.length > 0) noteUsing(into, context, names, join)
}

/** ON sees only what it joins, and what is around the query. */
function collectCondition(into: Collected, context: Context, join: JoinExpr): void {
  const { level, from } = into
  const [only, ...others] = from ?? EMPTY
  // Most often that is the query's own level.
  const isAll = others.length === 0 && only !== undefined && "JoinExpr" in only && only.JoinExpr === join
  if (join.quals === undefined || isAll || level === null) return collect(into, context, join.quals)
  into.level = level.around
  const joined = levelOf(into, context, [join.larg, join.rarg].filter((side) => side !== undefined))
  into.level = joined
  collect(into, context, join.quals)
  leave(into, joined, level)
}

/** Walks the CTEs and leaves their names in scope; returns the number of names to take out again. */
function enterWith(into: Collected, context: Context, clause: WithClause | undefined): number {
  const ctes = clause?.ctes
  if (ctes === undefined) return 0
  const expressions: CommonTableExpr[] = []
  for (const cte of ctes) if ("CommonTableExpr" in cte) expressions.push(cte.CommonTableExpr)
  const recursive = clause?.recursive === true
  if (recursive) for (const cte of expressions) into.ctes.push(cte.ctename ?? "")
  for (const cte of expressions) {
    collect(into, context, cte.ctequery)
    if (!recursive) into.ctes.push(cte.ctename ?? "")
  }
  return expressions.length
}

function leaveWith(into: Collected, names: number): void {
  into.ctes.length -= names
}

export function collectSelect(into: Collected, context: Context, select: SelectStmt): void {
  into.constant = false
  if (select.larg === undefined) return collectOneSelect(into, context, select)
  // UNION chains on its left side, like operators.
  const chain: { readonly part: SelectStmt; readonly names: number }[] = []
  let part: SelectStmt | undefined = select
  for (; part !== undefined; part = part.larg) chain.push({ part, names: enterWith(into, context, part.withClause) })
  for (let i = chain.length - 1; i >= 0; i--) {
    const link = chain[i]
    if (link === undefined) continue
    if (link.part.rarg !== undefined) collectSelect(into, context, link.part.rarg)
    collectClauses(into, context, link.part)
    leaveWith(into, link.names)
  }
}

function collectOneSelect(into: Collected, context: Context, select: SelectStmt): void {
  const names = enterWith(into, context, select.withClause)
  collectClauses(into, context, select)
  leaveWith(into, names)
}

function collectClauses(into: Collected, context: Context, select: SelectStmt): void {
  const { from, level: outer } = into
  const level = levelOf(into, context, select.fromClause)
  into.from = select.fromClause ?? EMPTY
  collectOutput(into, context, select.distinctClause)
  into.level = level
  collectAll(into, context, select.targetList)
  collectAll(into, context, select.fromClause)
  collect(into, context, select.whereClause)
  collectOutput(into, context, select.groupClause)
  collect(into, context, select.havingClause)
  collectAll(into, context, select.windowClause)
  collectAll(into, context, select.valuesLists)
  collectOutput(into, context, select.sortClause)
  collect(into, context, select.limitOffset)
  collect(into, context, select.limitCount)
  for (const clause of select.lockingClause ?? EMPTY) {
    if ("LockingClause" in clause) noteRowLocks(into, context, clause.LockingClause, select.fromClause)
  }
  into.from = from
  leave(into, level, outer)
}

/** Clauses that may name output columns. */
function collectOutput(into: Collected, context: Context, nodes: readonly Node[] | undefined): void {
  const { level } = into
  into.level = null
  collectAll(into, context, nodes)
  into.level = level
}

export function collectInsert(into: Collected, context: Context, insert: InsertStmt, top = false): void {
  const names = enterWith(into, context, insert.withClause)
  if (!top) noteWrite(into, context, "insert", insert.relation, true)
  collect(into, context, insert.selectStmt)
  const own = targetOf(context, insert.relation)
  const conflict = insert.onConflictClause
  if (conflict !== undefined) {
    collectAt(into, levelOf(into, context, EMPTY, [...own, ...named(own, "excluded")]), () => {
      collectAll(into, context, conflict.targetList)
      collect(into, context, conflict.whereClause)
    })
  }
  collectReturning(into, context, insert.returningClause, own)
  leaveWith(into, names)
}

export function collectUpdate(into: Collected, context: Context, update: UpdateStmt, top = false): void {
  const names = enterWith(into, context, update.withClause)
  if (!top) noteWrite(into, context, "update", update.relation, update.whereClause !== undefined)
  const own = targetOf(context, update.relation)
  collectAt(into, levelOf(into, context, update.fromClause, own), () => {
    collectAll(into, context, update.targetList)
    collectAll(into, context, update.fromClause)
    collect(into, context, update.whereClause)
  })
  collectReturning(into, context, update.returningClause, own, update.fromClause)
  leaveWith(into, names)
}

export function collectDelete(into: Collected, context: Context, statement: DeleteStmt, top = false): void {
  const names = enterWith(into, context, statement.withClause)
  if (!top) noteWrite(into, context, "delete", statement.relation, statement.whereClause !== undefined)
  const own = targetOf(context, statement.relation)
  collectAt(into, levelOf(into, context, statement.usingClause, own), () => {
    collectAll(into, context, statement.usingClause)
    collect(into, context, statement.whereClause)
  })
  collectReturning(into, context, statement.returningClause, own, statement.usingClause)
  leaveWith(into, names)
}

export function collectMerge(into: Collected, context: Context, merge: MergeStmt, top = false): void {
  const names = enterWith(into, context, merge.withClause)
  if (!top) noteWrite(into, context, "merge", merge.relation, true)
  const own = targetOf(context, merge.relation)
  const source = merge.sourceRelation === undefined ? EMPTY : [merge.sourceRelation]
  collectAt(into, levelOf(into, context, source, own), () => {
    collectAll(into, context, source)
    collect(into, context, merge.joinCondition)
  })
  for (const clause of merge.mergeWhenClauses ?? EMPTY) {
    if (!("MergeWhenClause" in clause)) continue
    const { matchKind, condition, targetList, values } = clause.MergeWhenClause
    // What has no match is only on one side.
    const level = levelOf(into, context, matchKind === "MERGE_WHEN_NOT_MATCHED_BY_SOURCE" ? EMPTY : source, matchKind === "MERGE_WHEN_NOT_MATCHED_BY_TARGET" ? EMPTY : own)
    collectAt(into, level, () => {
      collect(into, context, condition)
      collectAll(into, context, targetList)
      collectAll(into, context, values)
    })
  }
  collectReturning(into, context, merge.returningClause, own, source)
  leaveWith(into, names)
}

/** Walks what a level reads. */
function collectAt(into: Collected, level: Level, walk: () => void): void {
  const outer = into.level
  into.level = level
  walk()
  leave(into, level, outer)
}

/** The table that rows are written to, as the statement's own clauses see it. */
function targetOf(context: Context, relation: RangeVar | undefined): readonly ScopedTable[] {
  return relation === undefined ? EMPTY : [scoped(context, relation)]
}

function named(tables: readonly ScopedTable[], alias: string): readonly ScopedTable[] {
  return tables.map(({ table }) => ({ alias, table }))
}

/** RETURNING sees the written table and those of FROM, and its rows as OLD and NEW (18; WITH (OLD AS o) gives them other names). */
function collectReturning(
  into: Collected,
  context: Context,
  clause: ReturningClause | undefined,
  own: readonly ScopedTable[],
  items?: readonly Node[],
): void {
  if (clause === undefined) return
  const { from, level: outer } = into
  const level = levelOf(into, context, items, own, [...named(own, "old"), ...named(own, "new")])
  into.from = undefined
  into.level = clause.options === undefined ? level : null
  collectAll(into, context, clause.exprs)
  into.from = from
  leave(into, level, outer)
}
