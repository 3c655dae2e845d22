import { alter, alterColumns, columnDefinition, type Action } from "./columns.ts"
import { anyColumn, anyTable, bare, identifier, literalOf, quoted, type Table, type World } from "./world.ts"

/** A random statement over the world, or null when there is nothing to speak of. */
export type Writer = (world: World) => string | null

/** Foreign keys within one tree of partitions are left out: the server builds them piece by piece, in ways that hang on the history. */
function others(world: World, table: Table): readonly Table[] {
  const partitioned = table.kind === "partitioned table" || table.parents.length > 0
  return partitioned ? world.catalog.tables.filter((one) => one.kind === "table" && one.parents.length === 0) : world.catalog.tables
}

const constraintActions: readonly Action[] = [
  (world, table) => {
    const column = anyColumn(world, table)
    if (column === undefined) return null
    const test = world.choose.pick(["IS NOT NULL", "IS NULL OR true"]) ?? "IS NOT NULL"
    return `ADD CONSTRAINT ${world.fresh("ck")} CHECK (${identifier(column.name)} ${test})${world.choose.once(2) ? " NOT VALID" : ""}`
  },
  (world, table) => {
    const parents = others(world, table).filter((one) => one.constraints.some((c) => c.kind === "primary key" && c.columns.length === 1))
    const parent = world.choose.pick(parents)
    const column = anyColumn(world, table)
    if (parent === undefined || column === undefined) return null
    const valid = world.choose.once(2) ? " NOT VALID" : ""
    return `ADD CONSTRAINT ${world.fresh("fk")} FOREIGN KEY (${identifier(column.name)}) REFERENCES ${quoted(parent.name)}${valid}`
  },
  (world, table) => {
    const parents = others(world, table).flatMap((one) => {
      const key = one.constraints.find((c) => c.kind === "primary key" && c.columns.length === 1)
      const type = one.columns.find((column) => column.name === key?.columns[0])?.type
      const fitting = table.columns.filter((column) => column.type === type)
      return fitting.map((column) => ({ parent: one, column }))
    })
    const chosen = world.choose.pick(parents)
    if (chosen === undefined) return null
    const valid = world.choose.once(2) ? " NOT VALID" : ""
    return `ADD CONSTRAINT ${world.fresh("fk")} FOREIGN KEY (${identifier(chosen.column.name)}) REFERENCES ${quoted(chosen.parent.name)}${valid}`
  },
  (world, table) => {
    const column = anyColumn(world, table)
    return column === undefined ? null : `ADD CONSTRAINT ${world.fresh("uq")} UNIQUE (${identifier(column.name)})`
  },
  (world, table) => {
    const column = anyColumn(world, table)
    return column === undefined ? null : `ADD PRIMARY KEY (${identifier(column.name)})`
  },
  (world, table) => {
    const index = world.choose.pick(table.indexes.filter((one) => one.unique && one.constraint === null && one.valid))
    if (index === undefined) return null
    const kind = world.choose.pick(["UNIQUE", "PRIMARY KEY"]) ?? "UNIQUE"
    return `ADD CONSTRAINT ${world.fresh("ui")} ${kind} USING INDEX ${identifier(index.name)}`
  },
  (world, table) => {
    const constraint = world.choose.pick(table.constraints)
    return constraint === undefined ? null : `DROP CONSTRAINT ${identifier(constraint.name)}${world.choose.once(3) ? " CASCADE" : ""}`
  },
  (world, table) => {
    const constraint = world.choose.pick(table.constraints.filter((one) => one.kind === "check" || one.kind === "foreign key"))
    return constraint === undefined ? null : `VALIDATE CONSTRAINT ${identifier(constraint.name)}`
  },
  (world, table) => {
    const constraint = world.choose.pick(table.constraints.filter((one) => !one.validated))
    return constraint === undefined ? null : `VALIDATE CONSTRAINT ${identifier(constraint.name)}`
  },
]

const tableActions: readonly Action[] = [
  () => "ENABLE ROW LEVEL SECURITY",
  () => "SET (fillfactor = 80)",
  () => "SET (autovacuum_enabled = false)",
  () => "REPLICA IDENTITY FULL",
  () => "DISABLE TRIGGER USER",
  () => "SET UNLOGGED",
  () => "SET LOGGED",
  () => "SET WITHOUT CLUSTER",
  () => "OWNER TO pg_monitor",
  (world, table) => {
    const index = world.choose.pick(table.indexes)
    return index === undefined ? null : `CLUSTER ON ${identifier(index.name)}`
  },
  (world, table) => {
    const index = world.choose.pick(table.indexes.filter((one) => one.unique))
    return index === undefined ? null : `REPLICA IDENTITY USING INDEX ${identifier(index.name)}`
  },
]

