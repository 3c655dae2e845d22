import type { Name, OperationOf, TypeName } from "../../parse/operation.ts"
import { sqlBody } from "../code.ts"
import { failWithout, isSystem, type Draft } from "../draft.ts"
import type { Refusals } from "./index.ts"

/** What a function is made of and is not there. */
export const functionRefusals: Refusals = {
  "create function"(operation, draft) {
    const types = [...operation.arguments.map(({ type }) => type), ...(operation.returns === null ? [] : [operation.returns])]
    for (const type of types) refuseMissingType(type, draft)
    refuseMissingRelations(operation, draft)
  },
}

/** Types that no column has (pg_type: typtype p). */
const PSEUDO = /^(?:any(?:array|compatible\w*|element|enum|nonarray|range|multirange)?|cstring|event_trigger|\w+_handler|internal|pg_ddl_command|record|trigger|unknown|void)$/

function refuseMissingType(type: TypeName, draft: Draft): void {
  const { catalog } = draft
  if (type.percentType || isSystem(type) || PSEUDO.test(type.name) || catalog.type(type) !== undefined || catalog.relation(type) !== undefined || !catalog.rulesOutType(type)) return
  failWithout(draft, "type", type, "42704", `type "${type.name}" does not exist`)
}

/** The body of an SQL function is looked at when the function is made; a relation that the body makes itself is not there then. */
function refuseMissingRelations(operation: OperationOf<"create function">, draft: Draft): void {
  const { statements, catalog } = sqlBody(operation, draft)
  for (const inner of statements.flatMap(({ operations }) => operations)) {
    if (inner.op !== "select" && inner.op !== "insert" && inner.op !== "update" && inner.op !== "delete" && inner.op !== "merge") return
    const written: readonly Name[] = inner.op === "select" ? [] : [inner.table]
    for (const name of [...inner.query.reads, ...inner.query.writes.map(({ table }) => table), ...written])
      if (!isSystem(name) && catalog.relation(name) === undefined && catalog.rulesOut(name)) failWithout(draft, "relation", name, "42P01", `relation "${name.name}" does not exist`)
  }
}
