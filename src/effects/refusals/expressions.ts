import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { Expression } from "../../parse/expression.ts"
import type { ColumnDefinition, OperationOf } from "../../parse/operation.ts"
import type { ColumnType, Relation } from "../../schema/catalog.ts"
import { formatType } from "../../schema/format.ts"
import { assignmentCast, literalType } from "../casts.ts"
import { failAt, failWithout, isSystem, type Draft } from "../draft.ts"
import { nameInText } from "../../source/names.ts"
import { columnType } from "../type-change.ts"
import { knownRelation } from "./columns.ts"
import type { Refusals } from "./index.ts"

/** What an expression cannot hold where it stands (transformSubLink, transformColumnRef), and which type a default cannot have. */
export const expressionRefusals: Refusals = {
  "create table"({ table, columns, constraints, partitionBy, ifNotExists }, draft) {
    if (ifNotExists && draft.catalog.relation(table) !== undefined) return
    for (const column of columns) refuseInColumn(column, draft)
    for (const constraint of constraints) refuseInConstraint(constraint, draft)
    for (const { expression } of partitionBy?.elements ?? []) refuseForbidden(expression, "partition key expression", draft)
  },
  "add column"({ relation, column, ifNotExists }, draft) {
    const table = ifNotExists ? draft.catalog.relation(relation) : undefined
    if (table === undefined || draft.catalog.column(table, column.name.name) === undefined) refuseInColumn(column, draft)
  },
  "add constraint"({ constraint }, draft) {
    refuseInConstraint(constraint, draft)
  },
  "set default"(action, draft) {
    refuseInDefault(action.default, draft)
    const change = draft.statement.operations.find((one) => one.op === "alter column type" && one.column.name === action.column.name)
    const relation = knownRelation(draft, action)
    const column = relation === null ? undefined : draft.catalog.column(relation, action.column.name)
    const type = column === undefined ? undefined : change?.op === "alter column type" ? columnType(change.type, draft.catalog) : column.type
    if (type !== undefined) refuseDefaultType(action.column.name, () => type, action.default, draft)
  },
  "alter column type"({ using }, draft) {
    refuseForbidden(using, "transform expression", draft)
  },
  "set expression"({ expression }, draft) {
    refuseForbidden(expression, "column generation expression", draft)
  },
  "create index"({ elements, predicate }, draft) {
    for (const { expression } of elements) refuseForbidden(expression, "index expression", draft)
    refuseForbidden(predicate, "index predicate", draft)
  },
  "create domain"(operation, draft) {
    for (const { expression } of operation.checks) refuseForbidden(expression, "check constraint", draft)
    if (operation.default !== null) refuseInDefault(operation.default, draft)
  },
  "alter domain"({ action }, draft) {
    if (action.kind === "add constraint") refuseForbidden(action.expression, "check constraint", draft)
    else if (action.kind === "set default") refuseInDefault(action.default, draft)
  },
  "create policy": refuseInPolicy,
  "alter policy": refuseInPolicy,
  "create trigger"({ when }, draft) {
    refuseForbidden(when, "trigger WHEN condition", draft)
  },
}

function refuseInPolicy({ using, check }: OperationOf<"create policy" | "alter policy">, draft: Draft): void {
  // Sub-queries may count rows.
  for (const expression of [using, check]) if (expression !== null && expression.hasSubquery !== true) refuseOverRows(expression, "policy expression", draft)
}

function refuseInColumn(column: ColumnDefinition, draft: Draft): void {
  for (const constraint of column.constraints) refuseInConstraint(constraint, draft)
  if (column.generated !== null) refuseForbidden(column.generated.expression, "column generation expression", draft)
  if (column.default === null) return
  refuseInDefault(column.default, draft)
  if (!column.type.percentType) refuseDefaultType(column.name.name, () => columnType(column.type, draft.catalog), column.default, draft)
}

function refuseInConstraint(constraint: ConstraintDefinition, draft: Draft): void {
  if (constraint.kind === "check") refuseForbidden(constraint.expression, "check constraint", draft)
  else if (constraint.kind === "exclude") refuseForbidden(constraint.predicate, "index predicate", draft)
}

