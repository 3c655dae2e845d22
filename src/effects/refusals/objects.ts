import type { OperationOf, PolicyCommand, PublicationTable } from "../../parse/operation.ts"
import { publishedWith } from "../create.ts"
import { TEMP_SCHEMA } from "../../schema/names.ts"
import { fail, failAt, failWithout, failWithoutColumn, type Draft } from "../draft.ts"
import { isSystemColumn, refuseMissing } from "./columns.ts"
import type { Refusals } from "./index.ts"
import { listedRelation, refuseQuery } from "./queries.ts"
import { refuseTiming } from "./triggers.ts"

/** The row that a rule has beside a statement of one kind; UPDATE has both. */
const ROW_OF = { select: null, insert: "new", update: null, delete: "old" }

export const objectRefusals: Refusals = {
  "create trigger"(operation, draft) {
    const { catalog } = draft
    const table = catalog.relation(operation.table)
    refuseTiming(operation, draft)
    if (table?.kind === "partitioned table" && operation.timing === "before" && operation.forEachRow && draft.pgVersion < 13)
      fail(draft, "42809", `"${table.name}" is a partitioned table: BEFORE triggers FOR EACH ROW are supported there from PostgreSQL 13 on`)
    if (table?.kind === "view" && table.created !== null && operation.events.includes("truncate")) fail(draft, "42809", `"${table.name}" is a view`)
    if (table?.known === true && (table.kind === "table" || table.kind === "partitioned table")) {
      for (const { name } of operation.updateOf) refuseColumn(draft, table.id, name)
      for (const { table: row, column } of operation.when?.columns ?? [])
        if ((row === "old" || row === "new") && !isSystemColumn(column)) refuseColumn(draft, table.id, column)
    }
    // A trigger's function takes no arguments.
    const { name } = operation.function
    const extension = extensionTriggers.get(name)
    const own = catalog.functions(operation.function).find(({ argumentTypes }) => argumentTypes.length === 0)
    if (own !== undefined && own.returns?.name !== "trigger") fail(draft, "42P17", `function ${name} must return type trigger`)
    const known =
      own !== undefined ||
      builtinTriggers.test(name) ||
      (extension !== undefined && catalog.hasExtension(extension))
    if (!known && (catalog.complete || catalog.rulesOutFunction(operation.function)))
      failWithout(draft, "function", operation.function, "42883", `function ${name}() does not exist`)
  },
  "create policy": refusePolicyColumns,
  "create rule"({ table, event, rows, columns }, draft) {
    const row = rows.find((one) => one !== ROW_OF[event])
    if (event !== "update" && row !== undefined) fail(draft, "42P17", `ON ${event.toUpperCase()} rule cannot use ${row.toUpperCase()}`)
    const relation = listedRelation(draft, table)
    const missing = relation === undefined ? undefined : columns?.find((column) => !isSystemColumn(column) && draft.catalog.column(relation, column) === undefined)
    if (missing !== undefined) failWithoutColumn(draft, { name: missing, span: table.span }, relation === undefined ? [] : [relation], `column "${missing}" does not exist`)
  },
  "create sequence"(operation, draft) {
    const table = operation.ownedBy === null ? undefined : draft.catalog.relation(operation.ownedBy.table)
    if (table?.known !== true || operation.ownedBy === null) return
    refuseColumn(draft, table.id, operation.ownedBy.column)
    const schema = operation.persistence === "temporary" ? TEMP_SCHEMA : (operation.sequence.schema ?? draft.catalog.creationSchema)
    if (schema !== table.schema)
      fail(draft, "55000", "sequence must be in same schema as table it is linked to")
  },
  "create statistics"(operation, draft) {
    const relation = draft.catalog.relation(operation.table)
    if (relation?.known !== true || relation.kind !== "table") return
    for (const name of [...operation.columns, ...operation.expressionColumns])
      if (name !== null && name !== relation.name && !isSystemColumn(name)) refuseColumn(draft, relation.id, name)
  },
  "alter policy": (operation: OperationOf<"create policy" | "alter policy">, draft) => {
    const relation = draft.catalog.relation(operation.table)
    if (relation?.known !== true) return
    refusePolicyColumns(operation, draft)
    if (!draft.catalog.policiesOf(relation.id).some((policy) => policy.name === operation.policy.name)) {
      fail(draft, "42704", `policy "${operation.policy.name}" for table "${relation.name}" does not exist`)
    }
  },
  "alter sequence"(operation, draft) {
    const { catalog } = draft
    const sequence = catalog.relation(operation.sequence)
    if (sequence?.kind !== "sequence" || operation.ownedBy === null) return
    if (sequence.ownedBy?.identity === true) fail(draft, "0A000", "cannot change ownership of identity sequence")
    const table = operation.ownedBy === "none" ? undefined : catalog.relation(operation.ownedBy.table)
    if (table === undefined || operation.ownedBy === "none") return
    if (table.schema !== sequence.schema) fail(draft, "55000", "sequence must be in same schema as table it is linked to")
    if (table.known) refuseColumn(draft, table.id, operation.ownedBy.column)
  },
  "create publication"(operation, draft) {
    refuseUnpublishable(operation.tables, draft)
    refuseVirtualColumns(operation.tables, draft)
    refuseSchemas(operation, draft)
  },
  "alter publication"(operation, draft) {
    refuseSchemas(operation, draft)
    if (operation.action === "add" || operation.action === "set") refuseUnpublishable(operation.tables, draft)
    if (operation.action !== "drop") refuseVirtualColumns(operation.tables, draft)
    const publication = draft.catalog.publication(operation.publication.name)
    if (publication === undefined) return
    if (publication.allTables) {
      if (operation.action !== "options") fail(draft, "55000", `publication "${publication.name}" is defined as FOR ALL TABLES`)
      return
    }
    const named = operation.tables.flatMap(({ table, only }) => {
      const relation = draft.catalog.relation(table)
      return relation === undefined ? [] : publishedWith(draft, relation, only)
    })
    for (const relation of named) {
      const member = publication.tables.some((one) => one.table === relation.id)
      if (operation.action === "add" && member)
        fail(draft, "42710", `relation "${relation.name}" is already member of publication "${publication.name}"`)
      if (operation.action === "drop" && !member)
        fail(draft, "42704", `relation "${relation.name}" is not part of the publication`)
    }
  },
  comment(operation, draft) {
    if (operation.table === null) return
    const relation = draft.catalog.relation(operation.table)
    if (operation.kind === "constraint" && relation?.known === true && draft.catalog.constraint(relation.id, operation.object.name) === undefined)
      fail(draft, "42704", `constraint "${operation.object.name}" for table "${relation.name}" does not exist`)
    if (operation.kind !== "column") return
    if (relation?.known === true) refuseColumn(draft, relation.id, operation.object.name)
  },
  drop(operation, draft) {
    if (operation.kind === "publication" && draft.catalog.complete && !operation.ifExists) {
      for (const { name } of operation.objects)
        if (draft.catalog.publication(name.name) === undefined) fail(draft, "42704", `publication "${name.name}" does not exist`)
    }
    if (operation.kind !== "extension" || !draft.catalog.complete || operation.ifExists) return
    for (const { name } of operation.objects) {
      if (!draft.catalog.hasExtension(name.name) && name.name !== "plpgsql")
        fail(draft, "42704", `extension "${name.name}" does not exist`)
    }
  },
}

