import type { Query, Scope, ScopedTable } from "../../parse/expression.ts"
import type { Name, OperationOf } from "../../parse/operation.ts"
import type { Relation } from "../../schema/catalog.ts"
import { formatType } from "../../schema/format.ts"
import { viewColumns, type Lookup, type ViewColumn } from "../../schema/output.ts"
import { resolveWrittenType } from "../../schema/types.ts"
import type { Span } from "../../source/span.ts"
import { failAt, failWithoutColumn, type Draft } from "../draft.ts"
import { builtinSince } from "../volatility.ts"
import { isSystemColumn, ofExtension } from "./columns.ts"
import type { Refusals } from "./index.ts"

type Reading = { readonly query: Pick<Query, "scopes"> }

export const queryRefusals: Refusals = {
  select: refuseQuery,
  delete: refuseQuery,
  "create view"(operation, draft) {
    refuseQuery(operation, draft)
    const columns = columnsOf(operation, draft)
    if (columns === null) return
    refuseNamesakes(operation.view, columns, draft)
    if (operation.orReplace && !operation.temporary) refuseReplacement(operation.view, columns, draft)
  },
  "create materialized view"(operation, draft) {
    refuseQuery(operation, draft)
    const columns = operation.ifNotExists && draft.catalog.relation(operation.view) !== undefined ? null : columnsOf(operation, draft)
    if (columns !== null) refuseNamesakes(operation.view, columns, draft)
  },
  "create table as"(operation, draft) {
    refuseQuery(operation, draft)
    const columns = operation.ifNotExists && draft.catalog.relation(operation.table) !== undefined ? null : columnsOf(operation, draft)
    if (columns !== null) refuseNamesakes(operation.table, columns, draft)
  },
  copy(operation, draft) {
    if (operation.query !== null) refuseQuery({ query: operation.query }, draft)
  },
}

/** What names may mean that are no columns: the arguments of the function that a query stands in, which `of` may qualify. */
export interface Parameters {
  readonly of: string | null
  readonly names: ReadonlySet<string>
}

const NO_PARAMETERS: Parameters = { of: null, names: new Set() }

/** Columns that the parts of a query look for in vain. */
export function refuseQuery({ query: { scopes } }: Reading, draft: Draft, parameters = NO_PARAMETERS): void {
  if (draft.inCode) return
  for (const scope of scopes) refuseScope(scope, draft, parameters)
}

/** The relation of that name, when all columns that it has are known for certain. */
export function listedRelation(draft: Draft, name: { readonly schema: string | null; readonly name: string }): Relation | undefined {
  const relation = draft.catalog.relation(name)
  return relation?.known === true && (!relation.maybeOlder || relation.kind === "view") && relation.kind !== "sequence" && draft.catalog.isCertain(relation) ? relation : undefined
}

/** A column that no relation in scope has, or two (parse_relation.c, colNameToVar and scanRTEForColumn). */
function refuseScope({ tables, own, merged, complete, columns }: Scope, draft: Draft, parameters: Parameters): void {
  const relations = tables.map(({ table }) => listedRelation(draft, table))
  const listed = relations.filter((relation) => relation !== undefined)
  const closed = complete && listed.length === tables.length
  refuseTwice(tables.slice(0, own), draft)
  for (const { table, column, span } of columns) {
    if (isSystemColumn(column) || column === "oid" || isParameter(span.start, draft)) continue
    if (table === null) {
      // The name of a table stands for a whole row.
      if (closed && !parameters.names.has(column) && !tables.some(({ alias }) => alias === column) && !listed.some((relation) => draft.catalog.column(relation, column) !== undefined))
        failWithoutColumn(draft, { name: column, span }, listed, `column "${column}" does not exist`)
      const owners = merged.includes(column) ? [] : relations.slice(0, own).filter((relation) => relation !== undefined && draft.catalog.column(relation, column) !== undefined)
      if (owners.length > 1) failAt(draft, span, "42702", `column reference "${column}" is ambiguous`)
      continue
    }
    const position = tables.findIndex(({ alias }) => alias === table)
    const relation = relations[position]
    if (position < 0 && (table === parameters.of || parameters.names.has(table))) continue
    if (position < 0 && complete) failAt(draft, partOf(span, /^(?:"(?:[^"]|"")+"|[^".\s]+)/, draft), "42P01", `missing FROM-clause entry for table "${table}"`)
    if (relation === undefined || draft.catalog.column(relation, column) !== undefined || isCall(column, draft)) continue
    failWithoutColumn(draft, { name: column, span: partOf(span, /(?:"(?:[^"]|"")+"|[^".\s]+)$/, draft) }, [relation], `column ${table}.${column} does not exist`)
  }
}