/** What stands for one value, computed from one row or none, has no sub-query, and no call that takes or gives several rows. */
function refuseForbidden(expression: Expression | null, where: string, draft: Draft): void {
  if (expression === null) return
  if (expression.hasSubquery === true) failAt(draft, expression.span, "0A000", `cannot use subquery in ${where}`)
  refuseOverRows(expression, where, draft)
}

function refuseOverRows(expression: Expression, where: string, draft: Draft): void {
  for (const { schema, name, span } of expression.functions) {
    if ((schema !== null && schema !== "pg_catalog") || draft.catalog.functions({ schema, name }).length > 0) continue
    const found = overRows.find(({ names }) => names.has(name))
    if (found !== undefined) failAt(draft, span, found.code, `${found.kind} functions are not allowed in ${where}s`)
  }
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "))

/** Functions that all majors have (pg_proc: prokind, proretset), and nothing else of the name. */
const overRows = [
  {
    kind: "aggregate",
    code: "42803",
    names: words(
      "array_agg avg bit_and bit_or bool_and bool_or corr count covar_pop covar_samp every json_agg json_object_agg jsonb_agg jsonb_object_agg max " +
        "min mode percentile_cont percentile_disc stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance xmlagg",
    ),
  },
  { kind: "window", code: "42P20", names: words("first_value lag last_value lead nth_value ntile row_number") },
  {
    kind: "set-returning",
    code: "0A000",
    names: words(
      "generate_series generate_subscripts json_array_elements json_array_elements_text json_each json_each_text json_object_keys jsonb_array_elements " +
        "jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_object_keys regexp_matches regexp_split_to_table unnest",
    ),
  },
] as const

/** Sequences that columns of the same statement bring along are not there yet when it is looked at. */
function bringsSequences({ operations }: Draft["statement"]): boolean {
  const brings = ({ serial, identity }: ColumnDefinition): boolean => serial || identity !== null
  return operations.some((one) => (one.op === "create table" ? one.columns.some(brings) : one.op === "add column" && brings(one.column)))
}

/** Columns are dropped before anything else, and their sequences with them. */
function goesAlong({ ownedBy }: Relation, { catalog, statement }: Draft): boolean {
  return ownedBy !== null && statement.operations.some((one) => one.op === "drop column" && one.column.name === ownedBy.column && catalog.relation(one.relation)?.id === ownedBy.relation)
}

/** The name of a sequence is looked up when the default is set, but for one that is cast to text. */
function refuseMissingSequence({ functions }: Expression, draft: Draft): void {
  const { catalog } = draft
  for (const { name, arguments: [text], span } of functions) {
    if (name !== "nextval" || text == null || /(?:::|\bas)\s*text\b/i.test(draft.text(span)) || bringsSequences(draft.statement)) continue
    const sequence = { ...nameInText(text), span }
    const there = catalog.relation(sequence)
    if (there !== undefined && goesAlong(there, draft)) failWithout(draft, "relation", sequence, "42P01", `relation "${sequence.name}" does not exist`)
    const isKnownPlace = sequence.schema === null || catalog.hasSchema(sequence.schema)
    if (isKnownPlace && !isSystem(sequence) && there === undefined && catalog.rulesOut(sequence))
      failWithout(draft, "relation", sequence, "42P01", `relation "${sequence.name}" does not exist`)
  }
}

/** A default is computed without a row, so that a text in double quotes, or in none, is no value either. */
function refuseInDefault(expression: Expression, draft: Draft): void {
  refuseForbidden(expression, "DEFAULT expression", draft)
  refuseMissingSequence(expression, draft)
  const [reference] = expression.columns
  if (reference !== undefined)
    failAt(draft, reference.span, draft.pgVersion >= 12 ? "0A000" : "42P10", `cannot use column reference in DEFAULT expression: ${draft.text(reference.span)} names a column, and texts are in single quotes`)
}

function refuseDefaultType(column: string, typeOf: () => ColumnType, expression: Expression, draft: Draft): void {
  const given = literalType(draft.text(expression.span))
  if (given === null) return
  const type = typeOf()
  if (assignmentCast(given, type, draft.catalog, draft.pgVersion) === false)
    failAt(draft, expression.span, "42804", `column "${column}" is of type ${formatType(type)} but default expression is of type ${formatType(given)}`)
}
