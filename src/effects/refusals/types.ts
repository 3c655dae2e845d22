import type { Expression } from "../../parse/expression.ts"
import type { TypeName } from "../../parse/name.ts"
import type { ColumnDefinition } from "../../parse/operation.ts"
import { fail, failWithout, type Draft } from "../draft.ts"
import { knownRelation } from "./columns.ts"
import type { Refusals } from "./index.ts"

export const typeRefusals: Refusals = {
  "create table"(operation, draft) {
    if (operation.ifNotExists && draft.catalog.relation(operation.table) !== undefined) return
    for (const column of operation.columns) refuseColumn(column, draft)
  },
  "add column"(action, draft) {
    refuseColumn(action.column, draft)
  },
  "alter column type"(action, draft) {
    refuseUnknown(action.type, draft)
  },
  "create domain"(operation, draft) {
    refuseUnknown(operation.type, draft)
  },
  "set default"(action, draft) {
    const relation = knownRelation(draft, action)
    const column = relation === null ? undefined : draft.catalog.column(relation, action.column.name)
    const changes = draft.statement.operations.some((one) => one.op === "alter column type" && one.column.name === action.column.name)
    if (column !== undefined && !changes) refuseLabel(column.type, action.default, draft)
  },
}

function refuseColumn({ type, default: value }: ColumnDefinition, draft: Draft): void {
  refuseUnknown(type, draft)
  if (value !== null) refuseLabel(type, value, draft)
}

/** A type that nothing has made. Of a complete catalog the fold says it. */
function refuseUnknown(type: TypeName, draft: Draft): void {
  const { catalog } = draft
  if (catalog.complete || type.percentType || type.schema !== null || !catalog.rulesOutType(type)) return
  failWithout(draft, "type", type, "42704", `type "${type.name}" does not exist`)
}

/** The server reads a default when it is set, and an enum has only its labels. */
function refuseLabel(type: Pick<TypeName, "schema" | "name" | "dimensions">, { literal, casts }: Expression, draft: Draft): void {
  if (literal === null || type.dimensions > 0 || casts.some((cast) => cast.type.name !== type.name)) return
  const known = draft.catalog.type(type)
  if (known?.kind !== "enum" || !draft.catalog.isCertain(known) || known.labels.some(({ text }) => text === literal)) return
  fail(draft, "22P02", `invalid input value for enum ${known.name}: "${literal}"`)
}
