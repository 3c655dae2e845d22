import type { Action } from "./columns.ts"
import { anyColumn, identifier, listed, quoted, someColumns, type Table, type World } from "./world.ts"

function timing(world: World): string {
  return world.choose.once(6) ? ` DEFERRABLE${world.choose.once(2) ? " INITIALLY DEFERRED" : ""}` : ""
}

function withKey(tables: readonly Table[]): readonly Table[] {
  return tables.filter((one) => one.constraints.some((constraint) => constraint.kind === "primary key" && constraint.columns.length === 1))
}

/**
 * In 12 to 14 it hangs on the history of a partition what the server makes of foreign keys among partitions: 12 knows those of a
 * table to itself only for partitions that were there before, and all leave parts behind when a partition of its own is detached.
 */
function referable(world: World, table: Table): readonly Table[] {
  if (world.major >= 15) return world.catalog.tables
  if (table.parents.length > 0) return world.catalog.tables.filter((one) => one.kind === "table" && one.parents.length === 0)
  return world.catalog.tables.filter((one) => one.name !== table.name || one.kind === "table")
}

function foreignKey(world: World, column: string, parent: Table): string {
  const { choose } = world
  const action = choose.once(4) ? ` ON DELETE ${choose.pick(["CASCADE", "SET NULL", "RESTRICT"]) ?? "CASCADE"}` : ""
  const enforced = world.major >= 18 && choose.once(8) ? " NOT ENFORCED" : choose.once(2) ? " NOT VALID" : ""
  return `ADD CONSTRAINT ${world.fresh("fk")} FOREIGN KEY (${identifier(column)}) REFERENCES ${quoted(parent.name)}${action}${timing(world)}${enforced}`
}

const actions = ["CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT", "NO ACTION"]

/** A key over columns that a unique key or the primary key of the other table has. */
function compoundKey(world: World, table: Table): string | null {
  const { choose, major } = world
  const keys = referable(world, table).flatMap((parent) =>
    parent.constraints.filter(({ kind }) => kind === "primary key" || kind === "unique").map((key) => ({ parent, key })),
  )
  const chosen = choose.pick(keys)
  if (chosen === undefined) return null
  const typeOf = (name: string): string | undefined => chosen.parent.columns.find((column) => column.name === name)?.type
  const columns = chosen.key.columns.map((name) => choose.pick(table.columns.filter((column) => column.type === typeOf(name))))
  if (columns.some((column) => column === undefined)) return null
  const names = columns.map((column) => identifier(column?.name ?? ""))
  const match = choose.once(5) ? " MATCH FULL" : ""
  const single = major >= 15 && choose.once(6) ? ` ON DELETE SET NULL (${names[0] ?? ""})` : ""
  const update = choose.once(4) ? ` ON UPDATE ${choose.pick(actions) ?? "CASCADE"}` : ""
  const remove = single === "" && choose.once(4) ? ` ON DELETE ${choose.pick(actions) ?? "CASCADE"}` : single
  const referenced = chosen.key.columns.map(identifier).join(", ")
  return `ADD FOREIGN KEY (${names.join(", ")}) REFERENCES ${quoted(chosen.parent.name)} (${referenced})${match}${remove}${update}${choose.once(2) ? " NOT VALID" : ""}`
}

