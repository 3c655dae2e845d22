import type {
  CopyStmt,
  DeclareCursorStmt,
  DeleteStmt,
  InsertStmt,
  MergeMatchKind,
  MergeStmt,
  MergeWhenClause,
  Node,
  OverridingKind,
  SelectStmt,
  TruncateStmt,
  UpdateStmt,
  WithClause,
} from "@pgsql/types"
import type { Expression } from "../expression.ts"
import type { Operation, OperationOf } from "../operation.ts"
import type { Identifier, Name } from "../name.ts"
import type { MergeClause } from "../operations/data.ts"
import type { Context } from "./context.ts"
import { isBatch } from "./batch.ts"
import { collectDelete, collectInsert, collectMerge, collectUpdate } from "./collect.ts"
import { asQuery, collected, isLimited, isOneRow } from "./collected.ts"
import {
  EMPTY,
  findOutside,
  identifier,
  offsetAt,
  spanBetween,
  tokenBehind,
  tokensOf,
} from "./context.ts"
import { lowerSelectInto } from "./create-table.ts"
import { lowerExpressionAt } from "./expressions.ts"
import { lowerRelation } from "./names.ts"
import { listItems } from "./nodes.ts"
import { lowerQuery, lowerSelect } from "./queries.ts"
import { identifierEnd } from "./text.ts"

export function lowerSelectStatement(context: Context, select: SelectStmt): Operation {
  const into = intoClauseOf(select)
  if (into !== undefined) return lowerSelectInto(context, select, into)
  return { op: "select", span: context.span, query: lowerSelect(context, select, context.span) }
}

/** INTO may stand in the leftmost part of a UNION. */
function intoClauseOf(select: SelectStmt): SelectStmt["intoClause"] {
  for (let part: SelectStmt | undefined = select; part !== undefined; part = part.larg) {
    if (part.intoClause !== undefined) return part.intoClause
  }
  return undefined
}

export function lowerInsert(context: Context, insert: InsertStmt): OperationOf<"insert"> {
  const found = collected()
  collectInsert(found, context, insert, true)
  const source = insert.selectStmt
  const select = source !== undefined && "SelectStmt" in source ? source.SelectStmt : undefined
  const rows = select?.valuesLists?.length ?? 0
  return {
    op: "insert",
    span: context.span,
    table: lowerRelation(context, insert.relation),
    columns: assignedColumns(context, insert.cols),
    overriding: overridingOf(insert.override),
    rows,
    width: select === undefined ? null : widthOf(select),
    nulls: placesOf(select?.valuesLists, (value) => "A_Const" in value && value.A_Const.isnull === true, false),
    defaults: placesOf(select?.valuesLists, (value) => "SetToDefault" in value, true),
    query: asQuery(found, select !== undefined && (isLimited(select) || isOneRow(select)), context.span),
    fromSelect: rows === 0 && select !== undefined && found.reads.length > 0,
    onConflict: onConflict(insert),
    updated: assignedColumns(context, insert.onConflictClause?.targetList),
  }
}

function overridingOf(kind: OverridingKind | undefined): "system" | "user" | null {
  return kind === "OVERRIDING_SYSTEM_VALUE" ? "system" : kind === "OVERRIDING_USER_VALUE" ? "user" : null
}

function onConflict(insert: InsertStmt): OperationOf<"insert">["onConflict"] {
  switch (insert.onConflictClause?.action) {
    case "ONCONFLICT_NOTHING":
      return "nothing"
    case "ONCONFLICT_UPDATE":
      return "update"
    default:
      return "error"
  }
}

/** How many values each row has; null where a star stands for some, or rows differ. */
function widthOf(select: SelectStmt): number | null {
  if (select.larg !== undefined) return widthOf(select.larg)
  if (select.valuesLists === undefined) return widthOfRow(select.targetList ?? EMPTY)
  const [first, ...others] = select.valuesLists.map((row) => widthOfRow(listItems(row)))
  return first === undefined || others.some((width) => width !== first) ? null : first
}

function widthOfRow(values: readonly Node[]): number | null {
  return values.some((value) => isStar("ResTarget" in value ? value.ResTarget.val : value)) ? null : values.length
}

/** `*`, `t.*` and `(t).*`. */
function isStar(value: Node | undefined): boolean {
  if (value === undefined) return false
  const parts = "ColumnRef" in value ? value.ColumnRef.fields : "A_Indirection" in value ? value.A_Indirection.indirection : undefined
  const last = parts?.at(-1)
  return last !== undefined && "A_Star" in last
}

/** The places at which values of some, or of all, rows are such. */
function placesOf(rows: readonly Node[] | undefined, isSuch: (value: Node) => boolean, inAll: boolean): readonly number[] {
  if (rows === undefined) return EMPTY
  const all = rows.map(listItems)
  const width = all[0]?.length ?? 0
  let places: number[] | readonly never[] = EMPTY
  for (let place = 0; place < width; place++) {
    const at = (row: readonly Node[]): boolean => {
      const value = row[place]
      return value !== undefined && isSuch(value)
    }
    if (inAll ? all.every(at) : all.some(at)) places = [...places, place]
  }
  return places
}

export function lowerUpdate(context: Context, update: UpdateStmt): OperationOf<"update"> {
  const found = collected()
  collectUpdate(found, context, update, true)
  const table = lowerRelation(context, update.relation)
  return {
    op: "update",
    span: context.span,
    table,
    columns: assignedColumns(context, update.targetList),
    where: lowerWhere(context, update.whereClause, table),
    from: fromRelations(context, update.fromClause, update.withClause),
    query: asQuery(found, isBatch(context, { where: update.whereClause, from: update.fromClause, clause: update.withClause }), context.span),
  }
}

