import { anyColumn, anyForm, anyTable, anyType, freshName, identifier, literalOf, quoted, schemaOf, type World, type Writer } from "./world.ts"

// ---------------------------------------------------------------------------------------------------------------------
// Indexes

const methods: readonly (readonly [RegExp, string])[] = [
  [/^(integer|text|date|uuid)$/, "hash"],
  [/^(integer|bigint|date)$/, "brin"],
  [/^(jsonb|integer\[\]|text\[\])$/, "gin"],
]

const createIndex: Writer = (world) => {
  const table = anyTable(world)
  const column = table === undefined ? undefined : anyColumn(world, table)
  if (table === undefined || column === undefined) return null
  const { choose } = world
  const name = identifier(column.name)
  const method = choose.once(6) ? methods.find(([pattern]) => pattern.test(column.type))?.[1] : undefined
  const unique = method === undefined && choose.once(3) ? "UNIQUE " : ""
  const texts = /^(text|character)[^[]*$/.test(column.type)
  const element = texts && choose.once(4) ? `lower(${name})` : choose.once(10) && method === undefined ? `${name} DESC` : name
  const other = choose.once(4) ? anyColumn(world, table) : undefined
  const second = method === undefined && other !== undefined && choose.once(3) ? `, ${identifier(other.name)}` : ""
  const include = method === undefined && choose.once(6) && other !== undefined ? ` INCLUDE (${identifier(other.name)})` : ""
  const nulls = unique !== "" && world.major >= 15 && choose.once(8) ? " NULLS NOT DISTINCT" : ""
  const where = choose.once(5) ? ` WHERE ${identifier((other ?? column).name)} IS NOT NULL` : ""
  const only = table.kind === "partitioned table" && choose.once(4) ? "ONLY " : ""
  const concurrently = choose.once(8) ? "CONCURRENTLY " : ""
  const index = choose.once(5) ? "" : world.fresh("i")
  const using = method === undefined ? "" : ` USING ${method}`
  return `CREATE ${unique}INDEX ${concurrently}${index} ON ${only}${quoted(table.name)}${using} (${element}${second})${include}${nulls}${where}`
}

function anyIndex(world: World): string | undefined {
  return world.choose.pick(world.catalog.tables.flatMap((table) => table.indexes.map((index) => quoted(`${schemaOf(table.name)}.${index.name}`))))
}

const alterIndex: Writer = (world) => {
  const index = anyIndex(world)
  if (index === undefined) return null
  const concurrently = world.choose.once(4) ? " CONCURRENTLY" : ""
  return anyForm(world, [
    `DROP INDEX${concurrently} ${index}`,
    `DROP INDEX ${index} CASCADE`,
    `ALTER INDEX ${index} RENAME TO ${world.fresh("i")}`,
    `REINDEX INDEX${world.major >= 12 ? concurrently : ""} ${index}`,
    `ALTER INDEX ${index} SET (fillfactor = 80)`,
    `ALTER INDEX ${index} SET TABLESPACE truth_space`,
    `ALTER INDEX ${index} RESET (fillfactor)`,
    `DROP INDEX IF EXISTS ${index}, ${world.fresh("i")}`,
    `COMMENT ON INDEX ${index} IS 'x'`,
  ])
}

const attachIndex: Writer = (world) => {
  const partitioned = world.catalog.tables.filter((table) => table.kind === "partitioned table")
  const pending = partitioned.flatMap((table) => table.indexes.map((index) => ({ table, index })))
  const parent = world.choose.pick(pending.filter(({ index }) => !index.valid)) ?? world.choose.pick(pending)
  if (parent === undefined) return null
  const children = world.catalog.tables.filter((table) => table.parents.includes(parent.table.name))
  const fitting = children.flatMap((table) => table.indexes.map((index) => quoted(`${schemaOf(table.name)}.${index.name}`)))
  const child = world.choose.pick(fitting)
  return child === undefined ? null : `ALTER INDEX ${quoted(`${schemaOf(parent.table.name)}.${parent.index.name}`)} ATTACH PARTITION ${child}`
}

export const indexWriters: readonly Writer[] = [createIndex, createIndex, createIndex, createIndex, alterIndex, alterIndex, alterIndex, attachIndex]

// ---------------------------------------------------------------------------------------------------------------------
// Views

const createView: Writer = (world) => {
  const { choose } = world
  const kind = choose.once(3) ? "MATERIALIZED VIEW" : "VIEW"
  const below = choose.once(3) ? choose.pick(world.catalog.views) : undefined
  if (below !== undefined) return `CREATE ${kind} ${world.fresh("v")} AS SELECT * FROM ${quoted(below.name)}`
  const table = anyTable(world)
  const column = table === undefined ? undefined : anyColumn(world, table)
  if (table === undefined || column === undefined) return null
  const columns = table.columns.slice(0, 1 + choose.number(3)).map((one) => identifier(one.name))
  const other = anyTable(world)
  return anyForm(world, [
    `CREATE ${kind} ${freshName(world, "v")} AS SELECT ${columns.join(", ")} FROM ${quoted(table.name)}`,
    `CREATE ${kind} ${world.fresh("v")} AS SELECT * FROM ${quoted(table.name)}`,
    `CREATE ${kind} ${world.fresh("v")} AS SELECT x.${identifier(column.name)} AS k FROM ${quoted(table.name)} AS x WHERE x.${identifier(column.name)} IS NOT NULL`,
    other === undefined ? null : `CREATE ${kind} ${world.fresh("v")} AS SELECT a.${identifier(column.name)} AS k FROM ${quoted(table.name)} a CROSS JOIN ${quoted(other.name)} b`,
    other === undefined ? null : `CREATE VIEW ${world.fresh("v")} AS SELECT 1 AS k WHERE EXISTS (SELECT FROM ${quoted(other.name)})`,
  ])
}

const alterView: Writer = (world) => {
  const view = world.choose.pick(world.catalog.views)
  if (view === undefined) return null
  const kind = view.kind === "view" ? "VIEW" : "MATERIALIZED VIEW"
  const name = quoted(view.name)
  const table = anyTable(world)
  const schema = world.choose.pick(world.catalog.tables.map((one) => schemaOf(one.name)))
  return anyForm(world, [
    `DROP ${kind} ${name}`,
    `DROP ${kind} ${name} CASCADE`,
    `ALTER ${kind} ${name} RENAME TO ${world.fresh("v")}`,
    `ALTER ${kind} ${name} OWNER TO pg_monitor`,
    `SELECT * FROM ${name}`,
    schema === undefined ? null : `ALTER ${kind} ${name} SET SCHEMA ${identifier(schema)}`,
    view.kind === "view" ? `ALTER VIEW ${name} SET (security_barrier = true)` : `REFRESH MATERIALIZED VIEW CONCURRENTLY ${name}`,
    view.kind === "view" ? null : `ALTER MATERIALIZED VIEW ${name} SET TABLESPACE truth_space`,
    view.kind === "view" && table !== undefined ? `CREATE OR REPLACE VIEW ${name} AS SELECT 1 AS k FROM ${quoted(table.name)}` : null,
    `COMMENT ON ${kind} ${name} IS 'x'`,
    view.kind === "view" ? null : `REFRESH MATERIALIZED VIEW ${name}`,
    view.kind === "view" ? null : `REFRESH MATERIALIZED VIEW ${name} WITH NO DATA`,
    view.kind === "view" ? `LOCK TABLE ${name} IN SHARE MODE` : null,
  ])
}

export const viewWriters: readonly Writer[] = [createView, createView, createView, alterView, alterView]

// ---------------------------------------------------------------------------------------------------------------------
// Types

const alterDomain: Writer = (world) => {
  const domain = world.choose.pick(world.catalog.domains)
  if (domain === undefined) return null
  const name = quoted(domain.name)
  const check = world.choose.pick(domain.checks)
  const constant = literalOf(world, domain.type)
  return anyForm(world, [
    `ALTER DOMAIN ${name} ADD CONSTRAINT ${world.fresh("dk")} CHECK (VALUE IS NOT NULL)${world.choose.once(2) ? " NOT VALID" : ""}`,
    `ALTER DOMAIN ${name} SET NOT NULL`,
    `ALTER DOMAIN ${name} DROP NOT NULL`,
    constant === null ? null : `ALTER DOMAIN ${name} SET DEFAULT ${constant}`,
    check === undefined ? null : `ALTER DOMAIN ${name} VALIDATE CONSTRAINT ${identifier(check.name)}`,
    check === undefined ? null : `ALTER DOMAIN ${name} DROP CONSTRAINT ${identifier(check.name)}`,
    `ALTER DOMAIN ${name} DROP DEFAULT`,
    check === undefined ? null : `ALTER DOMAIN ${name} RENAME CONSTRAINT ${identifier(check.name)} TO ${world.fresh("dk")}`,
    `ALTER DOMAIN ${name} DROP CONSTRAINT IF EXISTS ${world.fresh("dk")}`,
    `ALTER DOMAIN ${name} RENAME TO ${world.fresh("d")}`,
    `DROP DOMAIN ${name}${world.choose.once(2) ? " CASCADE" : ""}`,
  ])
}

const alterEnum: Writer = (world) => {
  const type = world.choose.pick(world.catalog.enums)
  if (type === undefined) return null
  const name = quoted(type.name)
  return anyForm(world, [
    `ALTER TYPE ${name} RENAME VALUE 'a' TO '${world.fresh("l")}'`,
    world.major >= 12 ? `ALTER TYPE ${name} ADD VALUE '${world.fresh("l")}'` : null,
    `ALTER TYPE ${name} RENAME TO ${world.fresh("e")}`,
    `DROP TYPE ${name}${world.choose.once(2) ? " CASCADE" : ""}`,
  ])
}

const alterComposite: Writer = (world) => {
  const type = world.choose.pick(world.catalog.composites)
  if (type === undefined) return null
  const name = quoted(type.name)
  const attribute = world.choose.pick(type.attributes)
  const cascade = world.choose.once(2) ? " CASCADE" : ""
  return anyForm(world, [
    `ALTER TYPE ${name} ADD ATTRIBUTE ${world.fresh("r")} ${anyType(world)}${cascade}`,
    attribute === undefined ? null : `ALTER TYPE ${name} DROP ATTRIBUTE ${identifier(attribute.name)}${cascade}`,
    attribute === undefined ? null : `ALTER TYPE ${name} ALTER ATTRIBUTE ${identifier(attribute.name)} TYPE ${anyType(world)}${cascade}`,
    attribute === undefined ? null : `ALTER TYPE ${name} RENAME ATTRIBUTE ${identifier(attribute.name)} TO ${world.fresh("r")}${cascade}`,
    `ALTER TYPE ${name} RENAME TO ${world.fresh("k")}`,
    `DROP TYPE ${name}${cascade}`,
  ])
}

export const typeWriters: readonly Writer[] = [
  (world) => `CREATE TYPE ${world.fresh("e")} AS ENUM ('a', 'b')`,
  (world) => {
    const check = world.choose.pick(["", " CHECK (VALUE IS NOT NULL)", " NOT NULL"]) ?? ""
    const base = world.choose.pick(["int", "text", "varchar(10)", "int[]", ...world.catalog.domains.map((one) => quoted(one.name))]) ?? "int"
    return `CREATE DOMAIN ${freshName(world, "d")} AS ${base}${check}`
  },
  (world) => `CREATE TYPE ${world.fresh("k")} AS (${world.fresh("r")} int, ${world.fresh("r")} ${anyType(world)})`,
  (world) => {
    const schema = world.choose.pick(world.catalog.tables.map((one) => schemaOf(one.name)))
    const type = world.choose.pick([...world.catalog.enums, ...world.catalog.domains, ...world.catalog.composites])
    return schema === undefined || type === undefined ? null : `ALTER TYPE ${quoted(type.name)} SET SCHEMA ${identifier(schema)}`
  },
  alterDomain,
  alterDomain,
  alterEnum,
  alterComposite,
]
