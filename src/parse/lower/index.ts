import type { Node } from "@pgsql/types"
import type { Operation } from "../operation.ts"
import type { NodeKind, NodeOf } from "./nodes.ts"
import type { Context } from "./context.ts"
import {
  lowerAlterDatabase,
  lowerAlterDatabaseSet,
  lowerAlterDomain,
  lowerAlterEnum,
  lowerAlterFunction,
  lowerAlterSequence,
  lowerAlterStatistics,
} from "./alter.ts"
import { lowerAlterTable, lowerMoveAll } from "./alter-table.ts"
import {
  lowerCreateExtension,
  lowerCreateRule,
  lowerCreateSchema,
  lowerCreateSequence,
  lowerCreateStatistics,
  lowerCreateSubscription,
  lowerCreateTrigger,
  lowerCreateView,
  lowerPolicy,
} from "./create.ts"
import { lowerCreateIndex } from "./create-index.ts"
import {
  lowerCreateComposite,
  lowerCreateDomain,
  lowerCreateEnum,
  lowerCreateRange,
  lowerDefine,
} from "./create-types.ts"
import { lowerDo } from "./do.ts"
import { lowerCallStatement, lowerCreateFunction } from "./functions.ts"
import {
  lowerCluster,
  lowerComment,
  lowerGrant,
  lowerLock,
  lowerRefresh,
  lowerReindex,
  lowerSecurityLabel,
  lowerVacuum,
} from "./maintenance.ts"
import { lowerAlterPublication, lowerCreatePublication } from "./publications.ts"
import { lowerDepends, lowerRename, lowerSetOwner, lowerSetSchema } from "./rename.ts"
import { lowerCreateForeignTable, lowerCreateTable, lowerCreateTableAs } from "./create-table.ts"
import {
  lowerCopy,
  lowerCursor,
  lowerDelete,
  lowerInsert,
  lowerMerge,
  lowerSelectStatement,
  lowerTruncate,
  lowerUpdate,
} from "./data.ts"
import { lowerDrop, lowerDropDatabase, lowerDropGlobal } from "./drop.ts"
import { kindOfNode } from "./nodes.ts"
import { other, simpleOther } from "./other.ts"
import { lowerDeallocate, lowerExecute, lowerExplain, lowerPrepare } from "./prepared.ts"
import { lowerSet, lowerTransaction } from "./session.ts"

type Lowering<K extends NodeKind> = (context: Context, node: NodeOf<K>) => Operation | readonly Operation[]

