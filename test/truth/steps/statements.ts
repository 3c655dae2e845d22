import { addColumn, changeType, dropColumn, renameColumn, setNotNull } from "./columns.ts"
import { anyColumn, anyTable, filled, type Hazard, type World, type Writer } from "./hazard.ts"
import { list, nameOf, reserved } from "./schema.ts"


const renameTable: Writer = (world) => {
  const { choose } = world.maker
  const table = anyTable(world)
  if (table === undefined) return null
  const name = choose.pick(["Purchases", "purchases", "select"]) ?? "purchases"
  const other = [...new Set(world.made.tables.map(({ schema }) => schema))].find((schema) => schema !== table.schema)
  if (other !== undefined && choose.once(3))
    return { kind: "set schema", table, renamed: { table: [nameOf(table), nameOf({ schema: other, name: table.name })] }, sql: `ALTER TABLE ${nameOf(table)} SET SCHEMA ${reserved(other)}` }
  return { kind: "rename table", table, renamed: { table: [nameOf(table), nameOf({ schema: table.schema, name })] }, sql: `ALTER TABLE ${nameOf(table)} RENAME TO ${reserved(name)}` }
}

const addCheck: Writer = (world) => {
  const { choose } = world.maker
  const table = anyTable(world)
  const column = table === undefined ? undefined : anyColumn(world, table)
  const other = table === undefined ? undefined : anyColumn(world, table)
  if (table === undefined || column === undefined || other === undefined) return null
  const [a, b] = [reserved(column.name), reserved(other.name)]
  const text = choose.pick([`${a} IS NOT NULL OR ${b} IS NULL OR rowno > 0`, `(rowno > 0) AND (${a} IS NULL OR true)`, `length(coalesce(${a}::text, '')) < 300`, `rowno > 0`, `coalesce(${a}::text, 'y') <> 'it''s; x'`]) ?? "rowno > 0"
  return { kind: "add check", table, sql: `ALTER TABLE ${nameOf(table)} ADD ${choose.once(2) ? `CONSTRAINT ${reserved(world.maker.fresh("Check "))} ` : ""}CHECK (${text})${choose.once(6) && table.partitionBy === null ? " NO INHERIT" : ""}` }
}

const addForeignKey: Writer = (world) => {
  const { choose } = world.maker
  const table = anyTable(world)
  const parent = choose.pick(world.made.tables.filter((one) => one.key.length === 1 && one.partitionBy === null && !one.unlogged))
  if (table === undefined || parent === undefined) return null
  const key = parent.columns[0]
  const column = anyColumn(world, table, ({ kind, notNull, type }) => !notNull && kind !== "generated" && kind !== "reference" && type === key?.type)
  if (column === undefined || key === undefined) return null
  const prepare = [`UPDATE ${nameOf(table)} SET ${reserved(column.name)} = NULL`]
  return {
    kind: "add foreign key", table, prepare, required: [], quiet: true,
    sql: `ALTER TABLE ${nameOf(table)} ADD ${choose.once(2) ? `CONSTRAINT ${reserved(world.maker.fresh("Fk "))} ` : ""}FOREIGN KEY (${reserved(column.name)}) REFERENCES ${nameOf(parent)}${choose.once(2) ? ` (${reserved(key.name)})` : ""}${choose.pick(["", " ON DELETE CASCADE", " ON DELETE SET NULL ON UPDATE CASCADE", " MATCH FULL DEFERRABLE INITIALLY DEFERRED", " ON DELETE RESTRICT"]) ?? ""}`,
  }
}

