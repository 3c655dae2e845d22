import type {
  CompositeTypeStmt,
  CreateDomainStmt,
  CreateEnumStmt,
  CreateRangeStmt,
  DefineStmt,
  Node,
} from "@pgsql/types"
import type { Operation, OperationOf } from "../operation.ts"
import type { Expression } from "../expression.ts"
import type { Name } from "../name.ts"
import type { Context } from "./context.ts"
import { lowerConstraint } from "./constraints.ts"
import {
  EMPTY,
  identifierAt,
  insideBrackets,
  nameAtToken,
  nameOf,
  pieceEnd,
  tokenAt,
  tokenBehind,
  tokensOf,
} from "./context.ts"
import { lowerExpressionAt } from "./expressions.ts"
import { lowerRelation, lowerType } from "./names.ts"
import { findOption, stringsOf } from "./nodes.ts"
import { simpleOther } from "./other.ts"

/** CREATE TYPE | DOMAIN name */
function createdName(context: Context, parts: readonly Node[] | undefined): Name {
  return nameAtToken(context, 2, stringsOf(parts))
}

export function lowerCreateEnum(context: Context, statement: CreateEnumStmt): OperationOf<"create enum"> {
  const type = createdName(context, statement.typeName)
  return { op: "create enum", span: context.span, type, labels: stringsOf(statement.vals) }
}

export function lowerCreateRange(context: Context, statement: CreateRangeStmt): OperationOf<"create type"> {
  const type = createdName(context, statement.typeName)
  const given = findOption(statement.params, "multirange_type_name")?.arg
  const names = given !== undefined && "TypeName" in given ? stringsOf(given.TypeName.names) : EMPTY
  return { op: "create type", span: context.span, type, typeKind: "range", multirange: names.length === 0 ? null : nameOf(names, type.span.start, type.span.end) }
}

/** CREATE of aggregates, operators, base types, collations and text search objects. */
export function lowerDefine(context: Context, statement: DefineStmt): Operation {
  if (statement.kind !== "OBJECT_TYPE") return simpleOther(context, "DefineStmt")
  return {
    op: "create type",
    span: context.span,
    type: createdName(context, statement.defnames),
    typeKind: statement.definition === undefined ? "shell" : "base",
    multirange: null,
  }
}

export function lowerCreateComposite(
  context: Context,
  statement: CompositeTypeStmt,
): OperationOf<"create composite type"> {
  const tokens = tokensOf(context)
  const type = lowerRelation(context, statement.typevar)
  const inside = insideBrackets(tokens, tokenBehind(context, type.span), tokens.count)
  const attributes: OperationOf<"create composite type">["attributes"][number][] = []
  let from = inside?.from ?? 0
  for (const node of statement.coldeflist ?? EMPTY) {
    if (!("ColumnDef" in node)) continue
    const { colname, typeName } = node.ColumnDef
    attributes.push({ name: identifierAt(tokens, from, colname), type: lowerType(context, typeName) })
    from = pieceEnd(tokens, from, inside?.to ?? tokens.count) + 1
  }
  return { op: "create composite type", span: context.span, type, attributes }
}

export function lowerCreateDomain(context: Context, statement: CreateDomainStmt): OperationOf<"create domain"> {
  const tokens = tokensOf(context)
  const domain = createdName(context, statement.domainname)
  const type = lowerType(context, statement.typeName)
  const { collClause } = statement
  let value: Expression | null = null
  let notNull = false
  const checks: OperationOf<"create domain">["checks"][number][] = []
  const nodes = statement.constraints ?? EMPTY
  for (const [index, node] of nodes.entries()) {
    if (!("Constraint" in node)) continue
    const constraint = node.Constraint
    const next = nodes[index + 1]
    const from = tokenAt(context, constraint.location)
    const to = next !== undefined && "Constraint" in next ? tokenAt(context, next.Constraint.location) : tokens.count
    if (constraint.contype === "CONSTR_NOTNULL") notNull = true
    else if (constraint.contype === "CONSTR_DEFAULT" && constraint.raw_expr !== undefined) {
      value = lowerExpressionAt(context, constraint.raw_expr, from + 1, to)
    } else {
      const lowered = lowerConstraint(context, constraint, from, to, domainValue(domain))
      if (lowered?.kind === "check") checks.push({ name: lowered.name, expression: lowered.expression })
    }
  }
  const collation = collClause === undefined ? null : nameAtToken(context, tokenAt(context, collClause.location) + 1, stringsOf(collClause.collname))
  return { op: "create domain", span: context.span, domain, type, collation, default: value, notNull, checks }
}

function domainValue(domain: Name): { name: string; span: Name["span"] } {
  return { name: "value", span: domain.span }
}
