import type { AlterTableCmd, AlterTableMoveAllStmt, AlterTableStmt, ObjectType } from "@pgsql/types"
import type { Operation, RelationKeyword } from "../operation.ts"
import type { Name } from "../name.ts"
import type { Context } from "./context.ts"
import { isSymbol, tokenText } from "../../source/tokens.ts"
import { lowerColumnAction } from "./alter-column.ts"
import { lowerColumnDefinition } from "./columns.ts"
import { lowerConstraint } from "./constraints.ts"
import { EMPTY, identifierAt, pieceEnd, skipIfExists, skipKeyword, spanOfTokens, tokenBehind, tokensOf } from "./context.ts"
import { lowerCompositeAction } from "./composite-types.ts"
import { lowerRelation, lowerType } from "./names.ts"
import { listItems, parametersOf } from "./nodes.ts"
import { lowerPartitionBound } from "./partition-bounds.ts"
import { roleName } from "./roles.ts"
import type { On, TableAction } from "./table-action.ts"

const KEYWORDS: Partial<Record<ObjectType, RelationKeyword>> = {
  OBJECT_TABLE: "table",
  OBJECT_INDEX: "index",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materialized view",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_FOREIGN_TABLE: "foreign table",
}

/** The keyword of a relation; undefined for what is none. */
export function relationKeyword(type: ObjectType | undefined): RelationKeyword | undefined {
  return type === undefined ? undefined : KEYWORDS[type]
}

export function lowerAlterTable(context: Context, statement: AlterTableStmt): readonly Operation[] {
  const relation = lowerRelation(context, statement.relation)
  const tokens = tokensOf(context)
  const composite = statement.objtype === "OBJECT_TYPE"
  const keyword = relationKeyword(statement.objtype) ?? "table"
  const only = statement.relation?.inh !== true && !composite
  const missingOk = statement.missing_ok === true
  const operations: Operation[] = []
  let from = firstAction(context, relation)
  for (const node of statement.cmds ?? EMPTY) {
    const to = pieceEnd(tokens, from, tokens.count)
    if ("AlterTableCmd" in node) {
      const span = spanOfTokens(tokens, from, to)
      const action: TableAction = { context, relation, keyword, missingOk, only, span, from, to }
      operations.push(
        composite
          ? lowerCompositeAction(context, relation, node.AlterTableCmd, span, from)
          : lowerAction(action, node.AlterTableCmd),
      )
    }
    from = to + 1
  }
  return operations
}

/** The index of the token behind the relation: its name, `*`, the bracket of `ONLY (name)`. */
export function firstAction(context: Context, relation: Name): number {
  const tokens = tokensOf(context)
  let at = tokenBehind(context, relation.span)
  while (isSymbol(tokens, at, "*") || isSymbol(tokens, at, ")")) at++
  return at
}

function lowerAction(action: TableAction, command: AlterTableCmd): Operation {
  const { context, relation, keyword, missingOk, only, span, from } = action
  const on = { relation, keyword, missingOk, only, span }
  return (
    lowerDefinition(action, on, command) ??
    lowerRelationAction(action, on, command) ??
    lowerSwitch(action, on, command) ??
    lowerPartitionAction(action, on, command) ??
    { op: "other table action", ...on, action: tokenText(tokensOf(context), from).toLowerCase() }
  )
}

