/** Walks expressions and queries and takes down what they call, read, cast, lock and write. */
import type {
  A_Expr,
  ColumnRef,
  CommonTableExpr,
  DeleteStmt,
  FuncCall,
  InsertStmt,
  JoinExpr,
  LockingClause,
  MergeStmt,
  Node,
  RangeSubselect,
  RangeVar,
  ReturningClause,
  SelectStmt,
  SQLValueFunction,
  TypeCast,
  UpdateStmt,
  WithClause,
} from "@pgsql/types"
import type { ScopedTable } from "../expression.ts"
import type { Context } from "./context.ts"
import type { NodeKind } from "./nodes.ts"
import { identifierName } from "../../source/lexer.ts"
import { isKeyword } from "../../source/tokens.ts"
import { literalText, lowerCall, lowerValueFunction } from "./calls.ts"
import { added, NOWHERE, type Collected, type QueryWrite } from "./collected.ts"
import { EMPTY, identifierList, tokenAt, tokensOf } from "./context.ts"
import { eachFromItem, isCte, starReadsTable } from "./from-items.ts"
import { lowerRelation, lowerType, nameSpan } from "./names.ts"
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
  if ("RangeVar" in node) return collectRead(into, context, node.RangeVar)
  if ("SelectStmt" in node) return collectSelect(into, context, node.SelectStmt)
  if ("JoinExpr" in node) return collectJoin(into, context, node.JoinExpr)
  if ("SubLink" in node) {
    into.constant = false
    into.hasSubquery = true
    addOperators(into, node.SubLink.operName)
    collect(into, context, node.SubLink.testexpr)
    return collect(into, context, node.SubLink.subselect)
  }
  if ("SQLValueFunction" in node) return collectValueFunction(into, context, node.SQLValueFunction)
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