function createTable(world: World): string {
  const { choose } = world
  const plain = world.fresh("t")
  const name = choose.once(12) ? `"T ${plain}"` : plain
  const columns = Array.from({ length: choose.number(4) }, () => columnDefinition(world, world.fresh("c")))
  const key = choose.once(4) ? [] : [`id ${choose.pick(["int", "bigint", "serial", "text"]) ?? "int"} PRIMARY KEY`]
  const all = [...key, ...columns]
  const kind = choose.once(15) ? "UNLOGGED TABLE" : "TABLE"
  return `CREATE ${kind} ${name} (${(all.length > 0 ? all : ["a int"]).join(", ")})`
}

function createPartitioned(world: World): string {
  const key = world.choose.once(2) ? ", PRIMARY KEY (id)" : ""
  const rest = world.choose.once(2) ? `, ${world.fresh("c")} text` : ""
  return `CREATE TABLE ${world.fresh("p")} (id int NOT NULL${rest}${key}) PARTITION BY RANGE (id)`
}

/** Every partition of a program gets a range of its own. */
function bound(world: World): string {
  const from = Number(world.fresh("n").slice(1)) * 10
  return `FOR VALUES FROM (${String(from)}) TO (${String(from + 10)})`
}

function createPartition(world: World): string | null {
  const parent = anyTable(world, ["partitioned table"])
  if (parent === undefined) return null
  const hasDefault = world.choose.once(6)
  return `CREATE TABLE ${world.fresh("q")} PARTITION OF ${quoted(parent.name)} ${hasDefault ? "DEFAULT" : bound(world)}`
}

function attachPartition(world: World): string | null {
  const parent = anyTable(world, ["partitioned table"])
  const same = (table: Table): boolean =>
    table.parents.length === 0 &&
    table.kind === "table" &&
    table.columns.map((column) => `${column.name} ${column.type}`).sort().join() ===
      parent?.columns.map((column) => `${column.name} ${column.type}`).sort().join()
  const child = world.choose.pick(world.catalog.tables.filter(same))
  if (parent === undefined || child === undefined) return null
  return `ALTER TABLE ${quoted(parent.name)} ATTACH PARTITION ${quoted(child.name)} ${bound(world)}`
}

function detachPartition(world: World): string | null {
  const child = world.choose.pick(
    world.catalog.tables.filter((table) => table.parents.some((name) => isPartitioned(world, name))),
  )
  const parent = child?.parents[0]
  if (child === undefined || parent === undefined) return null
  return `ALTER TABLE ${quoted(parent)} DETACH PARTITION ${quoted(child.name)}`
}

const isPartitioned = (world: World, name: string): boolean =>
  world.catalog.tables.some((table) => table.name === name && table.kind === "partitioned table")

function createIndex(world: World): string | null {
  const table = anyTable(world)
  const column = table === undefined ? undefined : anyColumn(world, table)
  if (table === undefined || column === undefined) return null
  const { choose } = world
  const name = identifier(column.name)
  const unique = choose.once(3) ? "UNIQUE " : ""
  const texts = /^(text|character)/.test(column.type)
  const element = texts && choose.once(4) ? `lower(${name})` : name
  const other = choose.once(4) ? anyColumn(world, table) : undefined
  const include = choose.once(6) && other !== undefined ? ` INCLUDE (${identifier(other.name)})` : ""
  const where = choose.once(5) ? ` WHERE ${identifier((other ?? column).name)} IS NOT NULL` : ""
  const only = table.kind === "partitioned table" && choose.once(4) ? "ONLY " : ""
  return `CREATE ${unique}INDEX ${choose.once(5) ? "" : world.fresh("i")} ON ${only}${quoted(table.name)} (${element})${include}${where}`
}

function anyIndex(world: World): { table: Table; name: string; unique: boolean } | undefined {
  return world.choose.pick(
    world.catalog.tables.flatMap((table) =>
      table.indexes.map((index) => ({
        table,
        name: `${table.name.slice(0, table.name.indexOf("."))}.${index.name}`,
        unique: index.unique,
      })),
    ),
  )
}

function insert(world: World): string | null {
  const table = anyTable(world)
  if (table === undefined) return null
  const columns = table.columns.filter((column) => column.generated === null && column.identity === null)
  const values = columns.map((column) => ({ column, value: literalOf(world, column.type) }))
  if (values.some(({ value }) => value === null) || values.length === 0) return `INSERT INTO ${quoted(table.name)} DEFAULT VALUES`
  const names = values.map(({ column }) => identifier(column.name)).join(", ")
  return `INSERT INTO ${quoted(table.name)} (${names}) VALUES (${values.map(({ value }) => value).join(", ")})`
}