/** Columns and constraints. */
function lowerDefinition(action: TableAction, on: On, command: AlterTableCmd): Operation | null {
  const { context, from, to } = action
  const tokens = tokensOf(context)
  switch (command.subtype) {
    case "AT_AddColumn": {
      if (command.def === undefined || !("ColumnDef" in command.def)) return null
      const start = skipIfExists(tokens, skipKeyword(tokens, from + 1, "column"))
      const column = lowerColumnDefinition(context, command.def.ColumnDef, start, to)
      return { op: "add column", ...on, column, ifNotExists: command.missing_ok === true }
    }
    case "AT_DropColumn": {
      const at = skipIfExists(tokens, skipKeyword(tokens, from + 1, "column"))
      const column = identifierAt(tokens, at, command.name)
      return { op: "drop column", ...on, column, ifExists: command.missing_ok === true, cascade: isCascade(command) }
    }
    case "AT_AddConstraint": {
      if (command.def === undefined || !("Constraint" in command.def)) return null
      const constraint = lowerConstraint(context, command.def.Constraint, from + 1, to, null)
      if (constraint === null) return null
      return { op: "add constraint", ...on, constraint }
    }
    case "AT_DropConstraint": {
      const at = skipIfExists(tokens, from + 2)
      const constraint = identifierAt(tokens, at, command.name)
      return {
        op: "drop constraint",
        ...on,
        constraint,
        ifExists: command.missing_ok === true,
        cascade: isCascade(command),
      }
    }
    case "AT_ValidateConstraint":
      return { op: "validate constraint", ...on, constraint: identifierAt(tokens, from + 2, command.name) }
    case "AT_AlterConstraint":
      return lowerAlterConstraint(action, command)
    case "AT_ColumnDefault":
    case "AT_DropNotNull":
    case "AT_SetNotNull":
    case "AT_SetExpression":
    case "AT_DropExpression":
    case "AT_SetStatistics":
    case "AT_SetOptions":
    case "AT_ResetOptions":
    case "AT_SetStorage":
    case "AT_SetCompression":
    case "AT_AlterColumnType":
    case "AT_AddIdentity":
    case "AT_SetIdentity":
    case "AT_DropIdentity": {
      const lowered = lowerColumnAction(action, command)
      if (lowered === null) return null
      return lowered
    }
    default:
      return null
  }
}

/** What the relation as a whole is: how and where it is stored, its owner, type and parents. */
function lowerRelationAction({ context, from, to }: TableAction, on: On, command: AlterTableCmd): Operation | null {
  const tokens = tokensOf(context)
  switch (command.subtype) {
    case "AT_SetLogged":
    case "AT_SetUnLogged":
      return { op: "set logged", ...on, logged: command.subtype === "AT_SetLogged" }
    case "AT_SetTableSpace":
      return { op: "set tablespace", ...on, tablespace: command.name ?? "" }
    case "AT_SetAccessMethod":
      return { op: "set access method", ...on, accessMethod: command.name ?? null }
    case "AT_SetRelOptions":
    case "AT_ResetRelOptions":
    case "AT_ReplaceRelOptions": {
      const parameters = parametersOf(listItems(command.def))
      return { op: "set storage parameters", ...on, reset: command.subtype === "AT_ResetRelOptions", parameters }
    }
    case "AT_ClusterOn":
      return { op: "cluster on", ...on, index: identifierAt(tokens, from + 2, command.name) }
    case "AT_DropCluster":
      return { op: "set without cluster", ...on }
    case "AT_DropOids":
      return { op: "set without oids", ...on }
    case "AT_DropOf":
      return { op: "not of type", ...on }
    case "AT_AddInherit":
    case "AT_DropInherit":
      if (command.def === undefined || !("RangeVar" in command.def)) return null
      return {
        op: command.subtype === "AT_AddInherit" ? "inherit" : "no inherit",
        ...on,
        parent: lowerRelation(context, command.def.RangeVar),
      }
    case "AT_AddOf":
      if (command.def === undefined || !("TypeName" in command.def)) return null
      return { op: "of type", ...on, type: lowerType(context, command.def.TypeName) }
    case "AT_ChangeOwner":
      return { op: "owner to", ...on, owner: roleName(command.newowner) }
    case "AT_ReplicaIdentity": {
      if (command.def === undefined || !("ReplicaIdentityStmt" in command.def)) return null
      const { identity_type: type, name } = command.def.ReplicaIdentityStmt
      const identity = type === "i" ? "index" : type === "f" ? "full" : type === "n" ? "nothing" : "default"
      return {
        op: "replica identity",
        ...on,
        identity,
        index: identity === "index" ? identifierAt(tokens, to - 1, name) : null,
      }
    }
    case "AT_AlterColumnGenericOptions":
      return { op: "other table action", ...on, action: "alter column options" }
    case "AT_GenericOptions":
      return { op: "other table action", ...on, action: "options" }
    default:
      return null
  }
}

