import type { Statement } from "../../parse/operation.ts"
import type { Name } from "../../parse/name.ts"
import type { Catalog, Relation } from "../../schema/catalog.ts"

/** The names of the temporary tables that a file creates: the file's list of statements is the key. */
const temporary = new WeakMap<readonly Statement[], ReadonlySet<string>>()

/**
 * Whether `DROP TABLE IF EXISTS scratch` only makes room for a temporary table of that name, which one of `statements` creates: of
 * a table that no migration has made, and that is named without a schema, nothing is dropped and nothing is locked.
 */
export function makesRoom({ schema, name }: Name, catalog: Catalog, statements: readonly Statement[]): boolean {
  if (schema !== null || catalog.relation({ schema, name }) !== undefined) return false
  let names = temporary.get(statements)
  if (names === undefined) temporary.set(statements, (names = new Set(temporaryTables(statements))))
  return names.has(name)
}

/** The indexes that a file creates, each with its table. */
const indexes = new WeakMap<readonly Statement[], ReadonlyMap<string, Name>>()

/**
 * Whether `DROP INDEX IF EXISTS orders_at_idx` only makes room for an index of that name on a new table: there is nothing to drop.
 *
 * @param isNew Whether locking a relation hurts nobody.
 */
export function makesRoomForIndex(
  index: Name,
  catalog: Catalog,
  statements: readonly Statement[],
  isNew: (relation: Relation | undefined) => boolean,
): boolean {
  if (catalog.index(index) !== undefined) return false
  let tables = indexes.get(statements)
  if (tables === undefined) indexes.set(statements, (tables = new Map(createdIndexes(statements))))
  const table = tables.get(index.name)
  return table !== undefined && isNew(catalog.relation(table))
}

function* createdIndexes(statements: readonly Statement[]): Generator<[string, Name]> {
  for (const { operations } of statements) {
    for (const operation of operations) {
      if (operation.op === "create index" && operation.index !== null) yield [operation.index.name, operation.table]
    }
  }
}

function* temporaryTables(statements: readonly Pick<Statement, "operations">[]): Generator<string> {
  for (const { operations } of statements) {
    for (const operation of operations) {
      if ((operation.op === "create table" || operation.op === "create table as") && operation.persistence === "temporary") {
        yield operation.table.name
      } else if (operation.op === "do") yield* temporaryTables(operation.statements)
    }
  }
}