/** Actions on constraints. */
export const constraintActions: readonly Action[] = [
  (world, table) => {
    const column = anyColumn(world, table)
    if (column === undefined) return null
    const test = world.choose.pick(["IS NOT NULL", "IS NULL OR true"]) ?? "IS NOT NULL"
    const kind = world.choose.pick(["", " NOT VALID", " NOT VALID", " NO INHERIT", world.major >= 18 ? " NOT ENFORCED" : ""]) ?? ""
    return `ADD CONSTRAINT ${world.fresh("ck")} CHECK (${identifier(column.name)} ${test})${kind}`
  },
  (world, table) => {
    const parent = world.choose.pick(withKey(referable(world, table)))
    const column = anyColumn(world, table)
    return parent === undefined || column === undefined ? null : foreignKey(world, column.name, parent)
  },
  (world, table) => {
    const pairs = withKey(referable(world, table)).flatMap((parent) => {
      const key = parent.constraints.find((one) => one.kind === "primary key")
      const type = parent.columns.find((column) => column.name === key?.columns[0])?.type
      return table.columns.filter((column) => column.type === type).map((column) => ({ parent, column }))
    })
    const chosen = world.choose.pick(pairs)
    return chosen === undefined ? null : foreignKey(world, chosen.column.name, chosen.parent)
  },
  (world, table) => {
    const { choose, major } = world
    const columns = someColumns(world, table, 2)
    if (columns.length === 0) return null
    const nulls = major >= 15 && choose.once(5) ? " NULLS NOT DISTINCT" : ""
    const more = choose.once(6) ? anyColumn(world, table) : undefined
    const name = choose.once(3) ? "" : `CONSTRAINT ${world.fresh("uq")} `
    return `ADD ${name}UNIQUE${nulls} (${listed(columns)})${more === undefined ? "" : ` INCLUDE (${identifier(more.name)})`}${timing(world)}`
  },
  (world, table) => {
    const columns = someColumns(world, table, 2)
    return columns.length === 0 ? null : `ADD PRIMARY KEY (${listed(columns)})${timing(world)}`
  },
  (world, table) => {
    const index = world.choose.pick(table.indexes.filter((one) => one.unique && one.constraint === null))
    if (index === undefined) return null
    const kind = world.choose.pick(["UNIQUE", "PRIMARY KEY"]) ?? "UNIQUE"
    return `ADD CONSTRAINT ${world.fresh("ui")} ${kind} USING INDEX ${identifier(index.name)}`
  },
  (world, table) => {
    const column = anyColumn(world, table)
    if (column === undefined) return null
    const where = world.choose.once(4) ? ` WHERE (${identifier(anyColumn(world, table)?.name ?? column.name)} IS NOT NULL)` : ""
    const element = world.choose.once(6) ? `(${identifier(column.name)} IS NULL)` : identifier(column.name)
    return `ADD ${world.choose.once(4) ? "" : `CONSTRAINT ${world.fresh("ex")} `}EXCLUDE USING ${world.choose.once(5) ? "hash" : "btree"} (${element} WITH =)${where}${timing(world)}`
  },
  (world, table) => {
    const index = world.choose.pick(table.indexes.filter((one) => one.unique && one.constraint === null))
    if (index === undefined) return null
    return `ADD ${world.choose.pick(["UNIQUE", "PRIMARY KEY"]) ?? "UNIQUE"} USING INDEX ${identifier(index.name)}${timing(world)}`
  },
  (world, table) => {
    const parent = world.choose.pick(withKey(referable(world, table)))
    const column = anyColumn(world, table)
    return parent === undefined || column === undefined ? null : `ADD FOREIGN KEY (${identifier(column.name)}) REFERENCES ${quoted(parent.name)} ON UPDATE CASCADE`
  },
  (world, table) => {
    const column = anyColumn(world, table)
    if (column === undefined || world.major < 18) return null
    return `ADD CONSTRAINT ${world.fresh("nn")} NOT NULL ${identifier(column.name)}${world.choose.once(2) ? " NOT VALID" : ""}`
  },
  compoundKey,
  (world, table) => {
    const check = world.choose.pick(world.catalog.tables.flatMap((one) => one.constraints.filter(({ kind }) => kind === "check")))
    const column = anyColumn(world, table)
    return check === undefined || column === undefined ? null : `ADD CONSTRAINT ${identifier(check.name)} CHECK (${identifier(column.name)} IS NOT NULL)`
  },
  (world, table) => {
    const [a, b] = someColumns(world, table, 3)
    return a === undefined || b === undefined ? null : `ADD CHECK (${identifier(a.name)} IS NOT NULL OR ${identifier(b.name)} IS NOT NULL)`
  },
  (world, table) => {
    const constraint = world.choose.pick(table.constraints.filter((one) => one.kind === "not null"))
    return constraint === undefined ? null : `ALTER CONSTRAINT ${identifier(constraint.name)} ${world.choose.pick(["INHERIT", "NO INHERIT"]) ?? "INHERIT"}`
  },
  (world) => `DROP CONSTRAINT IF EXISTS ${world.fresh("x")}`,
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
  (world, table) => {
    const constraint = world.choose.pick(table.constraints.filter((one) => one.kind === "foreign key"))
    if (constraint === undefined) return null
    const enforced = world.major >= 18 ? ["ENFORCED", "NOT ENFORCED"] : []
    return `ALTER CONSTRAINT ${identifier(constraint.name)} ${world.choose.pick(["DEFERRABLE", "NOT DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED", "INITIALLY IMMEDIATE", ...enforced]) ?? "DEFERRABLE"}`
  },
  (world, table) => {
    const constraint = world.choose.pick(table.constraints)
    return constraint === undefined ? null : `ALTER CONSTRAINT ${identifier(constraint.name)} ${world.choose.pick(["DEFERRABLE", "NOT DEFERRABLE", "INITIALLY DEFERRED"]) ?? "DEFERRABLE"}`
  },
]

export const tableActions: readonly Action[] = [
  (world) => `${world.choose.pick(["ENABLE", "DISABLE", "FORCE", "NO FORCE"]) ?? "ENABLE"} ROW LEVEL SECURITY`,
  () => "SET (fillfactor = 80)",
  () => "SET (autovacuum_enabled = false)",
  () => "RESET (fillfactor)",
  () => "SET (fillfactor = 70, toast.autovacuum_enabled = false, parallel_workers = 2)",
  (world) => `REPLICA IDENTITY ${world.choose.pick(["FULL", "DEFAULT", "NOTHING"]) ?? "FULL"}`,
  () => "SET TABLESPACE truth_space",
  () => "SET TABLESPACE pg_default",
  (world) => (world.major >= 15 ? "SET ACCESS METHOD heap" : null),
  (world, table) => {
    const type = world.choose.pick(world.catalog.composites)
    return type === undefined || table.parents.length > 0 ? "NOT OF" : `OF ${quoted(type.name)}`
  },
  (world, table) => {
    const rule = world.choose.pick(table.rules)
    return rule === undefined ? null : `${world.choose.pick(["DISABLE", "ENABLE"]) ?? "ENABLE"} RULE ${identifier(rule)}`
  },
  (world) => `${world.choose.pick(["DISABLE", "ENABLE"]) ?? "DISABLE"} TRIGGER ${world.choose.pick(["USER", "ALL"]) ?? "USER"}`,
  (world, table) => {
    const trigger = world.choose.pick(table.triggers)
    return trigger === undefined ? null : `${world.choose.pick(["DISABLE", "ENABLE ALWAYS"]) ?? "DISABLE"} TRIGGER ${identifier(trigger)}`
  },
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
