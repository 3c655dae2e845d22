import { anyColumn, anyForm, anyTable, freshName, identifier, quoted, schemaOf, someColumns, type Table, type World, type Writer } from "./world.ts"

const onTable =
  (write: (name: string, table: Table, world: World) => string | null): Writer =>
  (world) => {
    const table = anyTable(world)
    return table === undefined ? null : write(quoted(table.name), table, world)
  }

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

const otherTrigger = onTable((name, table, world) => {
  const trigger = world.choose.pick(table.triggers)
  const view = world.choose.pick(world.catalog.views.filter((one) => one.kind === "view"))
  return anyForm(world, [
    table.kind === "table" ? `CREATE CONSTRAINT TRIGGER ${world.fresh("g")} AFTER UPDATE ON ${name} DEFERRABLE FOR EACH ROW EXECUTE PROCEDURE public.touch()` : null,
    `CREATE TRIGGER ${world.fresh("g")} AFTER TRUNCATE ON ${name} FOR EACH STATEMENT EXECUTE PROCEDURE public.touch()`,
    world.major >= 14 && trigger !== undefined ? `CREATE OR REPLACE TRIGGER ${identifier(trigger)} AFTER INSERT ON ${name} FOR EACH STATEMENT EXECUTE FUNCTION public.touch()` : null,
    view === undefined ? null : `CREATE TRIGGER ${world.fresh("g")} INSTEAD OF INSERT ON ${quoted(view.name)} FOR EACH ROW EXECUTE PROCEDURE public.touch()`,
  ])
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
    `CREATE OR REPLACE RULE ${identifier(world.choose.pick(table.rules) ?? world.fresh("ru"))} AS ON INSERT TO ${name} DO INSTEAD NOTHING`,
    table.rules[0] === undefined ? null : `ALTER RULE ${identifier(table.rules[0])} ON ${name} RENAME TO ${world.fresh("ru")}`,
    world.catalog.tables[0] === undefined ? null : `CREATE POLICY ${world.fresh("y")} ON ${name} FOR SELECT USING (EXISTS (SELECT FROM ${quoted(world.catalog.tables[0].name)}))`,
    trigger === undefined ? null : `COMMENT ON TRIGGER ${identifier(trigger)} ON ${name} IS 'x'`,
    `DROP TRIGGER IF EXISTS ${world.fresh("g")} ON ${name}`,
    `DROP POLICY IF EXISTS ${world.fresh("y")} ON ${name}`,
    `CREATE TRIGGER ${world.fresh("g")} AFTER INSERT ON ${name} REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE PROCEDURE public.touch()`,
    world.choose.pick(table.rules) === undefined ? null : `DROP RULE ${identifier(table.rules[0] ?? "")} ON ${name}`,
    column === undefined ? null : `COMMENT ON COLUMN ${name}.${identifier(column.name)} IS 'x'`,
  ])
})

const createStatistics = onTable((name, table, world) => {
  const columns = someColumns(world, table, 3).map((column) => identifier(column.name))
  const [first] = columns
  if (first === undefined) return null
  const { choose, major } = world
  const expression = major >= 14 && choose.once(4) ? `(${first} IS NULL)` : undefined
  const kind = choose.once(4) ? " (dependencies)" : ""
  const statistics = major >= 16 && choose.once(4) ? "" : ` ${freshName(world, "st")}`
  const elements = expression === undefined ? columns : [...columns.slice(1), expression]
  return `CREATE STATISTICS${statistics}${elements.length > 1 ? kind : ""} ON ${elements.join(", ")} FROM ${name}`
})

