import { anyColumn, anyTable, filled, type World, type Writer } from "./hazard.ts"
import { nameOf, reserved, type Column } from "./schema.ts"

/** How a type can change, by the kind of values: types and expressions. */
const changes: Readonly<Record<string, readonly (readonly [type: string, using: ((name: string) => string) | null])[]>> = {
  int: [["bigint", null], ["bigint", null], ["numeric", null], ["text", null], ["text", (c) => `${c}::text`], ["text", (c) => `'n' || ${c}`]],
  bigint: [["numeric", null], ["int", null], ["text", null], ["numeric(20,4)", (c) => `${c} / 10.0`]],
  smallint: [["int", null], ["bigint", null]],
  text: [["varchar(60)", null], ["text COLLATE \"C\"", null], ["bytea", (c) => `convert_to(${c}, 'UTF8')`], ["char(40)", null]],
  digits: [["int", (c) => `${c}::int`], ["bigint", (c) => `(${c})::bigint`], ["numeric(12,3)", (c) => `${c}::numeric(12,3)`], ["integer", (c) => `nullif(trim(${c}), '')::integer`]],
  varchar: [["varchar(20)", null], ["char(60)", null], ["text COLLATE \"C\"", null]],
  char: [["text", null], ["varchar(8)", null], ["char(20)", null]],
  numeric: [["numeric(12,4)", null], ["bigint", null], ["double precision", null], ["text", null]],
  float: [["numeric", null], ["real", null], ["numeric(12,2)", null]],
  date: [["timestamp", null], ["timestamptz", null], ["text", null]],
  timestamp: [["timestamptz", null], ["date", null], ["timestamptz", (c) => `${c} AT TIME ZONE 'UTC'`], ["timestamp(0)", null]],
  timestamptz: [["timestamp", null], ["date", null], ["timestamp", (c) => `${c} AT TIME ZONE 'UTC'`]],
  boolean: [["text", null], ["int", (c) => `CASE WHEN ${c} THEN 1 ELSE 0 END`], ["text", (c) => `CASE WHEN ${c} THEN 'yes' ELSE 'no' END`]],
  jsonb: [["json", null], ["text", null]],
  json: [["jsonb", null], ["jsonb", (c) => `${c}::jsonb`], ["text", null]],
  uuid: [["text", null], ["char(36)", (c) => `${c}::text`]],
  "int array": [["bigint[]", null], ["jsonb", (c) => `to_jsonb(${c})`]],
  "text array": [["varchar(50)[]", null]],
  inet: [["text", null], ["cidr", null]],
  interval: [["text", null]],
  enum: [["text", null], ["varchar(20)", (c) => `${c}::text`]],
  domain: [["bigint", null], ["text", null]],
  reference: [["bigint", null]],
  serial: [["bigint", null], ["int", null]],
  identity: [["bigint", null], ["int", null]],
}

function typeChange(world: World, column: Column): string | null {
  const { choose } = world.maker
  const change = choose.pick(changes[column.kind] ?? [])
  if (change === undefined || change[0] === column.type) return null
  const [type, using] = change
  const written = choose.once(2) ? "SET DATA TYPE" : "TYPE"
  return `ALTER COLUMN ${reserved(column.name)} ${written} ${type}${using === null ? "" : ` USING ${using(reserved(column.name))}`}`
}

export const changeType: Writer = (world) => {
  const table = anyTable(world)
  if (table === undefined) return null
  const wanted = world.maker.choose.once(3) ? 2 + world.maker.choose.number(2) : 1
  const columns = [...new Set(Array.from({ length: wanted }, () => anyColumn(world, table, ({ kind }) => kind in changes)))].filter((one) => one !== undefined)
  const actions = columns.flatMap((column) => typeChange(world, column) ?? [])
  if (actions.length === 0) return null
  return { kind: "change type", table, sql: `ALTER TABLE ${nameOf(table)} ${actions.join(", ")}` }
}

export const renameColumn: Writer = (world) => {
  const { choose } = world.maker
  const table = anyTable(world)
  const column = table === undefined ? undefined : anyColumn(world, table)
  if (table === undefined || column === undefined) return null
  const name = choose.pick(["contact", "newName", "select", "a_new_name_of_sixty_three_bytes_which_is_as_long_as_names_can_be", column.name.slice(0, 50) + "_2", "Neuer Name"].filter((one) => !table.columns.some((other) => other.name === one))) ?? "renamed"
  return {
    kind: "rename column", table, renamed: { column: [column.name, name] },
    sql: `ALTER TABLE ${nameOf(table)} RENAME ${choose.once(2) ? "COLUMN " : ""}${reserved(column.name)} TO ${reserved(name)}`,
  }
}

/** What stands behind the name of a new column, whether nobody knows its values, and what a person does to fill it; null where it does not apply. */
type Form = readonly [definition: string | null, unknown?: boolean, byHand?: string]

