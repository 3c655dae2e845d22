import { anyColumn, anyDefault, anyForm, anyType, identifier, literalOf, quoted, type Table, type World } from "./world.ts"

/** One action of ALTER TABLE on the table, or null when it has nothing to act on. */
export type Action = (world: World, table: Table) => string | null

/** A column definition without constraints that need other columns; `others` may be read by a generated column. */
export function columnDefinition(world: World, name: string, others: readonly string[] = []): string {
  const { choose, major } = world
  if (choose.once(12)) return `${name} ${choose.pick(["serial", "bigserial"]) ?? "serial"}`
  if (choose.once(14)) return `${name} int GENERATED ${choose.pick(["ALWAYS", "BY DEFAULT"]) ?? "ALWAYS"} AS IDENTITY`
  const read = choose.once(9) ? choose.pick(others) : undefined
  if (read !== undefined && major >= 12) {
    return `${name} bool GENERATED ALWAYS AS (${read} IS NULL) ${major >= 18 && choose.once(2) ? "VIRTUAL" : "STORED"}`
  }
  const type = anyType(world)
  let definition = `${name} ${type}`
  if (/^(text|varchar|char)[^[]*$/.test(type) && choose.once(6)) definition += ' COLLATE "C"'
  if (choose.once(3)) definition += anyDefault(world, type)
  if (major >= 16 && /^(text|varchar|bytea|json)[^[]*$/.test(type) && choose.once(10)) definition += " STORAGE EXTERNAL"
  if (choose.once(5)) definition += notNull(world)
  if (choose.once(12)) definition += " UNIQUE"
  if (choose.once(10)) definition += ` CHECK (${name} IS NOT NULL)`
  if (choose.once(8)) {
    const parent = choose.pick(world.catalog.tables.filter((table) => table.constraints.some((one) => one.kind === "primary key")))
    if (parent !== undefined) definition += ` REFERENCES ${quoted(parent.name)}`
  }
  return definition
}

function notNull({ choose, major, fresh }: World): string {
  if (major < 18 || !choose.once(3)) return " NOT NULL"
  return choose.once(2) ? " NOT NULL NO INHERIT" : ` CONSTRAINT ${fresh("nn")} NOT NULL`
}

const onColumn =
  (write: (column: Table["columns"][number], world: World) => string | null): Action =>
  (world, table) => {
    const column = anyColumn(world, table)
    const action = column === undefined ? null : write(column, world)
    return column === undefined || action === null ? null : `ALTER COLUMN ${identifier(column.name)} ${action}`
  }

const isText = (type: string): boolean => /^(text|character varying|character)(\(\d+\))?$/.test(type)

function changeType(column: Table["columns"][number], world: World): string {
  const type = anyType(world)
  const name = identifier(column.name)
  const using = [`${name}::${type}`, `${name}::text::${type}`, `(NULL::${type})`]
  return `TYPE ${type}${world.choose.once(2) ? ` USING ${world.choose.pick(using) ?? name}` : ""}`
}

/** Actions on columns, by how often they come. */
export const columnActions: readonly Action[] = [
  (world, table) => `ADD COLUMN ${columnDefinition(world, world.fresh("c"), table.columns.map((column) => identifier(column.name)))}`,
  (world, table) => `ADD COLUMN ${columnDefinition(world, world.fresh("c"), table.columns.map((column) => identifier(column.name)))}`,
  (world, table) => {
    const column = anyColumn(world, table)
    return column === undefined ? null : `ADD COLUMN IF NOT EXISTS ${identifier(column.name)} int`
  },
  (world, table) => {
    const column = anyColumn(world, table)
    if (column === undefined) return null
    return `DROP COLUMN ${world.choose.once(8) ? "IF EXISTS " : ""}${identifier(column.name)}${world.choose.once(3) ? " CASCADE" : ""}`
  },
  (world, table) => {
    const column = anyColumn(world, table)
    if (column === undefined) return null
    // Up to 12 a column that is there gets the sequence and the constraints all the same.
    const kinds = world.major >= 13 ? ["serial", "int DEFAULT 1", "text UNIQUE"] : ["int DEFAULT 1"]
    return `ADD COLUMN IF NOT EXISTS ${world.choose.once(2) ? world.fresh("c") : identifier(column.name)} ${world.choose.pick(kinds) ?? "int"}`
  },
  onColumn((column, world) => {
    const sequence = world.choose.pick(world.catalog.sequences)
    return sequence === undefined || !/^(integer|bigint|smallint|numeric)[^[]*$/.test(column.type) ? null : `SET DEFAULT nextval('${quoted(sequence.name)}')`
  }),
  onColumn(changeType),
  onColumn(changeType),
  onColumn((column, world) => (isText(column.type) ? `TYPE ${world.choose.pick(["text", "varchar(100)", "varchar", 'text COLLATE "C"']) ?? "text"}` : null)),
  onColumn((column) => (column.type === "integer" ? "TYPE bigint" : column.type === "bigint" ? "TYPE int" : null)),
  onColumn(() => "SET NOT NULL"),
  onColumn(() => "SET NOT NULL"),
  onColumn(() => "DROP NOT NULL"),
  onColumn((column, world) => {
    const constant = literalOf(world, column.type)
    return constant === null ? null : `SET DEFAULT ${constant}`
  }),
  onColumn(() => "DROP DEFAULT"),
  onColumn((_column, world) => world.choose.pick(["SET STATISTICS 50", "SET (n_distinct = 5)", "RESET (n_distinct)"]) ?? null),
  onColumn((column, world) => (/^(text|char|bytea|json)/.test(column.type) ? `SET STORAGE ${world.choose.pick(["EXTERNAL", "MAIN"]) ?? "MAIN"}` : null)),
  onColumn((column, world) => (world.major >= 14 && /^(text|bytea|json)/.test(column.type) ? "SET COMPRESSION pglz" : null)),
  onColumn((column) => (column.identity === null ? "DROP IDENTITY IF EXISTS" : null)),
  onColumn((column, world) => (world.major >= 13 && column.generated === null ? "DROP EXPRESSION IF EXISTS" : null)),
  (world) => `DROP COLUMN IF EXISTS ${world.fresh("c")}`,
  onColumn((column) => (/^(integer|bigint|smallint)$/.test(column.type) && column.notNull ? "ADD GENERATED BY DEFAULT AS IDENTITY" : null)),
  onColumn((column, world) =>
    column.notNull || world.choose.once(4) ? `ADD GENERATED ${world.choose.pick(["ALWAYS", "BY DEFAULT"]) ?? "ALWAYS"} AS IDENTITY${world.choose.once(2) ? " (START WITH 5 INCREMENT BY 2)" : ""}` : null,
  ),
  onColumn((column, world) => {
    if (column.identity === null) return null
    return anyForm(world, ["DROP IDENTITY", "SET GENERATED ALWAYS", "RESTART WITH 10", "SET INCREMENT BY 2 SET GENERATED BY DEFAULT", "SET GENERATED BY DEFAULT SET START WITH 5 RESTART"])
  }),
  onColumn((column, world) => {
    if (column.generated === null) return null
    return anyForm(world, [world.major >= 13 ? "DROP EXPRESSION" : null, world.major >= 17 ? "SET EXPRESSION AS (true)" : null])
  }),
]

/** Actions of one ALTER TABLE that speak of one column or constraint: the server runs them in passes, not as they stand. */
function onOne(world: World, table: Table): readonly string[] {
  const { choose } = world
  const column = anyColumn(world, table)
  const constraint = choose.pick(table.constraints)
  const added = world.fresh("c")
  const name = identifier(column?.name ?? added)
  const type = anyType(world)
  const constant = literalOf(world, type)
  const forms: readonly (readonly string[] | null)[] = [
    [`ADD COLUMN ${added} int`, `ALTER COLUMN ${added} SET NOT NULL`, `ADD UNIQUE (${added})`],
    [`ADD COLUMN ${added} ${type}`, `ADD CONSTRAINT ${world.fresh("ck")} CHECK (${added} IS NOT NULL)`, `ALTER COLUMN ${added} SET DEFAULT NULL`],
    [`ADD CONSTRAINT ${world.fresh("uq")} UNIQUE (${added})`, `ADD COLUMN ${added} int`],
    [`ADD COLUMN ${added} int`, `DROP COLUMN ${added}`],
    [`DROP COLUMN ${name}`, `ADD COLUMN ${name} ${type}`],
    [`DROP COLUMN ${name}`, `ADD COLUMN IF NOT EXISTS ${name} ${type}`],
    [`ALTER COLUMN ${name} DROP DEFAULT`, `ALTER COLUMN ${name} TYPE ${type} USING (NULL::${type})`, ...(constant === null ? [] : [`ALTER COLUMN ${name} SET DEFAULT ${constant}`])],
    [`ALTER COLUMN ${name} SET NOT NULL`, `ALTER COLUMN ${name} TYPE ${type}`],
    [`ALTER COLUMN ${name} DROP NOT NULL`, `ALTER COLUMN ${name} SET NOT NULL`],
    [`ALTER COLUMN ${name} SET NOT NULL`, `ALTER COLUMN ${name} DROP NOT NULL`],
    [`ALTER COLUMN ${name} TYPE ${type}`, `DROP COLUMN ${name}`],
    [`ALTER COLUMN ${name} SET NOT NULL`, `ALTER COLUMN ${name} ADD GENERATED BY DEFAULT AS IDENTITY`],
    [`ALTER COLUMN ${name} DROP DEFAULT`, `ALTER COLUMN ${name} ADD GENERATED ALWAYS AS IDENTITY`],
    [`ALTER COLUMN ${name} DROP IDENTITY IF EXISTS`, `ALTER COLUMN ${name} SET DEFAULT NULL`],
    [`ADD CONSTRAINT ${added} CHECK (${name} IS NOT NULL) NOT VALID`, `VALIDATE CONSTRAINT ${added}`],
    [`ADD CONSTRAINT ${added} CHECK (${name} IS NOT NULL)`, `DROP CONSTRAINT ${added}`],
    [`ADD CONSTRAINT ${added} CHECK (${name} IS NOT NULL)`, `ALTER COLUMN ${name} SET NOT NULL`],
    [`ADD PRIMARY KEY (${name})`, `ALTER COLUMN ${name} ADD GENERATED BY DEFAULT AS IDENTITY`],
    constraint === undefined ? null : [`DROP CONSTRAINT ${identifier(constraint.name)}`, `ADD CONSTRAINT ${identifier(constraint.name)} CHECK (${name} IS NOT NULL)`],
    constraint === undefined ? null : [`DROP CONSTRAINT ${identifier(constraint.name)}`, `ADD CONSTRAINT ${identifier(constraint.name)} UNIQUE (${name})`],
    constraint === undefined ? null : [`DROP CONSTRAINT ${identifier(constraint.name)}`, `ADD PRIMARY KEY (${name})`],
    constraint === undefined ? null : [`DROP CONSTRAINT ${identifier(constraint.name)}`, `DROP COLUMN ${name}`],
    constraint === undefined ? null : [`DROP CONSTRAINT ${identifier(constraint.name)}`, `ALTER COLUMN ${name} DROP NOT NULL`, `ALTER COLUMN ${name} TYPE ${type}`],
  ]
  const chosen = choose.pick(forms.filter((form) => form !== null)) ?? []
  return choose.once(3) ? [...chosen].reverse() : chosen
}

/** ALTER TABLE with up to four actions. */
export function alter(world: World, table: Table, families: readonly (readonly Action[])[]): string | null {
  const { choose } = world
  const count = choose.once(5) ? 2 + choose.number(3) : 1
  const own = choose.pick(families) ?? []
  const written: string[] = []
  for (let at = 0; at < count; at += 1) {
    const family = at > 0 && choose.once(3) ? (choose.pick(families) ?? own) : own
    const action = choose.pick(family)?.(world, table) ?? null
    if (action !== null) written.push(action)
  }
  if (choose.once(8)) written.push(...onOne(world, table))
  if (written.length === 0) return null
  // Up to 12 keys of one ALTER TABLE are merged, those USING INDEX as well; such statements are left out.
  if (world.major < 13 && written.some((action) => action.includes("USING INDEX")) && written.length > 1) return null
  const only = choose.once(20) ? "ONLY " : choose.once(20) ? "IF EXISTS " : ""
  return `ALTER TABLE ${only}${quoted(table.name)} ${written.join(", ")}`
}
