import type {
  AlterDatabaseSetStmt,
  AlterDatabaseStmt,
  AlterDomainStmt,
  AlterEnumStmt,
  AlterFunctionStmt,
  AlterSeqStmt,
  AlterStatsStmt,
  Node,
} from "@pgsql/types"
import type { Operation, OperationOf } from "../operation.ts"
import type { Name, TypeName } from "../name.ts"
import type { Context } from "./context.ts"
import type { Span } from "../../source/span.ts"
import { TokenKind, findKeyword, spanOf } from "../../source/tokens.ts"
import { lowerConstraint } from "./constraints.ts"
import { EMPTY, identifierAt, nameAtToken, skipIfExists, tokensOf } from "./context.ts"
import { lowerExpressionAt } from "./expressions.ts"
import { lowerRelation, lowerType } from "./names.ts"
import { findOption, nameParts, optionHolds, optionText, optionsOf, stringsOf } from "./nodes.ts"
import { lowerObject } from "./objects.ts"

export function lowerAlterEnum(context: Context, statement: AlterEnumStmt): Operation {
  // ALTER TYPE name ADD VALUE ... | RENAME VALUE 'a' TO 'b'
  const { name: type } = lowerObject(context, { List: { items: statement.typeName ?? [] } }, "OBJECT_TYPE", 2)
  const { span } = context
  const first = stringAfter(context, 2)
  const { oldVal, newVal = "" } = statement
  if (oldVal !== undefined) {
    return {
      op: "rename enum value",
      span,
      type,
      value: { text: oldVal, span: first.span },
      newValue: { text: newVal, span: stringAfter(context, first.index + 1).span },
    }
  }
  return {
    op: "add enum value",
    span,
    type,
    value: { text: newVal, span: first.span },
    ifNotExists: statement.skipIfNewValExists === true,
    neighbor: statement.newValNeighbor ?? null,
    before: statement.newValNeighbor !== undefined && statement.newValIsAfter !== true,
  }
}

/** The first string constant at or behind token `from`. */
function stringAfter(context: Context, from: number): { index: number; span: Span } {
  const tokens = tokensOf(context)
  let index = from
  while (
    index < tokens.count &&
    tokens.kinds[index] !== TokenKind.string &&
    tokens.kinds[index] !== TokenKind.dollarString
  )
    index++
  return { index, span: spanOf(tokens, index) }
}

export function lowerAlterDomain(context: Context, statement: AlterDomainStmt): OperationOf<"alter domain"> {
  const domain = lowerObject(context, { List: { items: statement.typeName ?? [] } }, "OBJECT_DOMAIN", 2)
  return {
    op: "alter domain",
    span: context.span,
    domain: domain.name,
    action: lowerDomainAction(context, statement, domain.next),
  }
}

type DomainAction = OperationOf<"alter domain">["action"]

/** The action that starts at token `from`. The letters are those of AlterDomainStmt in PostgreSQL's parsenodes.h. */
function lowerDomainAction(context: Context, statement: AlterDomainStmt, from: number): DomainAction {
  const tokens = tokensOf(context)
  const { def, name } = statement
  switch (statement.subtype) {
    case "N":
      return { kind: "drop not null" }
    case "O":
      return { kind: "set not null" }
    case "X":
      return { kind: "drop constraint", name: identifierAt(tokens, skipIfExists(tokens, from + 2), name), ifExists: statement.missing_ok === true }
    case "V":
      return { kind: "validate constraint", name: identifierAt(tokens, from + 2, name) }
    case "C": {
      if (def === undefined || !("Constraint" in def)) break
      const constraint = lowerConstraint(context, def.Constraint, from + 1, tokens.count, {
        name: "value",
        span: domainSpan(context),
      })
      return {
        kind: "add constraint",
        name: constraint?.name ?? null,
        expression: constraint?.kind === "check" ? constraint.expression : null,
        notNull: constraint?.kind === "not null",
        notValid: def.Constraint.skip_validation === true,
      }
    }
    default:
      break
  }
  if (def === undefined || "Constraint" in def) return { kind: "drop default" }
  return { kind: "set default", default: lowerExpressionAt(context, def, from + 2, tokens.count) }
}

