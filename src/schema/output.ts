/** What columns a view has. */
import type { Output, OutputColumn } from "../parse/expression.ts"
import type { Identifier, Name, TypeName } from "../parse/name.ts"
import type { Column, ColumnType, Relation } from "./catalog.ts"
import { UNKNOWN_TYPE } from "./types.ts"

/** How names are looked up: in the store, or in the catalog that is read from it. */
export interface Lookup {
  relation(name: Name): Relation | undefined
  type(type: TypeName): ColumnType
}

/** A column of a view; its type may be unknown. */
export type ViewColumn = Pick<Column, "name" | "type">

/** The columns of a view; null when not all of them are known. `named`: the names behind the view's own. */
export function viewColumns(output: Output | null, named: readonly Identifier[], lookup: Lookup): readonly ViewColumn[] | null {
  if (output === null) return null
  const tables = output.tables?.map(({ alias, table }) => ({ alias, relation: lookup.relation(table) })) ?? null
  const columns: ViewColumn[] = []
  for (const one of output.columns) {
    const found = one.name === null ? starColumns(one, tables) : [{ name: one.name, type: typeOf(one, tables, lookup) }]
    if (found === null) return null
    columns.push(...found)
  }
  if (named.length > columns.length) return null
  return columns.map(({ name, type }, position) => ({ name: named[position]?.name ?? name, type }))
}

type Tables = readonly { readonly alias: string; readonly relation: Relation | undefined }[] | null

function starColumns({ table }: OutputColumn, tables: Tables): readonly ViewColumn[] | null {
  const meant = tables?.filter(({ alias }) => table === null || alias === table) ?? []
  const columns: ViewColumn[] = []
  for (const { relation } of meant) {
    if (relation === undefined || !isListed(relation)) return null
    columns.push(...relation.columns)
  }
  return meant.length === 0 || (table !== null && meant.length > 1) ? null : columns
}

/** All of its columns are known, whenever it was made. */
function isListed({ kind, known, maybeOlder }: Relation): boolean {
  return known && (!maybeOlder || kind === "view")
}

function typeOf({ table, column, type }: OutputColumn, tables: Tables, lookup: Lookup): ColumnType {
  if (type !== null) return lookup.type(type)
  const meant = tables?.filter(({ alias }) => table === null || alias === table) ?? []
  if (column === null || !meant.every(({ relation }) => relation?.known === true)) return UNKNOWN_TYPE
  const [found, another] = meant.flatMap(({ relation }) => relation?.columns.find(({ name }) => name === column) ?? [])
  return found === undefined || another !== undefined ? UNKNOWN_TYPE : found.type
}
