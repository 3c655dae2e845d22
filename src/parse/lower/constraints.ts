import type { Constraint, Node } from "@pgsql/types"
import type { ConstraintDefinition, ForeignKeyAction } from "../constraint.ts"
import type { Identifier } from "../name.ts"
import type { Context } from "./context.ts"
import type { Tokens } from "../../source/tokens.ts"
import { isKeyword } from "../../source/tokens.ts"
import {
  EMPTY,
  findOutside,
  identifierAt,
  identifierList,
  insideBrackets,
  pieceEnd,
  spanOfTokens,
  tokenBehind,
  tokensOf,
} from "./context.ts"
import { lowerExpressionAt } from "./expressions.ts"
import { lowerIndexElement } from "./index-elements.ts"
import { lowerRelation } from "./names.ts"
import { listItems, stringsOf } from "./nodes.ts"

const ACTIONS: Readonly<Record<string, ForeignKeyAction>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
}

/** Attributes that stand as constraints of their own behind a column's constraint. */
export interface Attributes {
  deferrable: boolean
  initiallyDeferred: boolean
  notEnforced: boolean
}

export const NO_ATTRIBUTES: Readonly<Attributes> = { deferrable: false, initiallyDeferred: false, notEnforced: false }

/** The name behind CONSTRAINT, and the index of the token behind it. */
function constraintName(
  tokens: Tokens,
  from: number,
  name: string | undefined,
): { name: Identifier | null; next: number } {
  if (name === undefined || !isKeyword(tokens, from, "constraint")) return { name: null, next: from }
  return { name: identifierAt(tokens, from + 1, name), next: from + 2 }
}

/**
 * Lowers the constraint that the tokens `[from, to)` make up. `column` is the column it is written on, null for a
 * table constraint. Null for what is no constraint (DEFAULT, GENERATED, the attributes).
 */
export function lowerConstraint(
  context: Context,
  constraint: Constraint,
  from: number,
  to: number,
  column: Identifier | null,
  attributes: Readonly<Attributes> = NO_ATTRIBUTES,
): ConstraintDefinition | null {
  const tokens = tokensOf(context)
  const { name, next } = constraintName(tokens, from, constraint.conname)
  const common = {
    name,
    notValid: constraint.skip_validation === true,
    notEnforced: attributes.notEnforced || (constraint.is_enforced !== true && canBeUnenforced(constraint)),
    deferrable: attributes.deferrable || constraint.deferrable === true,
    initiallyDeferred: attributes.initiallyDeferred || constraint.initdeferred === true,
    noInherit: constraint.is_no_inherit === true,
    span: spanOfTokens(tokens, from, to),
  }
  switch (constraint.contype) {
    case "CONSTR_CHECK": {
      const inside = insideBrackets(tokens, next, to)
      if (inside === null || constraint.raw_expr === undefined) return null
      return {
        kind: "check",
        ...common,
        expression: lowerExpressionAt(context, constraint.raw_expr, inside.from, inside.to),
      }
    }
    case "CONSTR_NOTNULL": {
      // The table constraint `NOT NULL column` (18).
      const written = column ?? identifierAt(tokens, next + 2, stringsOf(constraint.keys)[0])
      return { kind: "not null", ...common, column: written }
    }
    case "CONSTR_FOREIGN": {
      const references = lowerRelation(context, constraint.pktable)
      const behind = tokenBehind(context, references.span)
      const keys = insideBrackets(tokens, next, to)
      const referenced = stringsOf(constraint.pk_attrs)
      return {
        kind: "foreign key",
        ...common,
        columns: column !== null ? [column] : columnsInside(tokens, constraint.fk_attrs, keys),
        period: constraint.fk_with_period === true,
        references,
        referencedColumns: referenced.length === 0 ? EMPTY : identifierList(tokens, referenced, behind + 1, to),
        match: constraint.fk_matchtype === "f" ? "full" : constraint.fk_matchtype === "p" ? "partial" : "simple",
        onDelete: ACTIONS[constraint.fk_del_action ?? "a"] ?? "no action",
        onDeleteColumns: stringsOf(constraint.fk_del_set_cols),
        onUpdate: ACTIONS[constraint.fk_upd_action ?? "a"] ?? "no action",
      }
    }
    case "CONSTR_PRIMARY":
    case "CONSTR_UNIQUE":
      return lowerKey(context, constraint, common, next, to, column)
    case "CONSTR_EXCLUSION":
      return { kind: "exclude", ...common, ...lowerExclusion(context, constraint, next, to) }
    default:
      return null
  }
}