/** What is switched on and off: triggers, rules, row security. */
function lowerSwitch({ context, to }: TableAction, on: On, command: AlterTableCmd): Operation | null {
  const tokens = tokensOf(context)
  switch (command.subtype) {
    case "AT_EnableTrig":
    case "AT_EnableAlwaysTrig":
    case "AT_EnableReplicaTrig":
      return { op: "enable trigger", ...on, trigger: identifierAt(tokens, to - 1, command.name) }
    case "AT_EnableTrigAll":
      return { op: "enable trigger", ...on, trigger: "all" }
    case "AT_EnableTrigUser":
      return { op: "enable trigger", ...on, trigger: "user" }
    case "AT_DisableTrig":
      return { op: "disable trigger", ...on, trigger: identifierAt(tokens, to - 1, command.name) }
    case "AT_DisableTrigAll":
      return { op: "disable trigger", ...on, trigger: "all" }
    case "AT_DisableTrigUser":
      return { op: "disable trigger", ...on, trigger: "user" }
    case "AT_EnableRule":
    case "AT_EnableAlwaysRule":
    case "AT_EnableReplicaRule":
      return { op: "enable rule", ...on, rule: identifierAt(tokens, to - 1, command.name) }
    case "AT_DisableRule":
      return { op: "disable rule", ...on, rule: identifierAt(tokens, to - 1, command.name) }
    case "AT_EnableRowSecurity":
      return { op: "row level security", ...on, action: "enable" }
    case "AT_DisableRowSecurity":
      return { op: "row level security", ...on, action: "disable" }
    case "AT_ForceRowSecurity":
      return { op: "row level security", ...on, action: "force" }
    case "AT_NoForceRowSecurity":
      return { op: "row level security", ...on, action: "no force" }
    default:
      return null
  }
}

/** Partitions that come and go. */
function lowerPartitionAction({ context }: TableAction, on: On, command: AlterTableCmd): Operation | null {
  switch (command.subtype) {
    case "AT_AttachPartition": {
      if (command.def === undefined || !("PartitionCmd" in command.def)) return null
      const { name, bound } = command.def.PartitionCmd
      const partition = lowerRelation(context, name)
      if (bound === undefined) return { op: "attach index partition", ...on, partition }
      return { op: "attach partition", ...on, partition, bound: lowerPartitionBound(context, bound) }
    }
    case "AT_DetachPartition":
    case "AT_DetachPartitionFinalize": {
      if (command.def === undefined || !("PartitionCmd" in command.def)) return null
      return {
        op: "detach partition",
        ...on,
        partition: lowerRelation(context, command.def.PartitionCmd.name),
        concurrently: command.def.PartitionCmd.concurrent === true,
        finalize: command.subtype === "AT_DetachPartitionFinalize",
      }
    }
    default:
      return null
  }
}

function isCascade(command: AlterTableCmd): boolean {
  return command.behavior === "DROP_CASCADE"
}

function lowerAlterConstraint(action: TableAction, command: AlterTableCmd): Operation {
  const { context, relation, keyword, missingOk, only, span, from } = action
  const tokens = tokensOf(context)
  const change = command.def !== undefined && "ATAlterConstraint" in command.def ? command.def.ATAlterConstraint : {}
  const deferrability = change.alterDeferrability === true
  return {
    op: "alter constraint",
    relation,
    keyword,
    missingOk,
    only,
    span,
    constraint: identifierAt(tokens, from + 2, change.conname),
    deferrable: deferrability ? change.deferrable === true : null,
    initiallyDeferred: deferrability ? change.initdeferred === true : null,
    enforced: change.alterEnforceability === true ? change.is_enforced === true : null,
    noInherit: change.alterInheritability === true ? change.noinherit === true : null,
  }
}

export function lowerMoveAll(context: Context, statement: AlterTableMoveAllStmt): Operation {
  return {
    op: "move all to tablespace",
    span: context.span,
    keyword: relationKeyword(statement.objtype) ?? "table",
    from: statement.orig_tablespacename ?? "",
    to: statement.new_tablespacename ?? "",
  }
}
