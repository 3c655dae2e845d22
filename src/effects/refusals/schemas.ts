import type { Identifier, Name, OperationOf } from "../../parse/operation.ts"
import type { Span } from "../../source/span.ts"
import { madeBy } from "../code.ts"
import { fail, failAt, type Draft } from "../draft.ts"
import type { Refusals } from "./index.ts"

/** What needs a schema that is there, and what a schema may be called. */
export const schemaRefusals: Refusals = {
  "create schema"({ schema, elements }, draft) {
    refuseReserved(schema, draft)
    for (const element of elements) {
      const name = madeBy(element)
      if (name !== null && name.schema !== null && name.schema !== schema.name)
        failAt(draft, name.span, "42P15", `CREATE specifies a schema (${name.schema}) different from the one being created (${schema.name})`)
    }
  },
  "create table": ({ table }, draft) => { needHome(table, draft) },
  "create table as": ({ table }, draft) => { needHome(table, draft) },
  "create view": ({ view }, draft) => { needHome(view, draft) },
  "create materialized view": ({ view }, draft) => { needHome(view, draft) },
  "create sequence": ({ sequence }, draft) => { needHome(sequence, draft) },
  "create enum": ({ type }, draft) => { needHome(type, draft) },
  "create composite type": ({ type }, draft) => { needHome(type, draft) },
  "create type": ({ type }, draft) => { needHome(type, draft) },
  "create domain": ({ domain }, draft) => { needHome(domain, draft) },
  "create function": ({ function: routine }, draft) => { needHome(routine, draft) },
  "create statistics": ({ statistics }, draft) => { if (statistics !== null) needHome(statistics, draft) },
  "set schema"({ relation, missingOk, schema }, draft) {
    // IF EXISTS of a table that is not there asks for no schema.
    if (!missingOk || draft.catalog.relation(relation) !== undefined) need(schema.name, schema.span, draft)
  },
  "set object schema": ({ schema }, draft) => { need(schema.name, schema.span, draft) },
  "set object owner": needNamed,
  comment: needNamed,
  "rename object"(operation, draft) {
    if (operation.kind !== "schema") return
    needNamed(operation, draft)
    refuseReserved(operation.newName, draft)
  },
  grant: needAll,
  revoke: needAll,
}

/** The schema that a new object is written with. */
function needHome({ schema, span }: Name, draft: Draft): void {
  if (schema !== null) need(schema, span, draft)
}

function need(schema: string, span: Span, draft: Draft): void {
  if (draft.catalog.rulesOutSchema(schema)) failAt(draft, span, "3F000", `schema "${schema}" does not exist`)
}

function needNamed({ kind, object }: OperationOf<"set object owner" | "comment" | "rename object">, draft: Draft): void {
  if (kind === "schema") need(object.name, object.span, draft)
}

function needAll({ kind, objects }: OperationOf<"grant" | "revoke">, draft: Draft): void {
  if (kind === "schema" || kind === "all in schema") for (const { name, span } of objects) need(name, span, draft)
}

/** IsReservedName: refused unless allow_system_table_mods is on. */
function refuseReserved({ name }: Identifier, draft: Draft): void {
  if (name.startsWith("pg_")) fail(draft, "42939", `unacceptable schema name "${name}"`)
}