function createView(world: World): string | null {
  const table = anyTable(world)
  if (table === undefined || table.columns.length === 0) return null
  const columns = table.columns.slice(0, 1 + world.choose.number(3)).map((column) => identifier(column.name))
  const kind = world.choose.once(3) ? "MATERIALIZED VIEW" : "VIEW"
  return `CREATE ${kind} ${world.fresh("v")} AS SELECT ${columns.join(", ")} FROM ${quoted(table.name)}`
}

function anyView(world: World, kind: "view" | "materialized view"): string | undefined {
  return world.choose.pick(world.catalog.views.filter((view) => view.kind === kind))?.name
}

const rename: Writer = (world) => {
  const table = anyTable(world)
  if (table === undefined) return null
  const name = quoted(table.name)
  const column = anyColumn(world, table)
  const constraint = world.choose.pick(table.constraints)
  const forms = [
    `ALTER TABLE ${name} RENAME TO ${world.fresh("t")}`,
    column === undefined ? null : `ALTER TABLE ${name} RENAME COLUMN ${identifier(column.name)} TO ${world.fresh("c")}`,
    constraint === undefined ? null : `ALTER TABLE ${name} RENAME CONSTRAINT ${identifier(constraint.name)} TO ${world.fresh("x")}`,
  ]
  return world.choose.pick(forms) ?? null
}

const onTable =
  (write: (name: string, table: Table, world: World) => string | null): Writer =>
  (world) => {
    const table = anyTable(world)
    return table === undefined ? null : write(quoted(table.name), table, world)
  }

const onIndex =
  (write: (name: string) => string): Writer =>
  (world) => {
    const index = anyIndex(world)
    return index === undefined ? null : write(quoted(index.name))
  }