function domainSpan(context: Context): Span {
  return spanOf(tokensOf(context), 2)
}

/** The column that OWNED BY names: its table, or `none`. */
export function lowerOwnedBy(
  context: Context,
  options: readonly Node[] | undefined,
): { readonly table: Name; readonly column: string } | "none" | null {
  const option = findOption(options, "owned_by")
  if (option === undefined) return null
  const parts = option.arg === undefined ? EMPTY : nameParts(option.arg)
  if (parts.length < 2) return "none"
  const tokens = tokensOf(context)
  const at = findKeyword(tokens, "owned")
  const table = nameAtToken(context, at + 2, parts.slice(0, -1))
  const tableTokens = 2 * (parts.length - 1) - 1
  const span = { start: table.span.start, end: spanOf(tokens, at + 1 + tableTokens).end }
  return { table: { ...table, span }, column: parts[parts.length - 1] ?? "" }
}

/** AS of CREATE and ALTER SEQUENCE. */
export function lowerSequenceType(context: Context, options: readonly Node[] | undefined): TypeName | null {
  const type = findOption(options, "as")?.arg
  return type !== undefined && "TypeName" in type ? lowerType(context, type.TypeName) : null
}

export function lowerAlterSequence(context: Context, statement: AlterSeqStmt): OperationOf<"alter sequence"> {
  return {
    op: "alter sequence",
    span: context.span,
    sequence: lowerRelation(context, statement.sequence),
    missingOk: statement.missing_ok === true,
    type: lowerSequenceType(context, statement.options),
    ownedBy: lowerOwnedBy(context, statement.options),
    options: optionsOf(statement.options).map((option) => (option.defname ?? "").toLowerCase().replaceAll("_", " ")),
  }
}

export function lowerAlterFunction(context: Context, statement: AlterFunctionStmt): OperationOf<"alter function"> {
  const node: Node | undefined = statement.func === undefined ? undefined : { ObjectWithArgs: statement.func }
  const { name, arguments: types } = lowerObject(context, node, "OBJECT_FUNCTION", 2)
  const volatility = findOption(statement.actions, "volatility")
  return {
    op: "alter function",
    span: context.span,
    function: name,
    arguments: types,
    volatility: volatility === undefined ? null : volatilityOf(optionText(volatility)),
    guarded: isGuarded(statement.actions),
  }
}

/** Whether options of a function say STRICT, SECURITY DEFINER or SET. */
export function isGuarded(options: readonly Node[] | undefined): boolean {
  return optionHolds(options, "strict") || optionHolds(options, "security") || findOption(options, "set") !== undefined
}

export function volatilityOf(text: string | undefined): "immutable" | "stable" | "volatile" {
  return text === "immutable" || text === "stable" ? text : "volatile"
}

export function lowerAlterStatistics(context: Context, statement: AlterStatsStmt): OperationOf<"alter statistics"> {
  const at = skipIfExists(tokensOf(context), 2)
  return {
    op: "alter statistics",
    span: context.span,
    statistics: nameAtToken(context, at, stringsOf(statement.defnames)),
  }
}

export function lowerAlterDatabase(context: Context, statement: AlterDatabaseStmt): OperationOf<"alter database"> {
  const setsTablespace = findOption(statement.options, "tablespace") !== undefined
  return { op: "alter database", span: context.span, database: statement.dbname ?? "", setsTablespace }
}

export function lowerAlterDatabaseSet(
  context: Context,
  statement: Pick<AlterDatabaseSetStmt, "dbname">,
): OperationOf<"alter database"> {
  return { op: "alter database", span: context.span, database: statement.dbname ?? "", setsTablespace: false }
}
