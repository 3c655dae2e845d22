import type {
  CreateForeignTableStmt,
  CreateStmt,
  CreateTableAsStmt,
  IntoClause,
  Node,
  SelectStmt,
  TableLikeClause,
} from "@pgsql/types"
import type { ColumnDefinition, Operation, OperationOf, Persistence } from "../operation.ts"
import type { ConstraintDefinition } from "../constraint.ts"
import type { Identifier } from "../name.ts"
import type { Context } from "./context.ts"
import type { Span } from "../../source/span.ts"
import type { Tokens } from "../../source/tokens.ts"
import { findKeywords, isSymbol, spanOf } from "../../source/tokens.ts"
import { collectSelect } from "./collect.ts"
import { asQuery, collected, isLimited } from "./collected.ts"
import { lowerColumnDefinition } from "./columns.ts"
import { lowerConstraint } from "./constraints.ts"
import {
  EMPTY,
  findOutside,
  identifierList,
  insideBrackets,
  pieceEnd,
  tokenAt,
  tokenBehind,
  tokensOf,
} from "./context.ts"
import { lowerIndexElement } from "./index-elements.ts"
import { lowerRelation, lowerRelations, lowerRowType } from "./names.ts"
import { parametersOf, stringsOf } from "./nodes.ts"
import { lowerPartitionBound } from "./partition-bounds.ts"
import { lowerOutput } from "./output.ts"
import { lowerQuery } from "./queries.ts"

type CreateTable = OperationOf<"create table">

/** The persistence by the grammar's letter. */
export function persistenceOf(letter: string | undefined): Persistence {
  return letter === "t" ? "temporary" : letter === "u" ? "unlogged" : "permanent"
}

export function lowerCreateTable(
  context: Context,
  statement: CreateStmt,
  keyword: CreateTable["keyword"] = "table",
  span: Span = context.span,
): CreateTable {
  const table = lowerRelation(context, statement.relation)
  const elements = lowerElements(context, statement, tokenBehind(context, table.span))
  const { partbound, ofTypename, inhRelations } = statement
  const parents = lowerRelations(context, inhRelations)
  const parent = parents[0]
  return {
    op: "create table",
    span,
    table,
    keyword,
    persistence: persistenceOf(statement.relation?.relpersistence),
    ifNotExists: statement.if_not_exists === true,
    columns: elements.columns,
    constraints: elements.constraints,
    like: elements.like,
    inherits: partbound === undefined ? parents : EMPTY,
    partitionOf:
      partbound === undefined || parent === undefined
        ? null
        : { parent, bound: lowerPartitionBound(context, partbound) },
    partitionBy: lowerPartitionKey(context, statement),
    ofType: ofTypename === undefined ? null : lowerRowType(context, ofTypename),
    accessMethod: statement.accessMethod ?? null,
    tablespace: statement.tablespacename ?? null,
    parameters: parametersOf(statement.options),
    onCommitDrop: statement.oncommit === "ONCOMMIT_DROP",
  }
}

export function lowerCreateForeignTable(context: Context, statement: CreateForeignTableStmt): Operation {
  return lowerCreateTable(context, statement.base ?? {}, "foreign table")
}

interface Elements {
  readonly columns: readonly ColumnDefinition[]
  readonly constraints: readonly ConstraintDefinition[]
  readonly like: CreateTable["like"]
}

/** The columns, constraints and LIKE clauses in the brackets behind the table's name. */
function lowerElements(context: Context, statement: CreateStmt, behind: number): Elements {
  const nodes = statement.tableElts
  if (nodes === undefined || nodes.length === 0) return { columns: EMPTY, constraints: EMPTY, like: EMPTY }
  const tokens = tokensOf(context)
  const inside = insideBrackets(tokens, behind, tokens.count)
  const columns: ColumnDefinition[] = []
  const constraints: ConstraintDefinition[] = []
  const like: CreateTable["like"][number][] = []
  let from = inside?.from ?? behind
  const to = inside?.to ?? tokens.count
  for (const node of nodes) {
    const end = pieceEnd(tokens, from, to)
    if ("ColumnDef" in node) columns.push(lowerColumnDefinition(context, node.ColumnDef, from, end))
    else if ("Constraint" in node) {
      const constraint = lowerConstraint(context, node.Constraint, from, end, null)
      if (constraint !== null) constraints.push(constraint)
    } else if ("TableLikeClause" in node) like.push(lowerLike(context, node.TableLikeClause))
    from = end + 1
  }
  return { columns, constraints, like }
}

