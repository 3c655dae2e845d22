import type { ColumnDef, Constraint, Node } from "@pgsql/types"
import type { ConstraintDefinition } from "../constraint.ts"
import type { ColumnDefinition } from "../operation.ts"
import type { Name, TypeName } from "../name.ts"
import type { Attributes } from "./constraints.ts"
import type { Context } from "./context.ts"
import { isKeyword } from "../../source/tokens.ts"
import { lowerConstraint, NO_ATTRIBUTES } from "./constraints.ts"
import { EMPTY, identifierAt, insideBrackets, nameAtToken, spanOfTokens, tokenAt, tokensOf } from "./context.ts"
import { lowerExpressionAt } from "./expressions.ts"
import { lowerType, serialType } from "./names.ts"
import { findOption, nameParts, stringsOf } from "./nodes.ts"

/** A constraint of a column: its node and the tokens `[from, to)` it is written with. */
interface Written {
  readonly constraint: Constraint
  readonly from: number
  readonly to: number
  readonly attributes: Readonly<Attributes>
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const NOT_WRITTEN: readonly Written[] = EMPTY

/** Lowers the column definition that the tokens `[from, to)` make up. */
export function lowerColumnDefinition(context: Context, column: ColumnDef, from: number, to: number): ColumnDefinition {
  const tokens = tokensOf(context)
  const name = identifierAt(tokens, from, column.colname)
  const collationAt = column.collClause === undefined ? -1 : columnClauseAt(context, column.collClause.location, from)
  const lowered: Mutable<ColumnDefinition> = {
    name,
    type: lowerColumnType(context, column),
    collation: collationAt < 0 ? null : collationName(context, column, collationAt),
    serial: serialType(column.typeName) !== undefined,
    notNull: null,
    nullable: false,
    default: null,
    identity: null,
    generated: null,
    constraints: EMPTY,
    span: spanOfTokens(tokens, from, to),
  }
  const constraints: ConstraintDefinition[] = []
  for (const written of writtenConstraints(context, column.constraints, collationAt, to)) {
    const { constraint } = written
    const span = spanOfTokens(tokens, written.from, written.to)
    switch (constraint.contype) {
      case "CONSTR_NULL":
        lowered.nullable = true
        break
      case "CONSTR_NOTNULL": {
        const named = constraint.conname !== undefined && isKeyword(tokens, written.from, "constraint")
        lowered.notNull = {
          span,
          name: named ? identifierAt(tokens, written.from + 1, constraint.conname) : null,
          notValid: constraint.skip_validation === true,
          noInherit: constraint.is_no_inherit === true,
        }
        break
      }
      case "CONSTR_DEFAULT":
        if (constraint.raw_expr === undefined) break
        if (lowered.default !== null) lowered.repeated = "default"
        lowered.default = lowerExpressionAt(
          context,
          constraint.raw_expr,
          behindKeyword(context, written, "default"),
          written.to,
        )
        break
      case "CONSTR_IDENTITY":
        if (lowered.identity !== null) lowered.repeated = "identity"
        lowered.identity = {
          kind: constraint.generated_when === "a" ? "always" : "by default",
          sequence: lowerSequenceName(context, constraint.options, written.from, written.to),
          span,
        }
        break
      case "CONSTR_GENERATED": {
        const inside = insideBrackets(tokens, written.from, written.to)
        if (inside === null || constraint.raw_expr === undefined) break
        if (lowered.generated !== null) lowered.repeated = "generated"
        lowered.generated = {
          expression: lowerExpressionAt(context, constraint.raw_expr, inside.from, inside.to),
          stored: constraint.generated_kind !== "v",
          span,
        }
        break
      }
      default: {
        const definition = lowerConstraint(context, constraint, written.from, written.to, name, written.attributes)
        if (definition !== null) constraints.push(definition)
      }
    }
  }
  if (constraints.length > 0) lowered.constraints = constraints
  return lowered
}

/** A column's type; the serial pseudo-types by the integer type behind them. */
function lowerColumnType(context: Context, column: ColumnDef): TypeName {
  const type = lowerType(context, column.typeName)
  const serial = serialType(column.typeName)
  return serial === undefined ? type : { ...type, schema: "pg_catalog", name: serial }
}

/** `SEQUENCE NAME s` among the options of an identity column, which pg_dump writes. */
export function lowerSequenceName(context: Context, options: readonly Node[] | undefined, from: number, to: number): Name | null {
  const written = findOption(options, "sequence_name")?.arg
  if (written === undefined) return null
  const tokens = tokensOf(context)
  let at = from
  while (at < to && !(isKeyword(tokens, at, "sequence") && isKeyword(tokens, at + 1, "name"))) at++
  return at === to ? null : nameAtToken(context, at + 2, nameParts(written))
}

/** The index of the token of a clause; the grammar gives the place of the constraint list for COLLATE. */
function columnClauseAt(context: Context, location: number | undefined, from: number): number {
  const tokens = tokensOf(context)
  let at = location === undefined ? from : tokenAt(context, location)
  while (at < tokens.count && !isKeyword(tokens, at, "collate")) at++
  return at
}

function collationName(context: Context, column: ColumnDef, at: number): Name {
  return nameAtToken(context, at + 1, stringsOf(column.collClause?.collname))
}

/** The index of the token behind `keyword`, which introduces the constraint (behind its name, if it has one). */
function behindKeyword(context: Context, written: Written, keyword: string): number {
  const tokens = tokensOf(context)
  let at = isKeyword(tokens, written.from, "constraint") ? written.from + 2 : written.from
  if (isKeyword(tokens, at, keyword)) at++
  return at
}

/** The constraints of a column with their tokens: each reaches to where the next clause starts. */
function writtenConstraints(
  context: Context,
  nodes: readonly Node[] | undefined,
  collationAt: number,
  to: number,
): readonly Written[] {
  if (nodes === undefined) return NOT_WRITTEN
  const written: Mutable<Written>[] = []
  for (const node of nodes) {
    if (!("Constraint" in node)) continue
    const constraint = node.Constraint
    const from = tokenAt(context, constraint.location)
    const last = written[written.length - 1]
    const attributes = last === undefined ? null : withAttribute(last.attributes, constraint)
    if (last !== undefined && attributes !== null) {
      last.attributes = attributes
      continue
    }
    if (last !== undefined) last.to = clauseEnd(last.from, from, collationAt)
    written.push({ constraint, from, to, attributes: NO_ATTRIBUTES })
  }
  const last = written[written.length - 1]
  if (last !== undefined) last.to = clauseEnd(last.from, to, collationAt)
  return written
}

function clauseEnd(from: number, next: number, collationAt: number): number {
  return collationAt > from && collationAt < next ? collationAt : next
}

/** `attributes` with the one that `constraint` is; null when it is none. */
function withAttribute(attributes: Readonly<Attributes>, constraint: Constraint): Readonly<Attributes> | null {
  switch (constraint.contype) {
    case "CONSTR_ATTR_DEFERRABLE":
      return { ...attributes, deferrable: true }
    case "CONSTR_ATTR_DEFERRED":
      return { ...attributes, deferrable: true, initiallyDeferred: true }
    case "CONSTR_ATTR_NOT_ENFORCED":
      return { ...attributes, notEnforced: true }
    case "CONSTR_ATTR_NOT_DEFERRABLE":
    case "CONSTR_ATTR_IMMEDIATE":
    case "CONSTR_ATTR_ENFORCED":
      return attributes
    default:
      return null
  }
}
