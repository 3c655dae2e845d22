import { anyColumn, anyForm, anyTable, anyType, freshName, identifier, literalOf, quoted, schemaOf, type Table, type World, type Writer } from "./world.ts"

const onTable =
  (write: (name: string, table: Table, world: World) => string | null): Writer =>
  (world) => {
    const table = anyTable(world)
    return table === undefined ? null : write(quoted(table.name), table, world)
  }

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
  return anyForm(world, [
    `DROP ${kind} ${name}`,
    `DROP ${kind} ${name} CASCADE`,
    `ALTER ${kind} ${name} RENAME TO ${world.fresh("v")}`,
    `ALTER ${kind} ${name} OWNER TO pg_monitor`,
    `SELECT * FROM ${name}`,
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
  alterDomain,
  alterDomain,
  alterEnum,
  alterComposite,
]

// ---------------------------------------------------------------------------------------------------------------------
// Triggers, rules, policies, statistics, functions, sequences

const triggerFunction = "CREATE OR REPLACE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"

const createTrigger = onTable((name, table, world) => {
  const { choose } = world
  const column = anyColumn(world, table)
  const each = choose.pick(["ROW", "STATEMENT"]) ?? "ROW"
  const late = each === "ROW" && table.kind === "partitioned table" && world.major < 13
  const moment = late ? "AFTER" : (choose.pick(["BEFORE", "AFTER"]) ?? "AFTER")
  const event = choose.pick(["INSERT", "UPDATE", "DELETE", column === undefined ? "INSERT" : `UPDATE OF ${identifier(column.name)}`]) ?? "INSERT"
  const when = each === "ROW" && event === "INSERT" && column !== undefined && column.generated === null && choose.once(4) ? ` WHEN (NEW.${identifier(column.name)} IS NOT NULL)` : ""
  return `CREATE TRIGGER ${world.fresh("g")} ${moment} ${event} ON ${name} FOR EACH ${each}${when} EXECUTE PROCEDURE public.touch()`
})

const parts = onTable((name, table, world) => {
  const trigger = world.choose.pick(table.triggers)
  const policy = world.choose.pick(table.policies)
  const column = anyColumn(world, table)
  const test = column === undefined ? "true" : `${identifier(column.name)} IS NOT NULL`
  return anyForm(world, [
    trigger === undefined ? null : `DROP TRIGGER ${identifier(trigger)} ON ${name}`,
    policy === undefined ? null : `DROP POLICY ${identifier(policy)} ON ${name}`,
    policy === undefined ? null : `ALTER POLICY ${identifier(policy)} ON ${name} USING (true)`,
    `CREATE POLICY ${world.fresh("y")} ON ${name} USING (${world.choose.once(2) ? test : "true"})`,
    `CREATE RULE ${world.fresh("ru")} AS ON DELETE TO ${name} WHERE false DO ALSO NOTHING`,
    column === undefined ? null : `COMMENT ON COLUMN ${name}.${identifier(column.name)} IS 'x'`,
  ])
})

const createStatistics = onTable((name, table, world) => {
  const [a, b] = table.columns
  return a === undefined || b === undefined ? null : `CREATE STATISTICS ${world.fresh("st")} ON ${identifier(a.name)}, ${identifier(b.name)} FROM ${name}`
})

const alterSequence: Writer = (world) => {
  const sequence = world.choose.pick(world.catalog.sequences)
  if (sequence === undefined) return null
  const name = quoted(sequence.name)
  const table = world.choose.pick(world.catalog.tables.filter((one) => schemaOf(one.name) === schemaOf(sequence.name)))
  const column = table === undefined ? undefined : anyColumn(world, table)
  return anyForm(world, [
    `ALTER SEQUENCE ${name} RESTART`,
    `ALTER SEQUENCE ${name} AS bigint`,
    `DROP SEQUENCE ${name}${world.choose.once(2) ? " CASCADE" : ""}`,
    `ALTER SEQUENCE ${name} RENAME TO ${world.fresh("s")}`,
    `ALTER SEQUENCE ${name} OWNED BY NONE`,
    table === undefined || column === undefined ? null : `ALTER SEQUENCE ${name} OWNED BY ${quoted(table.name)}.${identifier(column.name)}`,
    table === undefined ? null : `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${world.fresh("c")} int DEFAULT nextval('${name}')`,
  ])
}

export const partWriters: readonly Writer[] = [
  (world) => (world.choose.once(10) ? "DROP FUNCTION public.touch() CASCADE" : triggerFunction),
  createTrigger,
  createTrigger,
  parts,
  parts,
  parts,
  createStatistics,
  (world) => `CREATE SEQUENCE ${freshName(world, "s")}`,
  alterSequence,
  alterSequence,
]
