import type {
  ClusterStmt,
  CommentStmt,
  GrantStmt,
  LockStmt,
  Node,
  RefreshMatViewStmt,
  ReindexStmt,
  SecLabelStmt,
  VacuumStmt,
} from "@pgsql/types"
import type { NamedColumns } from "../operations/maintenance.ts"
import type { Operation, OperationOf } from "../operation.ts"
import type { Identifier, Name } from "../name.ts"
import type { Context } from "./context.ts"
import type { Tokens } from "../../source/tokens.ts"
import { isKeyword, isSymbol } from "../../source/tokens.ts"
import { LOCK_MODES } from "../operation.ts"
import {
  EMPTY,
  findOutside,
  identifierAt,
  identifierList,
  insideBrackets,
  keywordSpan,
  nameAtToken,
  pieceEnd,
  tokenBehind,
  tokensOf,
} from "./context.ts"
import { lowerTables } from "./data.ts"
import { lowerRelation } from "./names.ts"
import { nameParts, optionHolds, stringsOf } from "./nodes.ts"
import { kindWords, lowerObject, objectKind, type WrittenObject } from "./objects.ts"
import { simpleOther } from "./other.ts"

export function lowerVacuum(context: Context, statement: VacuumStmt): OperationOf<"vacuum"> | OperationOf<"analyze"> {
  const tables: Name[] = []
  const columns: NamedColumns[] = []
  for (const node of statement.rels ?? EMPTY) {
    if (!("VacuumRelation" in node)) continue
    const { relation, va_cols: named } = node.VacuumRelation
    const table = lowerRelation(context, relation)
    tables.push(table)
    if (named !== undefined) columns.push({ table, columns: columnsBehind(context, tokenBehind(context, table.span), stringsOf(named)).columns })
  }
  if (statement.is_vacuumcmd !== true) return { op: "analyze", span: context.span, tables, columns: columns.length === 0 ? EMPTY : columns }
  const full = optionHolds(statement.options, "full")
  const analyze = optionHolds(statement.options, "analyze")
  return { op: "vacuum", span: context.span, tables, columns: columns.length === 0 ? EMPTY : columns, full, analyze }
}

/** The column names in the next brackets from token `at` on, and the token behind these. */
function columnsBehind(context: Context, at: number, names: readonly string[]): { readonly columns: readonly Identifier[]; readonly behind: number } {
  const tokens = tokensOf(context)
  const inside = insideBrackets(tokens, at, tokens.count)
  return inside === null ? { columns: EMPTY, behind: at } : { columns: identifierList(tokens, names, inside.from, inside.to), behind: inside.to + 1 }
}

export function lowerCluster(context: Context, statement: ClusterStmt): OperationOf<"cluster"> {
  const { relation, indexname } = statement
  if (relation === undefined) return { op: "cluster", span: context.span, table: null, index: null }
  const tokens = tokensOf(context)
  const table = lowerRelation(context, relation)
  if (indexname === undefined) return { op: "cluster", span: context.span, table, index: null }
  // CLUSTER table USING index, or the old CLUSTER index ON table
  const behind = tokenBehind(context, table.span)
  const at = isKeyword(tokens, behind, "using") ? behind + 1 : findOutside(tokens, "on", 1, tokens.count) - 1
  return { op: "cluster", span: context.span, table, index: identifierAt(tokens, at, indexname) }
}

const REINDEX_TARGETS: Readonly<Record<string, OperationOf<"reindex">["target"]>> = {
  REINDEX_OBJECT_INDEX: "index",
  REINDEX_OBJECT_TABLE: "table",
  REINDEX_OBJECT_SCHEMA: "schema",
  REINDEX_OBJECT_SYSTEM: "system",
  REINDEX_OBJECT_DATABASE: "database",
}

export function lowerReindex(context: Context, statement: ReindexStmt): OperationOf<"reindex"> {
  const tokens = tokensOf(context)
  const target = REINDEX_TARGETS[statement.kind ?? ""] ?? "index"
  const concurrently = optionHolds(statement.params, "concurrently")
  // REINDEX [(options)] TARGET [CONCURRENTLY] name
  const keyword = isSymbol(tokens, 1, "(") ? (insideBrackets(tokens, 1, tokens.count)?.to ?? 1) + 1 : 1
  const nameAt = isKeyword(tokens, keyword + 1, "concurrently") ? keyword + 2 : keyword + 1
  return {
    op: "reindex",
    span: context.span,
    target,
    name: reindexed(context, statement, nameAt),
    concurrently,
    concurrentlySpan: keywordSpan(tokens, "concurrently", 1, concurrently ? nameAt : 1, keyword),
  }
}

function reindexed(context: Context, statement: ReindexStmt, nameAt: number): Name | null {
  if (statement.relation !== undefined) return lowerRelation(context, statement.relation)
  return statement.name === undefined ? null : nameAtToken(context, nameAt, [statement.name])
}

