/** Tables that changes make, and columns that they add. */
import { joined, type Part } from "../made.ts"
import { columnsOf, constraint, definition, hasConstraint, identity, isNotNull, reference, valueOf, type Column } from "./columns.ts"
import { one, type Made, type Statement } from "./statements.ts"
import { inSchema, isTrue, named, nameOf, quotedText, said, type Change } from "./values.ts"

export function createTable(change: Change): Made {
  const [table, own, columns, space] = [inSchema(change, "tableName"), said(change, "tableName"), columnsOf(change), nameOf(change, "tablespace")]
  if (table === null || own === null || columns === null) return null
  const definitions = columns.map((column): readonly Part[] => {
    const counts = column.counts || column.type.counts ? identity(column) : null
    return [...definition(column, counts), isNotNull(column) || hasConstraint(column, "primaryKey") ? " NOT NULL" : ""]
  })
  const lists: (readonly Part[])[] = [...definitions, ...primaryKey(change, own.text, columns), ...columns.flatMap(foreignKey), ...uniques(columns)]
  const head = isTrue(change, "ifNotExists") ? "CREATE TABLE IF NOT EXISTS " : "CREATE TABLE "
  return [...one(head, ...table, " (", ...joined(lists), ")", ...(space === null ? [] : [" TABLESPACE ", space])), ...remarksOf(change, table), ...columns.flatMap((column) => columnRemarks(column, table))]
}

/** Its name is made up of that of the table. */
function primaryKey(change: Change, table: string, columns: readonly Column[]): readonly (readonly Part[])[] {
  const keys = columns.filter((column) => hasConstraint(column, "primaryKey"))
  const [first] = keys
  if (first === undefined) return []
  const given = keys.map((column) => constraint(column, "primaryKeyName")).find((name) => name !== null)
  const key = given ?? { text: `${table.trim()}_pkey`, range: first.name.range }
  change.setting.primaryKeys.set(table.trim(), key.text)
  const name = named(change, key)
  const space = keys.map((column) => constraint(column, "primaryKeyTablespace")).find((one) => one !== null)
  return [["CONSTRAINT ", name, " PRIMARY KEY (", ...joined(keys.map((column) => [named(change, column.name)])), ")", ...(space == null ? [] : [" USING INDEX TABLESPACE ", named(change, space)]), ...deferral(first)]]
}

/** In the order in which Liquibase writes it. */
function deferral(column: Column): readonly Part[] {
  return [hasConstraint(column, "initiallyDeferred") ? " INITIALLY DEFERRED" : "", hasConstraint(column, "deferrable") ? " DEFERRABLE" : ""]
}

function foreignKey(column: Column): readonly (readonly Part[])[] {
  const [references, name] = [reference(column), constraint(column, "foreignKeyName")]
  if (references === null) return []
  const head: readonly Part[] = name === null ? [] : ["CONSTRAINT ", named(column.change, name), " "]
  return [[...head, "FOREIGN KEY (", named(column.change, column.name), ")", ...references, hasConstraint(column, "deleteCascade") ? " ON DELETE CASCADE" : "", ...deferral(column)]]
}

/** Columns whose constraints have one name are one constraint. */
function uniques(columns: readonly Column[]): readonly (readonly Part[])[] {
  const groups = new Map<string, Column[]>()
  for (const column of columns.filter((one) => hasConstraint(one, "unique"))) {
    const key = constraint(column, "uniqueConstraintName")?.text ?? `\0${column.name.text}`
    groups.set(key, [...(groups.get(key) ?? []), column])
  }
  return [...groups.values()].map((group) => {
    const [first] = group
    const name = first === undefined ? null : constraint(first, "uniqueConstraintName")
    const head: readonly Part[] = name === null || first === undefined ? [] : ["CONSTRAINT ", named(first.change, name), " "]
    return [...head, "UNIQUE (", ...joined(group.map((column) => [named(column.change, column.name)])), ")"]
  })
}

function remarksOf(change: Change, table: readonly Part[]): readonly Statement[] {
  const remarks = said(change, "remarks")
  return remarks === null ? [] : one("COMMENT ON TABLE ", ...table, " IS ", quotedText(remarks))
}

function columnRemarks({ change, name }: Column, table: readonly Part[]): readonly Statement[] {
  const remarks = said(change, "remarks")
  return remarks === null ? [] : one("COMMENT ON COLUMN ", ...table, ".", named(change, name), " IS ", quotedText(remarks))
}

/** Each column in a statement of its own, with its constraints behind it; then what rows are given. */
export function addColumn(change: Change): Made {
  const [table, columns] = [inSchema(change, "tableName"), columnsOf(change)]
  if (table === null || columns === null) return null
  const alter = (...action: readonly Part[]): readonly Statement[] => one("ALTER TABLE ", ...table, ...action)
  const added = columns.flatMap((column) => {
    const own = named(change, column.name)
    const isKey = hasConstraint(column, "primaryKey")
    const [unique, name] = [hasConstraint(column, "unique"), constraint(column, "uniqueConstraintName")]
    const [references, key] = [reference(column), constraint(column, "foreignKeyName")]
    return [
      ...alter(" ADD ", ...definition(column, column.counts ? identity(column) : null), ...notNull(column), isKey ? " PRIMARY KEY" : ""),
      ...(unique ? alter(" ADD ", ...(name === null ? [] : ["CONSTRAINT ", named(change, name), " "]), "UNIQUE (", own, ")") : []),
      ...(references === null ? [] : alter(" ADD ", ...(key === null ? [] : ["CONSTRAINT ", named(change, key), " "]), "FOREIGN KEY (", own, ")", ...references, hasConstraint(column, "deleteCascade") ? " ON DELETE CASCADE" : "")),
    ]
  })
  const filled = columns.flatMap((column) => {
    const value = valueOf(column.change)
    const own = named(change, column.name)
    return value === null ? [] : [...one("UPDATE ", ...table, " SET ", own, " = ", value), ...(isNotNull(column) ? alter(" ALTER COLUMN ", own, " SET NOT NULL") : [])]
  })
  return [...added, ...filled, ...columns.flatMap((column) => columnRemarks(column, table))]
}

/** Where rows are given a value, NOT NULL comes later. */
function notNull(column: Column): readonly Part[] {
  const isKey = hasConstraint(column, "primaryKey")
  if (!isKey && (!isNotNull(column) || valueOf(column.change) !== null)) return []
  const name = constraint(column, "notNullConstraintName")
  return [...(name === null ? [] : [" CONSTRAINT ", named(column.change, name)]), " NOT NULL"]
}