function assignedColumns(context: Context, nodes: readonly Node[] | undefined): readonly Identifier[] {
  if (nodes === undefined) return EMPTY
  const columns: Identifier[] = []
  for (const node of nodes) {
    if (!("ResTarget" in node)) continue
    const start = offsetAt(context, node.ResTarget.location)
    columns.push(identifier(node.ResTarget.name, spanBetween(start, identifierEnd(context.text, start))))
  }
  return columns
}

export function lowerDelete(context: Context, statement: DeleteStmt): OperationOf<"delete"> {
  const found = collected()
  collectDelete(found, context, statement, true)
  const table = lowerRelation(context, statement.relation)
  return {
    op: "delete",
    span: context.span,
    table,
    where: lowerWhere(context, statement.whereClause, table),
    using: fromRelations(context, statement.usingClause, statement.withClause),
    query: asQuery(found, isBatch(context, { where: statement.whereClause, from: statement.usingClause, clause: statement.withClause }), context.span),
  }
}

function lowerWhere(context: Context, where: Node | undefined, table: Name): Expression | null {
  if (where === undefined) return null
  const tokens = tokensOf(context)
  const at = findOutside(tokens, "where", tokenBehind(context, table.span), tokens.count)
  if (at < 0) return null
  const returning = findOutside(tokens, "returning", at, tokens.count)
  return lowerExpressionAt(context, where, at + 1, returning < 0 ? tokens.count : returning)
}

/** The relations of FROM or USING, CTEs and those in sub-queries left out. */
function fromRelations(context: Context, nodes: readonly Node[] | undefined, clause: WithClause | undefined): readonly Name[] {
  if (nodes === undefined) return EMPTY
  const names: Name[] = []
  for (const node of nodes) addFromRelations(names, context, node)
  if (clause?.ctes === undefined) return names
  const ctes = clause.ctes.map((cte) => ("CommonTableExpr" in cte ? (cte.CommonTableExpr.ctename ?? "") : ""))
  return names.filter(({ schema, name }) => schema !== null || !ctes.includes(name))
}

function addFromRelations(into: Name[], context: Context, node: Node | undefined): void {
  if (node === undefined) return
  if ("RangeVar" in node) into.push(lowerRelation(context, node.RangeVar))
  else if ("JoinExpr" in node) {
    addFromRelations(into, context, node.JoinExpr.larg)
    addFromRelations(into, context, node.JoinExpr.rarg)
  } else if ("RangeTableSample" in node) addFromRelations(into, context, node.RangeTableSample.relation)
}

export function lowerMerge(context: Context, merge: MergeStmt): OperationOf<"merge"> {
  const found = collected()
  collectMerge(found, context, merge, true)
  return {
    op: "merge",
    span: context.span,
    table: lowerRelation(context, merge.relation),
    clauses: (merge.mergeWhenClauses ?? EMPTY).flatMap((clause) => ("MergeWhenClause" in clause ? lowerMergeClause(context, clause.MergeWhenClause) : [])),
    query: asQuery(found, false, context.span),
  }
}

function lowerMergeClause(context: Context, { matchKind, commandType, condition, override, targetList, values }: MergeWhenClause): MergeClause {
  return {
    when: MERGE_KINDS[matchKind ?? "MERGE_WHEN_MATCHED"],
    conditional: condition !== undefined,
    action: MERGE_ACTIONS.get(commandType) ?? "nothing",
    columns: assignedColumns(context, targetList),
    overriding: overridingOf(override),
    width: values?.length ?? null,
    defaults: placesOf(values === undefined ? undefined : [{ List: { items: values } }], (value) => "SetToDefault" in value, true),
  }
}

const MERGE_KINDS: Readonly<Record<MergeMatchKind, MergeClause["when"]>> = {
  MERGE_WHEN_MATCHED: "matched",
  MERGE_WHEN_NOT_MATCHED_BY_SOURCE: "not matched by source",
  MERGE_WHEN_NOT_MATCHED_BY_TARGET: "not matched by target",
}

const MERGE_ACTIONS: ReadonlyMap<string | undefined, MergeClause["action"]> = new Map([
  ["CMD_INSERT", "insert"],
  ["CMD_UPDATE", "update"],
  ["CMD_DELETE", "delete"],
] as const)

export function lowerCopy(context: Context, copy: CopyStmt): OperationOf<"copy"> {
  return {
    op: "copy",
    span: context.span,
    table: copy.relation === undefined ? null : lowerRelation(context, copy.relation),
    direction: copy.is_from === true ? "from" : "to",
    query: copy.query === undefined ? null : lowerQuery(context, copy.query, context.span),
  }
}

export function lowerTruncate(context: Context, truncate: TruncateStmt): OperationOf<"truncate"> {
  return {
    op: "truncate",
    span: context.span,
    tables: lowerTables(context, truncate.relations),
    cascade: truncate.behavior === "DROP_CASCADE",
    restartIdentity: truncate.restart_seqs === true,
  }
}

/** Tables with their ONLY. */
export function lowerTables(
  context: Context,
  nodes: readonly Node[] | undefined,
): readonly { readonly table: Name; readonly only: boolean }[] {
  if (nodes === undefined) return EMPTY
  const tables: { table: Name; only: boolean }[] = []
  for (const node of nodes) {
    if ("RangeVar" in node) {
      tables.push({ table: lowerRelation(context, node.RangeVar), only: node.RangeVar.inh !== true })
    }
  }
  return tables
}

/** DECLARE CURSOR locks what its query reads. */
export function lowerCursor(context: Context, statement: DeclareCursorStmt): OperationOf<"select"> {
  return { op: "select", span: context.span, query: lowerQuery(context, statement.query, context.span) }
}