/** Only the rows of permanent tables are sent (check_publication_add_relation); partitioned ones are checked by the effects. */
function refuseUnpublishable(tables: readonly PublicationTable[], draft: Draft): void {
  for (const { table, columns, where } of tables) {
    const relation = draft.catalog.relation(table)
    if (relation === undefined || relation.created === null || relation.maybeOlder) continue
    if (relation.known) for (const name of columns) refuseColumn(draft, relation.id, name)
    if (relation.known && where !== null) refuseMissing(relation, where.columns, draft)
    const stored = relation.kind === "table" || relation.kind === "partitioned table"
    if (relation.kind === "view" || relation.kind === "materialized view" || relation.kind === "sequence" || (stored && relation.persistence !== "permanent"))
      fail(draft, "22023", `cannot add relation "${relation.name}" to publication`)
  }
}

function refuseSchemas({ schemas, span }: OperationOf<"create publication" | "alter publication">, draft: Draft): void {
  const missing = schemas.find((schema) => draft.catalog.rulesOutSchema(schema))
  if (missing !== undefined) failAt(draft, span, "3F000", `schema "${missing}" does not exist`)
}

/** A publication sends what is stored. */
function refuseVirtualColumns(tables: readonly PublicationTable[], draft: Draft): void {
  for (const { table, columns } of tables) {
    const relation = draft.catalog.relation(table)
    if (relation?.known !== true) continue
    for (const name of columns)
      if (draft.catalog.column(relation, name)?.generated?.stored === false)
        fail(draft, "42P10", `cannot use virtual generated column "${name}" in publication column list`)
  }
}

const builtinTriggers = /^(suppress_redundant_updates_trigger|tsvector_update_trigger(_column)?|RI_FKey_\w+)$/

/** Trigger functions of extensions after which the catalog is still complete, with their extension (from the install scripts). */
const extensionTriggers: ReadonlyMap<string, string> = new Map([
  ["lo_manage", "lo"],
  ["moddatetime", "moddatetime"],
  ["triggered_change_notification", "tcn"],
])

/** Of rows that are new there is nothing to use, of those that stay or go nothing to check (CreatePolicy, AlterPolicy). */
function refusePolicyParts({ using, check }: Pick<OperationOf<"create policy" | "alter policy">, "using" | "check">, command: PolicyCommand | null, draft: Draft): void {
  if (check !== null && (command === "select" || command === "delete")) failAt(draft, check.span, "42601", "WITH CHECK cannot be applied to SELECT or DELETE")
  if (using !== null && command === "insert") failAt(draft, using.span, "42601", "only WITH CHECK expression allowed for INSERT")
}

function refusePolicyColumns(operation: OperationOf<"create policy" | "alter policy">, draft: Draft): void {
  const relation = draft.catalog.relation(operation.table)
  const altered = relation === undefined ? undefined : draft.catalog.policiesOf(relation.id).find(({ name }) => name === operation.policy.name)
  refusePolicyParts(operation, operation.op === "create policy" ? operation.command : (altered?.command ?? null), draft)
  if (relation?.known !== true) return
  for (const expression of [operation.using, operation.check]) {
    if (expression?.scopes !== undefined) refuseQuery({ query: { scopes: expression.scopes } }, draft)
    // What a sub-query without FROM reads may be its own columns.
    else if (expression !== null && expression.hasSubquery !== true) refuseMissing(relation, expression.columns, draft)
  }
}

function refuseColumn(draft: Draft, relationId: number, name: string): void {
  const relation = draft.catalog.relationById(relationId)
  if (relation !== undefined && draft.catalog.column(relation, name) === undefined) {
    fail(draft, "42703", `column "${name}" of relation "${relation.name}" does not exist`)
  }
}
