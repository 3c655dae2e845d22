import type { Statement } from "../parse/operation.ts"
import type { Name } from "../parse/name.ts"
import type { Catalog } from "../schema/catalog.ts"

/**
 * Whether `DROP TABLE IF EXISTS scratch` only makes room for a temporary table of that name, which one of `statements` creates: of
 * a table that no migration has made, and that is named without a schema, nothing is dropped and nothing is locked.
 */
export function makesRoom({ schema, name }: Name, catalog: Catalog, statements: readonly Statement[]): boolean {
  if (schema !== null || catalog.relation({ schema, name }) !== undefined) return false
  return statements.some(({ operations }) =>
    operations.some(
      (operation) =>
        (operation.op === "create table" || operation.op === "create table as") &&
        operation.persistence === "temporary" &&
        operation.table.name === name,
    ),
  )
}