const alterStatistics: Writer = (world) => {
  const statistics = world.choose.pick(world.catalog.statistics)
  if (statistics === undefined) return null
  const name = quoted(statistics.name)
  const schema = world.choose.pick(world.catalog.tables.map((table) => schemaOf(table.name)))
  return anyForm(world, [
    `DROP STATISTICS ${name}`,
    `ALTER STATISTICS ${name} RENAME TO ${world.fresh("st")}`,
    world.major >= 13 ? `ALTER STATISTICS ${name} SET STATISTICS 50` : null,
    schema === undefined ? null : `ALTER STATISTICS ${name} SET SCHEMA ${identifier(schema)}`,
  ])
}

const publications: Writer = (world) => {
  const table = anyTable(world)
  const other = anyTable(world)
  const name = table === undefined ? "" : quoted(table.name)
  const publication = world.choose.pick(world.catalog.publications)?.name
  const column = table === undefined ? undefined : anyColumn(world, table)
  const list = world.major >= 15 && column !== undefined && world.choose.once(3) ? ` (${identifier(column.name)})` : ""
  const where = world.major >= 15 && column !== undefined && world.choose.once(3) ? ` WHERE (${identifier(column.name)} IS NOT NULL)` : ""
  return anyForm(world, [
    table === undefined ? null : `CREATE PUBLICATION ${world.fresh("pb")} FOR TABLE ${name}${list}${where}`,
    `CREATE PUBLICATION ${world.fresh("pb")}`,
    world.choose.once(5) ? `CREATE PUBLICATION ${world.fresh("pb")} FOR ALL TABLES` : null,
    publication === undefined ? null : `DROP PUBLICATION ${identifier(publication)}`,
    publication === undefined ? null : `ALTER PUBLICATION ${identifier(publication)} RENAME TO ${world.fresh("pb")}`,
    publication === undefined || table === undefined ? null : `ALTER PUBLICATION ${identifier(publication)} ADD TABLE ${name}${where}`,
    publication === undefined || table === undefined ? null : `ALTER PUBLICATION ${identifier(publication)} DROP TABLE ${name}`,
    publication === undefined || other === undefined ? null : `ALTER PUBLICATION ${identifier(publication)} SET TABLE ${quoted(other.name)}`,
  ])
}