/** Two relations of a FROM clause may only go by one name when it is their own, in different schemas (checkNameSpaceConflicts). */
function refuseTwice(tables: readonly ScopedTable[], draft: Draft): void {
  const twice = tables.find(({ alias, table }, position) => {
    const other = tables.find((one) => one.alias === alias)
    return other !== tables[position] && (alias !== table.name || other?.table.name !== alias || other.table.schema === table.schema)
  })
  if (twice !== undefined) failAt(draft, twice.table.span, "42712", `table name "${twice.alias}" specified more than once`)
}

/** The part of a name that a pattern finds. */
function partOf(span: Span, pattern: RegExp, { text }: Draft): Span {
  const found = pattern.exec(text(span))
  return found === null ? span : { start: span.start + found.index, end: span.start + found.index + found[0].length }
}

/** `@id` and the like, which drivers put values in for. */
function isParameter(start: number, { text }: Draft): boolean {
  return /[@#&?$%:!]/.test(text({ start: start - 1, end: start }))
}

/** The columns of what is made of a query; null when they are not known. */
function columnsOf({ output, columnNames }: OperationOf<"create view" | "create materialized view" | "create table as">, draft: Draft): readonly ViewColumn[] | null {
  const lookup: Lookup = { relation: (name) => listedRelation(draft, name), type: (type) => resolveWrittenType(draft.catalog, type) }
  const columns = viewColumns(output, [], lookup)
  const extra = columns === null ? undefined : columnNames[columns.length]
  if (extra !== undefined) failAt(draft, extra.span, "42601", `column name "${extra.name}" has no column of the query to stand for`)
  return viewColumns(output, columnNames, lookup)
}

/** `SELECT * FROM a JOIN b ...` gives the columns of both. */
function refuseNamesakes(made: Name, columns: readonly ViewColumn[], draft: Draft): void {
  const twice = columns.find(({ name }, position) => columns.findIndex((one) => one.name === name) < position)
  if (twice !== undefined) failAt(draft, made.span, "42701", `column "${twice.name}" specified more than once`)
}

/** A view that is replaced keeps its columns; others may follow (checkViewColumns). */
function refuseReplacement(view: Name, columns: readonly ViewColumn[], draft: Draft): void {
  const old = listedRelation(draft, { schema: view.schema ?? draft.catalog.creationSchema, name: view.name })
  if (old?.kind !== "view") return
  if (columns.length < old.columns.length) return failAt(draft, view.span, "42P16", "cannot drop columns from view")
  for (const [position, { name, type }] of old.columns.entries()) {
    const column = columns[position]
    if (column === undefined) continue
    if (column.name !== name) failAt(draft, view.span, "42P16", `cannot change name of view column "${name}" to "${column.name}"`)
    // Types of users may have been renamed since.
    const differ = type.schema === "pg_catalog" && column.type.schema === "pg_catalog" && formatType(type) !== formatType(column.type)
    if (differ) failAt(draft, view.span, "42P16", `cannot change data type of view column "${name}" from ${formatType(type)} to ${formatType(column.type)}`)
  }
}

/** Aggregates that take whole rows (pg_proc: prokind a, one argument of an any type or `record`). */
const rowAggregates = /^(?:count|any_value|array_agg|jsonb?_agg(?:_strict)?|max|min)$/

/** `t.f` may be written for `f(t)`: the function of a row. */
function isCall(name: string, { catalog }: Draft): boolean {
  return rowAggregates.test(name) || builtinSince(name) !== null || catalog.functions({ schema: null, name }).length > 0 || ofExtension(name, catalog)
}
