import { columnDefinition } from "./columns.ts"
import { anyColumn, anyForm, anyTable, bare, freshName, identifier, quoted, type Table, type World, type Writer } from "./world.ts"

const createTable: Writer = (world) => {
  const { choose } = world
  const name = choose.once(12) ? `"T ${world.fresh("t")}"` : freshName(world, "t")
  const names: string[] = []
  const columns = Array.from({ length: choose.number(4) }, () => {
    const column = world.fresh("c")
    const written = columnDefinition(world, column, names)
    if (!/ GENERATED ALWAYS AS \(/.test(written)) names.push(column)
    return written
  })
  const key = choose.once(4) ? [] : [`id ${choose.pick(["int", "bigint", "serial", "text"]) ?? "int"} PRIMARY KEY`]
  const all = [...key, ...columns, ...tableConstraints(world, names)]
  const temporary = choose.once(15) && !name.includes(".")
  const kind = temporary ? "TEMP TABLE" : choose.once(15) ? "UNLOGGED TABLE" : "TABLE"
  const ending = temporary ? (choose.pick(["", " ON COMMIT PRESERVE ROWS", " ON COMMIT DELETE ROWS", " ON COMMIT DROP"]) ?? "") : choose.once(12) ? " WITH (fillfactor = 70)" : ""
  return `CREATE ${kind} ${choose.once(12) ? "IF NOT EXISTS " : ""}${name} (${(all.length > 0 ? all : ["a int"]).join(", ")})${ending}`
}

function tableConstraints(world: World, columns: readonly string[]): readonly string[] {
  const { choose, fresh } = world
  const [a, b = a] = columns
  if (a === undefined || b === undefined || !choose.once(3)) return []
  const name = choose.once(2) ? `CONSTRAINT ${fresh("tc")} ` : ""
  const form = anyForm(world, [
    `${name}UNIQUE (${[...new Set([a, b])].join(", ")})`,
    `${name}CHECK (${a} IS NULL OR ${b} IS NULL OR true)`,
    `${name}UNIQUE (${a}) DEFERRABLE`,
    `${name}EXCLUDE USING btree (${a} WITH =)`,
    `UNIQUE (${a}), ${name}UNIQUE (${a})`,
  ])
  return form === null ? [] : [form]
}

const createLike: Writer = (world) => {
  const source = anyTable(world)
  if (source === undefined) return null
  const { choose, major } = world
  const options = ["INDEXES", "DEFAULTS", "CONSTRAINTS", "IDENTITY", "STATISTICS", "COMMENTS", "STORAGE", ...(major >= 12 ? ["GENERATED"] : []), ...(major >= 14 ? ["COMPRESSION"] : [])]
  const some = Array.from({ length: choose.number(4) }, () => ` INCLUDING ${choose.pick(options) ?? "INDEXES"}`).join("")
  const what = choose.pick(["", " INCLUDING ALL", ` INCLUDING ALL EXCLUDING ${choose.pick(options) ?? "INDEXES"}`, some, some]) ?? ""
  const view = choose.once(10) ? choose.pick(world.catalog.views) : undefined
  const other = choose.once(8) ? anyTable(world) : undefined
  const more = choose.once(4) ? `, ${columnDefinition(world, world.fresh("c"))}` : other === undefined || other.name === source.name ? "" : `, LIKE ${quoted(other.name)} INCLUDING DEFAULTS`
  const above = choose.once(12) ? anyTable(world, ["table"]) : undefined
  // What LIKE and INHERITS make of a column that both have is left out.
  const parent = above?.columns.some(({ name }) => [source, other].some((one) => one?.columns.some((column) => column.name === name))) === false ? above : undefined
  const ending = parent === undefined ? (choose.once(12) ? " PARTITION BY RANGE (id)" : "") : ` INHERITS (${quoted(parent.name)})`
  return `CREATE ${choose.once(15) ? "TEMP " : ""}TABLE ${world.fresh("a")} (LIKE ${quoted((view ?? source).name)}${what}${more})${ending}`
}

const createAs: Writer = (world) => {
  const { choose } = world
  const source = choose.pick([...world.catalog.tables, ...world.catalog.views])
  if (source === undefined) return null
  const name = quoted(source.name)
  return anyForm(world, [
    `CREATE TABLE ${freshName(world, "ta")} AS SELECT * FROM ${name} WITH NO DATA`,
    `CREATE TABLE IF NOT EXISTS ${world.fresh("ta")} (a) AS SELECT 1 FROM ${name}`,
    `CREATE TEMP TABLE ${world.fresh("ta")} AS TABLE ${name}`,
    `CREATE UNLOGGED TABLE ${world.fresh("ta")} AS SELECT count(*) AS n FROM ${name}`,
    `SELECT * INTO ${world.fresh("ta")} FROM ${name}`,
  ])
}

const createChild: Writer = (world) => {
  const parent = anyTable(world, ["table"])
  if (parent === undefined) return null
  const other = world.choose.once(8) ? anyTable(world, ["table"]) : undefined
  const parents = [...new Set([parent, other])].filter((one) => one !== undefined).map((one) => quoted(one.name))
  const column = world.choose.once(3) ? anyColumn(world, parent) : undefined
  const own = column === undefined ? `${world.fresh("c")} int` : `${identifier(column.name)} ${column.type}${world.choose.once(2) ? " NOT NULL" : ""}`
  const check = world.choose.once(4) ? world.choose.pick(parent.constraints.filter(({ kind, columns }) => kind === "check" && columns.length === 1)) : undefined
  const constraint = check === undefined ? "" : `, CONSTRAINT ${identifier(check.name)} CHECK (${identifier(check.columns[0] ?? "")} IS NOT NULL)`
  return `CREATE TABLE ${world.fresh("h")} (${own}${constraint}) INHERITS (${parents.join(", ")})`
}

const createPartitioned: Writer = (world) => {
  const { choose } = world
  const key = choose.once(2) ? ", PRIMARY KEY (id)" : ""
  const rest = choose.once(2) ? `, ${world.fresh("c")} text` : ""
  const more = choose.once(3) ? `, ${columnDefinition(world, world.fresh("c"))}` : ""
  const strategy = choose.once(10) ? "HASH" : choose.once(4) ? "LIST" : "RANGE"
  return `CREATE TABLE ${freshName(world, "p")} (id int NOT NULL${rest}${more}${key}) PARTITION BY ${strategy} (id)`
}

/** Every partition of a program gets values of its own; what strategy its parent has is in the parent's partitions, or a guess. */
function bound(world: World): string {
  const from = Number(world.fresh("n").slice(1)) * 10
  if (world.choose.once(9)) return `FOR VALUES WITH (MODULUS 1000, REMAINDER ${String((from / 10) % 1000)})`
  return world.choose.once(5) ? `FOR VALUES IN (${String(from)})` : `FOR VALUES FROM (${String(from)}) TO (${String(from + 10)})`
}

const createPartition: Writer = (world) => {
  const parent = anyTable(world, ["partitioned table"])
  if (parent === undefined) return null
  const values = world.choose.once(6) ? "DEFAULT" : bound(world)
  const again = world.choose.once(5) ? " PARTITION BY RANGE (id)" : ""
  const column = world.choose.once(4) ? anyColumn(world, parent) : undefined
  const options = column === undefined ? "" : ` (${identifier(column.name)} ${world.choose.pick(["NOT NULL", "DEFAULT NULL", "UNIQUE", "PRIMARY KEY", `CHECK (${identifier(column.name)} IS NOT NULL)`]) ?? "NOT NULL"})`
  return `CREATE TABLE ${world.fresh("q")} PARTITION OF ${quoted(parent.name)}${options} ${values}${again}`
}

const shape = (table: Table): string => table.columns.map((column) => `${column.name} ${column.type}`).sort().join()

const attachPartition: Writer = (world) => {
  const parent = anyTable(world, ["partitioned table"])
  if (parent === undefined) return null
  const fitting = world.catalog.tables.filter((table) => table.parents.length === 0 && table.name !== parent.name && shape(table) === shape(parent))
  const child = world.choose.pick(fitting.filter((table) => world.major >= 15 || !referencesPartitioned(world, table)))
  if (child === undefined) return null
  return `ALTER TABLE ${quoted(parent.name)} ATTACH PARTITION ${quoted(child.name)} ${world.choose.once(8) ? "DEFAULT" : bound(world)}`
}

const isPartitioned = (world: World, name: string): boolean =>
  world.catalog.tables.some((table) => table.name === name && table.kind === "partitioned table")

/** Up to 14 such a key leaves parts behind when its table is detached, and they go with the key (see `referable`). */
const referencesPartitioned = (world: World, table: Table): boolean =>
  table.constraints.some(({ references }) => references !== null && isPartitioned(world, references.table))

const detachPartition: Writer = (world) => {
  const child = world.choose.pick(world.catalog.tables.filter((table) => table.parents.some((name) => isPartitioned(world, name))))
  const parent = child?.parents[0]
  if (child === undefined || parent === undefined) return null
  const concurrently = world.major >= 14 && world.choose.once(6) ? " CONCURRENTLY" : ""
  return `ALTER TABLE ${quoted(parent)} DETACH PARTITION ${quoted(child.name)}${concurrently}`
}

const inherit: Writer = (world) => {
  const child = anyTable(world, ["table"])
  const parent = anyTable(world, ["table"])
  if (child === undefined || parent === undefined || child.name === parent.name) return null
  const inherits = child.parents.includes(parent.name)
  return `ALTER TABLE ${quoted(child.name)} ${inherits ? "NO INHERIT" : "INHERIT"} ${quoted(parent.name)}`
}

/** What a typed table may say of a column of its type. */
function options({ choose }: World, column: string | undefined): string {
  if (column === undefined || !choose.once(3)) return ""
  return ` (${identifier(column)} WITH OPTIONS ${choose.pick(["NOT NULL", "UNIQUE", "PRIMARY KEY", "DEFAULT NULL"]) ?? "NOT NULL"})`
}

const createTyped: Writer = (world) => {
  const type = world.choose.pick(world.catalog.composites)
  return type === undefined ? null : `CREATE TABLE ${world.fresh("o")} OF ${quoted(type.name)}${options(world, type.attributes[0]?.name)}`
}

const rename: Writer = (world) => {
  const table = anyTable(world)
  if (table === undefined) return null
  const name = quoted(table.name)
  const column = world.choose.pick(table.columns)
  const constraint = world.choose.pick(table.constraints)
  const policy = world.choose.pick(table.policies)
  const trigger = world.choose.pick(table.triggers)
  const schemas = [...new Set(world.catalog.tables.map((one) => one.name.slice(0, one.name.indexOf("."))))]
  const schema = world.choose.pick(schemas)
  return anyForm(world, [
    `ALTER TABLE ${name} RENAME TO ${world.fresh("t")}`,
    column === undefined ? null : `ALTER TABLE ${name} RENAME COLUMN ${identifier(column.name)} TO ${world.fresh("c")}`,
    column === undefined ? null : `ALTER TABLE ${name} RENAME COLUMN ${identifier(column.name)} TO ${world.fresh("c")}`,
    constraint === undefined ? null : `ALTER TABLE ${name} RENAME CONSTRAINT ${identifier(constraint.name)} TO ${world.fresh("x")}`,
    constraint === undefined ? null : `ALTER TABLE ONLY ${name} RENAME CONSTRAINT ${identifier(constraint.name)} TO ${world.fresh("x")}`,
    constraint === undefined ? null : `ALTER TABLE ${name} RENAME CONSTRAINT ${identifier(constraint.name)} TO ${identifier(world.choose.pick(table.constraints)?.name ?? "x")}`,
    constraint === undefined ? null : `COMMENT ON CONSTRAINT ${identifier(constraint.name)} ON ${name} IS 'x'`,
    column === undefined ? null : `ALTER TABLE ${name} RENAME ${identifier(column.name)} TO ${identifier(world.choose.pick(table.columns)?.name ?? "x")}`,
    column === undefined ? null : `ALTER TABLE ONLY ${name} RENAME ${identifier(column.name)} TO ${world.fresh("c")}`,
    `ALTER TABLE ${name} RENAME TO ${bare(anyTable(world)?.name ?? table.name)}`,
    policy === undefined ? null : `ALTER POLICY ${identifier(policy)} ON ${name} RENAME TO ${world.fresh("y")}`,
    trigger === undefined ? null : `ALTER TRIGGER ${identifier(trigger)} ON ${name} RENAME TO ${world.fresh("g")}`,
    schema === undefined ? null : `ALTER TABLE ${name} SET SCHEMA ${identifier(schema)}`,
  ])
}

const drop: Writer = (world) => {
  const table = anyTable(world)
  if (table === undefined) return null
  const other = world.choose.once(8) ? anyTable(world) : undefined
  const names = [...new Set([table, other])].filter((one) => one !== undefined).map((one) => quoted(one.name))
  return `DROP TABLE ${world.choose.once(8) ? `IF EXISTS ${world.fresh("t")}, ` : ""}${names.join(", ")}${world.choose.once(2) ? " CASCADE" : ""}`
}

const searchPath: Writer = (world) => {
  const schemas = [...new Set([...world.catalog.tables, ...world.catalog.sequences].map((one) => one.name.slice(0, one.name.indexOf("."))))]
  const schema = world.choose.pick(schemas.filter((one) => one !== "pg_temp")) ?? "public"
  return anyForm(world, [
    `SET search_path TO ${identifier(schema)}`,
    `SET search_path = ${identifier(schema)}, public`,
    "SET search_path = public",
    "RESET search_path",
  ])
}

/** Statements of one kind of object that name another kind, which the server takes or refuses. */
const otherKind: Writer = (world) => {
  const relations = [...world.catalog.tables, ...world.catalog.views, ...world.catalog.sequences].map((one) => quoted(one.name))
  const name = world.choose.pick(relations)
  if (name === undefined) return null
  return anyForm(world, [
    `ALTER TABLE ${name} RENAME TO ${world.fresh("t")}`,
    `ALTER TABLE IF EXISTS ${name} RENAME TO ${world.fresh("t")}`,
    `ALTER VIEW ${name} RENAME TO ${world.fresh("v")}`,
    `ALTER SEQUENCE ${name} RENAME TO ${world.fresh("s")}`,
    `ALTER INDEX ${name} RENAME TO ${world.fresh("i")}`,
    `ALTER MATERIALIZED VIEW ${name} RENAME TO ${world.fresh("v")}`,
    `ALTER TABLE ${name} SET SCHEMA public`,
    `ALTER TABLE ${name} OWNER TO pg_monitor`,
    `DROP TABLE IF EXISTS ${name}`,
    `DROP VIEW IF EXISTS ${name}`,
    `DROP SEQUENCE IF EXISTS ${name}`,
    `TRUNCATE ${name}`,
    `LOCK TABLE ${name} IN ACCESS SHARE MODE`,
    `COMMENT ON TABLE ${name} IS 'x'`,
  ])
}

/** Statements that make, move and drop tables. */
export const tableWriters: readonly Writer[] = [
  createTable,
  createTable,
  createTable,
  createLike,
  createChild,
  createPartitioned,
  createPartitioned,
  createPartition,
  createPartition,
  createPartition,
  attachPartition,
  detachPartition,
  inherit,
  createTyped,
  rename,
  rename,
  rename,
  rename,
  otherKind,
  searchPath,
  createAs,
  drop,
  (world) => {
    const table = anyTable(world)
    return table === undefined ? null : `CREATE TABLE IF NOT EXISTS ${quoted(table.name)} (a int)`
  },
  (world) => (world.choose.once(3) ? `CREATE TABLE ${world.fresh("w")}.${world.fresh("t")} (a int)` : null),
  (world) => {
    const schema = world.fresh("s")
    return `CREATE SCHEMA ${schema} CREATE TABLE ${world.fresh("t")} (id int PRIMARY KEY)`
  },
  (world) => {
    const schemas = world.catalog.tables.map((one) => one.name.slice(0, one.name.indexOf("."))).filter((one) => one !== "public" && one !== "pg_temp")
    const schema = world.choose.pick([...new Set(schemas)])
    if (schema === undefined) return null
    return anyForm(world, [
      `DROP SCHEMA ${identifier(schema)}${world.choose.once(2) ? " CASCADE" : ""}`,
      `ALTER SCHEMA ${identifier(schema)} RENAME TO ${world.fresh("s")}`,
    ])
  },
  (world) => {
    const table = anyTable(world)
    return table === undefined ? null : `CREATE TABLE ${bare(table.name)} (a int)`
  },
]