/** What a sub-query or function in FROM goes by. */
function noteDerived(into: Collected, alias: string | undefined): void {
  if (alias !== undefined) into.aliases = added(into.aliases, { alias, table: null })
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
    if (operator !== null && kind !== undefined && !kind.includes("BETWEEN")) addOperator(into, operator)
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

function addOperator(into: Collected, operator: string): void {
  if (into.detailed && !into.operators.includes(operator)) into.operators = added(into.operators, operator)
}

function addOperators(into: Collected, names: readonly Node[] | undefined): void {
  const operator = lastString(names)
  if (operator !== null) addOperator(into, operator)
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
  if (into.detailed) {
    into.casts = added(into.casts, { type: lowerType(context, cast.typeName), ofLiteral: literalText(cast.arg) })
  }
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

function collectValueFunction(into: Collected, context: Context, form: SQLValueFunction): void {
  into.constant = false
  into.functions = added(into.functions, lowerValueFunction(context, form))
}

function collectRead(into: Collected, context: Context, relation: RangeVar): void {
  const alias = relation.alias?.aliasname
  if (isCte(into, relation)) {
    into.aliases = added(into.aliases, { alias: alias ?? relation.relname ?? "", table: null })
    return
  }
  const table = lowerRelation(context, relation)
  into.reads = added(into.reads, table)
  if (alias !== undefined) into.aliases = added(into.aliases, { alias, table })
}

function collectJoin(into: Collected, context: Context, join: JoinExpr): void {
  collect(into, context, join.larg)
  collect(into, context, join.rarg)
  collect(into, context, join.quals)
  const names = stringsOf(join.usingClause)
  if (names.length > 0) collectUsing(into, context, names, join)
}

/** The columns of `JOIN right USING (...)`, which have no location. */
function collectUsing(into: Collected, context: Context, names: readonly string[], { larg: left, rarg: right }: JoinExpr): void {
  const owners = [left, right].flatMap((side) => (side !== undefined && "RangeVar" in side ? [scoped(context, side.RangeVar).alias] : []))
  const tokens = tokensOf(context)
  let at = right !== undefined && "RangeVar" in right ? tokenAt(context, right.RangeVar.location) : 0
  while (at < tokens.count && !(isKeyword(tokens, at, "using") && identifierName(tokens, at + 2) === names[0])) at++
  for (const { name, span } of identifierList(tokens, names, at + 2, tokens.count)) {
    if (owners.length < 2) into.columns = added(into.columns, { table: null, column: name, span })
    for (const table of owners) into.columns = added(into.columns, { table, column: name, span })
  }
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
    if ("LockingClause" in clause) collectRowLocks(into, context, clause.LockingClause, select.fromClause)
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

function collectRowLocks(
  into: Collected,
  context: Context,
  clause: LockingClause,
  from: readonly Node[] | undefined,
): void {
  const named = clause.lockedRels
  for (const item of from ?? EMPTY) {
    eachFromItem(item, (relation, alias) => {
      if (named !== undefined && !named.some((locked) => "RangeVar" in locked && locked.RangeVar.relname === alias))
        return
      if (!isCte(into, relation)) into.rowLocks = added(into.rowLocks, lowerRelation(context, relation))
    })
  }
}

function addWrite(
  into: Collected,
  context: Context,
  op: QueryWrite["op"],
  table: RangeVar | undefined,
  where: boolean,
): void {
  into.constant = false
  into.writes = added(into.writes, { op, table: lowerRelation(context, table), where })
}

export function collectInsert(into: Collected, context: Context, insert: InsertStmt, top = false): void {
  const names = enterWith(into, context, insert.withClause)
  if (!top) addWrite(into, context, "insert", insert.relation, true)
  collect(into, context, insert.selectStmt)
  const outer = into.level
  const own = targetOf(context, insert.relation)
  const conflict = insert.onConflictClause
  if (conflict !== undefined) {
    const level = levelOf(into, context, EMPTY, [...own, ...named(own, "excluded")])
    into.level = level
    collectAll(into, context, conflict.targetList)
    collect(into, context, conflict.whereClause)
    leave(into, level, outer)
  }
  collectReturning(into, context, insert.returningClause, own)
  leaveWith(into, names)
}

export function collectUpdate(into: Collected, context: Context, update: UpdateStmt, top = false): void {
  const names = enterWith(into, context, update.withClause)
  if (!top) addWrite(into, context, "update", update.relation, update.whereClause !== undefined)
  const outer = into.level
  const own = targetOf(context, update.relation)
  const level = levelOf(into, context, update.fromClause, own)
  into.level = level
  collectAll(into, context, update.targetList)
  collectAll(into, context, update.fromClause)
  collect(into, context, update.whereClause)
  leave(into, level, outer)
  collectReturning(into, context, update.returningClause, own, update.fromClause)
  leaveWith(into, names)
}

export function collectDelete(into: Collected, context: Context, statement: DeleteStmt, top = false): void {
  const names = enterWith(into, context, statement.withClause)
  if (!top) addWrite(into, context, "delete", statement.relation, statement.whereClause !== undefined)
  const outer = into.level
  const own = targetOf(context, statement.relation)
  const level = levelOf(into, context, statement.usingClause, own)
  into.level = level
  collectAll(into, context, statement.usingClause)
  collect(into, context, statement.whereClause)
  leave(into, level, outer)
  collectReturning(into, context, statement.returningClause, own, statement.usingClause)
  leaveWith(into, names)
}

export function collectMerge(into: Collected, context: Context, merge: MergeStmt, top = false): void {
  const names = enterWith(into, context, merge.withClause)
  if (!top) addWrite(into, context, "merge", merge.relation, true)
  // Each kind of WHEN sees other tables.
  const { level } = into
  into.level = null
  collect(into, context, merge.sourceRelation)
  collect(into, context, merge.joinCondition)
  for (const clause of merge.mergeWhenClauses ?? EMPTY) {
    if (!("MergeWhenClause" in clause)) continue
    collect(into, context, clause.MergeWhenClause.condition)
    collectAll(into, context, clause.MergeWhenClause.targetList)
    collectAll(into, context, clause.MergeWhenClause.values)
  }
  collectReturning(into, context, merge.returningClause, EMPTY)
  into.level = level
  leaveWith(into, names)
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
  const level = levelOf(into, context, items, [...own, ...named(own, "old"), ...named(own, "new")])
  into.from = undefined
  into.level = clause.options === undefined ? level : null
  collectAll(into, context, clause.exprs)
  into.from = from
  leave(into, level, outer)
}