const addUnique: Writer = (world) => {
  const { choose, major } = world.maker
  const table = anyTable(world)
  if (table === undefined) return null
  const column = anyColumn(world, table, ({ distinct, kind }) => distinct && kind !== "range")
  const other = anyColumn(world, table, ({ kind }) => !["json", "generated"].includes(kind))
  if (column === undefined || other === undefined) return null
  const partition = table.partitionBy === null ? [] : [table.partitionBy.column]
  const keys = [...new Set([column.name, ...partition, ...(choose.once(3) && other.kind !== "range" ? [other.name] : [])])]
  const include = choose.once(5) && !keys.includes(other.name) ? ` INCLUDE (${reserved(other.name)})` : ""
  const nulls = major >= 15 && column.notNull && choose.once(3) ? " NULLS NOT DISTINCT" : ""
  const late = choose.once(4) ? (choose.pick([" DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]) ?? "") : ""
  const parameters = choose.once(5) ? " WITH (fillfactor = 70)" : ""
  return { kind: "add unique", table, sql: `ALTER TABLE ${nameOf(table)} ADD ${choose.once(2) ? `CONSTRAINT ${reserved(world.maker.fresh("Uni "))} ` : ""}UNIQUE${nulls} (${list(keys)})${include}${parameters}${late}` }
}

const addPrimary: Writer = (world) => {
  const { choose } = world.maker
  const table = choose.pick(world.made.tables.filter(({ key }) => key.length === 0))
  if (table === undefined) return null
  const partition = table.partitionBy === null ? [] : [table.partitionBy.column]
  const other = choose.once(3) ? anyColumn(world, table, ({ kind, notNull }) => kind !== "json" && kind !== "generated" && notNull) : undefined
  const keys = [...new Set(["id", ...partition, ...(other === undefined ? [] : [other.name])])]
  const id = table.columns[0]
  return { kind: "add primary key", table, required: ["id"], prepare: id === undefined ? [] : filled(table, id), sql: `ALTER TABLE ${nameOf(table)} ADD ${choose.once(2) ? `CONSTRAINT ${reserved(world.maker.fresh("Pk "))} ` : ""}PRIMARY KEY (${list(keys)})${choose.once(5) ? " INCLUDE (rowno)" : ""}` }
}

const addExclude: Writer = (world) => {
  const table = anyTable(world)
  const column = table === undefined ? undefined : anyColumn(world, table, ({ distinct, kind }) => distinct && kind !== "range" && kind !== "json")
  if (table === undefined || column === undefined || table.partitionBy !== null) return null
  return { kind: "add exclude", table, sql: `ALTER TABLE ${nameOf(table)} ADD EXCLUDE USING btree (${reserved(column.name)} WITH =)` }
}

const createIndex: Writer = (world) => {
  const { choose, major } = world.maker
  const table = anyTable(world)
  const column = table === undefined ? undefined : anyColumn(world, table, ({ kind }) => !["json", "composite"].includes(kind))
  const other = table === undefined ? undefined : anyColumn(world, table, ({ kind }) => !["json", "composite"].includes(kind))
  if (table === undefined || column === undefined || other === undefined) return null
  const [a, b] = [reserved(column.name), reserved(other.name)]
  const text = anyColumn(world, table, ({ type }) => /^(text|varchar)[^[]*$/.test(type))
  const t = reserved(text?.name ?? "rowno")
  const definition =
    choose.pick([
      `(${a})`,
      `(${a} DESC NULLS LAST, ${b}, rowno)`,
      `(rowno) INCLUDE (${a})`,
      `(${a}) WHERE ${b} IS NOT NULL`,
      `((rowno + 1), ${a})`,
      `USING brin (rowno)`,
      `(rowno) WITH (fillfactor = 60)`,
      ...(text === undefined ? [] : [`(lower(${t}))`, `(${t} text_pattern_ops)`, `(${t} COLLATE "C" DESC)`, `(lower(${t}), (rowno % 2)) WHERE ${t} <> 'it''s'`]),
      ...(column.kind === "jsonb" ? [`USING gin (${a} jsonb_path_ops)`] : []),
    ]) ?? `(${a})`
  const unique = table.partitionBy === null && choose.once(6) && definition.startsWith("(rowno)")
  const name = choose.once(4) ? "" : ` ${choose.once(5) ? "IF NOT EXISTS " : ""}${reserved(world.maker.fresh(choose.once(3) ? "New Index " : "new_ix"))}`
  const nulls = unique && major >= 15 && choose.once(3) ? " NULLS NOT DISTINCT" : ""
  const placed = nulls === "" ? definition : definition.replace(/^(\(rowno\)(?: INCLUDE \([^)]*\))?)/, `$1${nulls}`)
  return { kind: "create index", table, sql: `CREATE ${unique ? "UNIQUE " : ""}INDEX${name} ON ${nameOf(table)} ${placed}` }
}

const dropIndex: Writer = (world) => {
  const { choose } = world.maker
  const table = choose.pick(world.made.tables.filter(({ indexes }) => indexes.length > 0))
  const index = choose.pick(table?.indexes ?? [])
  if (table === undefined || index === undefined) return null
  const name = nameOf({ schema: table.schema, name: index.name })
  return choose.once(3)
    ? { kind: "reindex", table, sql: `REINDEX INDEX ${name}` }
    : { kind: "drop index", table, sql: `DROP INDEX ${choose.once(3) ? "IF EXISTS " : ""}${name}` }
}

const reindexTable: Writer = (world) => {
  const table = anyTable(world)
  return table === undefined ? null : { kind: "reindex table", table, sql: `REINDEX TABLE ${nameOf(table)}` }
}

const dropObject: Writer = (world) => {
  const { choose } = world.maker
  const table = anyTable(world)
  if (table === undefined) return null
  const view = choose.pick(table.views)
  if (view !== undefined && choose.once(2)) return { kind: "drop view", quiet: true, table, sql: `DROP VIEW ${view}` }
  const materialized = choose.pick(world.made.materialized)
  if (materialized !== undefined && choose.once(2)) return { kind: "drop materialized view", quiet: true, table, sql: `DROP MATERIALIZED VIEW ${materialized.name}` }
  return { kind: "drop table", quiet: true, table, sql: `DROP TABLE ${choose.once(4) ? "IF EXISTS " : ""}${nameOf(table)}${choose.once(3) ? " CASCADE" : ""}` }
}

const partitions: Writer = (world) => {
  const { choose } = world.maker
  const table = choose.pick(world.made.tables.filter(({ partitionBy }) => partitionBy !== null))
  const partition = choose.pick(table?.partitions ?? [])
  if (table === undefined || partition === undefined || table.partitionBy === null) return null
  const name = nameOf(table)
  const fresh = nameOf({ schema: table.schema, name: choose.once(2) ? "part_new" : "Part New" })
  const bound = { range: "FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')", list: `FOR VALUES IN ('cn', ${choose.once(2) ? "'a''b'" : "'br'"})`, hash: "" }[table.partitionBy.strategy]
  const put = `INSERT INTO ${fresh} (${list(table.columns.filter(({ value, kind }) => value !== null && kind !== "reference").map((c) => c.name))}) VALUES (${table.columns
    .filter(({ value, kind }) => value !== null && kind !== "reference")
    .map((column) => (column.kind === "partition key" ? (table.partitionBy?.strategy === "range" ? "'2022-05-05'" : "'cn'") : (column.value?.(7000) ?? "NULL")))
    .join(", ")})`
  switch (choose.number(5)) {
    case 0:
      return { kind: "detach", table, quiet: true, sql: `ALTER TABLE ${name} DETACH PARTITION ${partition.name}` }
    case 1:
      return bound === "" ? null : { kind: "create partition", table, sql: `CREATE TABLE ${fresh} PARTITION OF ${name} ${bound}` }
    case 2:
      return { kind: "drop partition", table, quiet: true, sql: `DROP TABLE ${partition.name}` }
    default: {
      if (bound === "") return { kind: "attach again", table, quiet: true, prepare: [`ALTER TABLE ${name} DETACH PARTITION ${partition.name}`], sql: `ALTER TABLE ${name} ATTACH PARTITION ${partition.name} ${partition.bound}` }
      if (choose.once(2) && partition.bound !== "DEFAULT")
        return { kind: "attach again", table, quiet: true, prepare: [`ALTER TABLE ${name} DETACH PARTITION ${partition.name}`], sql: `ALTER TABLE ${name} ATTACH PARTITION ${partition.name} ${partition.bound}` }
      return { kind: "attach", table, prepare: [`CREATE TABLE ${fresh} (LIKE ${name} ${choose.pick(["INCLUDING ALL", "INCLUDING DEFAULTS INCLUDING CONSTRAINTS", "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES"]) ?? ""})`, put], sql: `ALTER TABLE ${name} ATTACH PARTITION ${fresh} ${bound}` }
    }
  }
}

const wholeTable: Writer = (world) => {
  const { choose } = world.maker
  const table = anyTable(world)
  if (table === undefined) return null
  return { kind: "whole table", quiet: true, table, sql: choose.pick([`VACUUM FULL ${nameOf(table)}`, `ALTER TABLE ${nameOf(table)} SET UNLOGGED`, `ALTER TABLE ${nameOf(table)} SET TABLESPACE truth_space`, `CLUSTER ${nameOf(table)}`, `TRUNCATE ${nameOf(table)}`]) ?? "" }
}

const rowsOf: Writer = (world) => {
  const { choose } = world.maker
  const table = anyTable(world)
  const column = table === undefined ? undefined : anyColumn(world, table, ({ distinct, kind, value }) => !distinct && value !== null && kind !== "reference")
  if (table === undefined || column === undefined) return null
  const c = reserved(column.name)
  const value = column.value?.(3) ?? "NULL"
  return {
    kind: "rows", quiet: true, table,
    sql: choose.pick([`UPDATE ${nameOf(table)} SET ${c} = ${value}`, `UPDATE ${nameOf(table)} AS x SET ${c} = ${value} WHERE x.${c} IS NULL`, `DELETE FROM ${nameOf(table)} WHERE rowno % 2 = 0`, `UPDATE ${nameOf(table)} SET ${c} = ${value} WHERE ${c} IS NULL`, `DELETE FROM ${nameOf(table)} AS "D" WHERE "D".rowno < 20 OR "D".${c} IS NULL`, `TRUNCATE ${nameOf(table)}`]) ?? "",
  }
}

const domains: Writer = (world) => {
  const { choose } = world.maker
  const domain = choose.pick(world.made.domains)
  const table = anyTable(world)
  if (domain === undefined || table === undefined) return null
  return { kind: "domain", table, sql: `ALTER DOMAIN ${domain} ADD ${choose.once(2) ? "CONSTRAINT \"D c\" " : ""}CHECK (VALUE < 500000)` }
}

const enumValue: Writer = (world) => {
  const type = world.maker.choose.pick(world.made.enums)
  const table = anyTable(world)
  if (type === undefined || table === undefined) return null
  return { kind: "enum value", table, quiet: true, sql: `ALTER TYPE ${type.name} RENAME VALUE 'in work' TO 'it''s on'` }
}

const refresh: Writer = (world) => {
  const view = world.maker.choose.pick(world.made.materialized)
  return view === undefined ? null : { ...(view.unique ? {} : { byHand: `CREATE UNIQUE INDEX ON ${view.name} (rowno)`, directly: `CREATE UNIQUE INDEX ON ${view.name} (rowno)` }), kind: "refresh", quiet: true, sql: `REFRESH MATERIALIZED VIEW ${view.name}` }
}

const others: Writer = (world) => {
  const { choose, major } = world.maker
  const table = anyTable(world)
  if (table === undefined) return null
  const column = anyColumn(world, table)
  const constraint = choose.pick(table.constraints)
  return {
    kind: "other", table, quiet: true,
    sql:
      choose.pick([
        `ALTER TABLE ${nameOf(table)} ENABLE ROW LEVEL SECURITY`,
        `ALTER TABLE ${nameOf(table)} REPLICA IDENTITY NOTHING`,
        ...(constraint === undefined ? [] : [`ALTER TABLE ${nameOf(table)} DROP CONSTRAINT ${reserved(constraint.name)}`]),
        ...(column === undefined ? [] : [`ALTER TABLE ${nameOf(table)} ALTER ${reserved(column.name)} DROP DEFAULT`, `ALTER TABLE ${nameOf(table)} ALTER ${reserved(column.name)} DROP NOT NULL`]),
        ...(column?.kind === "generated" && major >= 17 ? [`ALTER TABLE ${nameOf(table)} ALTER ${reserved(column.name)} SET EXPRESSION AS (rowno * 5)`] : []),
      ]) ?? "",
  }
}

/** Actions of several kinds in one ALTER TABLE, put together from statements on the same table. */
const several: Writer = (world) => {
  const { choose } = world.maker
  const table = anyTable(world)
  if (table === undefined) return null
  const parts: Hazard[] = []
  const wanted = 2 + choose.number(2)
  for (let tries = 0; parts.length < wanted && tries < 30; tries += 1) {
    const made = choose.pick([changeType, setNotNull, addCheck, addUnique, addColumn, dropColumn])?.(world) ?? null
    if (made === null || made.table !== table || made.directly !== undefined) continue
    // A column is spoken of once.
    if (parts.some((part) => part.kind === made.kind)) continue
    parts.push(made)
  }
  if (parts.length < 2) return null
  const head = `ALTER TABLE ${nameOf(table)} `
  const prepare = parts.flatMap((part) => part.prepare ?? [])
  const gone = parts.flatMap((part) => part.renamed?.gone ?? [])
  return {
    kind: `several`, table, quiet: false, prepare, required: parts.flatMap((part) => part.required ?? []), drawn: parts.flatMap((part) => part.drawn ?? []),
    ...(gone.length > 0 ? { renamed: { gone } } : {}),
    sql: head + parts.map((part) => part.sql.slice(head.length)).join(", "),
  }
}

const writers: readonly Writer[] = [
  changeType, changeType, changeType, changeType, renameColumn, renameColumn, renameColumn, renameTable, addColumn, addColumn, addColumn, setNotNull, setNotNull, addCheck,
  addForeignKey, addForeignKey, addUnique, addUnique, addPrimary, addExclude, createIndex, createIndex, dropIndex, reindexTable, dropColumn, dropColumn, dropObject, partitions, partitions,
  wholeTable, rowsOf, rowsOf, domains, enumValue, refresh, others, several, several, several,
]

export function anyHazard(world: World): Hazard | null {
  return world.maker.choose.pick(writers)?.(world) ?? null
}
