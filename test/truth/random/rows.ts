import { anyColumn, anyForm, anyTable, identifier, literalOf, quoted, type Table, type World, type Writer } from "./world.ts"

function insert(name: string, table: Table, world: World): string {
  const columns = table.columns.filter((column) => column.generated === null && column.identity === null)
  const values = columns.map((column) => ({ column, value: literalOf(world, column.type) }))
  if (values.some(({ value }) => value === null) || values.length === 0) return `INSERT INTO ${name} DEFAULT VALUES`
  const names = values.map(({ column }) => identifier(column.name)).join(", ")
  return `INSERT INTO ${name} (${names}) VALUES (${values.map(({ value }) => value).join(", ")})`
}

const rows: Writer = (world) => {
  const table = anyTable(world)
  if (table === undefined) return null
  const name = quoted(table.name)
  const column = anyColumn(world, table)
  const plain = column === undefined || column.generated !== null || column.identity === "always" ? null : identifier(column.name)
  const other = anyTable(world)
  const mode = world.choose.pick(["SHARE", "ROW EXCLUSIVE", "EXCLUSIVE"]) ?? "SHARE"
  return anyForm(world, [
    insert(name, table, world),
    insert(name, table, world),
    insert(name, table, world),
    plain === null ? null : `UPDATE ${name} SET ${plain} = ${plain}`,
    `DELETE FROM ${name} WHERE false`,
    `SELECT * FROM ${name}`,
    `SELECT * FROM ${name} FOR UPDATE`,
    `TRUNCATE ${name}${world.choose.once(2) ? " CASCADE" : ""}`,
    other === undefined ? null : `TRUNCATE ${name}, ${quoted(other.name)} RESTART IDENTITY`,
    `LOCK TABLE ${name} IN ${mode} MODE`,
    `GRANT SELECT ON ${name} TO pg_monitor`,
    `COMMENT ON TABLE ${name} IS 'x'`,
    `REINDEX TABLE ${name}`,
    `ANALYZE ${name}`,
  ])
}

/** Statements that read and write rows, or say something about a table. */
export const rowWriters: readonly Writer[] = [rows]