function canBeUnenforced(constraint: Constraint): boolean {
  return constraint.contype === "CONSTR_CHECK" || constraint.contype === "CONSTR_FOREIGN"
}

function columnsInside(
  tokens: Tokens,
  names: readonly Node[] | undefined,
  inside: { from: number; to: number } | null,
): readonly Identifier[] {
  return inside === null ? EMPTY : identifierList(tokens, stringsOf(names), inside.from, inside.to)
}

type Key = Extract<ConstraintDefinition, { kind: "unique" | "primary key" }>
type Common = Pick<Key, "name" | "notValid" | "notEnforced" | "deferrable" | "initiallyDeferred" | "noInherit" | "span">

/** Most tables have a key: its fields are written out, as joining objects is what took most of the time. */
function lowerKey(
  context: Context,
  constraint: Constraint,
  common: Common,
  from: number,
  to: number,
  column: Identifier | null,
): Key {
  const tokens = tokensOf(context)
  const using = constraint.indexname === undefined ? -1 : findOutside(tokens, "index", from, to)
  return {
    kind: constraint.contype === "CONSTR_PRIMARY" ? "primary key" : "unique",
    name: common.name,
    notValid: common.notValid,
    notEnforced: common.notEnforced,
    deferrable: common.deferrable,
    initiallyDeferred: common.initiallyDeferred,
    noInherit: common.noInherit,
    span: common.span,
    columns:
      column !== null
        ? [column]
        : constraint.keys === undefined
          ? EMPTY
          : columnsInside(tokens, constraint.keys, insideBrackets(tokens, from, to)),
    include: includedColumns(context, constraint, from, to),
    nullsNotDistinct: constraint.nulls_not_distinct === true,
    usingIndex: using < 0 ? null : identifierAt(tokens, using + 1, constraint.indexname),
    withoutOverlaps: constraint.without_overlaps === true,
  }
}

type ExclusionPart = Pick<Extract<ConstraintDefinition, { kind: "exclude" }>, "method" | "elements" | "include" | "predicate">

function lowerExclusion(context: Context, constraint: Constraint, from: number, to: number): ExclusionPart {
  const tokens = tokensOf(context)
  const elements: ExclusionPart["elements"][number][] = []
  const inside = insideBrackets(tokens, from, to)
  let piece = inside?.from ?? from
  for (const pair of constraint.exclusions ?? EMPTY) {
    const [element, operator] = listItems(pair)
    const end = pieceEnd(tokens, piece, inside?.to ?? to)
    if (element !== undefined && "IndexElem" in element) {
      const lowered = lowerIndexElement(context, element.IndexElem, piece, end)
      const names =
        operator === undefined ? EMPTY : "List" in operator ? stringsOf(operator.List.items) : stringsOf([operator])
      elements.push({
        column: lowered.column,
        expression: lowered.expression,
        label: lowered.label,
        operator: names[names.length - 1] ?? "",
        span: lowered.span,
      })
    }
    piece = end + 1
  }
  const where = findOutside(tokens, "where", from, to)
  const predicate = where < 0 ? null : insideBrackets(tokens, where, to)
  return {
    method: constraint.access_method ?? "btree",
    elements,
    include: includedColumns(context, constraint, from, to),
    predicate:
      predicate === null || constraint.where_clause === undefined
        ? null
        : lowerExpressionAt(context, constraint.where_clause, predicate.from, predicate.to),
  }
}

/** The columns of INCLUDE. */
function includedColumns(context: Context, constraint: Constraint, from: number, to: number): readonly Identifier[] {
  const tokens = tokensOf(context)
  const include = findOutside(tokens, "include", from, to)
  return include < 0 ? EMPTY : columnsInside(tokens, constraint.including, insideBrackets(tokens, include, to))
}
