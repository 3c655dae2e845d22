import { anyColumn, anyForm, anyTable, identifier, literalOf, quoted, type Table, type World, type Writer } from "./world.ts"

function insert(name: string, table: Table, world: World): string {
  const columns = table.columns.filter((column) => column.generated === null && column.identity === null)
  const values = columns.map((column) => ({ column, value: literalOf(world, column.type) }))
  if (values.some(({ value }) => value === null) || values.length === 0) return `INSERT INTO ${name} DEFAULT VALUES`
  const names = values.map(({ column }) => identifier(column.name)).join(", ")
  return `INSERT INTO ${name} (${names}) VALUES (${values.map(({ value }) => value).join(", ")})`
}

/** What INSERT ... SELECT * of another table asks for; null when a column takes no values. */
function shape(table: Table): string | null {
  const fixed = table.columns.some((column) => column.generated !== null || column.identity === "always")
  return fixed ? null : table.columns.map((column) => column.type).join()
}

const rows: Writer = (world) => {
  const table = anyTable(world)
  if (table === undefined) return null
  const name = quoted(table.name)
  const column = anyColumn(world, table)
  const plain = column === undefined || column.generated !== null || column.identity === "always" ? null : identifier(column.name)
  const other = anyTable(world)
  const index = world.choose.pick(table.indexes)
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
    world.major >= 12 ? `REINDEX TABLE CONCURRENTLY ${name}` : null,
    `VACUUM ${name}`,
    `CLUSTER ${name}`,
    index === undefined ? null : `CLUSTER ${name} USING ${identifier(index.name)}`,
    `INSERT INTO ${name} DEFAULT VALUES ON CONFLICT DO NOTHING`,
    `TRUNCATE ONLY ${name}`,
    other === undefined ? null : `DELETE FROM ${name} USING ${quoted(other.name)} AS u WHERE false`,
    `CREATE TABLE ${world.fresh("ta")} AS SELECT * FROM ${name}`,
    `COPY ${name} TO '/dev/null'`,
    world.major >= 15 && other !== undefined ? `MERGE INTO ${name} USING ${quoted(other.name)} AS m ON false WHEN MATCHED THEN DELETE` : null,
    `ANALYZE ${name}`,
    column === undefined ? null : `ANALYZE ${name} (${identifier(column.name)})`,
    `VACUUM (FULL) ${name}`,
    `VACUUM (ANALYZE) ${name}`,
    other === undefined || shape(table) === null || shape(other) !== shape(table) ? null : `INSERT INTO ${name} SELECT * FROM ${quoted(other.name)} WHERE false`,
    other === undefined ? null : `LOCK TABLE ${name}, ONLY ${quoted(other.name)} IN SHARE ROW EXCLUSIVE MODE`,
    `REVOKE ALL ON ${name} FROM pg_monitor`,
    column === undefined ? null : `GRANT UPDATE (${identifier(column.name)}) ON ${name} TO pg_monitor`,
    `WITH d AS (DELETE FROM ${name} WHERE false RETURNING 1) SELECT count(*) FROM d`,
  ])
}

/** Statements that read and write rows, or say something about a table. */
export const rowWriters: readonly Writer[] = [rows]
