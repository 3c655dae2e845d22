import type { Node } from "@pgsql/types"
import { lastString } from "./nodes.ts"

/** A name, and whether it is only what a value goes by when there is no better one: that of a cast's type, or `case`. */
interface Found {
  readonly name: string
  readonly weak: boolean
}

/**
 * What PostgreSQL calls the value of an expression where nobody names it, as in an index without a name: the column, the function, or the
 * special form that it is; null for operators and the like (FigureIndexColname of src/backend/parser/parse_target.c). extract() was
 * date_part() up to 13.
 */
export function columnNameOf(value: Node | undefined): string | null {
  return find(value)?.name ?? null
}

function find(value: Node | undefined): Found | null {
  if (value === undefined) return null
  if ("ColumnRef" in value) return strong(lastString(value.ColumnRef.fields))
  if ("A_Indirection" in value) return strong(lastString(value.A_Indirection.indirection)) ?? find(value.A_Indirection.arg)
  if ("FuncCall" in value) return strong(lastString(value.FuncCall.funcname))
  if ("A_Expr" in value) return value.A_Expr.kind === "AEXPR_NULLIF" ? strong("nullif") : null
  if ("TypeCast" in value) return weak(find(value.TypeCast.arg), lastString(value.TypeCast.typeName?.names))
  if ("CollateClause" in value) return find(value.CollateClause.arg)
  if ("CaseExpr" in value) return weak(find(value.CaseExpr.defresult), "case")
  if ("A_ArrayExpr" in value) return strong("array")
  if ("RowExpr" in value) return strong("row")
  if ("CoalesceExpr" in value) return strong("coalesce")
  if ("MinMaxExpr" in value) return strong(value.MinMaxExpr.op === "IS_GREATEST" ? "greatest" : "least")
  return null
}

function strong(name: string | null): Found | null {
  return name === null ? null : { name, weak: false }
}

/** The name of what is within goes first, unless it is a weak one, too. */
function weak(inner: Found | null, name: string | null): Found | null {
  if (inner?.weak === false || name === null) return inner
  return { name, weak: true }
}