/** How statements are lowered. What is not listed is a command without effect on relations. */
const LOWERINGS: { readonly [K in NodeKind]?: Lowering<K> } = {
  AlterDatabaseRefreshCollStmt: lowerAlterDatabaseSet,
  AlterDatabaseSetStmt: lowerAlterDatabaseSet,
  AlterDatabaseStmt: lowerAlterDatabase,
  AlterDomainStmt: lowerAlterDomain,
  AlterEnumStmt: lowerAlterEnum,
  AlterFunctionStmt: lowerAlterFunction,
  AlterObjectDependsStmt: lowerDepends,
  AlterObjectSchemaStmt: lowerSetSchema,
  AlterOwnerStmt: lowerSetOwner,
  AlterPolicyStmt: (context, node) => lowerPolicy(context, node, "alter policy"),
  AlterPublicationStmt: lowerAlterPublication,
  AlterSeqStmt: lowerAlterSequence,
  AlterStatsStmt: lowerAlterStatistics,
  AlterTableMoveAllStmt: lowerMoveAll,
  AlterTableStmt: lowerAlterTable,
  CallStmt: lowerCallStatement,
  ClusterStmt: lowerCluster,
  CommentStmt: lowerComment,
  CompositeTypeStmt: lowerCreateComposite,
  ConstraintsSetStmt: (context) => ({ op: "set constraints", span: context.span }),
  CopyStmt: lowerCopy,
  CreateDomainStmt: lowerCreateDomain,
  CreateEnumStmt: lowerCreateEnum,
  CreateExtensionStmt: lowerCreateExtension,
  CreateForeignTableStmt: lowerCreateForeignTable,
  CreateFunctionStmt: lowerCreateFunction,
  CreatePolicyStmt: (context, node) => lowerPolicy(context, node, "create policy"),
  CreatePublicationStmt: lowerCreatePublication,
  CreateRangeStmt: lowerCreateRange,
  CreateSchemaStmt: (context, node) => lowerCreateSchema(context, node, lowerStatement),
  CreateSeqStmt: lowerCreateSequence,
  CreateStatsStmt: lowerCreateStatistics,
  CreateStmt: (context, node) => lowerCreateTable(context, node),
  CreateSubscriptionStmt: lowerCreateSubscription,
  CreateTableAsStmt: lowerCreateTableAs,
  CreateTrigStmt: lowerCreateTrigger,
  DefineStmt: lowerDefine,
  DeclareCursorStmt: (context, node) => lowerCursor(context, node),
  DeleteStmt: lowerDelete,
  DeallocateStmt: lowerDeallocate,
  DiscardStmt: (context, node) => other(context, DISCARDS[node.target ?? ""] ?? "discard all"),
  DoStmt: (context, node) => lowerDo(context, node, lowerStatement),
  DropStmt: lowerDrop,
  DropSubscriptionStmt: (context, node) =>
    lowerDropGlobal(context, "subscription", node.subname ?? "", node.missing_ok === true),
  DropTableSpaceStmt: (context, node) =>
    lowerDropGlobal(context, "tablespace", node.tablespacename ?? "", node.missing_ok === true),
  DropdbStmt: lowerDropDatabase,
  ExecuteStmt: lowerExecute,
  ExplainStmt: (context, node) => lowerExplain(context, node, lowerStatement),
  GrantRoleStmt: (context, node) => other(context, node.is_grant === true ? "grant role" : "revoke role"),
  GrantStmt: lowerGrant,
  IndexStmt: lowerCreateIndex,
  InsertStmt: lowerInsert,
  LockStmt: lowerLock,
  MergeStmt: lowerMerge,
  RefreshMatViewStmt: lowerRefresh,
  PrepareStmt: (context, node) => lowerPrepare(context, node, lowerStatement),
  ReindexStmt: lowerReindex,
  RenameStmt: lowerRename,
  RuleStmt: lowerCreateRule,
  SecLabelStmt: lowerSecurityLabel,
  SelectStmt: lowerSelectStatement,
  TransactionStmt: lowerTransaction,
  TruncateStmt: lowerTruncate,
  UpdateStmt: lowerUpdate,
  VacuumStmt: lowerVacuum,
  VariableSetStmt: lowerSet,
  ViewStmt: lowerCreateView,
}

const DISCARDS: Readonly<Record<string, string>> = {
  DISCARD_ALL: "discard all",
  DISCARD_PLANS: "discard plans",
  DISCARD_SEQUENCES: "discard sequences",
  DISCARD_TEMP: "discard temp",
}

/**
 * Lowers one statement of the grammar. Never throws: expressions nested too deep to be walked leave the bare command.
 */
export function lowerStatement(context: Context, node: Node): readonly Operation[] {
  const kind = kindOfNode(node)
  if (kind === undefined) return [simpleOther(context, undefined)]
  try {
    const lowered = lowerKind(context, kind, node)
    return isList(lowered) ? lowered : [lowered]
  } catch (thrown) {
    if (thrown instanceof RangeError) return [simpleOther(context, kind)]
    throw thrown
  }
}

function lowerKind(context: Context, kind: NodeKind, node: Node): Operation | readonly Operation[] {
  // The key and what it carries belong together in every node; TypeScript cannot follow that through the table.
  const lowering = LOWERINGS[kind] as
    ((context: Context, node: unknown) => Operation | readonly Operation[]) | undefined
  return lowering === undefined
    ? simpleOther(context, kind)
    : lowering(context, (node as Record<string, unknown>)[kind])
}

function isList(value: Operation | readonly Operation[]): value is readonly Operation[] {
  return Array.isArray(value)
}
