import type { Kind } from "./values.ts"
import { day, kinds } from "./values.ts"
import { list, nameOf, reserved, keyValue, type Column, type Maker, type Partition, type Table } from "./schema.ts"

/** As long as a name can be. */
export const LONG = "a_very_long_name_that_takes_every_single_byte_that_a_name_may_h"

const columnNames = ["status", "email", "amount", "note", "createdAt", "group", "order", "kind", "code", "total", "user", "Größe", "a b", "x", "y%s", "it's", "batch_start", "value", "old", "new"]

/** A table with its rows' kinds, partitions and inheriting tables; `others` may be referenced. */
export function makeTable(maker: Maker, { schema, name }: { schema: string; name: string }, all: readonly Kind[], others: readonly Table[], statements: string[]): Table {
  const { choose, major } = maker
  const taken = new Set(["id", "rowno", "at", "region"])
  const fresh = (): string => {
    for (;;) {
      const one = choose.once(14) ? LONG.replace("a_very", "column").slice(0, 63) : (choose.pick(columnNames) ?? "x")
      if (!taken.has(one)) {
        taken.add(one)
        return one
      }
      const numbered = maker.fresh("c")
      if (!taken.has(numbered)) {
        taken.add(numbered)
        return numbered
      }
    }
  }
  const partitioned = choose.once(4) ? (choose.pick(["range", "list", "hash"] as const) ?? null) : null
  const columns: Column[] = []
  const written: string[] = []
  const constraints: Table["constraints"][number][] = []
  const add = (column: Column, definition: string): void => {
    columns.push(column)
    written.push(`${reserved(column.name)} ${definition}`)
  }
  const keyForm = choose.number(7)
  const idType = choose.pick(["int", "bigint", "int"]) ?? "int"
  const idValue = (n: number): string => String(n)
  const identified = { name: "id", notNull: true, distinct: true }
  const partitionColumn = partitioned === null ? null : partitioned === "range" ? "at" : partitioned === "list" ? "region" : "id"
  const inKey = partitionColumn === null || partitionColumn === "id" ? [] : [partitionColumn]
  let key: readonly string[] = ["id", ...inKey]
  const plainKey = partitioned === null
  if (keyForm === 0 && plainKey) {
    add({ ...identified, type: idType, value: null, kind: "serial" }, `${idType === "int" ? "serial" : "bigserial"} PRIMARY KEY`)
  } else if (keyForm === 1 && plainKey) {
    add({ ...identified, type: idType, value: null, kind: "identity" }, `${idType} GENERATED ${choose.pick(["ALWAYS", "BY DEFAULT"]) ?? "ALWAYS"} AS IDENTITY${choose.once(3) ? " (START 100 INCREMENT 5)" : ""} PRIMARY KEY`)
  } else if (keyForm === 2 && plainKey) {
    add({ ...identified, type: "uuid", value: (n) => `'00000000-0000-0000-0000-${String(n).padStart(12, "0")}'`, kind: "uuid" }, "uuid PRIMARY KEY")
  } else if (keyForm === 3) {
    key = []
    add({ ...identified, notNull: false, type: idType, value: idValue, kind: idType }, idType)
  } else {
    add({ ...identified, type: idType, value: idValue, kind: idType }, `${idType} NOT NULL`)
  }
  add({ name: "rowno", type: "int", notNull: true, distinct: true, value: idValue, kind: "rowno" }, "int NOT NULL")
  if (partitionColumn === "at") add({ name: "at", type: "date", notNull: true, distinct: false, value: (n) => `'${day(n)}'`, kind: "partition key" }, "date NOT NULL")
  if (partitionColumn === "region") add({ name: "region", type: "text", notNull: true, distinct: false, value: (n) => `'${["eu", "us", "jp"][n % 3] ?? "eu"}'`, kind: "partition key" }, "text NOT NULL")
  const count = 2 + choose.number(4)
  for (let at = 0; at < count; at += 1) {
    const column = fresh()
    const kind = choose.pick(all) ?? kinds[0]
    if (kind === undefined) continue
    const notNull = choose.once(3)
    let definition = kind.type
    if (["text", "varchar"].includes(kind.kind) && choose.once(6)) definition += ' COLLATE "C"'
    if (kind.constant !== undefined && choose.once(3)) definition += ` DEFAULT ${kind.constant}`
    if (notNull) definition += major >= 18 && choose.once(4) ? ` CONSTRAINT ${maker.fresh("nn")} NOT NULL` : " NOT NULL"
    if (["int", "bigint", "smallint", "numeric", "domain"].includes(kind.kind) && choose.once(4)) {
      const named = choose.once(2) ? maker.fresh("Check ") : null
      definition += `${named === null ? "" : ` CONSTRAINT ${reserved(named)}`} CHECK (${reserved(column)} >= 0)`
      if (named !== null) constraints.push({ name: named, kind: "check", columns: [column] })
    }
    add({ name: column, type: kind.type, notNull, value: kind.value, kind: kind.kind, distinct: kind.distinct === true }, definition)
  }
  // Foreign keys to tables that are there, and to itself.
  const parents = others.filter((one) => one.key.length === 1 && (one.partitionBy === null || (major >= 12 && one.partitionBy.strategy === "hash")) && !one.unlogged)
  const parent = choose.once(2) ? choose.pick(parents) : undefined
  const tail: string[] = []
  if (parent !== undefined) {
    const target = parent.columns[0]
    const column = fresh()
    if (target !== undefined) {
      const value = (n: number): string => keyValue(parent, (n % parent.rows) + 1)
      add({ name: column, type: target.type, notNull: choose.once(3), value, kind: "reference", distinct: false }, `${target.type}`)
      const action = choose.pick(["", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON DELETE CASCADE ON UPDATE CASCADE"]) ?? ""
      const late = choose.once(4) ? (choose.pick([" DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]) ?? "") : ""
      const named = choose.once(2) ? `CONSTRAINT ${reserved(maker.fresh("FK "))} ` : ""
      tail.push(`${named}FOREIGN KEY (${reserved(column)}) REFERENCES ${nameOf(parent)}${choose.once(2) ? ` (${reserved(target.name)})` : ""}${action}${late}`)
      const last = columns.at(-1)
      if (last?.notNull === true) written[written.length - 1] += " NOT NULL"
    }
  }
  // A key of two columns, the second of which is the number of the row.
  const pair = choose.once(5) ? choose.pick(parents.filter((one) => one.partitionBy === null && one.heirs.length === 0)) : undefined
  const paired = pair?.columns[0]
  if (pair !== undefined && paired !== undefined) {
    const [first, second] = [fresh(), fresh()]
    const own = maker.fresh("pair")
    statements.push(`ALTER TABLE ${nameOf(pair)} ADD CONSTRAINT ${own} UNIQUE (${reserved(paired.name)}, rowno)`)
    add({ name: first, type: paired.type, notNull: false, value: (n) => keyValue(pair, (n % pair.rows) + 1), kind: "reference", distinct: false }, paired.type)
    add({ name: second, type: "int", notNull: false, value: (n) => String((n % pair.rows) + 1), kind: "reference", distinct: false }, "int")
    tail.push(`FOREIGN KEY (${list([first, second])}) REFERENCES ${nameOf(pair)} (${list([paired.name, "rowno"])})${choose.pick(["", " ON DELETE SET NULL", " ON DELETE CASCADE"]) ?? ""}`)
  }
  if (key.length > 0 && (keyForm > 2 || !plainKey)) tail.push(`${choose.once(3) ? `CONSTRAINT ${reserved(maker.fresh("PK "))} ` : ""}PRIMARY KEY (${list(key)})`)
  if (keyForm > 2 && key.length === 1 && partitioned === null && choose.once(4)) {
    const column = fresh()
    const own = columns[0]
    if (own !== undefined) {
      add({ name: column, type: own.type, notNull: false, value: (n) => String(Math.max(1, n - (n % 3))), kind: "reference", distinct: false }, own.type)
      tail.push(`FOREIGN KEY (${reserved(column)}) REFERENCES ${nameOf({ schema, name })}${choose.once(2) ? " ON DELETE CASCADE" : ""}`)
    }
  }
  if (major >= 12 && choose.once(8)) {
    const source = columns.find(({ kind, value }) => value !== null && ["int", "bigint", "smallint"].includes(kind) && value !== null && kind !== "rowno")
    const column = fresh()
    if (source !== undefined && source.name !== partitionColumn) {
      add({ name: column, type: "bigint", notNull: false, value: null, kind: "generated", distinct: false }, `bigint GENERATED ALWAYS AS (${reserved(source.name)} * 2) STORED`)
    }
  }
  const storage = choose.once(8) && partitioned === null ? " WITH (fillfactor = 80)" : ""
  const by = partitioned === null || partitionColumn === null ? "" : ` PARTITION BY ${partitioned.toUpperCase()} (${reserved(partitionColumn)})`
  const unlogged = parent === undefined && partitioned === null && choose.once(25)
  statements.push(`CREATE ${unlogged ? "UNLOGGED " : ""}TABLE ${nameOf({ schema, name })} (\n  ${[...written, ...tail].join(",\n  ")}\n)${by}${storage}`)
  const partitions: Partition[] = []
  const heirs: string[] = []
  if (partitioned !== null) {
    // Two long names may begin alike.
    const base = name.length > 40 ? `${name.slice(0, 38)}${String(others.length)}` : name
    const bounds =
      partitioned === "range"
        ? ["FROM ('2020-01-01') TO ('2021-01-01')", "FROM ('2021-01-01') TO ('2022-01-01')"].map((one) => `FOR VALUES ${one}`)
        : partitioned === "list"
          ? ["FOR VALUES IN ('eu', 'us')", "FOR VALUES IN ('jp')"]
          : [0, 1, 2].map((one) => `FOR VALUES WITH (MODULUS 3, REMAINDER ${String(one)})`)
    bounds.forEach((bound, position) => {
      const part = `${base}_p${String(position + 1)}`
      const full = nameOf({ schema, name: part })
      if (position === 0 && choose.once(5)) {
        statements.push(`CREATE TABLE ${full} PARTITION OF ${nameOf({ schema, name })} ${bound} PARTITION BY LIST (id)`)
        statements.push(`CREATE TABLE ${nameOf({ schema, name: `${part}_d` })} PARTITION OF ${full} DEFAULT`)
      } else statements.push(`CREATE TABLE ${full} PARTITION OF ${nameOf({ schema, name })} ${bound}`)
      partitions.push({ name: full, bound })
    })
    if (partitioned !== "hash" && choose.once(3)) {
      const rest = nameOf({ schema, name: `${base}_rest` })
      statements.push(`CREATE TABLE ${rest} PARTITION OF ${nameOf({ schema, name })} DEFAULT`)
      partitions.push({ name: rest, bound: "DEFAULT" })
    }
  } else if (choose.once(10)) {
    const heir = nameOf({ schema, name: `${name.slice(0, 40)}_heir` })
    statements.push(`CREATE TABLE ${heir} (extra int) INHERITS (${nameOf({ schema, name })})`)
    statements.push(`ALTER TABLE ${heir} REPLICA IDENTITY FULL`)
    heirs.push(heir)
  }
  return { schema, name, columns, key, partitions, partitionBy: partitioned === null || partitionColumn === null ? null : { strategy: partitioned, column: partitionColumn }, heirs, rows: 90 + choose.number(40), unlogged, constraints, indexes: [], views: [], counted: [] }
}