/** The bits of CREATE_TABLE_LIKE_* in PostgreSQL's parsenodes.h, in order. */
const LIKE_OPTIONS = [
  "comments",
  "compression",
  "constraints",
  "defaults",
  "generated",
  "identity",
  "indexes",
  "statistics",
  "storage",
]

function lowerLike(context: Context, clause: TableLikeClause): CreateTable["like"][number] {
  const bits = clause.options ?? 0
  const including = bits === 0 ? EMPTY : LIKE_OPTIONS.filter((_, bit) => (bits & (1 << bit)) !== 0)
  return { table: lowerRelation(context, clause.relation), including }
}

const STRATEGIES: Readonly<Record<string, "range" | "list" | "hash">> = {
  PARTITION_STRATEGY_RANGE: "range",
  PARTITION_STRATEGY_LIST: "list",
  PARTITION_STRATEGY_HASH: "hash",
}

function lowerPartitionKey(context: Context, statement: CreateStmt): CreateTable["partitionBy"] {
  const key = statement.partspec
  if (key === undefined) return null
  const tokens = tokensOf(context)
  const inside = insideBrackets(tokens, tokenAt(context, key.location), tokens.count)
  const elements: NonNullable<CreateTable["partitionBy"]>["elements"][number][] = []
  let from = inside?.from ?? 0
  for (const node of key.partParams ?? EMPTY) {
    const end = pieceEnd(tokens, from, inside?.to ?? tokens.count)
    if ("PartitionElem" in node) elements.push(lowerIndexElement(context, node.PartitionElem, from, end))
    from = end + 1
  }
  return { strategy: STRATEGIES[key.strategy ?? ""] ?? "range", elements }
}

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW. */
export function lowerCreateTableAs(context: Context, statement: CreateTableAsStmt): Operation {
  const into = statement.into ?? {}
  const table = lowerRelation(context, into.rel)
  const behind = tokenBehind(context, table.span)
  const query = lowerQuery(context, statement.query, querySpan(context, behind))
  const shared = {
    span: context.span,
    ifNotExists: statement.if_not_exists === true,
    query,
    columnNames: lowerColumnNames(context, into.colNames, behind),
    withData: into.skipData !== true,
    output: lowerOutput(context, statement.query),
    accessMethod: into.accessMethod ?? null,
    parameters: parametersOf(into.options),
  }
  if (statement.objtype === "OBJECT_MATVIEW") return { op: "create materialized view", view: table, ...shared }
  return { op: "create table as", table, persistence: persistenceOf(into.rel?.relpersistence), ...shared, onCommitDrop: into.onCommit === "ONCOMMIT_DROP" }
}

/** The column names in brackets that directly follow token `behind - 1`. */
export function lowerColumnNames(
  context: Context,
  names: readonly Node[] | undefined,
  behind: number,
): readonly Identifier[] {
  if (names === undefined) return EMPTY
  const tokens = tokensOf(context)
  const inside = isSymbol(tokens, behind, "(") ? insideBrackets(tokens, behind, tokens.count) : null
  return inside === null ? EMPTY : identifierList(tokens, stringsOf(names), inside.from, inside.to)
}

/** The query behind AS, without the clause that may follow it. */
export function querySpan(context: Context, behind: number): Span {
  const tokens = tokensOf(context)
  const as = findOutside(tokens, "as", behind, tokens.count)
  const start = as < 0 ? context.span.start : spanOf(tokens, as + 1).start
  return { start, end: spanOf(tokens, queryEnd(tokens) - 1).end }
}

/** WITH [NO] DATA and WITH [LOCAL | CASCADED] CHECK OPTION. */
const TRAILERS = [
  ["with", "data"],
  ["with", "no", "data"],
  ["with", "check", "option"],
  ["with", "local", "check", "option"],
  ["with", "cascaded", "check", "option"],
]

function queryEnd(tokens: Tokens): number {
  for (const words of TRAILERS) {
    const at = tokens.count - words.length
    if (at > 0 && findKeywords(tokens, words, at) === at) return at
  }
  return tokens.count
}

/** SELECT ... INTO t. */
export function lowerSelectInto(context: Context, select: SelectStmt, into: IntoClause): Operation {
  const found = collected()
  collectSelect(found, context, select)
  return {
    op: "create table as",
    span: context.span,
    table: lowerRelation(context, into.rel),
    persistence: persistenceOf(into.rel?.relpersistence),
    ifNotExists: false,
    query: asQuery(found, isLimited(select), context.span),
    output: lowerOutput(context, { SelectStmt: select }),
    columnNames: EMPTY,
    withData: true,
    accessMethod: null,
    parameters: {},
    onCommitDrop: false,
  }
}
