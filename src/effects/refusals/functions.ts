import { textReader } from "../../parse/index.ts"
import type { FunctionArgument, Name, Operation, OperationOf, TypeName, WrittenArguments } from "../../parse/operation.ts"
import { isOwn } from "../../parse/own-positions.ts"
import type { Span } from "../../source/span.ts"
import { sqlBody } from "../code.ts"
import { createDraft, fail, failAt, failWithout, isSystem, type Draft } from "../draft.ts"
import { unsupportedBy } from "../support.ts"
import { columnType } from "../type-change.ts"
import { builtinSince } from "../volatility.ts"
import { ofExtension } from "./columns.ts"
import type { Refusals } from "./index.ts"
import { refuseQuery } from "./queries.ts"
import { refuseWritten } from "./rows.ts"
import { rulesOutType } from "./types.ts"

/** What a function is made of and is not there. */
export const functionRefusals: Refusals = {
  "create function"(operation, draft) {
    const types = [...operation.arguments.map(({ type }) => type), ...(operation.returns === null ? [] : [operation.returns])]
    for (const type of types) refuseMissingType(type, draft)
    refuseParameters(operation.arguments, draft)
    refuseInBody(operation, draft)
  },
}

/** Types that no column has (pg_type: typtype p). */
const PSEUDO = /^(?:any(?:array|compatible\w*|element|enum|nonarray|range|multirange)?|cstring|event_trigger|\w+_handler|internal|pg_ddl_command|record|trigger|unknown|void)$/

function refuseMissingType(type: TypeName, draft: Draft): void {
  const { catalog } = draft
  if (type.percentType || isSystem(type) || PSEUDO.test(type.name) || catalog.type(type) !== undefined || catalog.relation(type) !== undefined || !rulesOutType(type, catalog)) return
  failWithout(draft, "type", type, "42704", `type "${type.name}" does not exist`)
}

/** Which parameters cannot stand beside each other (interpret_function_parameter_list). */
function refuseParameters(parameters: readonly FunctionArgument[], draft: Draft): void {
  const given = parameters.filter(isHandedOver)
  const first = given.findIndex(({ hasDefault }) => hasDefault)
  if (first >= 0 && given.slice(first).some(({ hasDefault }) => !hasDefault)) fail(draft, "42P13", "input parameters after one with a default value must also have defaults")
  for (const [position, one] of parameters.entries()) {
    const same = parameters.slice(0, position).find((other) => one.name !== null && other.name === one.name)
    // What is only handed over and what is only given back may go by one name.
    if (same !== undefined && ((isHandedOver(one) && isHandedOver(same)) || (isGivenBack(one) && isGivenBack(same)))) fail(draft, "42P13", `parameter name "${one.name ?? ""}" used more than once`)
  }
}

function isHandedOver({ mode }: FunctionArgument): boolean {
  return mode !== "out" && mode !== "table"
}

function isGivenBack({ mode }: FunctionArgument): boolean {
  return mode !== "in" && mode !== "variadic"
}

/** A function or procedure that is not there: with these arguments, or at all. */
export function refuseMissingFunction(name: Name, written: WrittenArguments, kind: "function" | "procedure" | "routine", draft: Draft): void {
  const { catalog } = draft
  const isBuiltin = isSystem(name) || (name.schema === null && builtinSince(name.name) !== null) || ofExtension(name.name, catalog)
  const overloads = catalog.functions(name)
  if (isBuiltin || (overloads.length === 0 && !catalog.complete && !catalog.rulesOutFunction(name))) return
  const meant = catalog.meantFunction(name, written)
  if (meant !== undefined) {
    if (kind !== "routine" && meant.kind !== kind) failAt(draft, name.span, "42809", `${name.name} is not a ${kind}`)
    return
  }
  const isKnown = overloads.every(({ argumentTypes }) => argumentTypes.every(({ schema }) => schema !== null)) && written?.every((type) => columnType(type, catalog).schema !== null) === true
  if (overloads.length === 0) failWithout(draft, "function", name, "42883", `${kind === "routine" ? "function" : kind} ${name.name} does not exist`)
  else if (isKnown && catalog.complete) failAt(draft, name.span, "42883", `${kind === "routine" ? "function" : kind} ${name.name} does not exist with these arguments`)
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
