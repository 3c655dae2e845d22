/** The types that statements give to columns, for the rules of preset `style`. */
import type { Identifier, Name, TypeName } from "../../parse/name.ts"
import type { ColumnDefinition } from "../../parse/operation.ts"
import { excerpt, written } from "./predicates.ts"
import type { AnalyzedStatement, Problem, RuleContext } from "../rule.ts"

/** A column that gets a type. */
export interface TypedColumn {
  readonly table: Name
  readonly column: Identifier
  readonly type: TypeName
  /** null: the column is there, and its type changes. */
  readonly definition: ColumnDefinition | null
}

/** The columns that a statement gives types to: CREATE TABLE, ADD COLUMN, ALTER COLUMN TYPE. */
export function* typedColumns({ statement }: AnalyzedStatement): Generator<TypedColumn> {
  for (const operation of statement.operations) {
    if (operation.op === "create table") {
      for (const definition of operation.columns) yield { table: operation.table, column: definition.name, type: definition.type, definition }
    } else if (operation.op === "add column") {
      yield { table: operation.relation, column: operation.column.name, type: operation.column.type, definition: operation.column }
    } else if (operation.op === "alter column type") {
      yield { table: operation.relation, column: operation.column, type: operation.type, definition: null }
    }
  }
}

/** The operations that `typedColumns` reads. */
export const TYPING = ["create table", "add column", "alter column type"] as const

/** Whether a type is the built-in one of that internal name, or an array of it. */
export function isBuiltin({ schema, name, percentType }: TypeName, wanted: string): boolean {
  return name === wanted && (schema === null || schema === "pg_catalog") && !percentType
}

/** A problem with the type of a column; `better`: what the fix writes in its place, null where that is a matter of judgement. */
export function typeProblem({ table, column, type }: TypedColumn, better: string | null, context: RuleContext): Problem {
  return {
    span: type.span,
    message: "found",
    data: { column: written(column, context), table: written(table, context), type: excerpt(type, context) },
    locks: [],
    replaces: [],
    ...(better !== null && { fix: { applicability: "unsafe", title: `Write ${better}`, edits: [{ span: type.span, text: `${better}${"[]".repeat(type.dimensions)}` }] } }),
  }
}