export const addColumn: Writer = (world) => {
  const { choose, major } = world.maker
  const table = anyTable(world)
  if (table === undefined) return null
  const wanted = choose.once(4) ? 2 : 1
  const drawn: string[] = []
  const byHand: string[] = []
  const actions = Array.from({ length: wanted }, (_, at) => {
    const name = choose.once(2) ? `added${String(at)}` : `Added ${String(at)}`
    const c = reserved(name)
    const source = choose.pick(table.columns.filter(({ type, kind }) => /^(int|integer|bigint|smallint)$/.test(type) && kind !== "generated"))
    const parent = choose.pick(world.made.tables.filter((one) => one.key.length === 1 && one.partitionBy === null && !one.unlogged))
    const domain = choose.pick(world.made.domains)
    const label = choose.pick(world.made.enums)
    const collation = choose.once(4) ? ' COLLATE "C"' : ""
    const forms: readonly Form[] = [
      [`uuid NOT NULL DEFAULT ${major >= 13 ? "gen_random_uuid()" : "md5(random()::text)::uuid"}`, true],
      [`double precision DEFAULT random()`, true],
      [`timestamptz NOT NULL DEFAULT clock_timestamp()`, true],
      [`text${collation} DEFAULT md5(random()::text) UNIQUE`, true],
      ["serial", true],
      ["bigserial NOT NULL UNIQUE", true],
      [`bigint GENERATED ${choose.pick(["ALWAYS", "BY DEFAULT"]) ?? "ALWAYS"} AS IDENTITY${choose.once(2) ? " (START 100 INCREMENT 10)" : ""}`, true],
      [source === undefined || major < 12 ? null : `bigint GENERATED ALWAYS AS (${reserved(source.name)} * 3) STORED`],
      [`int NOT NULL CHECK (${c} > 0) DEFAULT 1`],
      [`int DEFAULT 5 CONSTRAINT ${reserved(world.maker.fresh("Chk "))} CHECK (${c} > 0) UNIQUE`],
      [parent === undefined ? null : `${parent.columns[0]?.type ?? "int"} REFERENCES ${nameOf(parent)}${choose.once(2) ? " ON DELETE SET NULL" : ""}`],
      [parent === undefined ? null : `${parent.columns[0]?.type ?? "int"} DEFAULT ${/uuid/.test(parent.columns[0]?.type ?? "") ? "'00000000-0000-0000-0000-000000000001'" : "1"} REFERENCES ${nameOf(parent)} ON DELETE CASCADE`],
      [domain === undefined ? null : `${domain} DEFAULT 1`],
      [domain === undefined ? null : `${domain}`],
      [label === undefined ? null : `${label.name} NOT NULL DEFAULT 'new' CHECK (${c} <> 'done')`],
      ["text UNIQUE"],
      ["text NOT NULL", false, `UPDATE ${nameOf(table)} SET ${c} = 'filled' WHERE ${c} IS NULL`],
      ["int NOT NULL", false, `UPDATE ${nameOf(table)} SET ${c} = 3 WHERE ${c} IS NULL`],
      [table.key.length === 0 && table.partitionBy === null && at === 0 ? "bigserial PRIMARY KEY" : null, true],
      [major >= 18 && source !== undefined ? `bigint GENERATED ALWAYS AS (${reserved(source.name)} + 1) VIRTUAL NOT NULL` : null],
    ]
    const [form = "int", unknown = false, hand] = choose.pick(forms.filter(([one]) => one !== null)) ?? []
    if (unknown) drawn.push(name)
    if (hand !== undefined) byHand.push(hand)
    return { c, form: form ?? "int", hand }
  })
  const needed = actions.filter(({ hand }) => hand !== undefined)
  const alter = `ALTER TABLE ${nameOf(table)}`
  const sql = `${alter} ${actions.map(({ c, form }) => `ADD ${choose.once(2) ? "COLUMN " : ""}${c} ${form}`).join(", ")}`
  const directly = needed.length === 0 ? undefined :
    `${alter} ${actions.map(({ c, form, hand }) => `ADD COLUMN ${c} ${hand === undefined ? form : form.replace(" NOT NULL", "")}`).join(", ")}; ${byHand.join("; ")}; ${needed.map(({ c }) => `${alter} ALTER ${c} SET NOT NULL`).join("; ")}`
  // The application that knows a required column writes it.
  return { kind: "add column", table, sql, drawn, ...(directly === undefined ? {} : { directly, byHand: byHand.join("; "), quiet: true }) }
}

export const setNotNull: Writer = (world) => {
  const { choose, major } = world.maker
  const table = anyTable(world)
  if (table === undefined) return null
  const columns = [...new Set([anyColumn(world, table, ({ notNull, kind }) => !notNull && kind !== "generated"), choose.once(3) ? anyColumn(world, table, ({ notNull, kind }) => !notNull && kind !== "generated") : undefined])].filter((one) => one !== undefined)
  if (columns.length === 0) return null
  const named = major >= 18 && choose.once(4)
  const actions = columns.map(({ name }) => (named ? `ADD ${choose.once(2) ? `CONSTRAINT ${reserved(world.maker.fresh("Nn "))} ` : ""}NOT NULL ${reserved(name)}` : `ALTER COLUMN ${reserved(name)} SET NOT NULL`))
  return { kind: "set not null", table, prepare: columns.flatMap((column) => filled(table, column)), required: columns.map(({ name }) => name), sql: `ALTER TABLE ${nameOf(table)} ${actions.join(", ")}` }
}

export const dropColumn: Writer = (world) => {
  const { choose } = world.maker
  const table = anyTable(world)
  if (table === undefined) return null
  const columns = [...new Set([anyColumn(world, table), choose.once(3) ? anyColumn(world, table) : undefined])].filter((one) => one !== undefined)
  const cascade = choose.once(4) ? " CASCADE" : ""
  return {
    kind: "drop column", table, renamed: { gone: columns.map(({ name }) => name) },
    sql: `ALTER TABLE ${nameOf(table)} ${columns.map(({ name }) => `DROP COLUMN ${choose.once(4) ? "IF EXISTS " : ""}${reserved(name)}${cascade}`).join(", ")}`,
  }
}
