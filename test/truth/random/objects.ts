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
  const written = anyForm(world, [
    `DROP INDEX${concurrently} ${index}`,
    `DROP INDEX ${index} CASCADE`,
    `ALTER INDEX ${index} RENAME TO ${world.fresh("i")}`,
    `REINDEX INDEX${world.major >= 12 ? concurrently : ""} ${index}`,
    `ALTER INDEX ${index} SET (fillfactor = 80)`,
    world.spent.has(index) ? null : `ALTER INDEX ${index} SET TABLESPACE truth_space`,
    `ALTER INDEX ${index} RESET (fillfactor)`,
    `ALTER TABLE ${index} RENAME TO ${world.fresh("i")}`,
    `ALTER INDEX IF EXISTS ${index} RENAME TO ${identifier(index.slice(index.lastIndexOf(".") + 1).replaceAll('"', ""))}`,
    `DROP INDEX IF EXISTS ${index}, ${world.fresh("i")}`,
    `COMMENT ON INDEX ${index} IS 'x'`,
  ])
  if (written?.includes(" SET TABLESPACE ") === true) world.spent.add(index)
  return written
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
  const shared = choose.pick(table.columns.filter(({ name, type }) => other?.columns.some((one) => one.name === name && one.type === type) === true))
  const name = identifier(column.name)
  return anyForm(world, [
    other === undefined || shared === undefined ? null : `CREATE ${kind} ${world.fresh("v")} AS SELECT a.${name} AS k FROM ${quoted(table.name)} a ${choose.pick(["", "LEFT ", "FULL "]) ?? ""}JOIN ${quoted(other.name)} b USING (${identifier(shared.name)})`,
    `CREATE ${kind} ${world.fresh("v")} AS WITH c AS (SELECT ${name} FROM ${quoted(table.name)}) SELECT ${name} AS k FROM c`,
    `CREATE ${kind} ${world.fresh("v")} AS SELECT s.${name} AS k FROM (SELECT * FROM ${quoted(table.name)}) s`,
    `CREATE ${kind} ${world.fresh("v")} AS SELECT row_number() OVER (ORDER BY ${name} IS NULL) AS k FROM ${quoted(table.name)}`,
    `CREATE ${kind} ${world.fresh("v")} AS SELECT ${name} IS NULL AS k, count(*) AS n FROM ${quoted(table.name)} GROUP BY 1`,
    other === undefined ? null : `CREATE ${kind} ${world.fresh("v")} AS SELECT 1 AS k FROM ${quoted(table.name)} x WHERE EXISTS (SELECT FROM ${quoted(other.name)} WHERE x.${name} IS NOT NULL)`,
    other === undefined ? null : `CREATE ${kind} ${world.fresh("v")} AS SELECT ${name} IS NULL AS k FROM ${quoted(table.name)} UNION ALL SELECT ${identifier(anyColumn(world, other)?.name ?? "x")} IS NULL FROM ${quoted(other.name)}`,
    world.major >= 15 ? `CREATE VIEW ${world.fresh("v")} WITH (security_invoker) AS SELECT ${name} AS k FROM ONLY ${quoted(table.name)}` : null,
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
    view.kind === "view" ? null : `ALTER MATERIALIZED VIEW ${name} SET (fillfactor = 70)`,
    view.kind === "view" && table !== undefined ? `CREATE OR REPLACE TEMP VIEW ${world.fresh("v")} AS SELECT * FROM ${name}` : null,
    `DROP ${kind} IF EXISTS ${world.fresh("v")}, ${name} CASCADE`,
    `ALTER ${kind} IF EXISTS ${name} RENAME TO ${world.fresh("v")}`,
    `ALTER TABLE ${name} SET SCHEMA ${identifier(schema ?? "public")}`,
    view.kind === "view" ? `ALTER VIEW ${name} RESET (security_barrier)` : `CLUSTER ${name}`,
    view.kind === "view" ? `CREATE RULE ${world.fresh("ru")} AS ON INSERT TO ${name} DO INSTEAD NOTHING` : `ANALYZE ${name}`,
    `GRANT SELECT ON ${name} TO pg_monitor`,
  ])
}

