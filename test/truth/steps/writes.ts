import { nameOf, reserved, writable, type Column, type Maker } from "./schema.ts"
import type { Hazard } from "./hazard.ts"

/** A write of the application in the words of one version: null when that version does not know it. */
export interface Write {
  readonly old: string
  readonly new: string
}

/** Random writes on one table, in the words of the application before and after the statement. */
export function someWrites({ choose }: Maker, hazard: Hazard, count: number, from: number): Write[] {
  const { table } = hazard
  if (table === undefined) return []
  const [before, after] = hazard.renamed?.column ?? ["", ""]
  const gone = hazard.renamed?.gone ?? []
  const required = hazard.required ?? []
  const values = writable(table).filter(({ value }) => value !== null)
  const valueOf = (column: Column, row: number): string => {
    if (column.kind === "reference" && row > table.rows) return column.notNull || required.includes(column.name) ? (column.value?.(1) ?? "NULL") : "NULL"
    if (!column.notNull && !required.includes(column.name) && column.name !== "id" && choose.once(6)) return "NULL"
    return column.value?.(row) ?? "NULL"
  }
  const inWords = (write: (names: { table: string; column: (name: string) => string; columns: readonly Column[] }) => string): Write => ({
    old: write({ table: nameOf(table), column: reserved, columns: values }),
    new: write({
      table: hazard.renamed?.table?.[1] ?? nameOf(table),
      column: (name) => reserved(name === before ? after : name),
      columns: values.filter(({ name }) => !gone.includes(name)),
    }),
  })
  const drawnKey = table.columns[0]?.value === null
  return Array.from({ length: count }, (_, at): Write => {
    const row = from + at
    const old = 1 + choose.number(table.rows)
    const form = choose.number(6)
    const chosen = new Map(values.map((column) => [column.name, valueOf(column, row)]))
    const omitted = new Set(values.filter(({ notNull, name }) => !notNull && !required.includes(name) && name !== "id" && !table.counted.includes(name) && choose.once(4)).map(({ name }) => name))
    const plain = values.filter(({ kind, name }) => !["partition key", "rowno", "reference"].includes(kind) && name !== "id")
    const target = choose.pick(plain)
    const dropped = from + choose.number(at + 1)
    const value = target === undefined ? "NULL" : valueOf(target, row)
    if (form < 3 || target === undefined)
      return inWords(({ table: name, column, columns }) => {
        const named = columns.filter((one) => !omitted.has(one.name))
        return `INSERT INTO ${name} (${named.map((one) => column(one.name)).join(", ")}) VALUES (${named.map((one) => chosen.get(one.name) ?? "NULL").join(", ")})`
      })
    if (form === 3 && !drawnKey && !table.key.some((name) => gone.includes(name)) && !hazard.sql.includes("DEFERRABLE") && table.key.length === 1)
      return inWords(({ table: name, column, columns }) => {
        const known = columns.includes(target) ? target : columns.find((one) => one.name === "rowno")
        return `INSERT INTO ${name} (${columns.map((one) => column(one.name)).join(", ")}) VALUES (${columns.map((one) => chosen.get(one.name) ?? "NULL").join(", ")})
          ON CONFLICT (${table.key.map(column).join(", ")}) DO UPDATE SET ${column(known?.name ?? "rowno")} = EXCLUDED.${column(known?.name ?? "rowno")}`
      })
    if (form === 4) return inWords(({ table: name }) => `DELETE FROM ${name} WHERE rowno = ${String(dropped)}`)
    return inWords(({ table: name, column, columns }) => (columns.includes(target) ? `UPDATE ${name} SET ${column(target.name)} = ${value} WHERE rowno = ${String(old)}` : "SELECT"))
  })
}
