import type { Chooser } from "../random/chooser.ts"
import { around } from "./around.ts"
import { LONG, makeTable } from "./tables.ts"
import { kinds, type Kind } from "./values.ts"

/** A column whose values are known by the number of their row. */
export interface Column {
  readonly name: string
  /** As it is written. */
  readonly type: string
  readonly notNull: boolean
  /** Null for one that the server fills: identity, serial and generated columns. */
  readonly value: ((row: number) => string) | null
  /** What kind of values it has: by this statements choose it. */
  readonly kind: string
  /** Its values are all different. */
  readonly distinct: boolean
}

export interface Table {
  readonly schema: string
  readonly name: string
  readonly columns: Column[]
  readonly key: readonly string[]
  readonly partitions: readonly Partition[]
  /** The strategy of a partitioned table and its key. */
  readonly partitionBy: { readonly strategy: "range" | "list" | "hash"; readonly column: string } | null
  readonly heirs: readonly string[]
  readonly rows: number
  readonly unlogged: boolean
  readonly constraints: { readonly name: string; readonly kind: string; readonly columns: readonly string[] }[]
  readonly indexes: { readonly name: string; readonly columns: readonly string[] }[]
  readonly views: string[]
  /** Columns whose defaults draw from a sequence. */
  readonly counted: string[]
}

export interface Partition {
  readonly name: string
  readonly bound: string
}

export interface Made {
  readonly tables: readonly Table[]
  readonly statements: readonly string[]
  readonly rows: readonly string[]
  readonly domains: readonly string[]
  readonly enums: readonly { readonly name: string; readonly labels: readonly string[] }[]
  readonly materialized: readonly { readonly name: string; readonly unique: boolean }[]
}

export interface Maker {
  readonly choose: Chooser
  readonly major: number
  fresh(base: string): string
}

/** The name as SQL, in quotes where it needs them. */
export function reserved(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !["user", "group", "order", "table", "end", "select", "check"].includes(name) ? name : `"${name.replaceAll('"', '""')}"`
}

export function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return schema === "public" ? reserved(name) : `${reserved(schema)}.${reserved(name)}`
}

export function list(columns: readonly string[]): string {
  return columns.map(reserved).join(", ")
}

const tableNames = ["orders", "customers", "items", "Order Items", "user", "events", "Table", "größe", "t"]

/** A random schema whose tables have rows, with everything that may hang on a column. */
export function makeSchema(maker: Maker): Made {
  const { choose, major } = maker
  const statements: string[] = []
  const rows: string[] = []
  const own: Kind[] = []
  const schemas = ["public", ...(choose.once(2) ? [choose.pick(["app", "App Data"]) ?? "app"] : [])]
  for (const schema of schemas) if (schema !== "public") statements.push(`CREATE SCHEMA ${reserved(schema)}`, `GRANT ALL ON SCHEMA ${reserved(schema)} TO keeper`)
  const schemaOf = (): string => choose.pick(schemas) ?? "public"
  const enums: { name: string; labels: readonly string[] }[] = []
  const domains: string[] = []
  if (choose.once(2)) {
    const type = { schema: schemaOf(), name: choose.pick(["status", "Mood", "kind"]) ?? "status" }
    const labels = ["new", "in work", "done"]
    statements.push(`CREATE TYPE ${nameOf(type)} AS ENUM (${labels.map((label) => `'${label}'`).join(", ")})`)
    enums.push({ name: nameOf(type), labels })
    const fitted: Kind = { kind: "enum", type: nameOf(type), value: (n) => `'${labels[n % 3] ?? ""}'`, constant: "'new'" }
    own.push(fitted, fitted, { ...fitted, kind: "enum array", type: `${nameOf(type)}[]`, value: (n) => `'{"${labels[n % 3] ?? ""}"}'`, constant: "'{}'" })
  }
  if (choose.once(3)) {
    const type = { schema: schemaOf(), name: choose.pick(["positive", "Positive Int"]) ?? "positive" }
    const check = choose.once(4) ? "" : choose.pick([" CHECK (VALUE > 0)", " CONSTRAINT pos CHECK (VALUE > 0) CHECK (VALUE < 1000000)"]) ?? ""
    statements.push(`CREATE DOMAIN ${nameOf(type)} AS int${check}`)
    domains.push(nameOf(type))
    own.push({ kind: "domain", type: nameOf(type), value: (n) => String(n + 1), distinct: true })
  }
  if (choose.once(4)) {
    const type = { schema: schemaOf(), name: "pair" }
    statements.push(`CREATE TYPE ${nameOf(type)} AS (a int, "B" text)`)
    own.push({ kind: "composite", type: nameOf(type), value: (n) => `'(${String(n)},x)'` })
  }
  const all = [...kinds, ...own, ...own]
  const tables: Table[] = []
  const materialized: { name: string; unique: boolean }[] = []
  const count = 1 + choose.number(3)
  const names = new Set<string>()
  for (let at = 0; at < count; at += 1) {
    const name = choose.once(9) ? LONG.slice(0, 63 - at) : (choose.pick(tableNames) ?? "t")
    if (names.has(name)) continue
    names.add(name)
    const made = makeTable(maker, { schema: schemaOf(), name }, all, tables, statements)
    tables.push(made)
    rows.push(...rowsOf(made, maker))
  }
  for (const table of tables) around(maker, table, statements, materialized)
  const published = tables.filter(({ key, partitionBy, unlogged }) => key.length > 0 && !unlogged && (major >= 13 || partitionBy === null))
  if (published.length > 0 && choose.once(4)) statements.push(`CREATE PUBLICATION ${maker.fresh("pub")} FOR TABLE ${published.map(nameOf).join(", ")}`)
  if (major >= 15 && choose.once(6)) {
    const table = choose.pick(tables)
    if (table?.partitionBy === null && table.key.length > 0 && !table.unlogged && table.heirs.length === 0) statements.push(`CREATE PUBLICATION ${maker.fresh("pub")} FOR TABLE ${nameOf(table)} (${list(table.columns.slice(0, 3).map(({ name }) => name))}) WITH (publish = 'insert')`)
  }
  return { tables, statements, rows, domains, enums, materialized }
}

/** The value that the table's own key has in a row. */
export function keyValue(table: Table, row: number): string {
  const column = table.columns[0]
  return column?.value?.(row) ?? String(row)
}

/** Columns that the statements of an application write. */
export function writable(table: Table): Column[] {
  return table.columns.filter(({ value, kind }) => value !== null || kind === "serial")
}

function rowsOf(table: Table, { choose }: Maker): string[] {
  const columns = table.columns.filter(({ kind }) => kind !== "generated")
  const empty = new Set(columns.filter(({ notNull, name }) => !notNull && name !== "id" && choose.once(2)).map(({ name }) => name))
  const values = Array.from({ length: table.rows }, (_, at) => {
    const row = at + 1
    return `(${columns.map((column, place) => (empty.has(column.name) && (row + place) % 5 === 0 ? "NULL" : (column.value?.(row) ?? String(row)))).join(", ")})`
  })
  const into = `INSERT INTO ${nameOf(table)} (${list(columns.map(({ name }) => name))})`
  const overriding = columns.some(({ kind }) => kind === "identity") ? " OVERRIDING SYSTEM VALUE" : ""
  const first = table.columns[0]
  const numbered = first !== undefined && first.value === null ? [`SELECT setval(pg_get_serial_sequence('${nameOf(table).replaceAll("'", "''")}', 'id'), 1000)`] : []
  return [`${into}${overriding} VALUES\n${values.join(",\n")}`, ...numbered]
}