/** Views whose columns are known from the text: what is made of them later hangs on those. */
const shapedView: Writer = (world) => {
  const { choose } = world
  const shaped = choose.pick(world.catalog.views.filter((view) => /\.w\d/.test(view.name) && !world.spent.has(view.name)))
  const table = anyTable(world)
  const from = table === undefined ? "" : ` FROM ${quoted(table.name)}`
  if (shaped === undefined || choose.once(3)) {
    const kind = choose.once(2) ? "MATERIALIZED VIEW" : "VIEW"
    const options = kind === "VIEW" && choose.once(4) ? " WITH (security_barrier)" : ""
    return `CREATE ${kind} ${freshName(world, "w")}${options} AS SELECT 1 AS k, 'a'::text AS l${from}${kind !== "VIEW" && choose.once(4) ? " WITH NO DATA" : ""}`
  }
  const name = quoted(shaped.name)
  const isView = shaped.kind === "view"
  const kind = isView ? "VIEW" : "MATERIALIZED VIEW"
  const written = anyForm(world, [
    isView ? `CREATE OR REPLACE VIEW ${name} AS SELECT 2 AS k, 'b'::text AS l${from}` : `CREATE UNIQUE INDEX ${choose.once(3) ? "CONCURRENTLY " : ""}${world.fresh("i")} ON ${name} (k)`,
    isView ? `CREATE OR REPLACE VIEW ${name} AS SELECT 2 AS k, 'b'::text AS l, 3 AS ${world.fresh("m")}${from}` : `CREATE INDEX ON ${name} (l)`,
    isView ? `ALTER VIEW ${name} ALTER COLUMN k SET DEFAULT 1` : `CREATE UNIQUE INDEX ${world.fresh("i")} ON ${name} (k) WHERE k > 0`,
    isView ? `ALTER TABLE ${name} ALTER COLUMN k DROP DEFAULT` : `REFRESH MATERIALIZED VIEW CONCURRENTLY ${name}`,
    `ALTER ${kind} ${name} RENAME COLUMN l TO ${world.fresh("m")}`,
    `ALTER TABLE ${name} RENAME COLUMN k TO ${world.fresh("m")}`,
    isView ? null : `ALTER MATERIALIZED VIEW ${name} ALTER COLUMN l SET STATISTICS 50`,
    isView ? null : `REFRESH MATERIALIZED VIEW ${name}${choose.once(2) ? " WITH NO DATA" : ""}`,
    isView ? `CREATE VIEW ${world.fresh("w")} AS SELECT k, l FROM ${name}` : `CREATE MATERIALIZED VIEW ${world.fresh("w")} AS SELECT k, l FROM ${name}`,
    isView ? `COMMENT ON COLUMN ${name}.k IS 'x'` : `REINDEX TABLE ${name}`,
  ])
  if (written !== null && (written.includes(" RENAME COLUMN ") || written.includes(" AS m"))) world.spent.add(shaped.name)
  return written
}

export const viewWriters: readonly Writer[] = [createView, createView, createView, alterView, alterView, shapedView, shapedView]

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
    world.major >= 17 ? `ALTER DOMAIN ${name} ADD NOT NULL` : null,
    check === undefined ? null : `ALTER DOMAIN ${name} RENAME CONSTRAINT ${identifier(check.name)} TO ${identifier(world.choose.pick(domain.checks)?.name ?? "x")}`,
    `ALTER DOMAIN ${name} ADD CHECK (VALUE IS NOT NULL)`,
    check === undefined ? null : `COMMENT ON CONSTRAINT ${identifier(check.name)} ON DOMAIN ${name} IS 'x'`,
    `DROP TYPE IF EXISTS ${name}`,
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
    world.major >= 12 ? `ALTER TYPE ${name} ADD VALUE IF NOT EXISTS '${world.choose.pick(type.labels) ?? "a"}'` : null,
    world.major >= 12 ? `ALTER TYPE ${name} ADD VALUE '${world.fresh("l")}' ${world.choose.pick(["BEFORE", "AFTER"]) ?? "AFTER"} '${world.choose.pick(type.labels) ?? "a"}'` : null,
    world.major >= 12 ? `ALTER TYPE ${name} ADD VALUE '${world.choose.pick(type.labels) ?? "a"}'` : null,
    `ALTER TYPE ${name} RENAME VALUE '${world.choose.pick(type.labels) ?? "a"}' TO '${world.choose.pick(type.labels) ?? "b"}'`,
    `ALTER TYPE ${name} RENAME TO ${identifier(world.choose.pick([...world.catalog.enums, ...world.catalog.tables])?.name.replace(/^.*\./, "") ?? "x")}`,
    `ALTER TYPE ${name} OWNER TO pg_monitor`,
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
    attribute === undefined ? null : `ALTER TYPE ${name} DROP ATTRIBUTE ${identifier(attribute.name)}${cascade}, ADD ATTRIBUTE ${world.fresh("r")} int${cascade}`,
    `ALTER TYPE ${name} DROP ATTRIBUTE IF EXISTS ${world.fresh("r")}`,
    attribute === undefined ? null : `ALTER TYPE ${name} ALTER ATTRIBUTE ${identifier(attribute.name)} TYPE ${anyType(world)}${cascade}`,
    attribute === undefined ? null : `ALTER TYPE ${name} RENAME ATTRIBUTE ${identifier(attribute.name)} TO ${world.fresh("r")}${cascade}`,
    `ALTER TYPE ${name} RENAME TO ${world.fresh("k")}`,
    `DROP TYPE ${name}${cascade}`,
  ])
}

export const typeWriters: readonly Writer[] = [
  (world) => `CREATE TYPE ${world.fresh("e")} AS ENUM ('a', 'b')`,
  (world) => {
    const check = world.choose.pick(["", " CHECK (VALUE IS NOT NULL)", " NOT NULL", ` CONSTRAINT ${world.fresh("dk")} CHECK (VALUE IS NOT NULL)`, " DEFAULT NULL"]) ?? ""
    const base = world.choose.pick(["int", "text", "varchar(10)", "int[]", ...world.catalog.domains.map((one) => quoted(one.name))]) ?? "int"
    return `CREATE DOMAIN ${freshName(world, "d")} AS ${base}${check}`
  },
  (world) => `CREATE TYPE ${world.fresh("k")} AS (${world.fresh("r")} int, ${world.fresh("r")} ${anyType(world)})`,
  (world) => {
    const schema = world.choose.pick(world.catalog.tables.map((one) => schemaOf(one.name)))
    const type = world.choose.pick([...world.catalog.enums, ...world.catalog.domains, ...world.catalog.composites])
    return schema === undefined || type === undefined ? null : `ALTER TYPE ${quoted(type.name)} SET SCHEMA ${identifier(schema)}`
  },
  (world) => `CREATE TYPE ${freshName(world, "rt")} AS RANGE (subtype = int)`,
  alterDomain,
  alterDomain,
  alterEnum,
  alterEnum,
  alterComposite,
]
