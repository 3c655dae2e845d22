import { textReader } from "../../parse/index.ts"
import type { Name, Operation, OperationOf, TypeName } from "../../parse/operation.ts"
import { isOwn } from "../../parse/own-positions.ts"
import type { Span } from "../../source/span.ts"
import { sqlBody } from "../code.ts"
import { createDraft, failWithout, isSystem, type Draft } from "../draft.ts"
import { unsupportedBy } from "../support.ts"
import type { Refusals } from "./index.ts"
import { refuseQuery } from "./queries.ts"
import { refuseWritten } from "./rows.ts"

/** What a function is made of and is not there. */
export const functionRefusals: Refusals = {
  "create function"(operation, draft) {
    const types = [...operation.arguments.map(({ type }) => type), ...(operation.returns === null ? [] : [operation.returns])]
    for (const type of types) refuseMissingType(type, draft)
    refuseInBody(operation, draft)
  },
}

/** Types that no column has (pg_type: typtype p). */
const PSEUDO = /^(?:any(?:array|compatible\w*|element|enum|nonarray|range|multirange)?|cstring|event_trigger|\w+_handler|internal|pg_ddl_command|record|trigger|unknown|void)$/

function refuseMissingType(type: TypeName, draft: Draft): void {
  const { catalog } = draft
  if (type.percentType || isSystem(type) || PSEUDO.test(type.name) || catalog.type(type) !== undefined || catalog.relation(type) !== undefined || !catalog.rulesOutType(type)) return
  failWithout(draft, "type", type, "42704", `type "${type.name}" does not exist`)
}

/**
 * The body of an SQL function is looked at when the function is made: what it names has to be there. A relation that the body makes itself is
 * not there then.
 */
function refuseInBody(operation: OperationOf<"create function">, draft: Draft): void {
  const { statements, catalog } = sqlBody(operation, draft)
  if (statements.length === 0 && operation.query === null) return
  const names = new Set(operation.arguments.flatMap(({ name, mode }) => (name === null || mode === "out" || mode === "table" ? [] : [name])))
  const parameters = { of: operation.function.name, names }
  if (operation.query !== null) refuseQuery({ query: operation.query }, draft, parameters)
  const body = textReader("", [])
  for (const { decoded } of statements) body.add(decoded)
  const text = (span: Span): string => (isOwn(span) ? body.text(span) : draft.text(span))
  for (const { operations, span } of statements) {
    const inner = createDraft({ span, operations, holes: draft.statement.holes }, { ...draft, catalog, text })
    for (const one of operations) {
      if (!isQuery(one)) continue
      refuseMissingRelations(one, inner)
      draft.unsupported ??= unsupportedBy(one, draft.pgVersion, text)
      if (one.op === "select" || one.op === "delete") refuseQuery(one, inner, parameters)
      else refuseWritten(one, inner, parameters)
    }
    draft.fails ??= inner.fails
  }
}

type QueryOperation = OperationOf<"select" | "insert" | "update" | "delete" | "merge">

function isQuery(operation: Operation): operation is QueryOperation {
  return operation.op === "select" || operation.op === "insert" || operation.op === "update" || operation.op === "delete" || operation.op === "merge"
}

function refuseMissingRelations(operation: QueryOperation, draft: Draft): void {
  const { catalog } = draft
  const written: readonly Name[] = operation.op === "select" ? [] : [operation.table]
  for (const name of [...operation.query.reads, ...operation.query.writes.map(({ table }) => table), ...written])
    if (!isSystem(name) && catalog.relation(name) === undefined && catalog.rulesOut(name)) failWithout(draft, "relation", name, "42P01", `relation "${name.name}" does not exist`)
}
