import { nameOf, reserved, type Column, type Made, type Maker, type Table } from "./schema.ts"

/** A statement that pgsafe may give steps for, and what there is to know about it. */
export interface Hazard {
  readonly kind: string
  readonly sql: string
  /** Rows are brought into the shape that the statement needs. */
  readonly prepare?: readonly string[]
  /** What a person does at a step without SQL. */
  readonly byHand?: string
  /** What the statement is compared with, where its steps end elsewhere on purpose. */
  readonly directly?: string
  /** The table whose rows the application writes meanwhile. */
  readonly table?: Table
  /** Names that the new version of the application uses. */
  readonly renamed?: { readonly column?: readonly [string, string]; readonly table?: readonly [string, string]; readonly gone?: readonly string[] }
  /** Columns that the application writes no NULL to. */
  readonly required?: readonly string[]
  /** Columns whose values are not compared: nobody knows them. */
  readonly drawn?: readonly string[]
  /** The application does not write while it runs, or its rows would not be what the statement found. */
  readonly quiet?: boolean
}

export type Writer = (world: World) => Hazard | null

export interface World {
  readonly made: Made
  readonly maker: Maker
}

export const anyTable = ({ made, maker }: World): Table | undefined => maker.choose.pick(made.tables)
const dataOf = (table: Table): Column[] => table.columns.filter(({ kind }) => kind !== "partition key" && kind !== "rowno")
export const anyColumn = (world: World, table: Table, fits: (column: Column) => boolean = () => true): Column | undefined => world.maker.choose.pick(dataOf(table).filter(fits))

/** All rows get a value. */
export function filled(table: Table, column: Column): string[] {
  const numbers = Array.from({ length: table.rows }, (_, at) => at + 1)
  return numbers.map((row) => `UPDATE ${nameOf(table)} SET ${reserved(column.name)} = ${column.value?.(row) ?? String(row)} WHERE rowno = ${String(row)} AND ${reserved(column.name)} IS NULL`)
}
