import type { Identifier, Name } from "../../parse/operation.ts"
import { resolveWrittenType } from "../../schema/index.ts"
import { viewColumns } from "../../schema/output.ts"
import type { RuleContext } from "../rule.ts"
import { restOfTransaction } from "./later.ts"

/** What the view that takes a table's name in the same transaction does not do for the code that uses the name. */
export interface StandInGap {
  /** Columns of the table that the view lacks. */
  readonly lacks: readonly string[]
  readonly readOnly: boolean
}

/** What a view under the old name of a table lacks; null when it lacks nothing, as far as is known, or something else takes the name. */
export function standInGap(old: Name, newName: Pick<Identifier, "name">, context: RuleContext): StandInGap | null {
  const { catalog } = context
  const table = catalog.relation(old)
  if (table === undefined || (table.kind !== "table" && table.kind !== "partitioned table")) return null
  const rest = restOfTransaction(context).flatMap(({ operations }) => operations)
  const isOld = ({ schema, name }: Name): boolean => name === old.name && (schema === null || old.schema === null || schema === old.schema)
  const view = rest.findLast((operation) => operation.op === "create view" && isOld(operation.view))
  if (view?.op !== "create view" || view.output === null) return null
  const isWritten = rest.some(
    (operation) => ((operation.op === "create trigger" && operation.timing === "instead of") || operation.op === "create rule") && isOld(operation.table),
  )
  const columns = viewColumns(view.output, view.columnNames, {
    relation: (name) => (name.name === newName.name ? table : catalog.relation(name)),
    type: (type) => resolveWrittenType(catalog, type),
  })
  const names = columns?.map(({ name }) => name) ?? null
  const lacks = names === null || !table.known ? [] : table.columns.filter(({ name }) => !names.includes(name)).map(({ name }) => name)
  const readOnly = !view.output.updatable && !isWritten
  return readOnly || lacks.length > 0 ? { lacks, readOnly } : null
}