/** Everything a random program consists of; more frequent statements stand more often. */
export const writers: readonly Writer[] = [
  createTable,
  createTable,
  createPartitioned,
  createPartition,
  createPartition,
  attachPartition,
  detachPartition,
  (world) => {
    const parent = anyTable(world, ["partitioned table"])
    if (parent === undefined) return null
    return `CREATE TABLE ${world.fresh("a")} (LIKE ${quoted(parent.name)})`
  },
  (world) => {
    const parent = anyTable(world, ["table"])
    return parent === undefined ? null : `CREATE TABLE ${world.fresh("h")} (${world.fresh("c")} int) INHERITS (${quoted(parent.name)})`
  },
  insert,
  insert,
  insert,
  alterColumns,
  alterColumns,
  alterColumns,
  alterColumns,
  alterColumns,
  alterColumns,
  onTable((_name, table, world) => alter(world, table, constraintActions)),
  onTable((_name, table, world) => alter(world, table, constraintActions)),
  onTable((_name, table, world) => alter(world, table, constraintActions)),
  onTable((_name, table, world) => alter(world, table, constraintActions)),
  onTable((_name, table, world) => alter(world, table, tableActions)),
  createIndex,
  createIndex,
  createIndex,
  onIndex((name) => `DROP INDEX ${name}`),
  (world) => {
    const index = anyIndex(world)
    return index === undefined ? null : `ALTER INDEX ${quoted(index.name)} RENAME TO ${world.fresh("i")}`
  },
  onIndex((name) => `REINDEX INDEX ${name}`),
  onIndex((name) => `ALTER INDEX ${name} SET (fillfactor = 80)`),
  onTable((name) => `REINDEX TABLE ${name}`),
  rename,
  rename,
  createView,
  createView,
  (world) => {
    const view = anyView(world, "view")
    return view === undefined ? null : `DROP VIEW ${quoted(view)}${world.choose.once(2) ? " CASCADE" : ""}`
  },
  (world) => {
    const view = anyView(world, "materialized view")
    if (view === undefined) return null
    const name = quoted(view)
    const forms = [`REFRESH MATERIALIZED VIEW ${name}`, `DROP MATERIALIZED VIEW ${name}`, `ALTER MATERIALIZED VIEW ${name} RENAME TO ${world.fresh("v")}`]
    return world.choose.pick(forms) ?? null
  },
  (world) => `CREATE TYPE ${world.fresh("e")} AS ENUM ('a', 'b')`,
  (world) => {
    const check = world.choose.pick(["", " CHECK (VALUE IS NOT NULL)", " NOT NULL"]) ?? ""
    return `CREATE DOMAIN ${world.fresh("d")} AS ${world.choose.pick(["int", "text", "varchar(10)"]) ?? "int"}${check}`
  },
  (world) => {
    const domain = world.choose.pick(world.catalog.domains)
    if (domain === undefined) return null
    const name = quoted(domain.name)
    const check = world.choose.pick(domain.checks)
    const forms = [
      `ALTER DOMAIN ${name} ADD CONSTRAINT ${world.fresh("dk")} CHECK (VALUE IS NOT NULL)${world.choose.once(2) ? " NOT VALID" : ""}`,
      `ALTER DOMAIN ${name} SET NOT NULL`,
      `ALTER DOMAIN ${name} DROP NOT NULL`,
      check === undefined ? null : `ALTER DOMAIN ${name} VALIDATE CONSTRAINT ${identifier(check.name)}`,
      check === undefined ? null : `ALTER DOMAIN ${name} DROP CONSTRAINT ${identifier(check.name)}`,
      `DROP DOMAIN ${name}${world.choose.once(2) ? " CASCADE" : ""}`,
    ]
    return world.choose.pick(forms) ?? null
  },
  (world) => {
    const type = world.choose.pick(world.catalog.enums)
    if (type === undefined) return null
    const forms = [`ALTER TYPE ${quoted(type.name)} RENAME VALUE 'a' TO '${world.fresh("l")}'`, `DROP TYPE ${quoted(type.name)} CASCADE`]
    return world.choose.pick(forms) ?? null
  },
  onTable((name, table, world) => {
    if (world.choose.once(3)) {
      const trigger = world.choose.pick(table.triggers)
      if (trigger !== undefined) return `DROP TRIGGER ${identifier(trigger)} ON ${name}`
    }
    const each = world.choose.pick(["ROW", "STATEMENT"]) ?? "ROW"
    const moment = each === "ROW" && table.kind === "partitioned table" ? "AFTER" : (world.choose.pick(["BEFORE", "AFTER"]) ?? "AFTER")
    return `CREATE TRIGGER ${world.fresh("g")} ${moment} INSERT ON ${name} FOR EACH ${each} EXECUTE PROCEDURE suppress_redundant_updates_trigger()`
  }),
  onTable((name, table, world) => {
    const policy = world.choose.pick(table.policies)
    return policy === undefined || world.choose.once(2) ? `CREATE POLICY ${world.fresh("y")} ON ${name} USING (true)` : `DROP POLICY ${identifier(policy)} ON ${name}`
  }),
  onTable((name, table, world) => {
    const [a, b] = table.columns
    return a === undefined || b === undefined ? null : `CREATE STATISTICS ${world.fresh("st")} ON ${identifier(a.name)}, ${identifier(b.name)} FROM ${name}`
  }),
  onTable((name) => `COMMENT ON TABLE ${name} IS 'x'`),
  onTable((name, _table, world) => `TRUNCATE ${name}${world.choose.once(2) ? " CASCADE" : ""}`),
  onTable((name, _table, world) => `DROP TABLE ${name}${world.choose.once(2) ? " CASCADE" : ""}`),
  onTable((name, table, world) => {
    const column = anyColumn(world, table)
    return column === undefined ? null : `UPDATE ${name} SET ${identifier(column.name)} = ${identifier(column.name)}`
  }),
  onTable((name) => `SELECT * FROM ${name}`),
  onTable((name, _table, world) => `LOCK TABLE ${name} IN ${world.choose.pick(["SHARE", "ROW EXCLUSIVE", "EXCLUSIVE"]) ?? "SHARE"} MODE`),
  onTable((name) => `GRANT SELECT ON ${name} TO pg_monitor`),
  (world) => `CREATE SEQUENCE ${world.fresh("s")}`,
  (world) => {
    const sequence = world.choose.pick(world.catalog.sequences)
    if (sequence === undefined) return null
    const name = quoted(sequence.name)
    const forms = [`ALTER SEQUENCE ${name} RESTART`, `DROP SEQUENCE ${name}${world.choose.once(2) ? " CASCADE" : ""}`, `ALTER SEQUENCE ${name} RENAME TO ${world.fresh("s")}`]
    return world.choose.pick(forms) ?? null
  },
  (world) => {
    const child = anyTable(world, ["table"])
    const parent = anyTable(world, ["table"])
    if (child === undefined || parent === undefined || child.name === parent.name) return null
    const inherits = child.parents.includes(parent.name)
    return `ALTER TABLE ${quoted(child.name)} ${inherits ? "NO INHERIT" : "INHERIT"} ${bare(parent.name)}`
  },
]