const routines: Writer = (world) => {
  const table = anyTable(world)
  const routine = world.choose.pick(world.catalog.functions.filter((one) => !one.name.endsWith(".touch")))
  const signature = routine === undefined ? "" : `${routine.kind.toUpperCase()} ${quoted(routine.name)}(${routine.arguments.join(", ")})`
  const type = world.choose.pick([...world.catalog.enums, ...world.catalog.domains, ...world.catalog.composites].map((one) => quoted(one.name))) ?? "int"
  return anyForm(world, [
    `CREATE FUNCTION ${freshName(world, "f")}(a ${type}, b int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT b'`,
    table === undefined || world.major < 14 ? null : `CREATE FUNCTION ${world.fresh("f")}() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM ${quoted(table.name)}; END`,
    `CREATE PROCEDURE ${world.fresh("pr")}(a int) LANGUAGE plpgsql AS 'BEGIN END'`,
    routine === undefined ? null : `DROP ${signature}${world.choose.once(2) ? " CASCADE" : ""}`,
    routine === undefined ? null : `ALTER ${signature} RENAME TO ${world.fresh("f")}`,
    routine?.kind !== "function" ? null : `ALTER ${signature} STABLE`,
    routine === undefined ? null : `CREATE OR REPLACE FUNCTION ${quoted(routine.name)}() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
  ])
}

/** What hangs on a function: defaults, checks, indexes, views, policies. */
const usesFunction: Writer = (world) => {
  const routine = world.choose.pick(world.catalog.functions.filter((one) => one.kind === "function" && one.arguments.length === 2 && one.arguments[0] === "integer"))
  const table = anyTable(world)
  const column = table === undefined ? undefined : world.choose.pick(table.columns.filter((one) => one.type === "integer"))
  if (routine === undefined) return `CREATE FUNCTION ${freshName(world, "f")}(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT b'`
  if (table === undefined) return null
  const call = `${quoted(routine.name)}(${column === undefined ? "1" : identifier(column.name)})`
  return anyForm(world, [
    `ALTER TABLE ${quoted(table.name)} ADD CONSTRAINT ${world.fresh("ck")} CHECK (${call} IS NOT NULL) NOT VALID`,
    `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${world.fresh("c")} int DEFAULT ${quoted(routine.name)}(1)`,
    `CREATE INDEX ${world.fresh("i")} ON ${quoted(table.name)} ((${call}))`,
    `CREATE VIEW ${world.fresh("v")} AS SELECT ${call} AS k FROM ${quoted(table.name)}`,
    `CREATE POLICY ${world.fresh("y")} ON ${quoted(table.name)} USING (${call} > 0)`,
    world.major >= 12 ? `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${world.fresh("c")} int GENERATED ALWAYS AS (${call}) STORED` : null,
    `CREATE TRIGGER ${world.fresh("g")} BEFORE UPDATE ON ${quoted(table.name)} FOR EACH ROW WHEN (${column === undefined ? call : `${quoted(routine.name)}(NEW.${identifier(column.name)})`} > 0) EXECUTE PROCEDURE public.touch()`,
    `DROP FUNCTION ${quoted(routine.name)}(int, int)`,
    `DROP FUNCTION ${quoted(routine.name)}(int, int) CASCADE`,
  ])
}

const alterSequence: Writer = (world) => {
  const sequence = world.choose.pick(world.catalog.sequences)
  if (sequence === undefined) return null
  const name = quoted(sequence.name)
  const table = world.choose.pick(world.catalog.tables.filter((one) => schemaOf(one.name) === schemaOf(sequence.name)))
  const column = table === undefined ? undefined : anyColumn(world, table)
  return anyForm(world, [
    `ALTER SEQUENCE ${name} RESTART`,
    `ALTER SEQUENCE ${name} SET SCHEMA ${identifier(schemaOf(anyTable(world)?.name ?? "public.t"))}`,
    `DROP SEQUENCE IF EXISTS ${world.fresh("s")}, ${name}`,
    `SELECT nextval('${name}')`,
    `ALTER SEQUENCE ${name} OWNER TO pg_monitor`,
    `ALTER SEQUENCE ${name} AS bigint`,
    `DROP SEQUENCE ${name}${world.choose.once(2) ? " CASCADE" : ""}`,
    `ALTER SEQUENCE ${name} RENAME TO ${world.fresh("s")}`,
    `ALTER SEQUENCE ${name} OWNED BY NONE`,
    world.major >= 15 ? `ALTER SEQUENCE ${name} SET UNLOGGED` : null,
    table === undefined || column === undefined ? null : `ALTER SEQUENCE ${name} OWNED BY ${quoted(table.name)}.${identifier(column.name)}`,
    table === undefined ? null : `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${world.fresh("c")} int DEFAULT nextval('${name}')`,
  ])
}

export const partWriters: readonly Writer[] = [
  (world) => (world.choose.once(10) ? "DROP FUNCTION public.touch() CASCADE" : triggerFunction),
  createTrigger,
  createTrigger,
  otherTrigger,
  parts,
  parts,
  parts,
  createStatistics,
  createStatistics,
  alterStatistics,
  publications,
  routines,
  (world) => `CREATE SEQUENCE ${freshName(world, "s")}`,
  (world) => {
    const table = anyTable(world)
    const column = table === undefined ? undefined : anyColumn(world, table)
    if (table === undefined || column === undefined) return null
    const kind = world.choose.pick(["SEQUENCE", "TEMP SEQUENCE", "SEQUENCE IF NOT EXISTS"]) ?? "SEQUENCE"
    return `CREATE ${kind} ${world.fresh("s")} OWNED BY ${quoted(table.name)}.${identifier(column.name)}`
  },
  usesFunction,
  alterSequence,
  alterSequence,
]