export function lowerRefresh(
  context: Context,
  statement: RefreshMatViewStmt,
): OperationOf<"refresh materialized view"> {
  const tokens = tokensOf(context)
  return {
    op: "refresh materialized view",
    span: context.span,
    view: lowerRelation(context, statement.relation),
    concurrently: statement.concurrent === true,
    concurrentlySpan: keywordSpan(tokens, "concurrently", 3, statement.concurrent === true ? 4 : 3, 2),
    withData: statement.skipData !== true,
  }
}

export function lowerLock(context: Context, statement: LockStmt): OperationOf<"lock table"> {
  return {
    op: "lock table",
    span: context.span,
    tables: lowerTables(context, statement.relations),
    // The grammar numbers the modes from 1, weakest first.
    mode: LOCK_MODES[(statement.mode ?? LOCK_MODES.length) - 1] ?? "ACCESS EXCLUSIVE",
    nowait: statement.nowait === true,
  }
}

export function lowerComment(context: Context, statement: CommentStmt): Operation {
  const { objtype, object } = statement
  const kind = objectKind(objtype)
  if (kind === "other") return simpleOther(context, "CommentStmt")
  const tokens = tokensOf(context)
  const at = 2 + kindWords(objtype)
  if (objtype === "OBJECT_DOMCONSTRAINT") {
    // COMMENT ON CONSTRAINT name ON DOMAIN domain
    const [domain] = object !== undefined && "List" in object ? (object.List.items ?? EMPTY) : EMPTY
    const table = nameAtToken(context, at + 3, nameParts(domain))
    const { name, span } = identifierAt(tokens, at, undefined)
    return { op: "comment", span: context.span, kind, object: { schema: null, name, span }, table, arguments: null }
  }
  const written = lowerObject(context, object, objtype, at)
  return { op: "comment", span: context.span, kind, object: written.name, table: written.table, arguments: written.arguments }
}

/** For a column, the object is its table. */
export function lowerSecurityLabel(context: Context, statement: SecLabelStmt): Operation {
  const tokens = tokensOf(context)
  const kind = objectKind(statement.objtype)
  const on = findOutside(tokens, "on", 0, tokens.count)
  if (kind === "other" || on < 0) return simpleOther(context, "SecLabelStmt")
  const { name, table } = lowerObject(
    context,
    statement.object,
    statement.objtype,
    on + 1 + kindWords(statement.objtype),
  )
  return { op: "security label", span: context.span, kind, object: table ?? name }
}

export function lowerGrant(context: Context, statement: GrantStmt): OperationOf<"grant" | "revoke"> {
  const tokens = tokensOf(context)
  const all = statement.targtype === "ACL_TARGET_ALL_IN_SCHEMA"
  const objects: Granted[] = []
  let at = grantedAt(tokens, statement, all)
  for (const node of statement.objects ?? EMPTY) {
    objects.push(grantedObject(context, node, statement, at))
    at = pieceEnd(tokens, at, tokens.count) + 1
  }
  return {
    op: statement.is_grant === true ? "grant" : "revoke",
    span: context.span,
    kind: all ? "all in schema" : objectKind(statement.objtype),
    objects: objects.map(({ name }) => name),
    arguments: objects.map((object) => object.arguments),
    privileges: (statement.privileges ?? EMPTY).flatMap((node) => ("AccessPriv" in node ? (node.AccessPriv.priv_name ?? []) : [])),
    columns: grantedColumns(context, statement),
  }
}

/** The columns of `GRANT SELECT (a, b), UPDATE (c) ON ...`. */
function grantedColumns(context: Context, { privileges }: GrantStmt): readonly Identifier[] {
  const found: Identifier[] = []
  let at = 0
  for (const node of privileges ?? EMPTY) {
    if (!("AccessPriv" in node) || node.AccessPriv.cols === undefined) continue
    const { columns, behind } = columnsBehind(context, at, stringsOf(node.AccessPriv.cols))
    found.push(...columns)
    at = behind
  }
  return found.length === 0 ? EMPTY : found
}

type Granted = Pick<WrittenObject, "name" | "arguments">

function grantedObject(context: Context, node: Node, statement: GrantStmt, at: number): Granted {
  if ("RangeVar" in node) return { name: lowerRelation(context, node.RangeVar), arguments: null }
  return lowerObject(context, node, statement.targtype === "ACL_TARGET_OBJECT" ? statement.objtype : "OBJECT_SCHEMA", at)
}

/** The index of the first object's name behind ON. */
function grantedAt(tokens: Tokens, statement: GrantStmt, all: boolean): number {
  const on = findOutside(tokens, "on", 0, tokens.count)
  // ON ALL TABLES IN SCHEMA name
  if (all) return on + 5
  // ON FOREIGN SERVER name; elsewhere the keyword is SERVER alone.
  if (statement.objtype === "OBJECT_FOREIGN_SERVER") return on + 3
  return on + 1 + kindWords(statement.objtype)
}
