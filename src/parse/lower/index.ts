import type { Node } from "@pgsql/types"
import type { Operation } from "../operation.ts"
import type { NodeKind, NodeOf } from "./nodes.ts"
import type { Context } from "./context.ts"
import { lowerAlterTable, lowerMoveAll } from "./alter-table.ts"
import { lowerCreateIndex } from "./create-index.ts"
import { lowerCreateForeignTable, lowerCreateTable, lowerCreateTableAs } from "./create-table.ts"
import {
  lowerCopy,
  lowerDelete,
  lowerInsert,
  lowerMerge,
  lowerSelectStatement,
  lowerTruncate,
  lowerUpdate,
} from "./data.ts"
import { lowerDrop, lowerDropDatabase, lowerDropGlobal } from "./drop.ts"
import { kindOfNode } from "./nodes.ts"
import { simpleOther } from "./other.ts"
import { lowerSet, lowerTransaction } from "./session.ts"

type Lowering<K extends NodeKind> = (context: Context, node: NodeOf<K>) => Operation | readonly Operation[]

/** How statements are lowered. What is not listed is a command without effect on relations. */
const LOWERINGS: { readonly [K in NodeKind]?: Lowering<K> } = {
  AlterTableMoveAllStmt: lowerMoveAll,
  AlterTableStmt: lowerAlterTable,
  CopyStmt: lowerCopy,
  CreateForeignTableStmt: lowerCreateForeignTable,
  CreateStmt: (context, node) => lowerCreateTable(context, node),
  CreateTableAsStmt: lowerCreateTableAs,
  DeleteStmt: lowerDelete,
  DropStmt: lowerDrop,
  DropSubscriptionStmt: (context, node) =>
    lowerDropGlobal(context, "subscription", node.subname ?? "", node.missing_ok === true),
  DropTableSpaceStmt: (context, node) =>
    lowerDropGlobal(context, "tablespace", node.tablespacename ?? "", node.missing_ok === true),
  DropdbStmt: lowerDropDatabase,
  IndexStmt: lowerCreateIndex,
  InsertStmt: lowerInsert,
  MergeStmt: lowerMerge,
  SelectStmt: lowerSelectStatement,
  TransactionStmt: lowerTransaction,
  TruncateStmt: lowerTruncate,
  UpdateStmt: lowerUpdate,
  VariableSetStmt: lowerSet,
}

/** Lowers one statement of the grammar. */
export function lowerStatement(context: Context, node: Node): readonly Operation[] {
  const kind = kindOfNode(node)
  if (kind === undefined) return [simpleOther(context, undefined)]
  const lowered = lowerKind(context, kind, node)
  return isList(lowered) ? lowered : [lowered]
}

function lowerKind(context: Context, kind: NodeKind, node: Node): Operation | readonly Operation[] {
  // The key and what it carries belong together in every node; TypeScript cannot follow that through the table.
  const lowering = LOWERINGS[kind] as ((context: Context, node: unknown) => Operation | readonly Operation[]) | undefined
  return lowering === undefined ? simpleOther(context, kind) : lowering(context, (node as Record<string, unknown>)[kind])
}

function isList(value: Operation | readonly Operation[]): value is readonly Operation[] {
  return Array.isArray(value)
}
