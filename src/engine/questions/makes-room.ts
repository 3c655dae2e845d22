import type { Statement } from "../../parse/operation.ts"
import type { Name } from "../../parse/name.ts"
import type { Catalog, Relation } from "../../schema/catalog.ts"

/** Those of a file, or of a function. */
export type Statements = readonly Pick<Statement, "operations">[]

/** The names of the temporary tables that statements create. */
const temporary = new WeakMap<Statements, ReadonlySet<string>>()

/**
 * Whether `DROP TABLE IF EXISTS scratch` only makes room for a temporary table of that name, which one of the statements `around` it creates: of
 * a table that no migration has made, and that is named without a schema, nothing is dropped and nothing is locked.
 */
export function makesRoom({ schema, name }: Name, catalog: Catalog, around: readonly Statements[]): boolean {
  if (schema !== null || catalog.relation({ schema, name }) !== undefined) return false
  return around.some((statements) => temporaryTablesOf(statements).has(name))
}

function temporaryTablesOf(statements: Statements): ReadonlySet<string> {
  const known = temporary.get(statements)
  if (known !== undefined) return known
  const names = new Set(temporaryTables(statements))
  temporary.set(statements, names)
  return names
}

/** The indexes that statements create, each with its table. */
const indexes = new WeakMap<Statements, ReadonlyMap<string, Name>>()

/**
 * Whether `DROP INDEX IF EXISTS orders_at_idx` only makes room for an index of that name on a new table, which one of the statements `around` it
 * creates: there is nothing to drop.
 *
 * @param isNew Whether locking a relation hurts nobody.
 */
export function makesRoomForIndex(index: Name, catalog: Catalog, around: readonly Statements[], isNew: (relation: Relation | undefined) => boolean): boolean {
  if (catalog.index(index) !== undefined) return false
  return around.some((statements) => {
    const table = indexesOf(statements).get(index.name)
    return table !== undefined && isNew(catalog.relation(table))
  })
}

function indexesOf(statements: Statements): ReadonlyMap<string, Name> {
  const known = indexes.get(statements)
  if (known !== undefined) return known
  const made = new Map(createdIndexes(statements))
  indexes.set(statements, made)
  return made
}

function* createdIndexes(statements: Statements): Generator<[string, Name]> {
  for (const { operations } of statements) {
    for (const operation of operations) {
      if (operation.op === "create index" && operation.index !== null) yield [operation.index.name, operation.table]
    }
  }
}

function* temporaryTables(statements: Statements): Generator<string> {
  for (const { operations } of statements) {
    for (const operation of operations) {
      if ((operation.op === "create table" || operation.op === "create table as") && operation.persistence === "temporary") {
        yield operation.table.name
      } else if (operation.op === "do") yield* temporaryTables(operation.statements)
    }
  }
}
