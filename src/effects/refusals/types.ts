import type { Expression } from "../../parse/expression.ts"
import type { Name, TypeName } from "../../parse/name.ts"
import type { ColumnDefinition } from "../../parse/operation.ts"
import type { Catalog } from "../../schema/catalog.ts"
import { fail, failAt, failWithout, type Draft } from "../draft.ts"
import { extensionTypes } from "../extension-types.ts"
import { columnType, isBuiltinType } from "../type-change.ts"
import { knownRelation } from "./columns.ts"
import type { Refusals } from "./index.ts"
import { refuseNoValue, refuseTooLong } from "./literals.ts"

export const typeRefusals: Refusals = {
  "create table"(operation, draft) {
    if (operation.ifNotExists && draft.catalog.relation(operation.table) !== undefined) return
    for (const column of operation.columns) refuseColumn(column, draft)
    const { ofType } = operation
    if (ofType !== null && !ofType.percentType && rulesOutType(ofType, draft.catalog) && draft.catalog.type(ofType) === undefined)
      failWithout(draft, "type", ofType, "42704", `type "${ofType.name}" does not exist`)
  },
  "add column"(action, draft) {
    const relation = knownRelation(draft, action)
    const isThere = relation !== null && draft.catalog.column(relation, action.column.name.name) !== undefined
    // Where the column may be there already, nobody looks at what it would be.
    if (action.ifNotExists && (isThere || relation === null)) return
    refuseColumn(action.column, draft)
    const { type, default: value } = action.column
    if (value !== null && !type.percentType) refuseTooLong(columnType(type, draft.catalog), value, draft)
  },
  "alter column type"(action, draft) {
    refuseUnknown(action.type, draft)
    refuseCollation(action.type, action.collation, draft)
  },
  "create index"({ table, elements }, draft) {
    const relation = draft.catalog.relation(table)
    for (const { column, collation } of relation === undefined ? [] : elements) {
      const type = column === null || relation === undefined ? undefined : draft.catalog.column(relation, column.name)?.type
      if (collation !== null && type?.schema === "pg_catalog") refuseUncollated(type.name, draft)
    }
  },
  "create domain"(operation, draft) {
    refuseUnknown(operation.type, draft)
    refuseCollation(operation.type, operation.collation, draft)
    for (const { expression } of operation.checks) refuseColumns(expression, draft)
  },
  "alter domain"({ action }, draft) {
    if (action.kind === "add constraint" && action.expression !== null) refuseColumns(action.expression, draft)
  },
  "create composite type"({ attributes }, draft) {
    for (const { type } of attributes) refuseUnknown(type, draft)
    const twice = attributes.find(({ name }, position) => attributes.findIndex((one) => one.name.name === name.name) < position)
    if (twice !== undefined) failAt(draft, twice.name.span, "42701", `column "${twice.name.name}" specified more than once`)
  },
  "alter composite type"({ attributeType }, draft) {
    if (attributeType !== null && draft.catalog.complete && columnType(attributeType, draft.catalog).schema === null && !attributeType.percentType)
      failWithout(draft, "type", attributeType, "42704", `type "${attributeType.name}" does not exist`)
  },
  "set default"(action, draft) {
    const relation = knownRelation(draft, action)
    const column = relation === null ? undefined : draft.catalog.column(relation, action.column.name)
    const changes = draft.statement.operations.some((one) => one.op === "alter column type" && one.column.name === action.column.name)
    if (column === undefined || changes) return
    refuseLabel(column.type, action.default, draft)
    refuseNoValue(column.type, action.default, draft)
  },
}

/** The CHECK of a domain knows nothing but VALUE. */
function refuseColumns({ columns }: Expression, draft: Draft): void {
  const other = columns.find(({ table, column }) => table === null && column !== "value")
  if (other !== undefined) failAt(draft, other.span, "42703", `column "${other.column}" does not exist`)
}

function refuseColumn({ type, collation, default: value }: ColumnDefinition, draft: Draft): void {
  refuseUnknown(type, draft)
  refuseCollation(type, collation, draft)
  if (value === null) return
  refuseLabel(type, value, draft)
  if (!type.percentType) refuseNoValue(columnType(type, draft.catalog), value, draft)
}

/** Built-in types whose values have no collation (typcollation of pg_type is 0 in all majors). */
const UNCOLLATED: ReadonlySet<string> = new Set(
  `bit bool box bytea char cidr circle date float4 float8 inet int2 int4 int8 interval json jsonb line lseg macaddr macaddr8 money numeric oid path
  point polygon time timestamp timestamptz timetz tsquery tsvector uuid varbit xml`.split(/\s+/),
)

function refuseCollation(type: TypeName, collation: Name | null, draft: Draft): void {
  if (collation === null || type.percentType) return
  const { schema, name } = columnType(type, draft.catalog)
  if (schema === "pg_catalog") refuseUncollated(name, draft)
}

function refuseUncollated(type: string, draft: Draft): void {
  if (UNCOLLATED.has(type)) fail(draft, "42804", `collations are not supported by type ${type}`)
}

/** Built-in types that take a length or precision (typmodin of pg_type). */
const MODIFIED: ReadonlySet<string> = new Set("bit bpchar interval numeric time timestamp timestamptz timetz varbit varchar".split(" "))

function refuseModifier(type: TypeName, draft: Draft): void {
  if (type.modifiers.length === 0 || MODIFIED.has(type.name) || type.percentType) return
  const { schema, name } = columnType(type, draft.catalog)
  if (schema === "pg_catalog" && isBuiltinType(name)) failAt(draft, type.span, "42601", `type modifier is not allowed for type "${name}"`)
}

/** A type that nothing has made. Of a complete catalog the fold says it. */
function refuseUnknown(type: TypeName, draft: Draft): void {
  refuseModifier(type, draft)
  const { catalog } = draft
  if (catalog.complete || type.percentType || type.schema !== null || !rulesOutType(type, catalog)) return
  failWithout(draft, "type", type, "42704", `type "${type.name}" does not exist`)
}

/** Whether there certainly is no such type. Extensions are often made when the database is, by somebody who may do so. */
export function rulesOutType(type: Name, catalog: Catalog): boolean {
  return (catalog.complete || !extensionTypes.has(type.name)) && catalog.rulesOutType(type)
}

/** The server reads a default when it is set, and an enum has only its labels. */
function refuseLabel(type: Pick<TypeName, "schema" | "name" | "dimensions">, { literal, casts }: Expression, draft: Draft): void {
  if (literal === null || type.dimensions > 0 || casts.some((cast) => cast.type.name !== type.name)) return
  const known = draft.catalog.type(type)
  if (known?.kind !== "enum" || !draft.catalog.isCertain(known) || known.labels.some(({ text }) => text === literal)) return
  fail(draft, "22P02", `invalid input value for enum ${known.name}: "${literal}"`)
}
