/** Views that give columns which they do not group by, because a primary key tells them (check_functional_grouping). */
import type { Output } from "../parse/expression.ts"
import type { Constraint, ObjectId, Relation } from "./catalog.ts"
import { columnOf } from "./columns.ts"
import { findRelation } from "./names.ts"
import type { Store } from "./store.ts"

interface Source {
  readonly alias: string
  readonly relation: Relation
}

type Written = Output["groupBy"][number]

/** Whether a view cannot be without a constraint. */
export function countsOn({ dependencies }: Pick<Relation, "dependencies">, constraint: ObjectId | null): boolean {
  return constraint !== null && dependencies.some(({ key }) => key === constraint)
}

/** The primary keys without which a query would be refused, as far as that is certain. */
export function keysCountedOn(store: Store, output: Output | null): readonly Constraint[] {
  if (output?.tables == null || output.groupBy.length === 0) return []
  const sources: Source[] = []
  for (const { alias, table } of output.tables) {
    const relation = findRelation(store, table)
    if (relation?.known !== true) return []
    sources.push({ alias, relation })
  }
  const grouped = output.groupBy.map((written) => sourceOf(sources, written) ?? sourceNamed(sources, output, written.column))
  const groupedOf = (source: Source): readonly string[] => grouped.flatMap((one) => (one?.source === source ? [one.column] : []))
  if (grouped.includes(undefined)) return []
  return sources.flatMap((source) => {
    const key = primaryKey(store, source.relation.id)
    const columns = groupedOf(source)
    if (key?.columns.every((column) => columns.includes(column)) !== true) return []
    return given(output, sources, source).some((column) => !columns.includes(column)) ? [key] : []
  })
}

/** One that is checked at the end of a transaction proves nothing. */
function primaryKey(store: Store, table: ObjectId): Constraint | undefined {
  return store.constraintsByTable.get(table)?.find(({ kind, deferrable }) => kind === "primary key" && !deferrable)
}

/** The only source that can be meant. */
function sourceOf(sources: readonly Source[], { table, column }: Written): { readonly source: Source; readonly column: string } | undefined {
  const [source, another] = sources.filter(({ alias, relation }) => (table === null || table === alias) && columnOf(relation, column) !== undefined)
  return source === undefined || another !== undefined ? undefined : { source, column }
}

/** GROUP BY looks for a column among those of the tables first, and then among those of the query. */
function sourceNamed(sources: readonly Source[], { columns }: Output, name: string): ReturnType<typeof sourceOf> {
  if (sources.some(({ relation }) => columnOf(relation, name) !== undefined)) return undefined
  const named = columns.find((one) => one.name === name)
  return named?.column == null ? undefined : sourceOf(sources, { table: named.table, column: named.column })
}

/** The columns of a source that the query gives as they are. */
function given({ columns }: Output, sources: readonly Source[], source: Source): readonly string[] {
  return columns.flatMap(({ name, table, column }) => {
    if (name === null) return table === null || table === source.alias ? source.relation.columns.map((one) => one.name) : []
    const found = column === null ? undefined : sourceOf(sources, { table, column })
    return found?.source === source ? [found.column] : []
  })
}
