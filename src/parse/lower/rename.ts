import type {
  AlterObjectDependsStmt,
  AlterObjectSchemaStmt,
  AlterOwnerStmt,
  Node,
  ObjectType,
  RangeVar,
  RenameStmt,
} from "@pgsql/types"
import type { Operation, RelationKeyword } from "../operation.ts"
import type { Identifier, Name } from "../name.ts"
import type { Context } from "./context.ts"
import type { Span } from "../../source/span.ts"
import { findKeyword } from "../../source/tokens.ts"
import { firstAction, relationKeyword } from "./alter-table.ts"
import { identifierAt, nameAtToken, skipKeyword, spanOfTokens, tokensOf } from "./context.ts"
import { lowerRelation } from "./names.ts"
import { nameParts } from "./nodes.ts"
import { lowerObject, objectKind, objectNameAt } from "./objects.ts"
import { simpleOther } from "./other.ts"
import { roleName } from "./roles.ts"

interface OnRelation {
  readonly relation: Name
  readonly keyword: RelationKeyword
  readonly missingOk: boolean
  readonly only: boolean
  readonly span: Span
  /** The index of the action's first token. */
  readonly from: number
}

/** `ALTER <keyword> relation <action>`: the one action, behind the relation. */
function onRelation(
  context: Context,
  relation: RangeVar,
  type: ObjectType | undefined,
  missingOk: boolean | undefined,
): OnRelation {
  const name = lowerRelation(context, relation)
  const from = firstAction(context, name)
  const tokens = tokensOf(context)
  return {
    relation: name,
    keyword: relationKeyword(type) ?? "table",
    missingOk: missingOk === true,
    only: relation.inh !== true,
    span: spanOfTokens(tokens, from, tokens.count),
    from,
  }
}

export function lowerRename(context: Context, statement: RenameStmt): Operation {
  const { relation, renameType } = statement
  const tokens = tokensOf(context)
  if (relation === undefined) return lowerRenameObject(context, statement)
  const newNameAfter = (at: number): Identifier => identifierAt(tokens, at, statement.newname)
  switch (renameType) {
    case "OBJECT_COLUMN": {
      const { from, ...on } = onRelation(context, relation, statement.relationType, statement.missing_ok)
      const at = skipKeyword(tokens, from + 1, "column")
      return {
        op: "rename column",
        ...on,
        column: identifierAt(tokens, at, statement.subname),
        newName: newNameAfter(at + 2),
      }
    }
    case "OBJECT_TABCONSTRAINT": {
      const { from, ...on } = onRelation(context, relation, "OBJECT_TABLE", statement.missing_ok)
      const constraint = identifierAt(tokens, from + 2, statement.subname)
      return { op: "rename constraint", ...on, constraint, newName: newNameAfter(from + 4) }
    }
    case "OBJECT_ATTRIBUTE": {
      const { from, relation: type, span } = onRelation(context, relation, undefined, false)
      return {
        op: "alter composite type",
        span,
        type,
        action: "rename attribute",
        attribute: identifierAt(tokens, from + 2, statement.subname),
        ifExists: false,
        attributeType: null,
        newName: newNameAfter(from + 4),
        cascade: statement.behavior === "DROP_CASCADE",
      }
    }
    case "OBJECT_TRIGGER":
    case "OBJECT_RULE":
    case "OBJECT_POLICY": {
      const table = lowerRelation(context, relation)
      const object = nameAtToken(context, objectNameAt(tokens, 1, renameType), [statement.subname ?? ""])
      const newName = newNameAfter(tokens.count - 1)
      return { op: "rename object", span: context.span, kind: objectKind(renameType), object, table, arguments: null, newName }
    }
    default: {
      const { from, ...on } = onRelation(context, relation, renameType, statement.missing_ok)
      return { op: "rename relation", ...on, newName: newNameAfter(from + 2) }
    }
  }
}

function lowerRenameObject(context: Context, statement: RenameStmt): Operation {
  const tokens = tokensOf(context)
  const type = statement.renameType
  const { span } = context
  if (type === "OBJECT_DOMCONSTRAINT") {
    const domain = lowerObject(context, statement.object, "OBJECT_DOMAIN", 2)
    // ALTER DOMAIN d RENAME CONSTRAINT a TO b
    const name = identifierAt(tokens, domain.next + 2, statement.subname)
    const newName = identifierAt(tokens, domain.next + 4, statement.newname)
    return { op: "alter domain", span, domain: domain.name, action: { kind: "rename constraint", name, newName } }
  }
  const kind = objectKind(type)
  if (kind === "other") return simpleOther(context, "RenameStmt")
  const at = objectNameAt(tokens, 1, type)
  const node: Node | undefined =
    statement.object ?? (statement.subname === undefined ? undefined : { String: { sval: statement.subname } })
  const { name, table, arguments: types } = lowerObject(context, node, type, at)
  const newName = identifierAt(tokens, tokens.count - 1, statement.newname)
  return { op: "rename object", span, kind, object: name, table, arguments: types, newName }
}

export function lowerSetSchema(context: Context, statement: AlterObjectSchemaStmt): Operation {
  const tokens = tokensOf(context)
  const { relation, objectType } = statement
  const schema = identifierAt(tokens, tokens.count - 1, statement.newschema)
  if (relation !== undefined) {
    const {
      relation: name,
      keyword,
      missingOk,
      only,
      span,
    } = onRelation(context, relation, objectType, statement.missing_ok)
    return { op: "set schema", relation: name, keyword, missingOk, only, span, schema }
  }
  const kind = objectKind(objectType)
  if (kind === "other") return simpleOther(context, "AlterObjectSchemaStmt")
  const { name, arguments: types } = lowerObject(context, statement.object, objectType, objectNameAt(tokens, 1, objectType))
  return { op: "set object schema", span: context.span, kind, object: name, arguments: types, schema }
}

export function lowerSetOwner(context: Context, statement: AlterOwnerStmt): Operation {
  const { objectType } = statement
  const kind = objectKind(objectType)
  if (kind === "other") return simpleOther(context, "AlterOwnerStmt")
  const tokens = tokensOf(context)
  const { name } = lowerObject(context, statement.object, objectType, objectNameAt(tokens, 1, objectType))
  return { op: "set object owner", span: context.span, kind, object: name, owner: roleName(statement.newowner) }
}

/** `ALTER ... [NO] DEPENDS ON EXTENSION`. */
export function lowerDepends(context: Context, statement: AlterObjectDependsStmt): Operation {
  const { relation, objectType } = statement
  if (relation === undefined) return simpleOther(context, "AlterObjectDependsStmt")
  if (objectType === "OBJECT_TRIGGER") {
    const trigger = nameAtToken(context, objectNameAt(tokensOf(context), 1, objectType), nameParts(statement.object))
    return { op: "trigger depends on extension", span: context.span, trigger, table: lowerRelation(context, relation) }
  }
  const { from, ...on } = onRelation(context, relation, objectType, false)
  const remove = findKeyword(tokensOf(context), "no", from, from + 1) === from
  return { op: "other table action", ...on, action: remove ? "no depends on extension" : "depends on extension" }
}
